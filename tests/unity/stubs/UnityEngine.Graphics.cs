// UnityEngine graphics: textures, materials, shaders, the settings of a scene's rendering.
using System.Collections.Generic;
using UnityFakes;

namespace UnityEngine
{
    public enum FilterMode
    {
        Point = 0,
        Bilinear = 1,
        Trilinear = 2,
    }

    public enum TextureWrapMode
    {
        Repeat = 0,
        Clamp = 1,
        Mirror = 2,
        MirrorOnce = 3,
    }

    public enum ColorSpace
    {
        Uninitialized = -1,
        Gamma = 0,
        Linear = 1,
    }

    public partial class Texture : Object
    {
        public virtual int width { get; set; }

        public virtual int height { get; set; }
    }

    public sealed partial class Texture2D : Texture
    {
        public Texture2D(int width, int height)
        {
            this.width = width;
            this.height = height;
        }
    }

    public sealed partial class Cubemap : Texture
    {
        internal Cubemap(int side)
        {
            width = height = side;
        }
    }

    public sealed partial class Shader : Object
    {
        public static Shader Find(string name) => World.ShaderNamed(name);
    }

    public partial class Material : Object
    {
        internal readonly Dictionary<string, Texture> Textures = new Dictionary<string, Texture>();
        internal readonly Dictionary<string, float> Floats = new Dictionary<string, float>();
        internal readonly Dictionary<string, Color> Colours = new Dictionary<string, Color>();
        internal readonly List<string> Keywords = new List<string>();

        public Material(Shader shader)
        {
            this.shader = shader;
        }

        public Shader shader { get; set; }

        public Texture GetTexture(string name) => Textures.TryGetValue(name, out Texture found) ? found : null;

        public void SetTexture(string name, Texture value) => Textures[World.PropertyOf(shader, name)] = value;

        public float GetFloat(string name) => Floats.TryGetValue(name, out float found) ? found : 0;

        public void SetFloat(string name, float value) => Floats[World.PropertyOf(shader, name)] = value;

        public Color GetColor(string name) => Colours.TryGetValue(name, out Color found) ? found : default;

        public void SetColor(string name, Color value) => Colours[World.PropertyOf(shader, name)] = value;

        public bool HasProperty(string name) => World.HasProperty(shader, name);

        public void EnableKeyword(string keyword)
        {
            if (!Keywords.Contains(keyword))
            {
                Keywords.Add(keyword);
            }
        }

        public void DisableKeyword(string keyword) => Keywords.Remove(keyword);

        public bool IsKeywordEnabled(string keyword) => Keywords.Contains(keyword);
    }

    public sealed partial class RenderSettings : Object
    {
        internal Material Skybox;
        internal Rendering.AmbientMode Ambient = Rendering.AmbientMode.Trilight;
        internal Rendering.DefaultReflectionMode Reflection = Rendering.DefaultReflectionMode.Custom;
        internal Light Sun;

        internal RenderSettings()
        {
        }

        public static Material skybox
        {
            get => World.RenderSettings.Skybox;
            set => World.RenderSettings.Skybox = value;
        }

        public static Rendering.AmbientMode ambientMode
        {
            get => World.RenderSettings.Ambient;
            set => World.RenderSettings.Ambient = value;
        }

        public static Rendering.DefaultReflectionMode defaultReflectionMode
        {
            get => World.RenderSettings.Reflection;
            set => World.RenderSettings.Reflection = value;
        }

        public static Light sun
        {
            get => World.RenderSettings.Sun;
            set => World.RenderSettings.Sun = value;
        }
    }

    public sealed partial class QualitySettings : Object
    {
        public static ColorSpace activeColorSpace => World.ColorSpace;
    }
}
