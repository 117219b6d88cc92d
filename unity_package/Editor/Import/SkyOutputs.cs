// SkyOutputs: what to ask a server for, for each kind of material, and which sizes each can have.
using System;
using System.Collections.Generic;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>Outputs and sizes of each <see cref="SkyKind"/>.</summary>
    public static class SkyOutputs
    {
        /// <summary>
        /// The outputs of a recipe for this kind: a panorama (size is its width), six faces, or one horizontal cross
        /// (size is the side of a face).
        /// </summary>
        public static IReadOnlyList<OutputSpec> For(SkyKind kind, uint size) =>
            new SkyEntry { Kind = kind, Size = size }.Request().Outputs;

        /// <summary>Sizes to offer, small to large: powers of two within the server's limits.</summary>
        public static IReadOnlyList<uint> Sizes(SkyKind kind)
        {
            var (_, max) = RecipeCheck.SizeLimits(For(kind, 256)[0].Layout);
            var sizes = new List<uint>();
            for (uint size = kind == SkyKind.Panoramic ? 512u : 128u; size <= max; size *= 2)
            {
                sizes.Add(size);
            }
            return sizes;
        }

        /// <summary>The size that is meant when none is given.</summary>
        public static uint DefaultSize(SkyKind kind) => kind == SkyKind.Panoramic ? 4096u : 1024u;
    }
}
