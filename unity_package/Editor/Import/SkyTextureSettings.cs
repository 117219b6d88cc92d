// SkyTextureSettings: the import settings of a sky's textures, and why each is as it is.
using System;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Import settings. Every one that could show as a seam, a line or a wrong colour is set.</summary>
    internal static class SkyTextureSettings
    {
        /// <summary>Unity's own upper bound.</summary>
        public const int LargestTexture = 16384;

        private const int SmallestTexture = 32;

        // Names as TextureImporter knows them; consoles follow the default.
        private static readonly string[] Platforms =
        {
            "Standalone", "Server", "Android", "iPhone", "tvOS", "VisionOS", "WebGL", "WindowsStoreApps",
        };

        /// <summary>
        /// Sets up an importer for a picture of a size; nothing is imported yet. On the first import whatever a preset
        /// of the project says of sizes gives way; later what people overrode for a platform stays.
        /// </summary>
        public static void Apply(
            TextureImporter importer, SkyKind kind, int width, int height, ImportOptions options, bool first)
        {
            var settings = new TextureImporterSettings();
            importer.ReadTextureSettings(settings);
            settings.textureType = TextureImporterType.Default;
            settings.sRGBTexture = true;
            settings.ignorePngGamma = true;
            settings.alphaSource = TextureImporterAlphaSource.None;
            settings.alphaIsTransparency = false;
            settings.readable = false;
            // Where the panorama's u jumps from 1 to 0 the smallest mip would be read: a line from zenith to nadir.
            settings.mipmapEnabled = false;
            settings.streamingMipmaps = false;
            settings.filterMode = FilterMode.Bilinear;
            // 1 becomes 9 where the quality settings force anisotropic filtering on; 0 never does.
            settings.aniso = 0;
            settings.npotScale = TextureImporterNPOTScale.None;
            ApplyShape(settings, kind);
            importer.SetTextureSettings(settings);

            importer.ignoreMipmapLimit = true;
            importer.crunchedCompression = false;
            importer.textureCompression = CompressionOf(options);
            int needed = SizeFor(width, height);
            importer.maxTextureSize = needed;
            foreach (string platform in Platforms)
            {
                ApplyPlatform(importer, platform, needed, options, first);
            }
            foreach (string platform in options.PlatformMaxSizes.Keys)
            {
                if (Array.IndexOf(Platforms, platform) < 0)
                {
                    ApplyPlatform(importer, platform, needed, options, first);
                }
            }
        }

        /// <summary>The smallest size that Unity offers which does not shrink a picture.</summary>
        public static int SizeFor(int width, int height)
        {
            int size = SmallestTexture;
            while (size < Math.Max(width, height) && size < LargestTexture)
            {
                size *= 2;
            }
            return size;
        }

        private static void ApplyShape(TextureImporterSettings settings, SkyKind kind)
        {
            bool cube = kind == SkyKind.Cubemap;
            settings.textureShape = cube ? TextureImporterShape.TextureCube : TextureImporterShape.Texture2D;
            settings.wrapMode = TextureWrapMode.Clamp;
            if (kind == SkyKind.Panoramic)
            {
                // The left column's neighbour is the right one; above the zenith there is none.
                settings.wrapModeU = TextureWrapMode.Repeat;
            }
            if (cube)
            {
                settings.generateCubemap = TextureImporterGenerateCubemap.FullCubemap;
                settings.cubemapConvolution = TextureImporterCubemapConvolution.None;
                // It would average the faces' border texels, which already meet exactly.
                settings.seamlessCubemap = false;
            }
        }

        private static void ApplyPlatform(
            TextureImporter importer, string platform, int needed, ImportOptions options, bool first)
        {
            var settings = importer.GetPlatformTextureSettings(platform);
            bool limited = options.PlatformMaxSizes.TryGetValue(platform, out int limit);
            if (limited)
            {
                settings.overridden = true;
                settings.maxTextureSize = Math.Min(needed, SizeFor(limit, limit));
            }
            else if (settings.overridden && first)
            {
                settings.maxTextureSize = needed;
            }
            else
            {
                return;
            }
            settings.textureCompression = CompressionOf(options);
            settings.crunchedCompression = false;
            importer.SetPlatformTextureSettings(settings);
        }

        private static TextureImporterCompression CompressionOf(ImportOptions options) =>
            options.Compression == SkyCompression.None
                ? TextureImporterCompression.Uncompressed
                : TextureImporterCompression.CompressedHQ;
    }
}
