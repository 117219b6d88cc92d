// ManifestException: a manifest or one of its entries that cannot be used.
using System;

namespace Skyloom
{
    /// <summary>A manifest, or one of its entries, that cannot be used; the message says where and why.</summary>
    public sealed class ManifestException : Exception
    {
        internal ManifestException(string message) : base(message)
        {
        }
    }
}
