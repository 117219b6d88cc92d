// BatchServer: the server that a batch run talks to: a given one, one that runs for this project, or one of its own.
using System;
using System.IO;
using System.Threading.Tasks;

namespace Skyloom.Editor
{
    /// <summary>
    /// A connection that is made when the first sky needs one. Methods block: nothing in them waits for the main
    /// thread, which is what a batch run has to offer.
    /// </summary>
    internal sealed class BatchServer : IDisposable
    {
        private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

        private readonly BatchArguments _arguments;
        private readonly IServerControl _control;
        private readonly Action<string> _say;
        private RunningServer _own;
        private SkyloomClient _client;

        public BatchServer(BatchArguments arguments, IServerControl control, Action<string> say)
        {
            _arguments = arguments;
            _control = control;
            _say = say;
        }

        /// <summary>Makes one sky.</summary>
        /// <exception cref="SkyloomException">The server or the way to it failed.</exception>
        /// <exception cref="ServerStartException">No server could be started.</exception>
        public SkyResult Generate(SkyEntry entry)
        {
            var client = _client ?? (_client = Connect());
            var call = new SkyCall { Timeout = _arguments.Timeout, CancelOnDisconnect = true };
            return Wait(() => client.GenerateAsync(entry.Request(), null, call));
        }

        /// <summary>Closes the connection; ends the server if it was started here.</summary>
        public void Dispose()
        {
            _client?.Dispose();
            if (_own != null)
            {
                try
                {
                    Wait(async () =>
                    {
                        await _control.StopAsync(_own, Grace).ConfigureAwait(false);
                        return true;
                    });
                }
                catch (ServerStartException error)
                {
                    // The skies are made; the server ends by itself with this process.
                    _say(error.Message);
                }
            }
        }

        private SkyloomClient Connect()
        {
            var options = new SkyloomClientOptions { Token = _arguments.Token };
            if (_arguments.Server.Length > 0)
            {
                var client = new SkyloomClient(_arguments.Server, options);
                Wait(() => client.CheckVersionAsync());
                return client;
            }
            var server = Wait(() => _control.AdoptAsync(SkyPaths.ReadyFile));
            if (server == null)
            {
                server = _own = Wait(() => _control.StartAsync(Start()));
                _say($"started a server: {server.Address}, process {server.ProcessId}");
            }
            return server.Connect(options);
        }

        private ServerStart Start()
        {
            string program = _arguments.Program.Length > 0 ? _arguments.Program : SkyPaths.EnvironmentProgram;
            if (_arguments.Program.Length == 0 && !File.Exists(program))
            {
                throw new BatchArgumentException(
                    "no server: give -skyServer ADDRESS or -skyProgram PROGRAM (SKYLOOM_SERVER, SKYLOOM_PROGRAM), "
                    + "or set up the project's environment in Window > Skyloom");
            }
            bool python = Path.GetFileName(program).StartsWith("python", StringComparison.OrdinalIgnoreCase);
            return new ServerStart
            {
                Program = program,
                LeadingArguments = python ? new[] { "-m", "skyloom" } : Array.Empty<string>(),
                MoreArguments = _arguments.ModelDir.Length > 0
                    ? new[] { "--model-dir", _arguments.ModelDir }
                    : Array.Empty<string>(),
                ReadyFile = SkyPaths.ReadyFile,
                LogFile = SkyPaths.ServerLog,
                ParentProcessId = System.Diagnostics.Process.GetCurrentProcess().Id,
            };
        }

        // On the pool, so that no continuation can want the thread that waits here.
        private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
    }
}
