// UnityEngine values: colours, rotations, numbers.
using System;

namespace UnityEngine
{
    public partial struct Color : IEquatable<Color>
    {
        public float r;
        public float g;
        public float b;
        public float a;

        public Color(float r, float g, float b, float a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }

        public Color(float r, float g, float b) : this(r, g, b, 1f)
        {
        }

        public static Color white => new Color(1, 1, 1, 1);

        public static Color black => new Color(0, 0, 0, 1);

        public static Color clear => new Color(0, 0, 0, 0);

        public static bool operator ==(Color lhs, Color rhs) => lhs.Equals(rhs);

        public static bool operator !=(Color lhs, Color rhs) => !lhs.Equals(rhs);

        public bool Equals(Color other) => r == other.r && g == other.g && b == other.b && a == other.a;

        public override bool Equals(object other) => other is Color colour && Equals(colour);

        public override int GetHashCode() => (r, g, b, a).GetHashCode();
    }

    public partial struct Vector3
    {
        public float x;
        public float y;
        public float z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }
    }

    public partial struct Quaternion
    {
        public float x;
        public float y;
        public float z;
        public float w;

        public Quaternion(float x, float y, float z, float w)
        {
            this.x = x;
            this.y = y;
            this.z = z;
            this.w = w;
        }

        /// <summary>Turns about Z, then X, then Y, in degrees, as Unity does.</summary>
        public static Quaternion Euler(float x, float y, float z) =>
            About(0, 1, 0, y) * About(1, 0, 0, x) * About(0, 0, 1, z);

        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) => new Quaternion(
            lhs.w * rhs.x + lhs.x * rhs.w + lhs.y * rhs.z - lhs.z * rhs.y,
            lhs.w * rhs.y + lhs.y * rhs.w + lhs.z * rhs.x - lhs.x * rhs.z,
            lhs.w * rhs.z + lhs.z * rhs.w + lhs.x * rhs.y - lhs.y * rhs.x,
            lhs.w * rhs.w - lhs.x * rhs.x - lhs.y * rhs.y - lhs.z * rhs.z);

        public static Vector3 operator *(Quaternion rotation, Vector3 point)
        {
            var back = new Quaternion(-rotation.x, -rotation.y, -rotation.z, rotation.w);
            var turned = rotation * new Quaternion(point.x, point.y, point.z, 0f) * back;
            return new Vector3(turned.x, turned.y, turned.z);
        }

        private static Quaternion About(float x, float y, float z, float degrees)
        {
            double half = degrees * Math.PI / 360;
            float s = (float)Math.Sin(half);
            return new Quaternion(x * s, y * s, z * s, (float)Math.Cos(half));
        }
    }

    public partial struct Mathf
    {
        public static float Max(float a, float b) => a > b ? a : b;

        public static float Min(float a, float b) => a < b ? a : b;
    }
}
