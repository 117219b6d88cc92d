// SkyBuildCheck: stops a build whose skies are missing or stale, before it ships last month's weather.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>
    /// Checks the manifests of <see cref="SkyBuildSettings"/> and the records of all skies before a build. It makes
    /// nothing: assets that come into being during a build differ from machine to machine.
    /// </summary>
    internal sealed class SkyBuildCheck : IPreprocessBuildWithReport
    {
        /// <inheritdoc/>
        public int callbackOrder => 0;

        /// <inheritdoc/>
        public void OnPreprocessBuild(BuildReport report)
        {
            if (!SkyBuildSettings.instance.Verify)
            {
                return;
            }
            var faults = Faults(SkyBuildSettings.instance.Manifests);
            if (faults.Count > 0)
            {
                throw new BuildFailedException(
                    "Skyloom: " + string.Join("; ", faults)
                    + ". Make the skies (SkyBatch.Generate), or switch this check off in Project Settings > Skyloom.");
            }
        }

        /// <summary>What is wrong, one sentence a sky; what is odd but no reason to stop is logged.</summary>
        internal static IReadOnlyList<string> Faults(IEnumerable<string> manifests)
        {
            var faults = new List<string>();
            foreach (string manifest in manifests)
            {
                try
                {
                    faults.AddRange(SkyVerification.OfManifest(SkyManifest.Load(Path.Combine(SkyPaths.Project, manifest)))
                        .Where(finding => finding.Standing != SkyStanding.Current).Select(finding => finding.Message));
                }
                catch (ManifestException error)
                {
                    faults.Add(error.Message);
                }
            }
            foreach (var finding in SkyVerification.OfProject())
            {
                if (finding.Standing == SkyStanding.Missing && !faults.Any(fault => Names(fault, finding.Name)))
                {
                    faults.Add(finding.Message);
                }
                else if (finding.Standing == SkyStanding.Changed)
                {
                    // Without a manifest nobody said that it must not be.
                    Debug.LogWarning("Skyloom: " + finding.Message);
                }
            }
            return faults;
        }

        private static bool Names(string fault, string sky) => fault.StartsWith(sky + ":", StringComparison.Ordinal);
    }
}
