// Signals: asking a process to end, and ending it.
using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Skyloom
{
    internal static class Signals
    {
        private const int Term = 15;

        /// <summary>Asks the process to end; false where the system has no way to ask.</summary>
        public static bool Terminate(Process process)
        {
            // Windows can only ask processes with a window or a shared console.
            return !LogShell.IsWindows && Kill(process.Id, Term) == 0;
        }

        /// <summary>Ends the process; on Windows with what it started, for there a shell stands before the server.</summary>
        public static void KillTree(Process process)
        {
            try
            {
                if (LogShell.IsWindows)
                {
                    string id = process.Id.ToString(CultureInfo.InvariantCulture);
                    var info = new ProcessStartInfo("taskkill.exe", $"/PID {id} /T /F")
                    {
                        UseShellExecute = false, CreateNoWindow = true,
                    };
                    using (var kill = Process.Start(info))
                    {
                        kill.WaitForExit(2000);
                    }
                }
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
            catch (Exception error) when (error is InvalidOperationException
                || error is System.ComponentModel.Win32Exception)
            {
                // It ended in the meantime.
            }
        }

        /// <summary>Whether the process has ended, for one's own children and for others alike.</summary>
        public static bool IsGone(Process process)
        {
            try
            {
                return process.HasExited;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        private static extern int Kill(int processId, int signal);
    }
}
