// SkyPaths: where Skyloom keeps its own files in a Unity project; nothing of it is an asset.
using System.IO;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Folders and files of this project that Skyloom owns.</summary>
    public static class SkyPaths
    {
        /// <summary>The project's folder, the one that has Assets in it; absolute.</summary>
        public static string Project => Path.GetDirectoryName(Application.dataPath);

        /// <summary>Library/Skyloom, made on first use; Unity does not import it and nobody commits it.</summary>
        public static string Library
        {
            get
            {
                string folder = Path.Combine(Project, "Library", "Skyloom");
                Directory.CreateDirectory(folder);
                return folder;
            }
        }

        /// <summary>The ready file of this project's server: window and batch adopt the same one.</summary>
        public static string ReadyFile => Path.Combine(Library, "server.json");

        /// <summary>What that server writes.</summary>
        public static string ServerLog => Path.Combine(Library, "server.log");

        /// <summary>The project's own Python environment.</summary>
        public static string Environment => Path.Combine(Library, "python");

        /// <summary>The program "skyloom" of that environment, whether it is there or not.</summary>
        public static string EnvironmentProgram => Application.platform == RuntimePlatform.WindowsEditor
            ? Path.Combine(Environment, "Scripts", "skyloom.exe")
            : Path.Combine(Environment, "bin", "skyloom");

        /// <summary>The absolute path of an asset.</summary>
        public static string Absolute(string assetPath) => Path.Combine(Project, assetPath);
    }
}
