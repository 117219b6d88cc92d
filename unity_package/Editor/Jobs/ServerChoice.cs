// ServerChoice: which server to use: one at an address, or the project's own, and how that one is started.
using System;
using System.Collections.Generic;

namespace Skyloom.Editor
{
    /// <summary>Which server to use, as the settings say at this moment.</summary>
    public sealed class ServerChoice
    {
        /// <summary>Address of a server that somebody else runs; "" for the project's own.</summary>
        public string Address { get; set; } = "";

        /// <summary>What that server wants; "" for none.</summary>
        public string Token { get; set; } = "";

        /// <summary>The program that runs the project's own server; "" where there is none yet.</summary>
        public string Program { get; set; } = "";

        /// <summary>What comes before "serve".</summary>
        public IReadOnlyList<string> LeadingArguments { get; set; } = Array.Empty<string>();

        /// <summary>What comes after the usual options.</summary>
        public IReadOnlyList<string> MoreArguments { get; set; } = Array.Empty<string>();

        /// <summary>The ready file of the project's own server.</summary>
        public string ReadyFile { get; set; } = "";

        /// <summary>Its log.</summary>
        public string LogFile { get; set; } = "";

        /// <summary>The server ends when this process does.</summary>
        public int? ParentProcessId { get; set; }

        /// <summary>Whether the server is the project's own.</summary>
        public bool IsManaged => Address.Trim().Length == 0;

        /// <summary>Whether a server can be looked for at all.</summary>
        public bool IsPossible => !IsManaged || Program.Length > 0;
    }
}
