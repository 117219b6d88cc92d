// JsonException: text that is no JSON, or JSON of another shape than was asked for.
using System;

namespace Skyloom.Json
{
    /// <summary>Text that is no JSON, or a value of another kind than the reader wants; the message says where.</summary>
    public sealed class JsonException : FormatException
    {
        /// <summary>An error with a message for the person who wrote the text.</summary>
        public JsonException(string message) : base(message)
        {
        }
    }
}
