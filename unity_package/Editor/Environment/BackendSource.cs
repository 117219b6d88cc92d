// BackendSource: what pip is to install, so that backend and package are of the same commit.
using System;
using System.IO;

namespace Skyloom.Editor
{
    /// <summary>How this package came into the project, as far as the backend's source follows from it.</summary>
    public sealed class PackageFacts
    {
        /// <summary>E.g. "com.skyloom.skybox@https://example.org/skyloom.git?path=/unity_package#v0.1.0".</summary>
        public string PackageId { get; set; } = "";

        /// <summary>The commit, for a package from git; else "".</summary>
        public string GitHash { get; set; } = "";

        /// <summary>The package's folder on disk.</summary>
        public string ResolvedPath { get; set; } = "";

        /// <summary>The package's version.</summary>
        public string Version { get; set; } = "";
    }

    /// <summary>Sources of the backend.</summary>
    public static class BackendSource
    {
        private const string ProjectFile = "pyproject.toml";

        /// <summary>
        /// The repository that the package is from: its folder on this machine, or its git address at the same commit.
        /// "" where neither is known: then a person has to say, for a name alone might be anybody's package.
        /// </summary>
        public static string Automatic(PackageFacts package)
        {
            string parent = package.ResolvedPath.Length == 0 ? null : Path.GetDirectoryName(package.ResolvedPath.TrimEnd('/', '\\'));
            if (parent != null && IsBackend(Path.Combine(parent, ProjectFile)))
            {
                return parent;
            }
            int at = package.PackageId.IndexOf('@');
            string address = at < 0 ? "" : package.PackageId.Substring(at + 1);
            if (package.GitHash.Length == 0 || address.Length == 0)
            {
                return "";
            }
            address = address.Split('#')[0].Split('?')[0];
            if (address.StartsWith("git@", StringComparison.Ordinal))
            {
                // git@host:owner/name.git, which pip knows as an address only.
                address = "ssh://" + address.Replace(":", "/");
            }
            if (!address.StartsWith("git+", StringComparison.Ordinal))
            {
                address = "git+" + address;
            }
            return $"{address}@{package.GitHash}";
        }

        private static bool IsBackend(string path)
        {
            try
            {
                return File.Exists(path) && File.ReadAllText(path).Contains("name = \"skyloom\"");
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
