// SkyImport: writes a finished sky's pictures into the project and has Unity import them with the right settings.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Skyloom.V1;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Turns results into textures. Main thread only.</summary>
    public static class SkyImport
    {
        /// <summary>
        /// Writes pictures and record beside their places, moves them, and imports them. Assets that are there keep
        /// their GUIDs; when anything fails, every file is as it was before.
        /// </summary>
        /// <param name="entry">Name, folder, kind; its content hash is recorded.</param>
        /// <param name="result">What the server made of <see cref="SkyEntry.Request"/>.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <exception cref="SkyImportException">It could not be done, or would have replaced what a person made.</exception>
        /// <exception cref="InvalidRequestException">The entry is out of range.</exception>
        public static ImportedSky Import(SkyEntry entry, SkyResult result, ImportOptions options = null)
        {
            options = options ?? new ImportOptions();
            entry.Check();
            CheckPictures(entry, result);
            var sky = new ImportedSky(entry.Folder, entry.Name, SkyRecord.Of(entry, result));
            SkyOwnership.Ask(
                SkyOwnership.Conflicts(entry, sky.Record.Files.ToDictionary(file => file.Name, file => file.Sha256)), options);
            try
            {
                using (var folder = new SkyFolder(entry.Folder))
                {
                    using (var swap = new FileSwap())
                    {
                        // First: if the editor dies on the way, it tells what is in place already for Skyloom's.
                        swap.Write(SkyPaths.Absolute(sky.RecordPath), Encoding.UTF8.GetBytes(sky.Record.ToText()));
                        for (int i = 0; i < result.Images.Count; i++)
                        {
                            swap.Write(SkyPaths.Absolute(sky.Textures[i].AssetPath), result.Images[i].Data);
                        }
                        swap.Commit();
                        ImportTextures(sky, result, options);
                        swap.Keep();
                    }
                    folder.Keep();
                }
            }
            catch (Exception error) when (!(error is SkyImportException))
            {
                // The old files are back: what Unity imported of the new ones has to go.
                AssetDatabase.Refresh();
                throw new SkyImportException($"{entry.Name}: {error.Message}", error);
            }
            catch (SkyImportException)
            {
                AssetDatabase.Refresh();
                throw;
            }
            return sky;
        }

        /// <summary>
        /// Asset paths that making this entry would replace although a person made or changed them; the material
        /// counts too. Ask before the sky is made, or let <see cref="ImportOptions.Overwrite"/> ask after.
        /// </summary>
        public static IReadOnlyList<string> Conflicts(SkyEntry entry)
        {
            var conflicts = SkyOwnership.Conflicts(entry);
            if (SkyMaterials.IsForeign($"{entry.Folder}/{entry.Name}.mat"))
            {
                conflicts.Add($"{entry.Folder}/{entry.Name}.mat");
            }
            return conflicts;
        }

        private static void CheckPictures(SkyEntry entry, SkyResult result)
        {
            var wanted = SkyOutputs.Pictures(entry.Kind);
            var found = result.Images.Select(image => image.Name).ToArray();
            if (!wanted.SequenceEqual(found))
            {
                throw new SkyImportException(
                    $"{entry.Name}: a {SkyEntry.NameOf(entry.Kind)} sky has {string.Join(", ", wanted)}; "
                    + $"the result has {string.Join(", ", found)}");
            }
            if (result.Recipe == null)
            {
                throw new SkyImportException($"{entry.Name}: the result has no recipe, so it is no generated sky");
            }
        }

        private static void ImportTextures(ImportedSky sky, SkyResult result, ImportOptions options)
        {
            var first = new bool[sky.Textures.Count];
            for (int i = 0; i < first.Length; i++)
            {
                // An importer, which takes the settings, exists only once Unity has seen the file.
                first[i] = AssetImporter.GetAtPath(sky.Textures[i].AssetPath) == null;
                if (first[i])
                {
                    AssetDatabase.ImportAsset(sky.Textures[i].AssetPath, ImportAssetOptions.ForceSynchronousImport);
                }
            }
            AssetDatabase.StartAssetEditing();
            try
            {
                for (int i = 0; i < first.Length; i++)
                {
                    string path = sky.Textures[i].AssetPath;
                    var importer = AssetImporter.GetAtPath(path) as TextureImporter
                        ?? throw new SkyImportException($"{sky.Name}: Unity does not take {path} for a texture");
                    var info = result.Images[i].Info;
                    SkyTextureSettings.Apply(importer, sky.Kind, (int)info.Width, (int)info.Height, options, first[i]);
                    SkyOwnership.Note(importer, info.Sha256);
                    EditorUtility.SetDirty(importer);
                    importer.SaveAndReimport();
                }
                AssetDatabase.ImportAsset(sky.RecordPath);
            }
            finally
            {
                AssetDatabase.StopAssetEditing();
            }
            for (int i = 0; i < first.Length; i++)
            {
                CheckTexture(sky, sky.Textures[i].AssetPath, result.Images[i].Info, options);
            }
        }

        private static void CheckTexture(ImportedSky sky, string path, ImageInfo info, ImportOptions options)
        {
            var texture = AssetDatabase.LoadAssetAtPath<Texture>(path);
            if (texture == null)
            {
                throw new SkyImportException($"{sky.Name}: Unity could not import {path}; its console says why");
            }
            int wanted = (int)info.Width / (sky.Kind == SkyKind.Cubemap ? 4 : 1);
            if (texture.width != wanted && options.PlatformMaxSizes.Count == 0)
            {
                // Not wrong enough to stop: a project may want it so. But nobody should have to guess.
                Debug.LogWarning(
                    $"Skyloom: {path} is {texture.width} pixels wide, not {wanted}: a platform's override or a "
                    + "postprocessor of this project has it so");
            }
        }
    }
}
