// Message: base of every generated message; bytes in, bytes out, unknown fields kept.
using System;
using System.IO;

namespace Skyloom.Wire
{
    /// <summary>
    /// A protobuf message. Derived classes are generated from the contract; they are plain mutable objects and,
    /// like lists, not safe to change from two threads at once.
    /// </summary>
    public abstract class Message
    {
        // Fields that this version does not know, in wire form; written back after the known ones.
        private MemoryStream _unknown;

        /// <summary>Reads a message of type <typeparamref name="T"/>.</summary>
        /// <exception cref="WireFormatException">The bytes are no such message.</exception>
        public static T Parse<T>(byte[] data) where T : Message, new()
        {
            var message = new T();
            message.MergeFrom(data);
            return message;
        }

        /// <summary>
        /// Adds what <paramref name="data"/> holds: single values are replaced, lists grow, messages are merged.
        /// </summary>
        /// <exception cref="WireFormatException">
        /// The bytes are no such message; this object then holds what came before the fault.
        /// </exception>
        public void MergeFrom(byte[] data)
        {
            if (data == null)
            {
                throw new ArgumentNullException(nameof(data));
            }
            var input = new WireReader(data);
            ReadFields(input);
            input.CheckEnd();
        }

        /// <summary>The message in wire form: fields in ascending order, default values left out.</summary>
        /// <exception cref="WireFormatException">
        /// A text is no valid UTF-16, a list holds null, or messages are nested too deeply.
        /// </exception>
        public byte[] ToByteArray()
        {
            var output = new WireWriter();
            WriteFields(output);
            return output.ToArray();
        }

        /// <summary>Reads fields up to the end of this message; generated.</summary>
        public abstract void ReadFields(WireReader input);

        /// <summary>Writes fields from the last to the first; generated.</summary>
        public abstract void WriteFields(WireWriter output);

        /// <summary>Keeps a field that the generated code does not know.</summary>
        protected void KeepUnknown(WireReader input, uint tag)
        {
            _unknown = _unknown ?? new MemoryStream();
            var field = input.SkipField(tag);
            _unknown.Write(field.Array, field.Offset, field.Count);
        }

        /// <summary>Writes what <see cref="KeepUnknown"/> kept.</summary>
        protected void WriteUnknown(WireWriter output)
        {
            if (_unknown != null)
            {
                output.WriteRaw(_unknown.ToArray());
            }
        }
    }
}
