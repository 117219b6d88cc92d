// CubeFace: which face of the cube a direction meets, and where; named by the slots of Unity's 6 Sided material.
using System;
using System.Collections.Generic;

namespace Skyloom.Editor
{
    /// <summary>The six faces. The slot called Left is +X, the viewer's right.</summary>
    public static class CubeFace
    {
        /// <summary>Front +Z, back -Z, left +X, right -X, up +Y, down -Y.</summary>
        public static readonly IReadOnlyList<string> Names = new[] { "front", "back", "left", "right", "up", "down" };

        /// <summary>
        /// The face's place in <see cref="Names"/>, and the point on it: u from its left edge, v from its bottom edge,
        /// both 0 to 1. Formulas of the shader Skybox/6 Sided.
        /// </summary>
        public static int Find(double x, double y, double z, out double u, out double v)
        {
            double ax = Math.Abs(x), ay = Math.Abs(y), az = Math.Abs(z);
            if (az >= ax && az >= ay)
            {
                u = 0.5 * (1 + x / z);
                v = 0.5 * (1 + y / az);
                return z > 0 ? 0 : 1;
            }
            if (ax >= ay)
            {
                u = 0.5 * (1 - z / x);
                v = 0.5 * (1 + y / ax);
                return x > 0 ? 2 : 3;
            }
            u = 0.5 * (1 + x / ay);
            v = 0.5 * (1 - z / y);
            return y > 0 ? 4 : 5;
        }
    }
}
