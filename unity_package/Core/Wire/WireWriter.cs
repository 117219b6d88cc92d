// WireWriter: writes protobuf's wire format from the end to the beginning, so every length is known when it is due.
using System;
using System.Collections.Generic;
using System.Text;

namespace Skyloom.Wire
{
    /// <summary>
    /// Collects the bytes of one message, last field first. What is left out because it is the type's default is the
    /// generated code's choice; here everything is written.
    /// </summary>
    public sealed class WireWriter
    {
        private static readonly UTF8Encoding StrictUtf8 = new UTF8Encoding(false, true);

        private byte[] _data = new byte[256];
        private int _start = 256;
        private int _depth;

        internal WireWriter()
        {
        }

        private int Length => _data.Length - _start;

        internal byte[] ToArray()
        {
            var result = new byte[Length];
            Buffer.BlockCopy(_data, _start, result, 0, result.Length);
            return result;
        }

        /// <summary>A varint: int32, int64 and enums sign-extended to 64 bits, uint32, uint64, bool as 0 or 1.</summary>
        public void WriteVarint(uint tag, ulong value)
        {
            Varint(value);
            Varint(tag);
        }

        /// <summary>Four bytes: fixed32, sfixed32, the bits of a float.</summary>
        public void WriteFixed32(uint tag, uint value)
        {
            Fixed(value, 4);
            Varint(tag);
        }

        /// <summary>Eight bytes: fixed64, sfixed64, the bits of a double.</summary>
        public void WriteFixed64(uint tag, ulong value)
        {
            Fixed(value, 8);
            Varint(tag);
        }

        /// <summary>A text.</summary>
        public void WriteString(uint tag, string value)
        {
            NotNull(value);
            int count;
            try
            {
                count = StrictUtf8.GetByteCount(value);
                // First of all room: Reserve may replace the buffer.
                int at = Reserve(count);
                StrictUtf8.GetBytes(value, 0, value.Length, _data, at);
            }
            catch (EncoderFallbackException)
            {
                throw new WireFormatException(WireFault.BadText, "a text holds half of a surrogate pair");
            }
            Varint((ulong)count);
            Varint(tag);
        }

        /// <summary>Bytes.</summary>
        public void WriteBytes(uint tag, byte[] value)
        {
            NotNull(value);
            WriteRaw(value);
            Varint((ulong)value.Length);
            Varint(tag);
        }

        /// <summary>A nested message.</summary>
        public void WriteMessage(uint tag, Message value)
        {
            NotNull(value);
            if (++_depth > WireReader.MaxDepth)
            {
                throw new WireFormatException(WireFault.TooDeep, $"nested more than {WireReader.MaxDepth} deep");
            }
            int before = Length;
            value.WriteFields(this);
            Varint((ulong)(Length - before));
            Varint(tag);
            _depth--;
        }

        /// <summary>A packed list; <paramref name="writeOne"/> writes one element without a tag.</summary>
        public void WritePacked<T>(uint tag, List<T> list, Action<WireWriter, T> writeOne)
        {
            if (list.Count == 0)
            {
                return;
            }
            int before = Length;
            for (int i = list.Count - 1; i >= 0; i--)
            {
                writeOne(this, list[i]);
            }
            Varint((ulong)(Length - before));
            Varint(tag);
        }

        /// <summary>One varint without a tag, for packed lists.</summary>
        public void Varint(ulong value)
        {
            int count = 1;
            for (ulong rest = value >> 7; rest != 0; rest >>= 7)
            {
                count++;
            }
            int at = Reserve(count);
            for (int i = 0; i < count - 1; i++)
            {
                _data[at + i] = (byte)(value | 0x80);
                value >>= 7;
            }
            _data[at + count - 1] = (byte)value;
        }

        /// <summary>A number of <paramref name="bytes"/> bytes without a tag, little end first.</summary>
        public void Fixed(ulong value, int bytes)
        {
            int at = Reserve(bytes);
            for (int i = 0; i < bytes; i++)
            {
                _data[at + i] = (byte)(value >> 8 * i);
            }
        }

        /// <summary>Bytes as they are: fields kept from a newer version.</summary>
        public void WriteRaw(byte[] value)
        {
            int at = Reserve(value.Length);
            Buffer.BlockCopy(value, 0, _data, at, value.Length);
        }

        /// <summary>Zigzag code of an sint32, as its varint.</summary>
        public static ulong ZigZag(int value) => unchecked((uint)(value << 1 ^ value >> 31));

        /// <summary>Zigzag code of an sint64.</summary>
        public static ulong ZigZag(long value) => unchecked((ulong)(value << 1 ^ value >> 63));

        /// <summary>The bits of a float; minus zero is not zero, so it is written.</summary>
        public static uint Bits(float value) => new FloatBits { Value = value }.Bits;

        /// <summary>The bits of a double; minus zero is not zero, so it is written.</summary>
        public static ulong Bits(double value) => unchecked((ulong)BitConverter.DoubleToInt64Bits(value));

        private static void NotNull(object value)
        {
            if (value == null)
            {
                throw new WireFormatException(WireFault.NullElement, "a list holds null");
            }
        }

        private int Reserve(int count)
        {
            if (count > _start)
            {
                int used = Length;
                var grown = new byte[checked(Math.Max(_data.Length * 2, used + count))];
                Buffer.BlockCopy(_data, _start, grown, grown.Length - used, used);
                _start = grown.Length - used;
                _data = grown;
            }
            return _start -= count;
        }
    }
}
