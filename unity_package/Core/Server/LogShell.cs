// LogShell: a process whose output goes to a file. Pipes would have to be read in this process, and break or fill up
// when a domain reload takes the reader away.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Skyloom
{
    internal static class LogShell
    {
        public static readonly bool IsWindows = Environment.OSVersion.Platform == PlatformID.Win32NT;

        public static ProcessStartInfo StartInfo(string program, IReadOnlyList<string> arguments, string logFile)
        {
            var info = new ProcessStartInfo { UseShellExecute = false, CreateNoWindow = true };
            if (IsWindows)
            {
                // /s takes the outermost quotes off and leaves the rest as it is.
                string line = CommandLine.Join(new[] { program }.Concat(arguments));
                info.FileName = "cmd.exe";
                info.Arguments = $"/d /s /c \"{line} > {CommandLine.Join(new[] { logFile })} 2>&1\"";
                return info;
            }
            // exec: the shell becomes the server, so that the process is the server's own.
            info.FileName = "/bin/sh";
            var words = new[] { "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", logFile, program };
            info.Arguments = CommandLine.Join(words.Concat(arguments));
            return info;
        }
    }
}
