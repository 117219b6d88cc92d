// ServerConnection: finds, starts or adopts the server that the settings name, and keeps one client of it.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>What is known of the server.</summary>
    public enum ServerState
    {
        /// <summary>Nobody has asked yet.</summary>
        Unknown,

        /// <summary>It is being looked for or started.</summary>
        Connecting,

        /// <summary>It answers.</summary>
        Ready,

        /// <summary>It does not.</summary>
        Failed,
    }

    /// <summary>There is neither an address nor a Python environment to start a server from.</summary>
    public sealed class NoBackendException : Exception
    {
        internal NoBackendException()
            : base(Texts.Tr("There is no sky server yet: install the backend in this window, or give a server's address in Preferences > Skyloom."))
        {
        }
    }

    /// <summary>Main thread only; nothing blocks but <see cref="Close"/>, and that for a bounded time.</summary>
    public sealed class ServerConnection
    {
        private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(3);

        private readonly Func<ServerChoice> _choice;
        private readonly IServerControl _control;
        private readonly List<SkyloomClient> _clients = new List<SkyloomClient>();

        private SkyloomClient _client;
        private string _clientKey = "";
        private string _readyFile = "";
        private string _asked = "";
        private Task _starting = Task.CompletedTask;
        private CancellationTokenSource _closing = new CancellationTokenSource();

        /// <summary>A connection to what <paramref name="choice"/> says each time it is asked.</summary>
        public ServerConnection(Func<ServerChoice> choice, IServerControl control)
        {
            _choice = choice;
            _control = control;
        }

        /// <summary>What is known.</summary>
        public ServerState State { get; private set; }

        /// <summary>The same in words.</summary>
        public string Message { get; private set; } = "";

        /// <summary>What the server told of itself; null before.</summary>
        public GetServerInfoResponse Info { get; private set; }

        /// <summary>Whether the server is the project's own.</summary>
        public bool IsManaged => _choice().IsManaged;

        /// <summary>State or message is new.</summary>
        public event Action Changed;

        /// <summary>
        /// A client of a server that answers and fits. The project's own server is adopted where it runs, and started
        /// where it does not. The client is this object's: do not dispose of it.
        /// </summary>
        /// <exception cref="NoBackendException">Nothing to start a server from.</exception>
        /// <exception cref="ServerStartException">It cannot be started.</exception>
        /// <exception cref="SkyloomException">It does not answer, or is of another version.</exception>
        public async Task<SkyloomClient> ConnectAsync(CancellationToken cancel = default)
        {
            var choice = _choice();
            _asked = KeyOf(choice);
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token))
            {
                try
                {
                    if (!choice.IsPossible)
                    {
                        throw new NoBackendException();
                    }
                    if (State != ServerState.Ready)
                    {
                        Say(ServerState.Connecting, choice.IsManaged
                            ? Texts.Tr("Starting the server") : Texts.Tr("Asking the server at {0}", choice.Address));
                    }
                    var client = choice.IsManaged ? await OwnAsync(choice, either.Token) : Use(choice.Address, choice.Token);
                    Info = await client.CheckVersionAsync(AnswerTimeout, either.Token);
                    Say(choice, ServerState.Ready, Texts.Tr("Skyloom {0} at {1}", Info.SkyloomVersion, client.Address.Authority));
                    return client;
                }
                catch (OperationCanceledException)
                {
                    Say(choice, ServerState.Unknown, "");
                    throw;
                }
                catch (Exception error)
                {
                    string reason = Texts.Of(error, choice.IsManaged);
                    Say(choice, ServerState.Failed, choice.IsManaged ? reason : choice.Address + ": " + reason);
                    throw;
                }
            }
        }

        /// <summary>Forgets what is known where the settings name another server than before.</summary>
        public void Reconsider()
        {
            if (State != ServerState.Unknown && KeyOf(_choice()) != _asked)
            {
                Info = null;
                Say(ServerState.Unknown, "");
            }
        }

        /// <summary>Stops the project's own server; one at an address is left alone.</summary>
        public async Task StopAsync(CancellationToken cancel = default)
        {
            var choice = _choice();
            _readyFile = choice.IsManaged ? choice.ReadyFile : "";
            Forget();
            Say(ServerState.Connecting, Texts.Tr("Stopping the server"));
            try
            {
                await StopOwnAsync(cancel);
                Say(ServerState.Unknown, Texts.Tr("The server is stopped."));
            }
            catch (ServerStartException error)
            {
                Say(ServerState.Failed, error.Message);
            }
        }

        /// <summary>The same, without a word; needs no main thread.</summary>
        internal async Task StopOwnAsync(CancellationToken cancel = default)
        {
            // Not adopted: one of another version is to be stopped, too.
            var server = _readyFile.Length == 0 ? null : RunningServer.Read(_readyFile);
            if (server != null)
            {
                await _control.StopAsync(server, StopGrace, cancel).ConfigureAwait(false);
            }
        }

        /// <summary>
        /// Ends every call and closes every connection; a server that is just being started is ended, one that runs is
        /// left running. Waits at most for <paramref name="limit"/>.
        /// </summary>
        public void Close(TimeSpan limit)
        {
            _closing.Cancel();
            Forget();
            try
            {
                _starting.Wait(limit);
            }
            catch (AggregateException)
            {
                // It was cancelled, or had failed already and said so.
            }
            _closing = new CancellationTokenSource();
            State = ServerState.Unknown;
        }

        private async Task<SkyloomClient> OwnAsync(ServerChoice choice, CancellationToken cancel)
        {
            _readyFile = choice.ReadyFile;
            // One start at a time: a second caller waits for the first, and then adopts what it started.
            while (!_starting.IsCompleted)
            {
                await Task.WhenAny(_starting, Task.Delay(Timeout.Infinite, cancel));
                cancel.ThrowIfCancellationRequested();
            }
            var start = AdoptOrStartAsync(choice, cancel);
            _starting = start;
            var server = await start;
            return Use(server.Address, server.Token ?? "");
        }

        private async Task<RunningServer> AdoptOrStartAsync(ServerChoice choice, CancellationToken cancel)
        {
            // Off the main thread: looking at processes and files can take a while on a busy machine.
            var server = await Task.Run(() => AdoptAsync(choice, cancel), cancel).ConfigureAwait(false);
            return server ?? await _control.StartAsync(
                new ServerStart
                {
                    Program = choice.Program, LeadingArguments = choice.LeadingArguments,
                    MoreArguments = choice.MoreArguments, ReadyFile = choice.ReadyFile, LogFile = choice.LogFile,
                    ParentProcessId = choice.ParentProcessId,
                }, cancel).ConfigureAwait(false);
        }

        private async Task<RunningServer> AdoptAsync(ServerChoice choice, CancellationToken cancel)
        {
            try
            {
                return await _control.AdoptAsync(choice.ReadyFile, cancel).ConfigureAwait(false);
            }
            catch (VersionMismatchException)
            {
                // Started before the backend was updated; the one that is installed now takes its place.
                await _control.StopAsync(RunningServer.Read(choice.ReadyFile), StopGrace, cancel).ConfigureAwait(false);
                return null;
            }
        }

        private SkyloomClient Use(string address, string token)
        {
            string key = KeyOf(address, token);
            if (_client == null || key != _clientKey)
            {
                var options = new SkyloomClientOptions { Token = token.Length > 0 ? token : null };
                // One that calls may still use stays open until everything is closed.
                _client = new SkyloomClient(address.Trim(), options);
                _clients.Add(_client);
                _clientKey = key;
            }
            return _client;
        }

        private static string KeyOf(ServerChoice choice) => KeyOf(choice.Address, choice.Token);

        private static string KeyOf(string address, string token) => address.Trim() + "\n" + token;

        private void Forget()
        {
            foreach (var client in _clients)
            {
                client.Dispose();
            }
            _clients.Clear();
            _client = null;
        }

        // What is heard of a server after another one was asked for is no news any more.
        private void Say(ServerChoice choice, ServerState state, string message)
        {
            if (KeyOf(choice) == _asked)
            {
                Say(state, message);
            }
        }

        private void Say(ServerState state, string message)
        {
            State = state;
            Message = message;
            Changed?.Invoke();
        }
    }
}
