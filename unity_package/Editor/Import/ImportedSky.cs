// ImportedSky: a sky as assets of the project: which files, which kind, from which recipe.
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
    /// <summary>One texture of a sky.</summary>
    public sealed class SkyTexture
    {
        internal SkyTexture(string image, string assetPath)
        {
            Image = image;
            AssetPath = assetPath;
        }

        /// <summary>Which picture of the result it is: "panorama", "cross", "front", ...</summary>
        public string Image { get; }

        /// <summary>E.g. "Assets/Skies/noon_front.png".</summary>
        public string AssetPath { get; }
    }

    /// <summary>A sky as assets; what <see cref="SkyRecord"/> says, with paths of this project.</summary>
    public sealed class ImportedSky
    {
        private const string RecordSuffix = ".sky.json";

        internal ImportedSky(string folder, string name, SkyRecord record)
        {
            Folder = folder;
            Name = name;
            Record = record;
            Textures = record.Files.Select(file => new SkyTexture(file.Image, folder + "/" + file.Name)).ToArray();
        }

        /// <summary>Folder of the assets: "Assets/Skies".</summary>
        public string Folder { get; }

        /// <summary>What the files are named after.</summary>
        public string Name { get; }

        /// <summary>Recipe, content hash and the files' hashes, as stored beside the textures.</summary>
        public SkyRecord Record { get; }

        /// <summary>The material that the textures are for.</summary>
        public SkyKind Kind => Record.Kind;

        /// <summary>The whole recipe, model included: makes the sky again.</summary>
        public SkyRecipe Recipe => Record.Recipe;

        /// <summary>Width of the panorama or side of a face, pixels.</summary>
        public uint Size => Recipe.Outputs[0].Size;

        /// <summary>The textures: one, or six for <see cref="SkyKind.SixSided"/>.</summary>
        public IReadOnlyList<SkyTexture> Textures { get; }

        /// <summary>Where the record is.</summary>
        public string RecordPath => Folder + "/" + Name + RecordSuffix;

        /// <summary>Where the material is, or will be.</summary>
        public string MaterialPath => $"{Folder}/{Name}.mat";

        /// <summary>The asset path of one picture.</summary>
        /// <exception cref="KeyNotFoundException">The sky has no such picture.</exception>
        public string PathOf(string image) =>
            Textures.FirstOrDefault(texture => texture.Image == image)?.AssetPath
            ?? throw new KeyNotFoundException($"{Name}: no picture \"{image}\"");

        /// <summary>
        /// What it was asked for: to make it again, or another with these settings. Any model will do, unless
        /// <paramref name="exact"/> asks for the very one.
        /// </summary>
        public SkyEntry ToEntry(bool exact = false)
        {
            var recipe = Wire.Message.Parse<SkyRecipe>(Recipe.ToByteArray());
            recipe.Outputs.Clear();
            recipe.SkyloomVersion = "";
            if (!exact)
            {
                recipe.Model = null;
            }
            return new SkyEntry { Name = Name, Folder = Folder, Kind = Kind, Size = Size, Recipe = recipe };
        }

        /// <summary>Reads the sky whose record is at this asset path.</summary>
        /// <exception cref="ManifestException">It is no record.</exception>
        /// <exception cref="IOException">It cannot be read.</exception>
        public static ImportedSky Load(string recordPath)
        {
            if (!recordPath.EndsWith(RecordSuffix, StringComparison.Ordinal))
            {
                throw new ArgumentException($"\"{recordPath}\" is not allowed; expected NAME{RecordSuffix}", nameof(recordPath));
            }
            string text = File.ReadAllText(SkyPaths.Absolute(recordPath), Encoding.UTF8);
            int slash = recordPath.LastIndexOf('/');
            string name = recordPath.Substring(slash + 1, recordPath.Length - slash - 1 - RecordSuffix.Length);
            return new ImportedSky(recordPath.Substring(0, slash), name, SkyRecord.Parse(text));
        }

        /// <summary>Every sky below Assets, by path; records that cannot be read are left out.</summary>
        public static IReadOnlyList<ImportedSky> FindAll()
        {
            var skies = new List<ImportedSky>();
            var paths = AssetDatabase.FindAssets("t:TextAsset", new[] { "Assets" }).Select(AssetDatabase.GUIDToAssetPath);
            foreach (string path in paths.Where(path => path.EndsWith(RecordSuffix, StringComparison.Ordinal))
                .Distinct().OrderBy(path => path, StringComparer.Ordinal))
            {
                try
                {
                    skies.Add(Load(path));
                }
                catch (Exception error) when (error is ManifestException || error is IOException
                    || error is UnauthorizedAccessException)
                {
                    Debug.LogWarning($"Skyloom: {path} is left out: {error.Message}");
                }
            }
            return skies;
        }
    }
}
