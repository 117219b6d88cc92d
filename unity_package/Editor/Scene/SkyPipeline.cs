// SkyPipeline: which render pipeline the project draws with, and how one that wants no skybox material registers itself.
using UnityEngine;
using UnityEngine.Rendering;

namespace Skyloom.Editor
{
    /// <summary>Render pipelines, as far as skies differ in them.</summary>
    public enum SkyPipelineKind
    {
        /// <summary>Unity's own; draws skybox materials.</summary>
        BuiltIn,

        /// <summary>URP; draws skybox materials.</summary>
        Universal,

        /// <summary>HDRP; draws the sky of a volume, from a cubemap.</summary>
        HighDefinition,

        /// <summary>Another scriptable one; taken to draw skybox materials.</summary>
        Other,
    }

    /// <summary>Puts a sky into a scene where skybox materials are not drawn.</summary>
    public interface ISkyVolumes
    {
        /// <summary>
        /// Makes or updates the profile beside the material, saves it, and has a global volume of the active scene use
        /// it; can be undone.
        /// </summary>
        /// <param name="cubemap">The sky.</param>
        /// <param name="profilePath">Asset path of the profile.</param>
        /// <param name="options">What else is to change.</param>
        /// <exception cref="SkyImportException">Something that is not Skyloom's is at that path.</exception>
        void Apply(Cubemap cubemap, string profilePath, SceneOptions options);
    }

    /// <summary>The project's render pipeline.</summary>
    public static class SkyPipeline
    {
        /// <summary>What the current quality level draws with.</summary>
        public static SkyPipelineKind Current
        {
            get
            {
                var asset = GraphicsSettings.currentRenderPipeline;
                if (asset == null)
                {
                    return SkyPipelineKind.BuiltIn;
                }
                // By name: neither pipeline's package need be installed.
                string name = asset.GetType().Name;
                if (name.Contains("HDRenderPipeline"))
                {
                    return SkyPipelineKind.HighDefinition;
                }
                return name.Contains("UniversalRenderPipeline") ? SkyPipelineKind.Universal : SkyPipelineKind.Other;
            }
        }

        /// <summary>The HDRP part, which registers itself where that package is installed; null otherwise.</summary>
        public static ISkyVolumes Volumes { get; private set; }

        /// <summary>Called by the HDRP part when it is loaded.</summary>
        public static void Register(ISkyVolumes volumes) => Volumes = volumes;
    }
}
