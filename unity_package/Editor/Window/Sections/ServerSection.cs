// ServerSection: the server's state, and the helper that installs the backend into the project's Library folder.
using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using UnityEditor;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class ServerSection : Section
    {
        private const long PollMilliseconds = 500;

        private readonly SkyloomSession _session;
        private readonly Label _state;
        private readonly Button _connect;
        private readonly Button _stop;
        private readonly Label _backend;
        private readonly Button _install;
        private readonly Button _cancel;
        private readonly Label _installState;
        private readonly Label _log;
        private readonly CancellationTokenSource _closing = new CancellationTokenSource();

        private string _problem = "";
        private string _source;
        private bool _searching;
        private InstallStep _seen;

        public ServerSection(VisualElement window, SkyloomSession session) : base(window, "server")
        {
            _session = session;
            _state = Get<Label>("server-state");
            _connect = Get<Button>("connect");
            _stop = Get<Button>("stop");
            _backend = Get<Label>("backend");
            _install = Get<Button>("install");
            _cancel = Get<Button>("install-cancel");
            _installState = Get<Label>("install-state");
            _log = Get<Label>("log-text");
            _connect.clicked += () => Forget(ConnectAsync());
            _stop.clicked += () => Forget(_session.Connection.StopAsync(_closing.Token));
            _install.clicked += () => Forget(InstallAsync());
            _cancel.clicked += Cancel;
            Get<Button>("preferences").clicked += () => SettingsService.OpenUserPreferences(UserSettingsPage.Path);
            _session.Connection.Changed += Refresh;
            SkyloomUserSettings.Stored += OnStored;
            _seen = _session.Installer.Poll().Step;
            _source = PackageSource.Resolve();
            _log.text = _session.Installer.LogTail();
            Root.schedule.Execute(Watch).Every(PollMilliseconds);
        }

        public override void Refresh()
        {
            var connection = _session.Connection;
            var installer = _session.Installer;
            bool own = connection.IsManaged;
            Say(_state, connection.Message.Length > 0 ? connection.Message
                : own ? Texts.Tr("This project's own server; it is started when it is needed.")
                : Texts.Tr("A server at {0}", SkyloomUserSettings.instance.Address), connection.State == ServerState.Failed);
            bool busy = connection.State == ServerState.Connecting;
            Allow(_connect, busy ? Texts.Tr("It is being looked for.")
                : own && !installer.IsInstalled ? Texts.Tr("Install the backend first, or give a server's address in the preferences.") : "",
                Texts.Tr("Find the server, and start the project's own if it does not run."));
            Allow(_stop, !own ? Texts.Tr("This server is somebody else's.")
                : connection.State != ServerState.Ready ? Texts.Tr("It does not run, as far as is known.")
                : _session.Runner.IsRunning ? Texts.Tr("It is at work; cancel first.") : "", Texts.Tr("Stop the project's own server."));
            ShowBackend(own, installer);
        }

        public override void Dispose()
        {
            _closing.Cancel();
            _session.Connection.Changed -= Refresh;
            SkyloomUserSettings.Stored -= OnStored;
        }

        /// <summary>Connects and asks for the pictures of the types; what goes wrong is shown.</summary>
        public async Task ConnectAsync()
        {
            try
            {
                var client = await _session.Connection.ConnectAsync(_closing.Token);
                await _session.Thumbnails.LoadAsync(client, _session.Connection.Info, _closing.Token);
            }
            catch (Exception error) when (error is SkyloomException || error is ServerStartException
                || error is NoBackendException || error is ArgumentException || error is OperationCanceledException)
            {
                // The connection has said so, and this section shows it.
            }
        }

        private void ShowBackend(bool own, EnvironmentInstaller installer)
        {
            var status = installer.Poll();
            string source = _source;
            bool running = status.Step == InstallStep.Running || _searching;
            bool installed = installer.IsInstalled;
            Say(_backend, !own ? Texts.Tr("With a server's address no backend is needed here.")
                : !installed ? Texts.Tr("The backend is not installed in this project. It will be, into Library/Skyloom/python, from: {0}", Known(source))
                : installer.InstalledSource == source || source.Length == 0
                    ? Texts.Tr("Backend {0}, from {1}", installer.InstalledVersion, installer.InstalledSource)
                    : Texts.Tr("Backend {0}, from {1}. This package goes with: {2}", installer.InstalledVersion, installer.InstalledSource, source), false);
            _install.text = installed ? Texts.Tr("Install again") : Texts.Tr("Install");
            Allow(_install, running ? Texts.Tr("It is being installed.")
                : _session.Runner.IsRunning ? Texts.Tr("The server is at work; cancel first.")
                : source.Length == 0 ? Texts.Tr("Say in the preferences what to install from: this package does not know its repository.") : "",
                Texts.Tr("Make a Python environment in this project and install the backend; some hundred megabytes."));
            Allow(_cancel, running ? "" : Texts.Tr("Nothing is being installed."), Texts.Tr("Stop the installation."));
            string text = _problem.Length > 0 ? _problem : _searching ? Texts.Tr("Looking for Python") : status.Message;
            Say(_installState, text, _problem.Length > 0 || status.Step == InstallStep.Failed);
        }

        private async Task InstallAsync()
        {
            if (_searching)
            {
                return;
            }
            _problem = "";
            _searching = true;
            Refresh();
            try
            {
                var settings = SkyloomUserSettings.instance;
                string named = settings.Python;
                var python = await Task.Run(() => PythonFinder.FindAsync(named, null, _closing.Token), _closing.Token);
                // Files of a running server cannot be replaced everywhere.
                await _session.Connection.StopAsync(_closing.Token);
                _session.Installer.Start(python, _source, settings.Index);
                _seen = InstallStep.Running;
            }
            catch (Exception error) when (error is PythonException || error is IOException
                || error is InvalidOperationException || error is ArgumentException || error is UnauthorizedAccessException)
            {
                _problem = error.Message;
            }
            catch (OperationCanceledException)
            {
                _problem = "";
            }
            finally
            {
                _searching = false;
                Refresh();
            }
        }

        private void Cancel()
        {
            try
            {
                _session.Installer.Cancel();
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                _problem = error.Message;
            }
            Refresh();
        }

        private void OnStored()
        {
            // Reads files; too slow for every refresh.
            _source = PackageSource.Resolve();
            Refresh();
            if (!_session.Connection.IsManaged && _session.Connection.State == ServerState.Unknown)
            {
                // Whether an address is right is best said at once.
                Forget(ConnectAsync());
            }
        }

        private void Watch()
        {
            var step = _session.Installer.Poll().Step;
            if (step == InstallStep.Running || step != _seen)
            {
                bool done = step == InstallStep.Done && _seen == InstallStep.Running;
                _seen = step;
                _log.text = _session.Installer.LogTail();
                _session.Workshop.Refresh();
                if (done)
                {
                    Forget(ConnectAsync());
                }
            }
        }

        private static string Known(string source) => source.Length > 0 ? source : Texts.Tr("(nothing: set it in the preferences)");

        private void Forget(Task task)
        {
            // Failures that nobody foresaw are shown, not lost.
            task.ContinueWith(
                done =>
                {
                    if (done.Exception != null && !_closing.IsCancellationRequested)
                    {
                        UnityEngine.Debug.LogException(done.Exception.InnerException);
                    }
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
