// SkyManifest: the skies that a project wants, as JSON that people edit and build scripts read.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Skyloom.Json;

namespace Skyloom
{
    /// <summary>One entry as it was read: a sky, or why it is none.</summary>
    public sealed class ManifestItem
    {
        internal ManifestItem(string label, SkyEntry entry, string error)
        {
            Label = label;
            Entry = entry;
            Error = error;
        }

        /// <summary>The entry's name, or its place where it has none.</summary>
        public string Label { get; }

        /// <summary>The sky; null where the entry cannot be used.</summary>
        public SkyEntry Entry { get; }

        /// <summary>Why the entry cannot be used; null where it can.</summary>
        public string Error { get; }
    }

    /// <summary>
    /// {"version": 1, "folder": "Assets/Skies", "skies": [{"name": "noon", "kind": "panoramic", "size": 4096,
    /// "recipe": {"clouds": [{"genus": "cumulus", "weight": 1}], "seed": 7}}]}. An entry that cannot be used does not
    /// keep the others from being made.
    /// </summary>
    public sealed class SkyManifest
    {
        /// <summary>Version of the format.</summary>
        public const int Version = 1;

        private SkyManifest(IReadOnlyList<ManifestItem> items)
        {
            Items = items;
        }

        /// <summary>Every entry, in the file's order.</summary>
        public IReadOnlyList<ManifestItem> Items { get; }

        /// <summary>Reads a manifest file.</summary>
        /// <exception cref="ManifestException">It cannot be read or is no manifest.</exception>
        public static SkyManifest Load(string path)
        {
            try
            {
                return Parse(File.ReadAllText(path, new UTF8Encoding(false, true)));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is ArgumentException)
            {
                throw new ManifestException($"{path}: {error.Message}");
            }
        }

        /// <summary>Reads a manifest's text.</summary>
        /// <exception cref="ManifestException">It is no manifest. Faults of single entries are in their items.</exception>
        public static SkyManifest Parse(string text)
        {
            try
            {
                var fields = JsonValue.Parse(text).AsObject("manifest", "version", "folder", "skies");
                if (!fields.ContainsKey("version") || !fields.ContainsKey("skies"))
                {
                    throw new ManifestException("manifest: version and skies are needed");
                }
                fields["version"].AsWhole("version", Version, Version);
                string folder = RecipeJson.Get(fields, "folder", JsonValue.Of("Assets/Skies")).AsText("folder");
                var items = new List<ManifestItem>();
                var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                foreach (var sky in fields["skies"].AsList("skies"))
                {
                    items.Add(ReadItem(sky, $"skies[{items.Count}]", folder, taken));
                }
                return new SkyManifest(items);
            }
            catch (JsonException error)
            {
                throw new ManifestException(error.Message);
            }
        }

        /// <summary>The text of a manifest with these skies, indented for people.</summary>
        /// <exception cref="InvalidRequestException">One of them is out of range.</exception>
        public static string Write(IEnumerable<SkyEntry> entries)
        {
            var skies = new List<JsonValue>();
            foreach (var entry in entries)
            {
                entry.Check();
                skies.Add(entry.ToJson());
            }
            return JsonValue.Of(("version", JsonValue.Of(Version)), ("skies", JsonValue.Of(skies))).ToText(true) + "\n";
        }

        private static ManifestItem ReadItem(JsonValue sky, string place, string folder, HashSet<string> taken)
        {
            string label = place;
            try
            {
                if (sky.AsObject(place).TryGetValue("name", out JsonValue name) && name.AsText(place + ".name").Length > 0)
                {
                    label = name.AsText(place + ".name");
                }
                var entry = SkyEntry.FromJson(sky, label, folder);
                return taken.Add(entry.Folder + "/" + entry.Name)
                    ? new ManifestItem(label, entry, null)
                    : new ManifestItem(label, null, $"{label}: an earlier entry has this name in the same folder");
            }
            catch (JsonException error)
            {
                return new ManifestItem(label, null, error.Message);
            }
            catch (InvalidRequestException error)
            {
                return new ManifestItem(label, null, $"{label}: {error.Message}");
            }
        }
    }
}
