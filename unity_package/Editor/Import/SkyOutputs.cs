// SkyOutputs: what to ask a server for, for each kind of material, and which sizes each can have.
using System.Collections.Generic;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>
    /// Outputs and sizes of each <see cref="SkyKind"/>. A cubemap is asked for as a horizontal cross: Unity's importer
    /// then copies the server's texels into the faces, where from a panorama it would resample.
    /// </summary>
    public static class SkyOutputs
    {
        private static readonly string[] Faces = { "front", "back", "left", "right", "up", "down" };

        /// <summary>
        /// The outputs of a recipe for this kind: a panorama (size is its width), six faces, or one horizontal cross
        /// (size is the side of a face).
        /// </summary>
        public static IReadOnlyList<OutputSpec> For(SkyKind kind, uint size) =>
            new SkyEntry { Kind = kind, Size = size }.Request().Outputs;

        /// <summary>The names of the pictures that a result for this kind has, in the server's order.</summary>
        public static IReadOnlyList<string> Pictures(SkyKind kind)
        {
            switch (kind)
            {
                case SkyKind.SixSided:
                    return Faces;
                case SkyKind.Cubemap:
                    return new[] { "cross" };
                default:
                    return new[] { "panorama" };
            }
        }

        /// <summary>Sizes to offer, small to large: powers of two within the server's limits.</summary>
        public static IReadOnlyList<uint> Sizes(SkyKind kind)
        {
            uint largest = RecipeCheck.SizeLimits(For(kind, DefaultSize(kind))[0].Layout).Max;
            var sizes = new List<uint>();
            for (uint size = kind == SkyKind.Panoramic ? 512u : 128u; size <= largest; size *= 2)
            {
                sizes.Add(size);
            }
            return sizes;
        }

        /// <summary>The size that is meant when none is given.</summary>
        public static uint DefaultSize(SkyKind kind) => kind == SkyKind.Panoramic ? 4096u : 1024u;
    }
}
