// SkyScene: puts a sky into the active scene: skybox, ambient light, reflections, sun; one step back undoes it all.
using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;
using UnityEngine.Rendering;
using UnityEngine.SceneManagement;

namespace Skyloom.Editor
{
    /// <summary>Skies in scenes. Main thread only.</summary>
    public static class SkyScene
    {
        /// <summary>How the step is called in the Edit menu.</summary>
        public const string UndoName = "Apply Sky";

        /// <summary>
        /// Applies a material of <see cref="SkyMaterials"/> to the active scene, as one named step of Undo. Where the
        /// project draws with HDRP, its cubemap goes into a volume instead. Baked light is not baked anew: where a
        /// scene's lighting was generated, generate it again.
        /// </summary>
        /// <exception cref="SkyImportException">HDRP, and the material has no cubemap or the HDRP part is missing.</exception>
        public static void Apply(Material material, SceneOptions options = null)
        {
            options = options ?? new SceneOptions();
            bool volume = SkyPipeline.Current == SkyPipelineKind.HighDefinition;
            var cubemap = volume ? CubemapOf(material) : null;
            Undo.IncrementCurrentGroup();
            Undo.SetCurrentGroupName(UndoName);
            int group = Undo.GetCurrentGroup();
            // The object behind RenderSettings has no public accessor; there is one for each loaded scene.
            Undo.RecordObjects(Resources.FindObjectsOfTypeAll<RenderSettings>(), UndoName);
            if (volume)
            {
                SkyPipeline.Volumes.Apply(cubemap, ProfilePathOf(material), options);
            }
            else
            {
                ApplyRenderSettings(material, options);
            }
            if (options.Sun)
            {
                SunLight.Apply(options);
            }
            if (!Application.isPlaying)
            {
                EditorSceneManager.MarkSceneDirty(SceneManager.GetActiveScene());
            }
            Undo.CollapseUndoOperations(group);
        }

        private static void ApplyRenderSettings(Material material, SceneOptions options)
        {
            RenderSettings.skybox = material;
            if (options.Ambient)
            {
                RenderSettings.ambientMode = AmbientMode.Skybox;
            }
            if (options.Reflections)
            {
                RenderSettings.defaultReflectionMode = DefaultReflectionMode.Skybox;
            }
            if (SystemInfo.graphicsDeviceType != GraphicsDeviceType.Null)
            {
                // Renders the sky for the ambient probe, which -nographics cannot.
                DynamicGI.UpdateEnvironment();
            }
        }

        private static Cubemap CubemapOf(Material material)
        {
            if (SkyPipeline.Volumes == null)
            {
                throw new SkyImportException("HDRP 14 or later is needed to show a sky here");
            }
            var cubemap = material.HasProperty("_Tex") ? material.GetTexture("_Tex") as Cubemap : null;
            return cubemap != null
                ? cubemap
                : throw new SkyImportException("HDRP shows cubemaps only: make this sky as a Cubemap");
        }

        private static string ProfilePathOf(Material material)
        {
            string path = AssetDatabase.GetAssetPath(material);
            if (string.IsNullOrEmpty(path))
            {
                throw new SkyImportException("save the material first: its volume profile goes beside it");
            }
            return path.Substring(0, path.LastIndexOf('.')) + "_Volume.asset";
        }
    }
}
