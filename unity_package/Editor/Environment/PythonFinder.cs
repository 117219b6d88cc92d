// PythonFinder: looks for Python interpreters on this machine and asks each for its version.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Skyloom.Editor
{
    /// <summary>A Python interpreter that runs.</summary>
    public sealed class PythonProgram
    {
        internal PythonProgram(string program, Version version)
        {
            Program = program;
            Version = version;
        }

        /// <summary>Absolute path, as the interpreter itself says.</summary>
        public string Program { get; }

        /// <summary>E.g. 3.11.7.</summary>
        public Version Version { get; }

        /// <summary>Whether the backend runs on it.</summary>
        public bool IsNewEnough => Version >= PythonFinder.Oldest;
    }

    /// <summary>No Python that the backend runs on; the message says what was found and what is needed.</summary>
    public sealed class PythonException : Exception
    {
        internal PythonException(string message) : base(message)
        {
        }
    }

    /// <summary>Finds Pythons. Nothing here needs the main thread.</summary>
    public static class PythonFinder
    {
        /// <summary>The oldest Python that the backend runs on.</summary>
        public static readonly Version Oldest = new Version(3, 10);

        private const string Question = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)";
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        /// <summary>
        /// The Python to use: the one that a person named, or else the first on this machine that is new enough.
        /// </summary>
        /// <param name="named">Path or name; "" to look for one.</param>
        /// <param name="candidates">What to look at; null for the usual names and places.</param>
        /// <param name="cancel">Ends the search.</param>
        /// <exception cref="PythonException">None is new enough.</exception>
        public static async Task<PythonProgram> FindAsync(
            string named, IEnumerable<string> candidates = null, CancellationToken cancel = default)
        {
            named = named.Trim();
            if (named.Length > 0)
            {
                var one = await AskAsync(named, cancel).ConfigureAwait(false)
                    ?? throw new PythonException($"{named} cannot be run as Python; set another in Preferences > Skyloom");
                return one.IsNewEnough ? one : throw TooOld(one);
            }
            PythonProgram old = null;
            foreach (string candidate in candidates ?? Usual())
            {
                var found = await AskAsync(candidate, cancel).ConfigureAwait(false);
                if (found != null && found.IsNewEnough)
                {
                    return found;
                }
                old = old ?? found;
            }
            throw old != null ? TooOld(old) : new PythonException(
                $"no Python was found; install Python {Oldest} or newer from python.org, or name one in Preferences > Skyloom");
        }

        /// <summary>What an interpreter says of itself; null where it does not run.</summary>
        public static async Task<PythonProgram> AskAsync(string program, CancellationToken cancel = default)
        {
            bool launcher = LogShell.IsWindows && program == "py";
            var arguments = launcher ? new[] { "-3", "-c", Question } : new[] { "-c", Question };
            var info = new ProcessStartInfo(program, CommandLine.Join(arguments))
            {
                UseShellExecute = false, CreateNoWindow = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            try
            {
                using (var process = Process.Start(info))
                {
                    return await ReadAsync(process, cancel).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is System.ComponentModel.Win32Exception || error is InvalidOperationException
                || error is IOException)
            {
                return null;
            }
        }

        private static async Task<PythonProgram> ReadAsync(Process process, CancellationToken cancel)
        {
            // Both pipes are read, or the one that is not would fill up.
            var answer = process.StandardOutput.ReadToEndAsync();
            var complaints = process.StandardError.ReadToEndAsync();
            var both = Task.WhenAll(answer, complaints);
            try
            {
                var done = await Task.WhenAny(both, Task.Delay(Patience, cancel)).ConfigureAwait(false);
                cancel.ThrowIfCancellationRequested();
                if (done != both)
                {
                    return null;
                }
                var lines = answer.Result.Split(new[] { '\r', '\n' }, StringSplitOptions.RemoveEmptyEntries);
                return lines.Length == 2 && Version.TryParse(lines[0], out Version version)
                    ? new PythonProgram(lines[1], version)
                    : null;
            }
            finally
            {
                Signals.KillTree(process);
            }
        }

        private static PythonException TooOld(PythonProgram found) => new PythonException(
            $"{found.Program} is Python {found.Version}, which is too old; Skyloom needs {Oldest} or newer. "
            + "Install one from python.org, or name one in Preferences > Skyloom");

        private static IEnumerable<string> Usual()
        {
            if (LogShell.IsWindows)
            {
                return new[] { "py", "python3", "python" };
            }
            var names = new[] { "python3", "python3.13", "python3.12", "python3.11", "python3.10", "python" };
            // An editor that was started from a dock has a short PATH.
            var places = new[] { "/opt/homebrew/bin", "/usr/local/bin", "/Library/Frameworks/Python.framework/Versions/Current/bin" };
            return names.Concat(places.SelectMany(place => names.Take(5).Select(name => Path.Combine(place, name))).Where(File.Exists));
        }
    }
}
