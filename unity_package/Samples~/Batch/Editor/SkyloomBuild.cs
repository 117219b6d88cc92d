// SkyloomBuild: a build script that makes the project's skies first, for -batchmode -executeMethod.
using System.Linq;
using Skyloom.Editor;
using UnityEditor;
using UnityEditor.Build.Reporting;
using UnityEngine;

namespace Skyloom.Samples
{
    /// <summary>
    /// Unity -batchmode -nographics -projectPath P -executeMethod Skyloom.Samples.SkyloomBuild.Run -skyManifest Skies.json.
    /// Without a player to build, SkyBatch.Generate and SkyBatch.Verify are enough.
    /// </summary>
    public static class SkyloomBuild
    {
        private const int BuildFailed = 20;

        /// <summary>Makes what is missing, then builds; the exit code is SkyExit's, or 20 where the build itself failed.</summary>
        public static void Run()
        {
            BatchReport skies = SkyBatch.Run(System.Environment.GetCommandLineArgs());
            if (skies.Exit != SkyExit.Done)
            {
                Debug.LogError(skies.Summary());
                EditorApplication.Exit((int)skies.Exit);
                return;
            }
            var options = new BuildPlayerOptions
            {
                scenes = EditorBuildSettings.scenes.Where(scene => scene.enabled).Select(scene => scene.path).ToArray(),
                target = EditorUserBuildSettings.activeBuildTarget,
                locationPathName = "Builds/Player",
            };
            BuildReport player = BuildPipeline.BuildPlayer(options);
            EditorApplication.Exit(player.summary.result == BuildResult.Succeeded ? 0 : BuildFailed);
        }
    }
}
