// SkyImportException: a sky that could not become assets; the project is then as it was before.
using System;
using System.Collections.Generic;

namespace Skyloom.Editor
{
    /// <summary>A sky that could not be turned into assets; nothing of it was left behind.</summary>
    public sealed class SkyImportException : Exception
    {
        internal SkyImportException(string message, Exception cause = null) : base(message, cause)
        {
        }

        internal SkyImportException(string message, IReadOnlyList<string> refused) : base(message)
        {
            Refused = refused;
        }

        /// <summary>Asset paths that were not to be overwritten; empty where something else went wrong.</summary>
        public IReadOnlyList<string> Refused { get; } = Array.Empty<string>();
    }
}
