// SkySampler: the colour of a sky in a direction, read from its picture files as Unity's skybox shaders read them.
using System;
using System.Collections.Generic;

namespace Skyloom.Editor
{
    /// <summary>
    /// A sky to look at. Directions are in Unity's frame: +X right, +Y up, +Z forward; they need no unit length.
    /// </summary>
    public abstract class SkySampler
    {
        /// <summary>Red, green, blue, 0 to 255, in a direction other than 0.</summary>
        public abstract void Sample(double x, double y, double z, out double red, out double green, out double blue);

        /// <summary>The sampler for a sky's pictures: "panorama", the six faces, or "cross".</summary>
        /// <exception cref="ArgumentException">A picture is missing or has the wrong shape.</exception>
        public static SkySampler Of(SkyKind kind, IReadOnlyDictionary<string, PixelGrid> pictures)
        {
            switch (kind)
            {
                case SkyKind.SixSided:
                    var faces = new PixelGrid[CubeFace.Names.Count];
                    for (int i = 0; i < faces.Length; i++)
                    {
                        faces[i] = Picture(pictures, CubeFace.Names[i], 1, 1);
                    }
                    return new SixSidedSampler(faces);
                case SkyKind.Cubemap:
                    return new CrossSampler(Picture(pictures, "cross", 4, 3));
                default:
                    return new PanoramaSampler(Picture(pictures, "panorama", 2, 1));
            }
        }

        private static PixelGrid Picture(IReadOnlyDictionary<string, PixelGrid> pictures, string name, int across, int down)
        {
            if (!pictures.TryGetValue(name, out PixelGrid found))
            {
                throw new ArgumentException($"the picture \"{name}\" is missing");
            }
            return found.Width * down == found.Height * across
                ? found
                : throw new ArgumentException($"{name}: {found.Width} × {found.Height} is not {across}:{down}");
        }
    }

    /// <summary>Skybox/Panoramic with rotation 90: the middle of the picture is +Z.</summary>
    public sealed class PanoramaSampler : SkySampler
    {
        private readonly PixelGrid _picture;

        /// <summary>An equirectangular picture, 2:1, top row at the zenith.</summary>
        public PanoramaSampler(PixelGrid picture)
        {
            _picture = picture;
        }

        /// <inheritdoc/>
        public override void Sample(double x, double y, double z, out double red, out double green, out double blue)
        {
            double u = 0.5 + Math.Atan2(x, z) / (2 * Math.PI);
            double v = Math.Atan2(Math.Sqrt(x * x + z * z), y) / Math.PI;
            _picture.Sample(u * _picture.Width, v * _picture.Height, true, out red, out green, out blue);
        }
    }

    /// <summary>Skybox/6 Sided.</summary>
    public sealed class SixSidedSampler : SkySampler
    {
        private readonly IReadOnlyList<PixelGrid> _faces;

        /// <summary>Six square pictures in the order of <see cref="CubeFace.Names"/>.</summary>
        public SixSidedSampler(IReadOnlyList<PixelGrid> faces)
        {
            _faces = faces;
        }

        /// <inheritdoc/>
        public override void Sample(double x, double y, double z, out double red, out double green, out double blue)
        {
            int face = CubeFace.Find(x, y, z, out double u, out double v);
            var picture = _faces[face];
            picture.Sample(u * picture.Width, (1 - v) * picture.Height, false, out red, out green, out blue);
        }
    }

    /// <summary>A horizontal cross, 4:3, as Unity's importer cuts it into a cubemap.</summary>
    public sealed class CrossSampler : SkySampler
    {
        // Column and row from the top of front, back, left (+X), right (-X), up, down.
        private static readonly (int Column, int Row)[] Cells = { (1, 1), (3, 1), (2, 1), (0, 1), (1, 0), (1, 2) };

        private readonly PixelGrid _picture;
        private readonly int _side;

        /// <summary>The cross.</summary>
        public CrossSampler(PixelGrid picture)
        {
            _picture = picture;
            _side = picture.Width / 4;
        }

        /// <inheritdoc/>
        public override void Sample(double x, double y, double z, out double red, out double green, out double blue)
        {
            var cell = Cells[CubeFace.Find(x, y, z, out double u, out double v)];
            // Half a pixel inside: the neighbours in the picture are not the face's neighbours.
            double across = Math.Min(Math.Max(u * _side, 0.5), _side - 0.5);
            double down = Math.Min(Math.Max((1 - v) * _side, 0.5), _side - 0.5);
            _picture.Sample(cell.Column * _side + across, cell.Row * _side + down, false, out red, out green, out blue);
        }
    }
}
