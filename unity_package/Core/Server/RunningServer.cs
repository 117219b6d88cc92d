// RunningServer: a server as its ready file describes it: where it listens, its token, its process.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Skyloom.Json;

namespace Skyloom
{
    /// <summary>A running server, as its ready file describes it.</summary>
    public sealed class RunningServer
    {
        internal RunningServer(string readyFile, string address, string token, int processId, string version)
        {
            ReadyFile = readyFile;
            Address = address;
            Token = token;
            ProcessId = processId;
            Version = version;
        }

        /// <summary>The ready file; its path is all that has to be kept to adopt the server later.</summary>
        public string ReadyFile { get; }

        /// <summary>For <see cref="SkyloomClient"/>: "http://HOST:PORT".</summary>
        public string Address { get; }

        /// <summary>For <see cref="SkyloomClientOptions.Token"/>; null where the server wants none.</summary>
        public string Token { get; }

        /// <summary>The server's process.</summary>
        public int ProcessId { get; }

        /// <summary>The server's version of Skyloom.</summary>
        public string Version { get; }

        /// <summary>A client of this server, with its token; the options are not changed.</summary>
        public SkyloomClient Connect(SkyloomClientOptions options = null)
        {
            var own = (options ?? new SkyloomClientOptions()).Checked();
            own.Token = Token;
            return new SkyloomClient(Address, own);
        }

        /// <summary>Reads a ready file; null where there is none, or one that is no ready file.</summary>
        /// <exception cref="ServerStartException">The server that wrote it has no gRPC-Web address.</exception>
        internal static RunningServer Read(string readyFile)
        {
            try
            {
                var fields = JsonValue.Parse(File.ReadAllText(readyFile, Encoding.UTF8)).AsObject("ready file");
                var addresses = fields["addresses"].AsObject("addresses");
                if (!addresses.TryGetValue("grpc_web", out JsonValue address))
                {
                    throw new ServerStartException("the server is too old: its ready file has no address for gRPC-Web", "");
                }
                bool open = fields["token"].Kind == JsonKind.Null;
                return new RunningServer(
                    readyFile, address.AsText("grpc_web"), open ? null : fields["token"].AsText("token"),
                    (int)fields["pid"].AsWhole("pid", 1, int.MaxValue), fields["version"].AsText("version"));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is JsonException || error is KeyNotFoundException)
            {
                return null;
            }
        }
    }
}
