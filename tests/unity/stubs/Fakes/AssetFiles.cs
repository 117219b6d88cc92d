// AssetFiles: assets as files: pictures as Unity would import them, materials as text.
using System;
using System.Globalization;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine;

namespace UnityFakes
{
    public static class AssetFiles
    {
        private static readonly byte[] PngSignature = { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a };

        public static UnityEngine.Object Read(string path)
        {
            UnityEngine.Object asset;
            switch (Path.GetExtension(path))
            {
                case ".png":
                    asset = ReadTexture(path);
                    break;
                case ".mat":
                    asset = ReadMaterial(path);
                    break;
                default:
                    asset = new UnityEngine.Object();
                    break;
            }
            if (asset != null)
            {
                asset.name = Path.GetFileNameWithoutExtension(path);
            }
            return asset;
        }

        public static void Write(string path, UnityEngine.Object asset)
        {
            if (!(asset is Material material))
            {
                File.WriteAllText(Assets.Absolute(path), asset.GetType().Name + "\n");
                return;
            }
            var lines = new[] { "shader: " + material.shader.name }
                .Concat(material.Textures.Select(pair => $"texture {pair.Key}: {Assets.GuidOf(Assets.PathOf(pair.Value))}"))
                .Concat(material.Floats.Select(pair => FormattableString.Invariant($"float {pair.Key}: {pair.Value:r}")))
                .Concat(material.Colours.Select(pair => FormattableString.Invariant(
                    $"colour {pair.Key}: {pair.Value.r:r} {pair.Value.g:r} {pair.Value.b:r} {pair.Value.a:r}")))
                .Concat(material.Keywords.Select(keyword => "keyword: " + keyword));
            File.WriteAllLines(Assets.Absolute(path), lines);
        }

        private static Material ReadMaterial(string path)
        {
            string[] lines = File.ReadAllLines(Assets.Absolute(path));
            if (lines.Length == 0 || !lines[0].StartsWith("shader: ", StringComparison.Ordinal))
            {
                return null;
            }
            var material = new Material(Shader.Find(lines[0].Substring(8)));
            foreach (string line in lines.Skip(1))
            {
                string[] parts = line.Replace(": ", " ").Split(' ');
                switch (parts[0])
                {
                    case "texture":
                        // Also what an earlier shader had: Unity keeps it.
                        material.Textures[parts[1]] = (Texture)Assets.Load(Assets.PathOfGuid(parts[2]));
                        break;
                    case "float":
                        material.Floats[parts[1]] = Number(parts[2]);
                        break;
                    case "colour":
                        material.Colours[parts[1]] = new Color(Number(parts[2]), Number(parts[3]), Number(parts[4]), Number(parts[5]));
                        break;
                    default:
                        material.EnableKeyword(parts[1]);
                        break;
                }
            }
            return material;
        }

        private static Texture ReadTexture(string path)
        {
            byte[] head = new byte[24];
            using (var file = File.OpenRead(Assets.Absolute(path)))
            {
                if (file.Read(head, 0, head.Length) != head.Length || !head.Take(8).SequenceEqual(PngSignature))
                {
                    return null;
                }
            }
            int width = BigEndian(head, 16), height = BigEndian(head, 20);
            var importer = (TextureImporter)Assets.ImporterOf(path);
            int most = Math.Min(importer.maxTextureSize, Assets.Shrink ?? int.MaxValue);
            if (most == 0)
            {
                return null;
            }
            var settings = importer.Settings;
            if (settings.textureShape == TextureImporterShape.TextureCube)
            {
                if (settings.generateCubemap != TextureImporterGenerateCubemap.FullCubemap || width * 3 != height * 4)
                {
                    throw new NotImplementedException("only crosses 4:3 are cut up here");
                }
                return new Cubemap(Math.Min(NearestPower(width / 4), most));
            }
            while (Math.Max(width, height) > most)
            {
                width /= 2;
                height /= 2;
            }
            bool keep = settings.npotScale == TextureImporterNPOTScale.None;
            return new Texture2D(keep ? width : NearestPower(width), keep ? height : NearestPower(height));
        }

        private static int NearestPower(int size) => 1 << (int)Math.Round(Math.Log(size, 2));

        private static int BigEndian(byte[] data, int at) =>
            (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];

        private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
    }
}
