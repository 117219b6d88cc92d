// SkyBatch: makes or verifies the skies of a manifest without a window, for build scripts.
using System;

namespace Skyloom.Editor
{
    /// <summary>
    /// For `Unity -batchmode -nographics -projectPath P -executeMethod Skyloom.Editor.SkyBatch.Generate -skyManifest FILE`.
    /// </summary>
    public static class SkyBatch
    {
        /// <summary>Makes what is missing or stale, then ends the editor with an exit code.</summary>
        public static void Generate() => throw new NotImplementedException();

        /// <summary>Checks that every sky is there and up to date, makes nothing, ends the editor with an exit code.</summary>
        public static void Verify() => throw new NotImplementedException();
    }
}
