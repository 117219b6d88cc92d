// PaintedSky: a sky that is a formula, as the pictures that a server would have sent; the tests need no server.
using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Skyloom.V1;
using UnityEngine;

namespace Skyloom.Editor.Tests
{
    internal static class PaintedSky
    {
        // Of each face: its axis, the way of growing columns, the way of growing rows from the top.
        private static readonly Dictionary<string, Vector3[]> Frames = new Dictionary<string, Vector3[]>
        {
            { "front", new[] { new Vector3(0, 0, 1), new Vector3(1, 0, 0), new Vector3(0, -1, 0) } },
            { "back", new[] { new Vector3(0, 0, -1), new Vector3(-1, 0, 0), new Vector3(0, -1, 0) } },
            { "left", new[] { new Vector3(1, 0, 0), new Vector3(0, 0, -1), new Vector3(0, -1, 0) } },
            { "right", new[] { new Vector3(-1, 0, 0), new Vector3(0, 0, 1), new Vector3(0, -1, 0) } },
            { "up", new[] { new Vector3(0, 1, 0), new Vector3(1, 0, 0), new Vector3(0, 0, 1) } },
            { "down", new[] { new Vector3(0, -1, 0), new Vector3(1, 0, 0), new Vector3(0, 0, -1) } },
        };

        // Column and row of each face in the cross.
        private static readonly Dictionary<string, int[]> Cells = new Dictionary<string, int[]>
        {
            { "up", new[] { 1, 0 } }, { "right", new[] { 0, 1 } }, { "front", new[] { 1, 1 } },
            { "left", new[] { 2, 1 } }, { "back", new[] { 3, 1 } }, { "down", new[] { 1, 2 } },
        };

        /// <summary>The sky in a direction; no turn and no mirror leaves it as it is.</summary>
        public static Color At(Vector3 direction)
        {
            float length = (float)Math.Sqrt(
                direction.x * direction.x + direction.y * direction.y + direction.z * direction.z);
            float x = direction.x / length, y = direction.y / length, z = direction.z / length;
            return new Color(0.5f + 0.3f * x + 0.1f * y * z, 0.5f + 0.3f * y + 0.1f * x * z, 0.5f + 0.3f * z + 0.1f * x * y);
        }

        /// <summary>The direction of a face's texel, row 0 at the top.</summary>
        public static Vector3 Direction(string face, float column, float row, int size)
        {
            var frame = Frames[face];
            float a = (2 * column + 1) / size - 1, b = (2 * row + 1) / size - 1;
            return new Vector3(
                frame[0].x + a * frame[1].x + b * frame[2].x,
                frame[0].y + a * frame[1].y + b * frame[2].y,
                frame[0].z + a * frame[1].z + b * frame[2].z);
        }

        public static SkyEntry Entry(SkyKind kind, string folder) => new SkyEntry
        {
            Name = "painted", Kind = kind, Folder = folder, Size = kind == SkyKind.Panoramic ? 256u : 64u,
            Recipe = new SkyRecipe { Clouds = { new CloudWeight { Genus = CloudGenus.Cumulus, Weight = 1 } }, Seed = 7 },
        };

        /// <summary>What a server would have sent.</summary>
        public static SkyResult Result(SkyEntry entry)
        {
            var summary = new JobSummary { Recipe = entry.Request() };
            var images = new List<SkyImage>();
            foreach (string name in SkyOutputs.Pictures(entry.Kind))
            {
                var picture = Paint(entry.Kind, name, (int)entry.Size);
                byte[] data = picture.EncodeToPNG();
                var info = new ImageInfo
                {
                    Image = name, Width = (uint)picture.width, Height = (uint)picture.height, Format = ImageFormat.Png,
                    Sha256 = Hash(data),
                };
                UnityEngine.Object.DestroyImmediate(picture);
                summary.Images.Add(info);
                images.Add(new SkyImage(info, data));
            }
            return new SkyResult("painted", summary, images);
        }

        private static Texture2D Paint(SkyKind kind, string name, int size)
        {
            int width = kind == SkyKind.Cubemap ? 4 * size : size;
            int height = kind == SkyKind.Panoramic ? size / 2 : kind == SkyKind.Cubemap ? 3 * size : size;
            var pixels = new Color32[width * height];
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    // Unity's first row is the lowest.
                    pixels[(height - 1 - row) * width + column] = Painted(kind, name, column, row, size);
                }
            }
            var picture = new Texture2D(width, height, TextureFormat.RGBA32, false);
            picture.SetPixels32(pixels);
            return picture;
        }

        private static Color32 Painted(SkyKind kind, string name, int column, int row, int size)
        {
            if (kind == SkyKind.Panoramic)
            {
                double azimuth = ((column + 0.5) / size - 0.5) * 2 * Math.PI, zenith = (row + 0.5) / (size / 2) * Math.PI;
                return Bytes(At(new Vector3(
                    (float)(Math.Sin(zenith) * Math.Sin(azimuth)), (float)Math.Cos(zenith),
                    (float)(Math.Sin(zenith) * Math.Cos(azimuth)))));
            }
            if (kind == SkyKind.SixSided)
            {
                return Bytes(At(Direction(name, column, row, size)));
            }
            foreach (var cell in Cells)
            {
                if (cell.Value[0] == column / size && cell.Value[1] == row / size)
                {
                    return Bytes(At(Direction(cell.Key, column % size, row % size, size)));
                }
            }
            return new Color32(0, 0, 0, 255);
        }

        private static Color32 Bytes(Color colour) => new Color32(
            (byte)Math.Round(colour.r * 255), (byte)Math.Round(colour.g * 255), (byte)Math.Round(colour.b * 255), 255);

        private static string Hash(byte[] data)
        {
            using (var sha = SHA256.Create())
            {
                return BitConverter.ToString(sha.ComputeHash(data)).Replace("-", "").ToLowerInvariant();
            }
        }
    }
}
