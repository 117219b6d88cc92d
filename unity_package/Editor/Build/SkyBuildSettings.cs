// SkyBuildSettings: what a build checks; stored in ProjectSettings, so that a team shares it.
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>What a build checks of skies. Change, then <see cref="Store"/>.</summary>
    [FilePath("ProjectSettings/SkyloomBuild.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed class SkyBuildSettings : ScriptableSingleton<SkyBuildSettings>
    {
        [SerializeField]
        private bool _verify = true;

        [SerializeField]
        private List<string> _manifests = new List<string>();

        /// <summary>Whether a build fails when a sky is missing or stale.</summary>
        public bool Verify
        {
            get => _verify;
            set => _verify = value;
        }

        /// <summary>Manifests whose skies a build needs, relative to the project's folder.</summary>
        public List<string> Manifests => _manifests;

        /// <summary>Writes the file.</summary>
        public void Store() => Save(true);
    }
}
