// UnityPictureCodec: pictures through Unity's own decoder; on the processor, with any render pipeline or none.
using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Skyloom.Editor
{
    /// <summary>Main thread only.</summary>
    internal sealed class UnityPictureCodec : IPictureCodec
    {
        /// <inheritdoc/>
        public PixelGrid Decode(byte[] file)
        {
            var texture = new Texture2D(2, 2, TextureFormat.RGBA32, false);
            try
            {
                if (!texture.LoadImage(file, false))
                {
                    throw new FormatException("the picture cannot be read");
                }
                var pixels = texture.GetPixels32();
                var grid = new PixelGrid(texture.width, texture.height);
                for (int row = 0, target = 0; row < grid.Height; row++)
                {
                    // Unity's rows begin at the bottom.
                    int source = (grid.Height - 1 - row) * grid.Width;
                    for (int column = 0; column < grid.Width; column++, source++)
                    {
                        grid.Bytes[target++] = pixels[source].r;
                        grid.Bytes[target++] = pixels[source].g;
                        grid.Bytes[target++] = pixels[source].b;
                    }
                }
                return grid;
            }
            finally
            {
                Object.DestroyImmediate(texture);
            }
        }

        /// <inheritdoc/>
        public byte[] EncodePng(PixelGrid pixels)
        {
            var texture = ToTexture(pixels, null);
            try
            {
                return texture.EncodeToPNG();
            }
            finally
            {
                Object.DestroyImmediate(texture);
            }
        }

        /// <summary>A texture of the pixels; <paramref name="reuse"/> where it has their size, else a new one in its place.</summary>
        public static Texture2D ToTexture(PixelGrid grid, Texture2D reuse)
        {
            if (reuse != null && (reuse.width != grid.Width || reuse.height != grid.Height))
            {
                Object.DestroyImmediate(reuse);
                reuse = null;
            }
            var texture = reuse != null ? reuse : new Texture2D(grid.Width, grid.Height, TextureFormat.RGBA32, false)
            {
                hideFlags = HideFlags.HideAndDontSave, wrapMode = TextureWrapMode.Clamp,
            };
            var pixels = new Color32[grid.Width * grid.Height];
            for (int row = 0, source = 0; row < grid.Height; row++)
            {
                int target = (grid.Height - 1 - row) * grid.Width;
                for (int column = 0; column < grid.Width; column++, source += 3)
                {
                    pixels[target++] = new Color32(grid.Bytes[source], grid.Bytes[source + 1], grid.Bytes[source + 2], 255);
                }
            }
            texture.SetPixels32(pixels);
            texture.Apply(false);
            return texture;
        }
    }
}
