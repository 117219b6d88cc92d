// WireReader: reads protobuf's wire format from a byte array, and trusts none of it.
using System;
using System.Collections.Generic;
using System.Text;

namespace Skyloom.Wire
{
    /// <summary>
    /// A position in the bytes of one message. Every method raises <see cref="WireFormatException"/> when the bytes
    /// end too early or are malformed. No span is used: Debian's mono cannot load code that indexes one.
    /// </summary>
    public sealed class WireReader
    {
        /// <summary>How deeply messages and groups may be nested, as in the other protobuf libraries.</summary>
        public const int MaxDepth = 100;

        private const int VarintType = 0;
        private const int Fixed64Type = 1;
        private const int LengthType = 2;
        private const int StartGroupType = 3;
        private const int EndGroupType = 4;
        private const int Fixed32Type = 5;

        private static readonly UTF8Encoding StrictUtf8 = new UTF8Encoding(false, true);

        private readonly byte[] _data;
        private int _position;
        private int _limit;
        private int _depth;
        private int _fieldStart;

        internal WireReader(byte[] data)
        {
            _data = data;
            _limit = data.Length;
        }

        /// <summary>The next field's tag, 0 at the end of the message.</summary>
        public uint ReadTag()
        {
            if (_position == _limit)
            {
                return 0;
            }
            _fieldStart = _position;
            ulong tag = ReadVarint();
            if (tag > uint.MaxValue || _position - _fieldStart > 5 || tag >> 3 == 0)
            {
                throw new WireFormatException(WireFault.BadTag, "a field's tag is out of range");
            }
            return (uint)tag;
        }

        /// <summary>An int32 or enum: the low 32 bits of a varint.</summary>
        public int ReadInt32() => unchecked((int)ReadVarint());

        /// <summary>An int64.</summary>
        public long ReadInt64() => unchecked((long)ReadVarint());

        /// <summary>A uint32: the low 32 bits of a varint.</summary>
        public uint ReadUInt32() => unchecked((uint)ReadVarint());

        /// <summary>A uint64.</summary>
        public ulong ReadUInt64() => ReadVarint();

        /// <summary>A zigzag coded sint32.</summary>
        public int ReadSInt32()
        {
            uint value = ReadUInt32();
            return unchecked((int)(value >> 1) ^ -(int)(value & 1));
        }

        /// <summary>A zigzag coded sint64.</summary>
        public long ReadSInt64()
        {
            ulong value = ReadVarint();
            return unchecked((long)(value >> 1) ^ -(long)(value & 1));
        }

        /// <summary>A bool: any varint but 0 is true.</summary>
        public bool ReadBool() => ReadVarint() != 0;

        /// <summary>A fixed32.</summary>
        public uint ReadFixed32()
        {
            int start = Take(4);
            return (uint)(_data[start] | _data[start + 1] << 8 | _data[start + 2] << 16 | _data[start + 3] << 24);
        }

        /// <summary>A fixed64.</summary>
        public ulong ReadFixed64()
        {
            ulong low = ReadFixed32();
            return low | (ulong)ReadFixed32() << 32;
        }

        /// <summary>An sfixed32.</summary>
        public int ReadSFixed32() => unchecked((int)ReadFixed32());

        /// <summary>An sfixed64.</summary>
        public long ReadSFixed64() => unchecked((long)ReadFixed64());

        /// <summary>A float, NaN payloads included.</summary>
        public float ReadFloat() => new FloatBits { Bits = ReadFixed32() }.Value;

        /// <summary>A double, NaN payloads included.</summary>
        public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadSFixed64());

        /// <summary>A text.</summary>
        public string ReadString()
        {
            int length = ReadLength();
            int start = Take(length);
            try
            {
                return StrictUtf8.GetString(_data, start, length);
            }
            catch (ArgumentException)
            {
                throw new WireFormatException(WireFault.BadText, "a text is not valid UTF-8");
            }
        }

        /// <summary>Bytes, as a copy.</summary>
        public byte[] ReadBytes()
        {
            int length = ReadLength();
            var bytes = new byte[length];
            Buffer.BlockCopy(_data, Take(length), bytes, 0, length);
            return bytes;
        }

        /// <summary>A nested message, merged into <paramref name="message"/>.</summary>
        public void ReadMessage(Message message)
        {
            int outer = PushLimit();
            Deeper();
            message.ReadFields(this);
            _depth--;
            PopLimit(outer);
        }

        /// <summary>The elements of a packed list.</summary>
        public void ReadPacked<T>(List<T> list, Func<WireReader, T> readOne)
        {
            int outer = PushLimit();
            while (_position < _limit)
            {
                list.Add(readOne(this));
            }
            PopLimit(outer);
        }

        /// <summary>Steps over a field whose tag was just read; returns it whole, tag included.</summary>
        internal ArraySegment<byte> SkipField(uint tag)
        {
            int start = _fieldStart;
            SkipValue(tag);
            return new ArraySegment<byte>(_data, start, _position - start);
        }

        internal void CheckEnd()
        {
            if (_position != _limit)
            {
                throw new WireFormatException(WireFault.BadTag, "the message goes on after its end");
            }
        }

        private void SkipValue(uint tag)
        {
            switch ((int)(tag & 7))
            {
                case VarintType:
                    ReadVarint();
                    break;
                case Fixed64Type:
                    Take(8);
                    break;
                case LengthType:
                    Take(ReadLength());
                    break;
                case StartGroupType:
                    SkipGroup(tag);
                    break;
                case Fixed32Type:
                    Take(4);
                    break;
                default:
                    throw new WireFormatException(WireFault.BadTag, "a group ends that did not begin, or no such type");
            }
        }

        private void SkipGroup(uint start)
        {
            Deeper();
            uint end = start - StartGroupType + EndGroupType;
            uint tag;
            while ((tag = ReadTag()) != end)
            {
                if (tag == 0)
                {
                    throw new WireFormatException(WireFault.Truncated, "a group has no end");
                }
                SkipValue(tag);
            }
            _depth--;
        }

        private ulong ReadVarint()
        {
            ulong value = 0;
            for (int shift = 0; shift < 70; shift += 7)
            {
                // Bits beyond the 64th are dropped, as the other protobuf libraries do.
                byte next = _data[Take(1)];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
            throw new WireFormatException(WireFault.BadVarint, "a number is longer than ten bytes");
        }

        private int ReadLength()
        {
            ulong length = ReadVarint();
            if (length > (ulong)(_limit - _position))
            {
                throw new WireFormatException(WireFault.Truncated, "a field is longer than the rest of its message");
            }
            return (int)length;
        }

        private int Take(int count)
        {
            if (count > _limit - _position)
            {
                throw new WireFormatException(WireFault.Truncated, "the message ends within a field");
            }
            int start = _position;
            _position += count;
            return start;
        }

        private int PushLimit()
        {
            int length = ReadLength();
            int outer = _limit;
            _limit = _position + length;
            return outer;
        }

        private void PopLimit(int outer)
        {
            CheckEnd();
            _limit = outer;
        }

        private void Deeper()
        {
            if (++_depth > MaxDepth)
            {
                throw new WireFormatException(WireFault.TooDeep, $"messages are nested more than {MaxDepth} deep");
            }
        }
    }
}
