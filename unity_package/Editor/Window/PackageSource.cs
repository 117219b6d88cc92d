// PackageSource: what Unity knows of this package, for the backend to be installed from the same place.
using UnityEditor.PackageManager;

namespace Skyloom.Editor
{
    internal static class PackageSource
    {
        /// <summary>Facts of the installed package; empty where Unity knows none, as for code copied into Assets.</summary>
        public static PackageFacts Facts()
        {
            var info = PackageInfo.FindForAssembly(typeof(PackageSource).Assembly);
            return info == null ? new PackageFacts() : new PackageFacts
            {
                PackageId = info.packageId ?? "",
                GitHash = info.git?.hash ?? "",
                ResolvedPath = info.resolvedPath ?? "",
                Version = info.version ?? "",
            };
        }

        /// <summary>What pip is to install: what the person set, else what follows from the package; "" for neither.</summary>
        public static string Resolve()
        {
            string own = SkyloomUserSettings.instance.Source;
            return own.Length > 0 ? own : BackendSource.Automatic(Facts());
        }
    }
}
