// SceneChoices: what applying a sky is to change in the scene; plain values that Unity keeps across domain reloads.
using System;

namespace Skyloom.Editor
{
    [Serializable]
    internal sealed class SceneChoices
    {
        /// <summary>Ambient light from the sky.</summary>
        public bool ambient = true;

        /// <summary>Reflections from the sky.</summary>
        public bool reflections = true;

        /// <summary>Point the sun.</summary>
        public bool sun;

        /// <summary>Degrees from +Z toward +X.</summary>
        public float sunAzimuth;

        /// <summary>Degrees above the horizon.</summary>
        public float sunElevation = 45;

        /// <summary>The same for the scene.</summary>
        public SceneOptions ToOptions() => new SceneOptions
        {
            Ambient = ambient, Reflections = reflections, Sun = sun, SunAzimuth = sunAzimuth, SunElevation = sunElevation,
        };
    }
}
