// PixelGrid: a decoded picture as plain bytes, and samples of it between its pixels.
using System;

namespace Skyloom.Editor
{
    /// <summary>Pixels, three bytes (red, green, blue; sRGB) each, row 0 at the top.</summary>
    public sealed class PixelGrid
    {
        /// <summary>A black picture.</summary>
        public PixelGrid(int width, int height)
        {
            if (width < 1 || height < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(width), "a picture has at least one pixel");
            }
            Width = width;
            Height = height;
            Bytes = new byte[3 * width * height];
        }

        /// <summary>Pixels across.</summary>
        public int Width { get; }

        /// <summary>Pixels down.</summary>
        public int Height { get; }

        /// <summary>3 × Width × Height bytes.</summary>
        public byte[] Bytes { get; }

        /// <summary>The bilinear mean of the four pixels around a point.</summary>
        /// <param name="x">From 0 at the left edge of the first pixel to <see cref="Width"/>.</param>
        /// <param name="y">From 0 at the top edge to <see cref="Height"/>.</param>
        /// <param name="wrap">Left and right edge meet; otherwise the last pixel goes on.</param>
        /// <param name="red">0 to 255, as are green and blue.</param>
        /// <param name="green">Green.</param>
        /// <param name="blue">Blue.</param>
        public void Sample(double x, double y, bool wrap, out double red, out double green, out double blue)
        {
            x -= 0.5;
            y -= 0.5;
            int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
            double right = x - left, below = y - top;
            int x0 = wrap ? Modulo(left, Width) : Clamped(left, Width);
            int x1 = wrap ? Modulo(left + 1, Width) : Clamped(left + 1, Width);
            int row0 = Clamped(top, Height) * Width, row1 = Clamped(top + 1, Height) * Width;
            int a = 3 * (row0 + x0), b = 3 * (row0 + x1), c = 3 * (row1 + x0), d = 3 * (row1 + x1);
            double wa = (1 - right) * (1 - below), wb = right * (1 - below), wc = (1 - right) * below, wd = right * below;
            red = wa * Bytes[a] + wb * Bytes[b] + wc * Bytes[c] + wd * Bytes[d];
            green = wa * Bytes[a + 1] + wb * Bytes[b + 1] + wc * Bytes[c + 1] + wd * Bytes[d + 1];
            blue = wa * Bytes[a + 2] + wb * Bytes[b + 2] + wc * Bytes[c + 2] + wd * Bytes[d + 2];
        }

        /// <summary>
        /// The picture at most so wide, each pixel the mean of a whole number of pixels; itself where it is small enough.
        /// </summary>
        public PixelGrid Shrunk(int maxWidth)
        {
            int step = (Width + maxWidth - 1) / maxWidth;
            while (Width % step != 0 || Height % step != 0)
            {
                step--;
            }
            if (step <= 1)
            {
                return this;
            }
            var small = new PixelGrid(Width / step, Height / step);
            int area = step * step;
            for (int y = 0, target = 0; y < small.Height; y++)
            {
                for (int x = 0; x < small.Width; x++, target += 3)
                {
                    int red = 0, green = 0, blue = 0;
                    for (int j = 0; j < step; j++)
                    {
                        int source = 3 * ((y * step + j) * Width + x * step);
                        for (int i = 0; i < step; i++, source += 3)
                        {
                            red += Bytes[source];
                            green += Bytes[source + 1];
                            blue += Bytes[source + 2];
                        }
                    }
                    small.Bytes[target] = (byte)((red + area / 2) / area);
                    small.Bytes[target + 1] = (byte)((green + area / 2) / area);
                    small.Bytes[target + 2] = (byte)((blue + area / 2) / area);
                }
            }
            return small;
        }

        private static int Clamped(int index, int count) => index < 0 ? 0 : index >= count ? count - 1 : index;

        private static int Modulo(int index, int count) => (index % count + count) % count;
    }
}
