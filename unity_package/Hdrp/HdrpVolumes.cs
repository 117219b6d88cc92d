// HdrpVolumes: a sky in HDRP: a profile with HDRISky, saved as an asset, and a global volume that uses it.
using System.IO;
using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;
using UnityEngine.Rendering.HighDefinition;
using UnityEngine.SceneManagement;

namespace Skyloom.Editor.Hdrp
{
    /// <summary>Registers itself with <see cref="SkyPipeline"/> when the editor loads it.</summary>
    internal sealed class HdrpVolumes : ISkyVolumes
    {
        private const string VolumeName = "Sky Volume";

        /// <inheritdoc/>
        public void Apply(Cubemap cubemap, string profilePath, SceneOptions options)
        {
            var profile = ProfileAt(profilePath);
            var sky = ComponentOf<HDRISky>(profile);
            sky.hdriSky.Override(cubemap);
            // The cubemap's +Z is forward already.
            sky.rotation.Override(0f);
            var environment = ComponentOf<VisualEnvironment>(profile);
            environment.skyType.Override((int)SkyType.HDRI);
            if (options.Ambient)
            {
                environment.skyAmbientMode.Override(SkyAmbientMode.Dynamic);
            }
            EditorUtility.SetDirty(sky);
            EditorUtility.SetDirty(environment);
            EditorUtility.SetDirty(profile);
            AssetDatabase.SaveAssetIfDirty(profile);
            UseIn(SceneManager.GetActiveScene(), profile);
        }

        [InitializeOnLoadMethod]
        private static void Register() => SkyPipeline.Register(new HdrpVolumes());

        private static VolumeProfile ProfileAt(string path)
        {
            if (File.Exists(SkyPaths.Absolute(path)) && !SkyAssets.IsOwn(path))
            {
                throw SkyAssets.Refusal(path);
            }
            var profile = AssetDatabase.LoadAssetAtPath<VolumeProfile>(path);
            if (profile != null)
            {
                return profile;
            }
            if (File.Exists(SkyPaths.Absolute(path)))
            {
                // What an undone creation left.
                AssetDatabase.MoveAssetToTrash(path);
            }
            profile = ScriptableObject.CreateInstance<VolumeProfile>();
            AssetDatabase.CreateAsset(profile, path);
            SkyAssets.MarkOwn(profile);
            Undo.RegisterCreatedObjectUndo(profile, SkyScene.UndoName);
            return profile;
        }

        private static T ComponentOf<T>(VolumeProfile profile) where T : VolumeComponent
        {
            if (profile.TryGet(out T component))
            {
                Undo.RecordObject(component, SkyScene.UndoName);
                return component;
            }
            Undo.RecordObject(profile, SkyScene.UndoName);
            component = profile.Add<T>();
            Undo.RegisterCreatedObjectUndo(component, SkyScene.UndoName);
            // Without this the component lives in memory only and is gone with the next start of the editor.
            AssetDatabase.AddObjectToAsset(component, profile);
            return component;
        }

        private static void UseIn(Scene scene, VolumeProfile profile)
        {
            Volume found = null;
            float highest = 0f;
            foreach (var root in scene.GetRootGameObjects())
            {
                foreach (var volume in root.GetComponentsInChildren<Volume>())
                {
                    if (volume.gameObject.name == VolumeName && volume.isGlobal)
                    {
                        found = volume;
                    }
                    else if (volume.isGlobal)
                    {
                        highest = Mathf.Max(highest, volume.priority + 1f);
                    }
                }
            }
            if (found == null)
            {
                var holder = new GameObject(VolumeName);
                Undo.RegisterCreatedObjectUndo(holder, SkyScene.UndoName);
                found = holder.AddComponent<Volume>();
                found.isGlobal = true;
            }
            Undo.RecordObject(found, SkyScene.UndoName);
            // Above the volumes of the scene's template, which have a sky of their own.
            found.priority = Mathf.Max(found.priority, highest);
            found.sharedProfile = profile;
        }
    }
}
