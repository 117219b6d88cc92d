// SceneOptions: what of the scene is to change with the sky.
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>What <see cref="SkyScene.Apply"/> changes beside the skybox.</summary>
    public sealed class SceneOptions
    {
        /// <summary>Ambient light from the skybox.</summary>
        public bool Ambient { get; set; } = true;

        /// <summary>Reflections from the skybox.</summary>
        public bool Reflections { get; set; } = true;

        /// <summary>Point the scene's sun, a directional light, as the angles say; one is made where there is none.</summary>
        public bool Sun { get; set; }

        /// <summary>Where the sun stands: degrees from +Z toward +X.</summary>
        public float SunAzimuth { get; set; }

        /// <summary>Where the sun stands: degrees above the horizon.</summary>
        public float SunElevation { get; set; } = 45;

        /// <summary>Colour of the sun, null leaves the light's own.</summary>
        public Color? SunColour { get; set; }
    }
}
