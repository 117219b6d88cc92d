// SkyEntry: one sky of a manifest: what to make, as what kind of material, where.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Skyloom.Json;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>The skybox materials of Unity.</summary>
    public enum SkyKind
    {
        /// <summary>Skybox/Panoramic: one equirectangular picture; size is its width.</summary>
        Panoramic,

        /// <summary>Skybox/6 Sided: six pictures; size is the side of one.</summary>
        SixSided,

        /// <summary>Skybox/Cubemap: one horizontal cross; size is the side of a face, a power of two.</summary>
        Cubemap,
    }

    /// <summary>One sky: a recipe without outputs, for these follow from kind and size.</summary>
    public sealed class SkyEntry
    {
        /// <summary>Part of every content hash; raised when the same request is to be made anew.</summary>
        private const int ContentVersion = 1;

        /// <summary>A name is a file name: no separators, no dots at its ends.</summary>
        private const int MaxNameLength = 64;

        /// <summary>Unique in the manifest, whatever the case; the files are named after it.</summary>
        public string Name { get; set; } = "";

        /// <summary>The material.</summary>
        public SkyKind Kind { get; set; }

        /// <summary>Pixels; see <see cref="SkyKind"/>.</summary>
        public uint Size { get; set; } = 2048;

        /// <summary>Folder of the project, with forward slashes: "Assets/Skies".</summary>
        public string Folder { get; set; } = "Assets/Skies";

        /// <summary>Clouds, seed and the rest; its outputs are not read.</summary>
        public SkyRecipe Recipe { get; set; } = new SkyRecipe();

        /// <summary>What to ask a server for.</summary>
        public SkyRecipe Request()
        {
            var request = Wire.Message.Parse<SkyRecipe>(Recipe.ToByteArray());
            request.Outputs.Clear();
            request.Outputs.Add(new OutputSpec { Layout = LayoutOf(Kind), Size = Size, Format = ImageFormat.Png });
            request.SkyloomVersion = "";
            return request;
        }

        /// <summary>
        /// SHA-256, lower-case hex, over everything that decides the pictures: kind, size, recipe, and the model where
        /// the entry names one. Name and folder do not count, nor does the version of Skyloom.
        /// </summary>
        /// <exception cref="InvalidRequestException">The entry is out of range.</exception>
        public string ContentHash()
        {
            var content = JsonValue.Of(
                ("contentVersion", JsonValue.Of(ContentVersion)),
                ("kind", JsonValue.Of(NameOf(Kind))),
                ("recipe", RecipeJson.ToJson(Request())));
            return Sha256.Hex(Encoding.ASCII.GetBytes(content.ToText()));
        }

        /// <summary>Returns if a sky can be made of it.</summary>
        /// <exception cref="InvalidRequestException">A value is out of range.</exception>
        public void Check()
        {
            CheckName(Name);
            CheckFolder(Folder);
            RecipeCheck.Check(Request());
            if (Kind == SkyKind.Cubemap && (Size & (Size - 1)) != 0)
            {
                // Unity would bring the faces to the next power of two, and blur them.
                throw new InvalidRequestException("size", Size.ToString(CultureInfo.InvariantCulture),
                    "a power of two for cubemap");
            }
        }

        /// <summary>The name of a kind in files: "panoramic", "sixSided", "cubemap".</summary>
        public static string NameOf(SkyKind kind)
        {
            string name = kind.ToString();
            return char.ToLowerInvariant(name[0]) + name.Substring(1);
        }

        internal static SkyEntry FromJson(JsonValue value, string where, string defaultFolder)
        {
            var fields = value.AsObject(where, "name", "kind", "size", "folder", "recipe");
            if (!fields.ContainsKey("recipe"))
            {
                throw new JsonException($"{where}: a recipe is missing");
            }
            var entry = new SkyEntry
            {
                Name = RecipeJson.Get(fields, "name", JsonValue.Of("")).AsText(where + ".name"),
                Kind = KindOf(RecipeJson.Get(fields, "kind", JsonValue.Of("panoramic")).AsText(where + ".kind")),
                Folder = RecipeJson.Get(fields, "folder", JsonValue.Of(defaultFolder)).AsText(where + ".folder").TrimEnd('/'),
                Recipe = RecipeJson.FromJson(fields["recipe"], where + ".recipe", false),
            };
            long size = entry.Kind == SkyKind.Panoramic ? 4096 : 1024;
            entry.Size = (uint)RecipeJson.Get(fields, "size", JsonValue.Of(size)).AsWhole(where + ".size", 0, uint.MaxValue);
            entry.Check();
            return entry;
        }

        internal JsonValue ToJson()
        {
            var recipe = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
            foreach (var field in RecipeJson.ToJson(Request()).AsObject("recipe"))
            {
                if (field.Key != "outputs" && field.Key != "skyloomVersion")
                {
                    recipe.Add(field.Key, field.Value);
                }
            }
            return JsonValue.Of(
                ("name", JsonValue.Of(Name)), ("kind", JsonValue.Of(NameOf(Kind))), ("size", JsonValue.Of((long)Size)),
                ("folder", JsonValue.Of(Folder)), ("recipe", JsonValue.Of(recipe)));
        }

        private static Layout LayoutOf(SkyKind kind)
        {
            switch (kind)
            {
                case SkyKind.SixSided:
                    return Layout.Faces;
                case SkyKind.Cubemap:
                    return Layout.Cross;
                default:
                    return Layout.Panorama;
            }
        }

        internal static SkyKind KindOf(string name)
        {
            foreach (SkyKind kind in Enum.GetValues(typeof(SkyKind)))
            {
                if (NameOf(kind) == name)
                {
                    return kind;
                }
            }
            throw new InvalidRequestException("kind", name, "one of panoramic, sixSided, cubemap");
        }

        private static void CheckName(string name)
        {
            bool good = name.Length > 0 && name.Length <= MaxNameLength && name.Trim() == name;
            foreach (char letter in name)
            {
                good &= letter < 128 && (char.IsLetterOrDigit(letter) || letter == '_' || letter == '-' || letter == ' ');
            }
            if (!good)
            {
                throw new InvalidRequestException("name", name,
                    string.Format(CultureInfo.InvariantCulture, "1 to {0} letters, digits, spaces, - and _", MaxNameLength));
            }
        }

        private static void CheckFolder(string folder)
        {
            bool good = (folder + "/").StartsWith("Assets/", StringComparison.Ordinal);
            foreach (string part in folder.Split('/'))
            {
                good &= part.Length > 0 && part.Trim('.', ' ').Length > 0 && part.IndexOfAny("\\:*?\"<>|".ToCharArray()) < 0;
            }
            if (!good)
            {
                throw new InvalidRequestException("folder", folder, "a folder below Assets, with forward slashes");
            }
        }
    }
}
