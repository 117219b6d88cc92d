// ServerStartException: a server process that could not be started or stopped.
using System;

namespace Skyloom
{
    /// <summary>A server process that could not be started or stopped.</summary>
    public sealed class ServerStartException : Exception
    {
        internal ServerStartException(string message, string log) : base(message)
        {
            Log = log;
        }

        /// <summary>The last lines that the server wrote, "" where there are none.</summary>
        public string Log { get; }
    }
}
