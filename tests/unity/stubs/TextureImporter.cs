// TextureImporter: import settings of textures, with Unity's defaults.
using System.Collections.Generic;
using UnityEngine;

namespace UnityEditor
{
    public enum TextureImporterType
    {
        Default = 0,
        NormalMap = 1,
        GUI = 2,
        Sprite = 8,
    }

    public enum TextureImporterShape
    {
        Texture2D = 1,
        TextureCube = 2,
    }

    public enum TextureImporterAlphaSource
    {
        None = 0,
        FromInput = 1,
        FromGrayScale = 2,
    }

    public enum TextureImporterNPOTScale
    {
        None = 0,
        ToNearest = 1,
        ToLarger = 2,
        ToSmaller = 3,
    }

    public enum TextureImporterGenerateCubemap
    {
        None = 0,
        Spheremap = 1,
        Cylindrical = 2,
        FullCubemap = 5,
        AutoCubemap = 6,
    }

    public enum TextureImporterCubemapConvolution
    {
        None = 0,
        Specular = 1,
        Diffuse = 2,
    }

    public enum TextureImporterCompression
    {
        Uncompressed = 0,
        Compressed = 1,
        CompressedHQ = 2,
        CompressedLQ = 3,
    }

    public enum TextureImporterFormat
    {
        Automatic = -1,
        RGBA32 = 4,
    }

    public sealed partial class TextureImporterSettings
    {
        public TextureImporterType textureType { get; set; }

        public TextureImporterShape textureShape { get; set; } = TextureImporterShape.Texture2D;

        public bool sRGBTexture { get; set; } = true;

        public bool ignorePngGamma { get; set; }

        public TextureImporterAlphaSource alphaSource { get; set; } = TextureImporterAlphaSource.FromInput;

        public bool alphaIsTransparency { get; set; }

        public bool readable { get; set; }

        public bool mipmapEnabled { get; set; } = true;

        public bool streamingMipmaps { get; set; }

        public FilterMode filterMode { get; set; } = FilterMode.Bilinear;

        public int aniso { get; set; } = 1;

        public TextureImporterNPOTScale npotScale { get; set; } = TextureImporterNPOTScale.ToNearest;

        public TextureImporterGenerateCubemap generateCubemap { get; set; } = TextureImporterGenerateCubemap.AutoCubemap;

        public TextureImporterCubemapConvolution cubemapConvolution { get; set; }

        public bool seamlessCubemap { get; set; }

        public TextureWrapMode wrapMode
        {
            get => wrapModeU;
            set => wrapModeU = wrapModeV = wrapModeW = value;
        }

        public TextureWrapMode wrapModeU { get; set; }

        public TextureWrapMode wrapModeV { get; set; }

        public TextureWrapMode wrapModeW { get; set; }

        public void CopyTo(TextureImporterSettings target)
        {
            foreach (var property in typeof(TextureImporterSettings).GetProperties())
            {
                property.SetValue(target, property.GetValue(this));
            }
        }
    }

    public sealed partial class TextureImporterPlatformSettings
    {
        public string name { get; set; } = "";

        public bool overridden { get; set; }

        public int maxTextureSize { get; set; } = 2048;

        public TextureImporterFormat format { get; set; } = TextureImporterFormat.Automatic;

        public TextureImporterCompression textureCompression { get; set; } = TextureImporterCompression.Compressed;

        public bool crunchedCompression { get; set; }
    }

    public sealed partial class TextureImporter : AssetImporter
    {
        internal readonly TextureImporterSettings Settings = new TextureImporterSettings();
        internal readonly Dictionary<string, TextureImporterPlatformSettings> Platforms =
            new Dictionary<string, TextureImporterPlatformSettings>();

        internal TextureImporter()
        {
        }

        public int maxTextureSize { get; set; } = 2048;

        public TextureImporterCompression textureCompression { get; set; } = TextureImporterCompression.Compressed;

        public bool crunchedCompression { get; set; }

        public bool ignoreMipmapLimit { get; set; }

        public bool isReadable
        {
            get => Settings.readable;
            set => Settings.readable = value;
        }

        public void ReadTextureSettings(TextureImporterSettings dest) => Settings.CopyTo(dest);

        public void SetTextureSettings(TextureImporterSettings src) => src.CopyTo(Settings);

        // As in Unity a copy is handed out: what is done to it counts only once it is set.
        public TextureImporterPlatformSettings GetPlatformTextureSettings(string platform)
        {
            var copy = new TextureImporterPlatformSettings { name = platform, maxTextureSize = maxTextureSize };
            if (Platforms.TryGetValue(platform, out TextureImporterPlatformSettings found))
            {
                Copy(found, copy);
            }
            return copy;
        }

        public void SetPlatformTextureSettings(TextureImporterPlatformSettings platformSettings)
        {
            var copy = new TextureImporterPlatformSettings();
            Copy(platformSettings, copy);
            Platforms[platformSettings.name] = copy;
        }

        private static void Copy(TextureImporterPlatformSettings from, TextureImporterPlatformSettings to)
        {
            foreach (var property in typeof(TextureImporterPlatformSettings).GetProperties())
            {
                property.SetValue(to, property.GetValue(from));
            }
        }
    }
}
