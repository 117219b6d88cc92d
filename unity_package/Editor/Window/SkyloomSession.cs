// SkyloomSession: the parts that live as long as a domain: connection, run, history, environment. Windows only show them.
using System;
using System.Diagnostics;
using System.IO;
using UnityEditor;

namespace Skyloom.Editor
{
    /// <summary>Main thread only.</summary>
    public sealed class SkyloomSession
    {
        /// <summary>Where this package is, as Unity names it.</summary>
        public const string PackagePath = "Packages/com.skyloom.skybox";

        /// <summary>Longest that a reload is held up by each of the two things that are waited for.</summary>
        private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(1.5);

        private static readonly int EditorProcess = Process.GetCurrentProcess().Id;

        private static SkyloomSession _current;

        private SkyloomSession(IServerControl control, ISessionStore store, IProgressBoard board, IPictureCodec codec, IProjectDesk desk)
        {
            string script = FileUtil.GetPhysicalPath(PackagePath + "/Editor/Environment/Python~/install_backend.py");
            Installer = new EnvironmentInstaller(SkyPaths.Environment, SkyPaths.Library, Path.GetFullPath(script));
            Connection = new ServerConnection(Choose, control);
            Runner = new SkyRunner(Connection, store, board);
            History = new SkyHistory(Path.Combine(SkyPaths.Library, "History"));
            Workshop = new SkyWorkshop(Runner, History, codec, desk, Choose);
            Thumbnails = new TypeThumbnails(Path.Combine(SkyPaths.Library, "Thumbnails"));
            SkyloomUserSettings.Stored += Connection.Reconsider;
        }

        /// <summary>This domain's; made when it is first asked for.</summary>
        public static SkyloomSession Current
        {
            get
            {
                if (_current == null)
                {
                    Use(new ServerProcess(), new UnitySessionStore(), new UnityProgressBoard(), new UnityPictureCodec(), new UnityProjectDesk());
                }
                return _current;
            }
        }

        /// <summary>Whether there is one.</summary>
        public static bool Exists => _current != null;

        /// <summary>The project's Python environment.</summary>
        public EnvironmentInstaller Installer { get; }

        /// <summary>The server.</summary>
        public ServerConnection Connection { get; }

        /// <summary>What is being made.</summary>
        public SkyRunner Runner { get; }

        /// <summary>What was made.</summary>
        public SkyHistory History { get; }

        /// <summary>What the window does.</summary>
        public SkyWorkshop Workshop { get; }

        /// <summary>Pictures of the cloud types.</summary>
        public TypeThumbnails Thumbnails { get; }

        /// <summary>Makes this domain's session of other parts.</summary>
        internal static SkyloomSession Use(
            IServerControl control, ISessionStore store, IProgressBoard board, IPictureCodec codec, IProjectDesk desk) =>
            _current = new SkyloomSession(control, store, board, codec, desk);

        /// <summary>Lets go of everything before the domain ends; the run is taken up by the next one.</summary>
        internal void Suspend()
        {
            Runner.Suspend(ReloadLimit);
            Connection.Close(ReloadLimit);
        }

        /// <summary>Which server the settings name.</summary>
        private ServerChoice Choose()
        {
            var settings = SkyloomUserSettings.instance;
            return new ServerChoice
            {
                Address = settings.Address,
                Token = settings.Token,
                Program = Installer.IsInstalled ? Installer.Python : "",
                LeadingArguments = new[] { "-m", "skyloom" },
                ReadyFile = SkyPaths.ReadyFile,
                LogFile = SkyPaths.ServerLog,
                ParentProcessId = EditorProcess,
            };
        }
    }
}
