// ImportedSky: a sky as assets of the project: which files, which kind, from which recipe.
using System;
using System.Collections.Generic;
using System.Linq;
using Skyloom.V1;

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
        public string RecordPath => $"{Folder}/{Name}.sky.json";

        /// <summary>Where the material is, or will be.</summary>
        public string MaterialPath => $"{Folder}/{Name}.mat";

        /// <summary>The asset path of one picture.</summary>
        /// <exception cref="KeyNotFoundException">The sky has no such picture.</exception>
        public string PathOf(string image) =>
            Textures.FirstOrDefault(texture => texture.Image == image)?.AssetPath
            ?? throw new KeyNotFoundException($"{Name}: no picture \"{image}\"");

        /// <summary>What to ask for to make it again, with other settings perhaps: the recipe without the model's hash.</summary>
        public SkyEntry ToEntry() => throw new NotImplementedException();

        /// <summary>Reads the sky whose record is at this asset path.</summary>
        /// <exception cref="ManifestException">It is not there or no record.</exception>
        public static ImportedSky Load(string recordPath) => throw new NotImplementedException();

        /// <summary>Every sky of the project; records that cannot be read are left out.</summary>
        public static IReadOnlyList<ImportedSky> FindAll() => throw new NotImplementedException();
    }
}
