// DetailFields: any protobuf message as a bag of fields by number, for the few foreign messages that errors carry.
using System;
using System.Collections.Generic;
using System.Text;
using Skyloom.Wire;

namespace Skyloom.Rpc
{
    internal sealed class DetailFields : Message
    {
        private readonly List<KeyValuePair<uint, byte[]>> _bytes = new List<KeyValuePair<uint, byte[]>>();
        private readonly Dictionary<uint, long> _numbers = new Dictionary<uint, long>();

        /// <summary>Every value of a length-delimited field.</summary>
        public IEnumerable<byte[]> Of(uint field)
        {
            foreach (var pair in _bytes)
            {
                if (pair.Key == field)
                {
                    yield return pair.Value;
                }
            }
        }

        /// <summary>The last value of a length-delimited field, empty where there is none.</summary>
        public byte[] Bytes(uint field)
        {
            byte[] last = Array.Empty<byte>();
            foreach (byte[] value in Of(field))
            {
                last = value;
            }
            return last;
        }

        /// <summary>The last value of a text field.</summary>
        public string Text(uint field) => Encoding.UTF8.GetString(Bytes(field));

        /// <summary>The last value of a varint field, 0 where there is none.</summary>
        public long Number(uint field) => _numbers.TryGetValue(field, out long value) ? value : 0;

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag & 7)
                {
                    case 0:
                        _numbers[tag >> 3] = input.ReadInt64();
                        break;
                    case 2:
                        _bytes.Add(new KeyValuePair<uint, byte[]>(tag >> 3, input.ReadBytes()));
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output) => throw new NotSupportedException("details are only read");
    }
}
