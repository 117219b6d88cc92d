// SkyloomStartup: what happens when a domain begins and ends: a run that was at work is taken up again, or let go of.
using System;
using System.Threading.Tasks;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    [InitializeOnLoad]
    internal static class SkyloomStartup
    {
        private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(4);

        static SkyloomStartup()
        {
            // Import workers and build machines load this assembly too, and have no use for a server.
            if (AssetDatabase.IsAssetImportWorkerProcess() || Application.isBatchMode)
            {
                return;
            }
            AssemblyReloadEvents.beforeAssemblyReload += BeforeReload;
            EditorApplication.quitting += Quit;
            // Settings and the main thread's context are only sure to be there once the editor is done loading.
            EditorApplication.delayCall += Resume;
        }

        private static void Resume()
        {
            if (SessionState.GetString(SkyRunner.StateKey, "").Length > 0)
            {
                SkyloomSession.Current.Workshop.Resume();
            }
        }

        private static void BeforeReload()
        {
            if (SkyloomSession.Exists)
            {
                SkyloomSession.Current.Suspend();
            }
        }

        private static void Quit()
        {
            if (!SkyloomSession.Exists)
            {
                return;
            }
            var connection = SkyloomSession.Current.Connection;
            SkyloomSession.Current.Suspend();
            // Bounded, and off this thread, which must not be waited for. A server that is left ends with this process.
            Task.Run(() => connection.StopOwnAsync()).Wait(QuitLimit);
        }
    }
}
