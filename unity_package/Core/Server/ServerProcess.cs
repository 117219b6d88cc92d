// ServerProcess: starts, adopts and stops real server processes.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Skyloom
{
    /// <summary>Real processes on this machine.</summary>
    public sealed class ServerProcess : IServerControl
    {
        private const int LogTailBytes = 4000;
        private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

        /// <inheritdoc/>
        public async Task<RunningServer> StartAsync(ServerStart start, CancellationToken cancel = default)
        {
            if (start == null || string.IsNullOrEmpty(start.Program) || string.IsNullOrEmpty(start.ReadyFile)
                || string.IsNullOrEmpty(start.LogFile))
            {
                throw new ArgumentException("a program, a ready file and a log file are needed", nameof(start));
            }
            var clock = Stopwatch.StartNew();
            var before = RunningServer.Read(start.ReadyFile);
            using (var process = Launch(start))
            {
                try
                {
                    while (true)
                    {
                        cancel.ThrowIfCancellationRequested();
                        var server = RunningServer.Read(start.ReadyFile);
                        // A killed server leaves its file behind; the new one replaces it.
                        if (server != null && (before == null || server.ProcessId != before.ProcessId
                            || server.Address != before.Address))
                        {
                            using (var client = server.Connect())
                            {
                                await client.CheckVersionAsync(AnswerTimeout, cancel).ConfigureAwait(false);
                            }
                            return server;
                        }
                        if (process.HasExited)
                        {
                            throw Failed($"the server ended with exit code {process.ExitCode}", start.LogFile);
                        }
                        if (clock.Elapsed > start.Timeout)
                        {
                            throw Failed($"the server was not ready after {start.Timeout.TotalSeconds:0} s", start.LogFile);
                        }
                        await Task.Delay(Poll, cancel).ConfigureAwait(false);
                    }
                }
                catch
                {
                    Signals.KillTree(process);
                    throw;
                }
            }
        }

        /// <inheritdoc/>
        public async Task<RunningServer> AdoptAsync(string readyFile, CancellationToken cancel = default)
        {
            RunningServer server;
            try
            {
                server = RunningServer.Read(readyFile);
            }
            catch (ServerStartException)
            {
                return null;
            }
            if (server == null || !IsAlive(server))
            {
                return null;
            }
            try
            {
                using (var client = server.Connect())
                {
                    await client.CheckVersionAsync(AnswerTimeout, cancel).ConfigureAwait(false);
                }
                return server;
            }
            catch (SkyloomException error) when (!(error is VersionMismatchException))
            {
                return null;
            }
        }

        /// <inheritdoc/>
        public async Task StopAsync(RunningServer server, TimeSpan grace, CancellationToken cancel = default)
        {
            if (!IsAlive(server))
            {
                return;
            }
            using (var process = Find(server.ProcessId))
            {
                if (process == null)
                {
                    return;
                }
                if (!Signals.Terminate(process) || !await EndsAsync(process, grace, cancel).ConfigureAwait(false))
                {
                    Signals.KillTree(process);
                    if (!await EndsAsync(process, AnswerTimeout, cancel).ConfigureAwait(false))
                    {
                        throw Failed($"process {server.ProcessId} does not end", "");
                    }
                }
            }
        }

        private static Process Launch(ServerStart start)
        {
            var arguments = new List<string>(start.LeadingArguments)
            {
                "serve", "--port", "0", "--ready-file", start.ReadyFile,
            };
            if (start.ParentProcessId != null)
            {
                arguments.Add("--parent-pid");
                arguments.Add(start.ParentProcessId.Value.ToString(CultureInfo.InvariantCulture));
            }
            arguments.AddRange(start.MoreArguments);
            try
            {
                File.WriteAllText(start.LogFile, "");
                return Process.Start(LogShell.StartInfo(start.Program, arguments, start.LogFile));
            }
            catch (Exception error) when (error is System.ComponentModel.Win32Exception || error is IOException
                || error is UnauthorizedAccessException)
            {
                throw new ServerStartException($"{start.Program} cannot be started: {error.Message}", "");
            }
        }

        private static bool IsAlive(RunningServer server)
        {
            // A server removes its ready file when it ends, and another one writes its own number into it.
            var now = RunningServer.Read(server.ReadyFile);
            if (now == null || now.ProcessId != server.ProcessId || now.Address != server.Address)
            {
                return false;
            }
            using (var process = Find(server.ProcessId))
            {
                return process != null && !BeganAfter(process, File.GetLastWriteTimeUtc(server.ReadyFile));
            }
        }

        private static bool BeganAfter(Process process, DateTime written)
        {
            try
            {
                // File systems and process tables keep times coarsely.
                return process.StartTime.ToUniversalTime() > written + AnswerTimeout;
            }
            catch (Exception error) when (error is InvalidOperationException || error is NotSupportedException
                || error is System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }

        private static Process Find(int id)
        {
            try
            {
                var process = Process.GetProcessById(id);
                return process.HasExited ? null : process;
            }
            catch (Exception error) when (error is ArgumentException || error is InvalidOperationException)
            {
                return null;
            }
        }

        private static async Task<bool> EndsAsync(Process process, TimeSpan limit, CancellationToken cancel)
        {
            var clock = Stopwatch.StartNew();
            while (!Signals.IsGone(process))
            {
                if (clock.Elapsed > limit)
                {
                    return false;
                }
                await Task.Delay(Poll, cancel).ConfigureAwait(false);
            }
            return true;
        }

        private static ServerStartException Failed(string message, string logFile)
        {
            string log = "";
            try
            {
                if (logFile.Length > 0)
                {
                    using (var file = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
                    {
                        file.Seek(-Math.Min(file.Length, LogTailBytes), SeekOrigin.End);
                        log = new StreamReader(file, Encoding.UTF8).ReadToEnd().Trim();
                    }
                }
            }
            catch (IOException)
            {
                // The log is a help, not the error.
            }
            string last = log.Length == 0 ? "" : ": " + log.Substring(log.LastIndexOf('\n') + 1).Trim();
            return new ServerStartException(message + last, log);
        }
    }
}
