// SkyMaterials: the skybox material of an imported sky.
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Skybox materials. Main thread only.</summary>
    public static class SkyMaterials
    {
        /// <summary>
        /// The sky's material at <see cref="ImportedSky.MaterialPath"/>, made or brought up to date; can be undone. One
        /// that is there keeps its GUID and, unless its shader changes, what people set in it.
        /// </summary>
        /// <exception cref="SkyImportException">A texture is missing, or a material that is not Skyloom's is there.</exception>
        public static Material CreateOrUpdate(ImportedSky sky, ImportOptions options = null)
        {
            var shader = SkyShader.Find(sky.Kind);
            var textures = SkyShader.SlotsOf(sky.Kind).Select(slot => (slot.Property, Load(sky, slot.Image))).ToArray();
            if (IsForeign(sky.MaterialPath))
            {
                SkyOwnership.Ask(new[] { sky.MaterialPath }, options ?? new ImportOptions());
            }
            var material = Find(sky);
            string step = material == null ? "Create Sky Material" : "Update Sky Material";
            Undo.IncrementCurrentGroup();
            Undo.SetCurrentGroupName(step);
            if (material == null)
            {
                return Create(sky, shader, textures, step);
            }
            Undo.RecordObject(material, step);
            if (material.shader != shader)
            {
                material.shader = shader;
                SkyShader.Reset(material, sky.Kind);
            }
            SetTextures(material, textures);
            EditorUtility.SetDirty(material);
            SkyOwnership.SetLabel(material);
            AssetDatabase.SaveAssetIfDirty(material);
            return material;
        }

        /// <summary>The material where there is one, else null.</summary>
        public static Material Find(ImportedSky sky) => AssetDatabase.LoadAssetAtPath<Material>(sky.MaterialPath);

        /// <summary>Whether something is at this asset path that Skyloom did not make.</summary>
        internal static bool IsForeign(string path) =>
            File.Exists(SkyPaths.Absolute(path)) && !SkyOwnership.HasLabel(path);

        private static Material Create(
            ImportedSky sky, Shader shader, IReadOnlyList<(string Property, Texture Texture)> textures, string step)
        {
            if (File.Exists(SkyPaths.Absolute(sky.MaterialPath)))
            {
                // No material any more, or a replacement that was agreed to; the trash still has it.
                AssetDatabase.MoveAssetToTrash(sky.MaterialPath);
            }
            var material = new Material(shader) { name = sky.Name };
            SkyShader.Reset(material, sky.Kind);
            SetTextures(material, textures);
            AssetDatabase.CreateAsset(material, sky.MaterialPath);
            SkyOwnership.SetLabel(material);
            Undo.RegisterCreatedObjectUndo(material, step);
            AssetDatabase.SaveAssetIfDirty(material);
            return material;
        }

        private static void SetTextures(Material material, IReadOnlyList<(string Property, Texture Texture)> textures)
        {
            foreach (var (property, texture) in textures)
            {
                material.SetTexture(property, texture);
            }
        }

        private static Texture Load(ImportedSky sky, string image)
        {
            string path = sky.PathOf(image);
            var texture = AssetDatabase.LoadAssetAtPath<Texture>(path);
            bool cube = texture is Cubemap;
            if (texture == null || cube != (sky.Kind == SkyKind.Cubemap))
            {
                throw new SkyImportException(texture == null
                    ? $"{sky.Name}: the texture {path} is missing"
                    : $"{sky.Name}: {path} is imported as {(cube ? "a cubemap" : "a flat texture")}; make the sky again");
            }
            return texture;
        }
    }
}
