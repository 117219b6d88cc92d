// IServerControl: start, adopt and stop the server process; behind an interface so that tests need no process.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Skyloom
{
    /// <summary>How to start a server.</summary>
    public sealed class ServerStart
    {
        /// <summary>The program: "skyloom" of a virtual environment, or a Python interpreter.</summary>
        public string Program { get; set; }

        /// <summary>What comes before "serve": empty for skyloom, e.g. "-m" and a module for an interpreter.</summary>
        public IReadOnlyList<string> LeadingArguments { get; set; } = Array.Empty<string>();

        /// <summary>What comes after the options that are always given, e.g. "--model-dir" and a folder.</summary>
        public IReadOnlyList<string> MoreArguments { get; set; } = Array.Empty<string>();

        /// <summary>Where the server is to write its ready file; the folder exists.</summary>
        public string ReadyFile { get; set; }

        /// <summary>Where the server's messages go; replaced at each start.</summary>
        public string LogFile { get; set; }

        /// <summary>The server exits when this process is gone; null for one that outlives its starter.</summary>
        public int? ParentProcessId { get; set; }

        /// <summary>What starting may take: loading the model on a slow disk included.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
    }

    /// <summary>
    /// Start, adopt and stop a server process. Nothing is kept between calls: after a domain reload a new object adopts
    /// what an earlier one started.
    /// </summary>
    public interface IServerControl
    {
        /// <summary>Starts a server and returns once it answers; a token that fires ends the process again.</summary>
        /// <exception cref="ServerStartException">It ended at once or does not answer in time; with its last words.</exception>
        Task<RunningServer> StartAsync(ServerStart start, CancellationToken cancel = default);

        /// <summary>The server that wrote this ready file, if it still lives and answers; null otherwise.</summary>
        /// <exception cref="VersionMismatchException">It answers, but speaks another version.</exception>
        Task<RunningServer> AdoptAsync(string readyFile, CancellationToken cancel = default);

        /// <summary>
        /// Asks the server to end, and ends it after <paramref name="grace"/>; returns when the process is gone. A
        /// process that merely inherited the number is left alone.
        /// </summary>
        Task StopAsync(RunningServer server, TimeSpan grace, CancellationToken cancel = default);
    }
}
