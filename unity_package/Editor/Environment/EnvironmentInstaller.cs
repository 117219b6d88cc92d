// EnvironmentInstaller: has a Python make the project's environment, follows it by its status file, and can stop it.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using Skyloom.Json;

namespace Skyloom.Editor
{
    /// <summary>How far an installation is.</summary>
    public enum InstallStep
    {
        /// <summary>None was begun, or what it left is gone.</summary>
        None,

        /// <summary>At work.</summary>
        Running,

        /// <summary>The environment is there and works.</summary>
        Done,

        /// <summary>It went wrong.</summary>
        Failed,

        /// <summary>A person stopped it.</summary>
        Cancelled,
    }

    /// <summary>What the latest installation is at.</summary>
    public sealed class InstallStatus
    {
        internal InstallStatus(InstallStep step, string message)
        {
            Step = step;
            Message = message;
        }

        /// <summary>How far.</summary>
        public InstallStep Step { get; }

        /// <summary>For people.</summary>
        public string Message { get; }
    }

    /// <summary>
    /// The environment of one project. Everything is kept in files: an object of another domain sees and does the same.
    /// </summary>
    public sealed class EnvironmentInstaller
    {
        private const string StampName = "skyloom-environment.json";
        private const int LogTailBytes = 6000;

        /// <summary>A status that nobody touched for so long belongs to a process that is gone.</summary>
        private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

        private readonly string _script;
        private readonly string _statusFile;
        private readonly string _cancelFile;

        /// <param name="environment">Folder of the environment.</param>
        /// <param name="library">Folder for status and log; it exists.</param>
        /// <param name="script">install_backend.py.</param>
        public EnvironmentInstaller(string environment, string library, string script)
        {
            Folder = environment;
            _script = script;
            _statusFile = Path.Combine(library, "install.json");
            _cancelFile = Path.Combine(library, "install.cancel");
            LogFile = Path.Combine(library, "install.log");
        }

        /// <summary>The environment.</summary>
        public string Folder { get; }

        /// <summary>What the installation writes.</summary>
        public string LogFile { get; }

        /// <summary>The environment's interpreter.</summary>
        public string Python => LogShell.IsWindows
            ? Path.Combine(Folder, "Scripts", "python.exe")
            : Path.Combine(Folder, "bin", "python");

        /// <summary>Whether a whole environment is there.</summary>
        public bool IsInstalled => Stamp("version").Length > 0 && File.Exists(Python);

        /// <summary>The backend's version in it, "" where there is none.</summary>
        public string InstalledVersion => Stamp("version");

        /// <summary>What was installed, "" where nothing was.</summary>
        public string InstalledSource => Stamp("source");

        /// <summary>Begins an installation; one that was there is replaced.</summary>
        /// <param name="python">Of <see cref="PythonFinder"/>.</param>
        /// <param name="source">What pip is to install: name, address or path.</param>
        /// <param name="index">Address of a package index or a folder of wheels; "" for pip's own.</param>
        /// <exception cref="InvalidOperationException">One is at work.</exception>
        /// <exception cref="PythonException">That Python is too old.</exception>
        /// <exception cref="IOException">It cannot be started.</exception>
        public void Start(PythonProgram python, string source, string index)
        {
            if (!python.IsNewEnough)
            {
                throw new PythonException($"Python {python.Version} is too old; Skyloom needs {PythonFinder.Oldest} or newer");
            }
            if (source.Trim().Length == 0)
            {
                throw new ArgumentException("a source is needed", nameof(source));
            }
            if (Poll().Step == InstallStep.Running)
            {
                throw new InvalidOperationException("an installation is at work");
            }
            File.Delete(_cancelFile);
            var arguments = new List<string>
            {
                "-u", _script, "--folder", Folder, "--status", _statusFile, "--cancel", _cancelFile, "--source", source.Trim(),
            };
            if (index.Trim().Length > 0)
            {
                arguments.AddRange(new[] { "--index", index.Trim() });
            }
            // The file is there before the process is: whoever looks in between sees that it was begun.
            Write("running", Texts.Tr("Starting Python"), 0);
            try
            {
                using (var process = Process.Start(LogShell.StartInfo(python.Program, arguments, LogFile)))
                {
                    if (process == null)
                    {
                        throw new IOException($"{python.Program} cannot be started");
                    }
                }
            }
            catch (System.ComponentModel.Win32Exception error)
            {
                Write("failed", error.Message, 0);
                throw new IOException($"{python.Program} cannot be started: {error.Message}", error);
            }
        }

        /// <summary>Asks the installation to stop; <see cref="Poll"/> tells when it did.</summary>
        public void Cancel() => File.WriteAllText(_cancelFile, "");

        /// <summary>What the latest installation is at.</summary>
        public InstallStatus Poll()
        {
            try
            {
                var fields = JsonValue.Parse(ReadShared(_statusFile, 0)).AsObject("status");
                string step = fields["step"].AsText("step"), message = fields["message"].AsText("message");
                switch (step)
                {
                    case "done":
                        return new InstallStatus(InstallStep.Done, Texts.Tr("Installed Skyloom {0}", fields["version"].AsText("version")));
                    case "failed":
                        return new InstallStatus(InstallStep.Failed, message);
                    case "cancelled":
                        return new InstallStatus(InstallStep.Cancelled, Texts.Tr("Cancelled."));
                }
                return IsAlive((int)fields["pid"].AsWhole("pid", 0, int.MaxValue))
                    ? new InstallStatus(InstallStep.Running, Texts.Tr(message))
                    : new InstallStatus(InstallStep.Failed, Texts.Tr("The installation ended without a word; its log is {0}", LogFile));
            }
            catch (Exception error) when (error is JsonException || error is IOException
                || error is UnauthorizedAccessException || error is KeyNotFoundException)
            {
                return new InstallStatus(InstallStep.None, "");
            }
        }

        /// <summary>The last lines of the log, "" where there is none.</summary>
        public string LogTail()
        {
            try
            {
                return ReadShared(LogFile, LogTailBytes).Trim();
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return "";
            }
        }

        private bool IsAlive(int processId)
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(_statusFile) > Silence)
            {
                return false;
            }
            if (processId == 0)
            {
                return true;
            }
            try
            {
                using (var process = Process.GetProcessById(processId))
                {
                    return !Signals.IsGone(process);
                }
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        private string Stamp(string field)
        {
            try
            {
                return JsonValue.Parse(ReadShared(Path.Combine(Folder, StampName), 0)).AsObject("stamp")[field].AsText(field);
            }
            catch (Exception error) when (error is JsonException || error is IOException
                || error is UnauthorizedAccessException || error is KeyNotFoundException)
            {
                return "";
            }
        }

        private void Write(string step, string message, int processId) => File.WriteAllText(_statusFile, JsonValue.Of(
            ("step", JsonValue.Of(step)), ("message", JsonValue.Of(message)), ("version", JsonValue.Of("")),
            ("pid", JsonValue.Of(processId))).ToText());

        private static string ReadShared(string path, int tail)
        {
            const FileShare all = FileShare.ReadWrite | FileShare.Delete;
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, all))
            {
                if (tail > 0)
                {
                    file.Seek(-Math.Min(file.Length, tail), SeekOrigin.End);
                }
                return new StreamReader(file, Encoding.UTF8).ReadToEnd();
            }
        }
    }
}
