// UnityEngine: objects, scenes' contents and the application, as far as the package uses them; behaviour in Fakes/.
using System;
using System.Collections.Generic;
using UnityFakes;

namespace UnityEngine
{
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }

    [Flags]
    public enum HideFlags
    {
        None = 0,
        HideInHierarchy = 1,
        HideInInspector = 2,
        DontSaveInEditor = 4,
        NotEditable = 8,
        DontSaveInBuild = 16,
        DontUnloadUnusedAsset = 32,
        DontSave = 52,
        HideAndDontSave = 61,
    }

    public partial class Object
    {
        internal bool Destroyed;

        public Object()
        {
            World.Objects.Add(this);
        }

        public string name { get; set; } = "";

        public HideFlags hideFlags { get; set; }

        public static implicit operator bool(Object exists) => Lives(exists);

        public static bool operator ==(Object x, Object y) =>
            Lives(x) ? Lives(y) && ReferenceEquals(x, y) : !Lives(y);

        public static bool operator !=(Object x, Object y) => !(x == y);

        public override bool Equals(object other) => other is Object there ? this == there : other == null && !Lives(this);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public static void DestroyImmediate(Object obj)
        {
            obj.Destroyed = true;
            World.Objects.Remove(obj);
        }

        private static bool Lives(Object it) => !ReferenceEquals(it, null) && !it.Destroyed;
    }

    public partial class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject => (T)CreateInstance(typeof(T));

        public static ScriptableObject CreateInstance(Type type) => (ScriptableObject)Activator.CreateInstance(type, true);
    }

    public partial class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        public Transform transform => gameObject.transform;
    }

    public partial class Behaviour : Component
    {
        public bool enabled { get; set; } = true;

        public bool isActiveAndEnabled => enabled && gameObject != null;
    }

    public partial class MonoBehaviour : Behaviour
    {
    }

    public sealed partial class GameObject : Object
    {
        private readonly List<Component> _components = new List<Component>();

        public GameObject(string name)
        {
            this.name = name;
            transform = AddComponent<Transform>();
            World.Scene.Roots.Add(this);
        }

        public Transform transform { get; }

        public T AddComponent<T>() where T : Component
        {
            var component = (T)Activator.CreateInstance(typeof(T), true);
            component.gameObject = this;
            _components.Add(component);
            return component;
        }

        public T GetComponent<T>() => GetComponentsInChildren<T>() is var all && all.Length > 0 ? all[0] : default;

        public T[] GetComponentsInChildren<T>()
        {
            var found = new List<T>();
            foreach (var component in _components)
            {
                if (component is T match)
                {
                    found.Add(match);
                }
            }
            return found.ToArray();
        }
    }

    public partial class Transform : Component
    {
        public Quaternion rotation { get; set; } = Quaternion.Euler(0, 0, 0);
    }

    public enum LightType
    {
        Spot = 0,
        Directional = 1,
        Point = 2,
    }

    public enum LightShadows
    {
        None = 0,
        Hard = 1,
        Soft = 2,
    }

    public sealed partial class Light : Behaviour
    {
        public LightType type { get; set; } = LightType.Point;

        public LightShadows shadows { get; set; }

        public Color color { get; set; } = new Color(1, 1, 1, 1);

        public float intensity { get; set; } = 1;
    }

    public static partial class Debug
    {
        public static void Log(object message) => World.Say("log", message);

        public static void LogWarning(object message) => World.Say("warning", message);

        public static void LogError(object message) => World.Say("error", message);

        public static void LogException(Exception exception) => World.Say("error", exception);
    }

    public enum RuntimePlatform
    {
        OSXEditor = 0,
        WindowsEditor = 7,
        LinuxEditor = 16,
    }

    public partial class Application
    {
        public static string dataPath => System.IO.Path.Combine(World.Project, "Assets");

        public static bool isBatchMode => World.BatchMode;

        public static bool isPlaying => World.Playing;

        public static RuntimePlatform platform => System.IO.Path.DirectorySeparatorChar == '\\'
            ? RuntimePlatform.WindowsEditor
            : RuntimePlatform.LinuxEditor;

        public static string unityVersion => "2022.3.76f1";
    }

    public sealed partial class Resources
    {
        public static T[] FindObjectsOfTypeAll<T>() where T : Object
        {
            var found = new List<T>();
            foreach (var one in World.Objects)
            {
                if (one is T match)
                {
                    found.Add(match);
                }
            }
            return found.ToArray();
        }
    }

    public sealed partial class SystemInfo
    {
        public static Rendering.GraphicsDeviceType graphicsDeviceType =>
            World.NoGraphics ? Rendering.GraphicsDeviceType.Null : Rendering.GraphicsDeviceType.Vulkan;
    }

    public sealed partial class DynamicGI
    {
        public static void UpdateEnvironment() => World.Note("DynamicGI.UpdateEnvironment");
    }
}
