// WireFormatException: bytes that are no protobuf message, or a message that cannot become bytes.
using System;

namespace Skyloom.Wire
{
    /// <summary>What is wrong with a message or its bytes.</summary>
    public enum WireFault
    {
        /// <summary>The bytes end in the middle of a field.</summary>
        Truncated,

        /// <summary>A number is longer than ten bytes.</summary>
        BadVarint,

        /// <summary>A field number or wire type that does not exist, or an end without a beginning.</summary>
        BadTag,

        /// <summary>A text is not valid UTF-8 (reading) or UTF-16 (writing).</summary>
        BadText,

        /// <summary>Messages are nested more deeply than <see cref="WireReader.MaxDepth"/>.</summary>
        TooDeep,

        /// <summary>A list of messages, texts or bytes holds null.</summary>
        NullElement,
    }

    /// <summary>Bytes that are no protobuf message, or a message that cannot become bytes.</summary>
    public sealed class WireFormatException : Exception
    {
        internal WireFormatException(WireFault fault, string message) : base(message)
        {
            Fault = fault;
        }

        /// <summary>What is wrong.</summary>
        public WireFault Fault { get; }
    }
}
