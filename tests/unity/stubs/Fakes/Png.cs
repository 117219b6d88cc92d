// Png: eight-bit PNG files, plainly: what Unity's ImageConversion reads and writes.
using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using UnityEngine;

namespace UnityFakes
{
    public static class Png
    {
        private static readonly byte[] Signature = { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a };

        /// <summary>Reads grey, RGB or RGBA without interlace into a texture; false for anything else.</summary>
        public static bool Read(byte[] file, Texture2D texture)
        {
            for (int i = 0; i < Signature.Length; i++)
            {
                if (file.Length < 33 || file[i] != Signature[i])
                {
                    return false;
                }
            }
            int width = Number(file, 16), height = Number(file, 20), type = file[25];
            int channels = type == 0 ? 1 : type == 2 ? 3 : type == 6 ? 4 : 0;
            if (file[24] != 8 || channels == 0 || file[28] != 0)
            {
                return false;
            }
            byte[] rows = Inflate(file, (width * channels + 1) * height);
            texture.width = width;
            texture.height = height;
            texture.Pixels = Unfilter(rows, width, height, channels);
            return true;
        }

        /// <summary>Writes RGBA, every row without a filter.</summary>
        public static byte[] Write(Texture2D texture)
        {
            var rows = new MemoryStream();
            for (int y = texture.height - 1; y >= 0; y--)
            {
                rows.WriteByte(0);
                for (int x = 0; x < texture.width; x++)
                {
                    var pixel = texture.Pixels[y * texture.width + x];
                    rows.Write(new[] { pixel.r, pixel.g, pixel.b, pixel.a }, 0, 4);
                }
            }
            var packed = new MemoryStream();
            packed.Write(new byte[] { 0x78, 0x9c }, 0, 2);
            using (var deflate = new DeflateStream(packed, CompressionMode.Compress, true))
            {
                deflate.Write(rows.ToArray(), 0, (int)rows.Length);
            }
            packed.Write(Bytes(Adler(rows.ToArray())), 0, 4);
            var file = new MemoryStream();
            file.Write(Signature, 0, Signature.Length);
            var head = new MemoryStream();
            head.Write(Bytes((uint)texture.width), 0, 4);
            head.Write(Bytes((uint)texture.height), 0, 4);
            head.Write(new byte[] { 8, 6, 0, 0, 0 }, 0, 5);
            Chunk(file, "IHDR", head.ToArray());
            Chunk(file, "IDAT", packed.ToArray());
            Chunk(file, "IEND", new byte[0]);
            return file.ToArray();
        }

        private static byte[] Inflate(byte[] file, int size)
        {
            var packed = new MemoryStream();
            for (int at = 8; at < file.Length;)
            {
                int length = Number(file, at);
                if (Encoding.ASCII.GetString(file, at + 4, 4) == "IDAT")
                {
                    packed.Write(file, at + 8, length);
                }
                at += length + 12;
            }
            // Two bytes of zlib's own stand before what DeflateStream knows.
            packed.Position = 2;
            var rows = new byte[size];
            using (var inflate = new DeflateStream(packed, CompressionMode.Decompress))
            {
                for (int done = 0, got = 1; done < size && got > 0; done += got)
                {
                    got = inflate.Read(rows, done, size - done);
                }
            }
            return rows;
        }

        private static Color32[] Unfilter(byte[] rows, int width, int height, int channels)
        {
            int stride = width * channels;
            var before = new byte[stride];
            var pixels = new Color32[width * height];
            for (int y = 0; y < height; y++)
            {
                int at = y * (stride + 1);
                var row = new byte[stride];
                for (int i = 0; i < stride; i++)
                {
                    int left = i < channels ? 0 : row[i - channels], up = before[i];
                    int corner = i < channels ? 0 : before[i - channels];
                    row[i] = (byte)(rows[at + 1 + i] + Guess(rows[at], left, up, corner));
                }
                for (int x = 0; x < width; x++)
                {
                    int i = x * channels;
                    bool grey = channels == 1;
                    pixels[(height - 1 - y) * width + x] = new Color32(
                        row[i], row[grey ? i : i + 1], row[grey ? i : i + 2], channels == 4 ? row[i + 3] : (byte)255);
                }
                before = row;
            }
            return pixels;
        }

        private static int Guess(int filter, int left, int up, int corner)
        {
            switch (filter)
            {
                case 0:
                    return 0;
                case 1:
                    return left;
                case 2:
                    return up;
                case 3:
                    return (left + up) / 2;
                default:
                    int near = left + up - corner;
                    int a = Math.Abs(near - left), b = Math.Abs(near - up), c = Math.Abs(near - corner);
                    return a <= b && a <= c ? left : b <= c ? up : corner;
            }
        }

        private static void Chunk(Stream file, string type, byte[] data)
        {
            var body = new MemoryStream();
            body.Write(Encoding.ASCII.GetBytes(type), 0, 4);
            body.Write(data, 0, data.Length);
            file.Write(Bytes((uint)data.Length), 0, 4);
            file.Write(body.ToArray(), 0, (int)body.Length);
            file.Write(Bytes(Crc(body.ToArray())), 0, 4);
        }

        private static uint Crc(byte[] data)
        {
            uint crc = uint.MaxValue;
            foreach (byte one in data)
            {
                crc ^= one;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
                }
            }
            return ~crc;
        }

        private static uint Adler(byte[] data)
        {
            uint a = 1, b = 0;
            foreach (byte one in data)
            {
                a = (a + one) % 65521;
                b = (b + a) % 65521;
            }
            return (b << 16) | a;
        }

        private static byte[] Bytes(uint value) =>
            new[] { (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value };

        private static int Number(byte[] data, int at) => (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
}
