// BatchArguments: what the editor's command line says to Skyloom; everything else on it is Unity's.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Skyloom.Editor
{
    /// <summary>Arguments that cannot be used.</summary>
    internal sealed class BatchArgumentException : Exception
    {
        public BatchArgumentException(string message) : base(message)
        {
        }
    }

    internal sealed class BatchArguments
    {
        private static readonly string[] WithValue =
        {
            "-skyManifest", "-skyServer", "-skyProgram", "-skyModelDir", "-skyReport", "-skyTimeout",
        };

        private static readonly string[] Switches = { "-skyVerify", "-skyOverwrite" };

        /// <summary>Absolute path of the manifest.</summary>
        public string Manifest { get; private set; }

        /// <summary>Address of a running server, "" to find or start one.</summary>
        public string Server { get; private set; } = "";

        /// <summary>Token of that server, null for none.</summary>
        public string Token { get; private set; }

        /// <summary>The program to start: skyloom, or a Python interpreter; "" for the project's own.</summary>
        public string Program { get; private set; } = "";

        /// <summary>Folder of models for a server that is started, "" for its own.</summary>
        public string ModelDir { get; private set; } = "";

        /// <summary>Where the report goes, "" for nowhere.</summary>
        public string Report { get; private set; } = "";

        /// <summary>What one sky may take.</summary>
        public TimeSpan Timeout { get; private set; } = TimeSpan.FromMinutes(10);

        /// <summary>Only look.</summary>
        public bool Verify { get; private set; }

        /// <summary>Replace what was changed by hand.</summary>
        public bool Overwrite { get; private set; }

        /// <summary>Reads a command line; names are taken in any case, as Unity takes its own.</summary>
        /// <param name="line">All of it.</param>
        /// <param name="environment">Value of an environment variable, or null.</param>
        /// <exception cref="BatchArgumentException">Says what is wrong and what is allowed.</exception>
        public static BatchArguments Parse(IReadOnlyList<string> line, Func<string, string> environment)
        {
            var read = new BatchArguments
            {
                Server = environment("SKYLOOM_SERVER") ?? "",
                Token = environment("SKYLOOM_TOKEN"),
                Program = environment("SKYLOOM_PROGRAM") ?? "",
            };
            for (int i = 0; i < line.Count; i++)
            {
                string name = Known(line[i]);
                if (name == null)
                {
                    continue;
                }
                if (WithValue.Contains(name))
                {
                    if (i + 1 == line.Count || line[i + 1].Length == 0)
                    {
                        throw new BatchArgumentException($"{name}: a value is missing");
                    }
                    read.Set(name, line[++i]);
                }
                read.Verify |= name == "-skyVerify";
                read.Overwrite |= name == "-skyOverwrite";
            }
            if (read.Manifest == null)
            {
                throw new BatchArgumentException("-skyManifest FILE is missing");
            }
            return read;
        }

        private static string Known(string word)
        {
            string plain = word == "--verify" ? "-skyVerify" : word;
            if (!plain.StartsWith("-sky", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
            return WithValue.Concat(Switches).FirstOrDefault(
                    name => string.Equals(name, plain, StringComparison.OrdinalIgnoreCase))
                ?? throw new BatchArgumentException(
                    $"{word}: no such argument; there are {string.Join(", ", WithValue.Concat(Switches))}");
        }

        private void Set(string name, string value)
        {
            switch (name)
            {
                case "-skyManifest":
                    // As people type it: from where they are, or from the project.
                    string here = Path.GetFullPath(value);
                    Manifest = File.Exists(here) ? here : Path.Combine(SkyPaths.Project, value);
                    break;
                case "-skyServer":
                    if (!Uri.TryCreate(value, UriKind.Absolute, out Uri uri) || !uri.Scheme.StartsWith("http", StringComparison.Ordinal))
                    {
                        throw new BatchArgumentException($"-skyServer: {value} is not allowed; expected http://HOST:PORT");
                    }
                    Server = value;
                    break;
                case "-skyProgram":
                    Program = value;
                    break;
                case "-skyModelDir":
                    ModelDir = Path.GetFullPath(value);
                    break;
                case "-skyReport":
                    Report = Path.GetFullPath(value);
                    break;
                default:
                    if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                        || !(seconds > 0 && seconds <= 86400))
                    {
                        throw new BatchArgumentException($"-skyTimeout: {value} is not allowed; expected seconds, above 0 and up to 86400");
                    }
                    Timeout = TimeSpan.FromSeconds(seconds);
                    break;
            }
        }
    }
}
