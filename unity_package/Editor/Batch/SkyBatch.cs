// SkyBatch: makes or verifies the skies of a manifest without a window, for build scripts.
using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>
    /// For `Unity -batchmode -nographics -projectPath P -executeMethod Skyloom.Editor.SkyBatch.Generate -skyManifest FILE`.
    /// <para>
    /// Further arguments: -skyServer ADDRESS (a running server; token by SKYLOOM_TOKEN), -skyProgram PROGRAM (skyloom or
    /// a Python interpreter to start one with), -skyModelDir FOLDER, -skyTimeout SECONDS for one sky, -skyReport FILE
    /// (JSON), -skyOverwrite (also what was changed by hand), -skyVerify or --verify (as the method Verify). The exit
    /// codes are those of <see cref="SkyExit"/>. Leave -quit away: the editor ends when the skies are done.
    /// </para>
    /// </summary>
    public static class SkyBatch
    {
        /// <summary>Makes what is missing or stale, then ends the editor with an exit code.</summary>
        public static void Generate() => End(Run(Environment.GetCommandLineArgs(), false));

        /// <summary>Checks that every sky is there and up to date, makes nothing, ends the editor with an exit code.</summary>
        public static void Verify() => End(Run(Environment.GetCommandLineArgs(), true));

        /// <summary>The same for an own build script, which gets the report and goes on. Blocks; main thread only.</summary>
        /// <param name="arguments">E.g. "-skyManifest", "Skies.json"; others are passed over.</param>
        /// <param name="verify">Only look.</param>
        public static BatchReport Run(IReadOnlyList<string> arguments, bool verify = false)
        {
            var report = new BatchReport();
            try
            {
                var read = BatchArguments.Parse(arguments, Environment.GetEnvironmentVariable);
                report = BatchRun.Run(read, new ServerProcess(), verify || read.Verify);
                if (read.Report.Length > 0)
                {
                    report.Write(read.Report);
                }
            }
            catch (BatchArgumentException error)
            {
                report.Fail(SkyExit.BadArguments, error.Message);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                report.Fail(SkyExit.Unexpected, error.Message);
            }
            return report;
        }

        private static void End(BatchReport report)
        {
            if (report.Exit == SkyExit.Done)
            {
                Debug.Log("Skyloom: " + report.Summary());
            }
            else
            {
                Debug.LogError("Skyloom: " + report.Summary());
            }
            // Whoever calls it from a menu wants to keep the editor.
            if (Application.isBatchMode)
            {
                EditorApplication.Exit((int)report.Exit);
            }
        }
    }
}
