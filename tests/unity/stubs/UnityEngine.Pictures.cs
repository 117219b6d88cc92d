// UnityEngine pictures and places: pixels of textures, PNG files, rectangles, keys.
using System;
using UnityFakes;

namespace UnityEngine
{
    public partial struct Vector2
    {
        public float x;
        public float y;

        public Vector2(float x, float y)
        {
            this.x = x;
            this.y = y;
        }

        public static implicit operator Vector2(Vector3 v) => new Vector2(v.x, v.y);
    }

    public partial struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }

        public float x { get; set; }

        public float y { get; set; }

        public float width { get; set; }

        public float height { get; set; }
    }

    public partial struct Color32
    {
        public byte r;
        public byte g;
        public byte b;
        public byte a;

        public Color32(byte r, byte g, byte b, byte a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }
    }

    public enum TextureFormat
    {
        RGB24 = 3,
        RGBA32 = 4,
    }

    public enum ScaleMode
    {
        StretchToFill = 0,
        ScaleAndCrop = 1,
        ScaleToFit = 2,
    }

    public enum KeyCode
    {
        None = 0,
        Return = 13,
        Escape = 27,
        Plus = 43,
        Minus = 45,
        Equals = 61,
        KeypadMinus = 269,
        KeypadPlus = 270,
        KeypadEnter = 271,
        UpArrow = 273,
        DownArrow = 274,
        RightArrow = 275,
        LeftArrow = 276,
    }

    public partial class GUIContent
    {
        public GUIContent(string text)
        {
            this.text = text;
        }

        public string text { get; set; }
    }

    public partial class Texture
    {
        public TextureWrapMode wrapMode { get; set; }
    }

    public sealed partial class Texture2D
    {
        internal Color32[] Pixels = new Color32[0];

        public Texture2D(int width, int height, TextureFormat textureFormat, bool mipChain) : this(width, height)
        {
            Pixels = new Color32[width * height];
        }

        public Color32[] GetPixels32() => (Color32[])Pixels.Clone();

        public void SetPixels32(Color32[] colors) => Pixels = colors.Length == width * height
            ? (Color32[])colors.Clone()
            : throw new ArgumentException("the number of pixels is not the texture's");

        public void Apply(bool updateMipmaps)
        {
        }
    }

    public static partial class ImageConversion
    {
        public static bool LoadImage(this Texture2D tex, byte[] data, bool markNonReadable) => Png.Read(data, tex);

        public static byte[] EncodeToPNG(this Texture2D tex) => Png.Write(tex);
    }
}
