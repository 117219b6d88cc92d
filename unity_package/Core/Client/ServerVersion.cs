// ServerVersion: whether this client can work with a server, by what GetServerInfo tells.
using System;
using Skyloom.V1;

namespace Skyloom
{
    internal static class ServerVersion
    {
        /// <summary>The first server that has everything that this client asks for.</summary>
        public static readonly Version Oldest = new Version(0, 1, 0);

        public static void Check(GetServerInfoResponse info)
        {
            if (info.ApiVersion != SkyloomClient.ApiVersion)
            {
                throw new VersionMismatchException(info.SkyloomVersion, info.ApiVersion,
                    $"the server speaks \"{info.ApiVersion}\", this client \"{SkyloomClient.ApiVersion}\"");
            }
            // What follows the numbers, as in 0.2.0.dev1 or 0.2.0rc1, does not count.
            int end = 0;
            while (end < info.SkyloomVersion.Length && (char.IsDigit(info.SkyloomVersion[end]) || info.SkyloomVersion[end] == '.'))
            {
                end++;
            }
            string numbers = info.SkyloomVersion.Substring(0, end).TrimEnd('.');
            if (!Version.TryParse(numbers, out Version version) || version < Oldest)
            {
                throw new VersionMismatchException(info.SkyloomVersion, info.ApiVersion,
                    $"the server is Skyloom \"{info.SkyloomVersion}\"; this client needs {Oldest} or later");
            }
        }
    }
}
