// SkyOwnership: which files of the project are as Skyloom made them, and which a person made or changed.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Tells Skyloom's own files from people's.</summary>
    internal static class SkyOwnership
    {
        /// <summary>On every material and profile that Skyloom makes; also finds them in the Project window.</summary>
        public const string Label = "Skyloom";

        private const string NotePrefix = "skyloom sha256 ";

        /// <summary>The record of an entry, null where there is none that can be read.</summary>
        public static SkyRecord RecordOf(SkyEntry entry)
        {
            try
            {
                return SkyRecord.Parse(File.ReadAllText(SkyRecord.PathOf(entry, SkyPaths.Project), Encoding.UTF8));
            }
            catch (Exception error) when (error is ManifestException || error is IOException
                || error is UnauthorizedAccessException)
            {
                return null;
            }
        }

        /// <summary>
        /// Asset paths that making this entry would replace although they are not as Skyloom made them;
        /// <paramref name="fresh"/> has the hashes of the new files by name, where they are known.
        /// </summary>
        public static List<string> Conflicts(SkyEntry entry, IReadOnlyDictionary<string, string> fresh = null)
        {
            var conflicts = new List<string>();
            var record = RecordOf(entry);
            if (record == null && File.Exists(SkyRecord.PathOf(entry, SkyPaths.Project)))
            {
                conflicts.Add($"{entry.Folder}/{entry.Name}.sky.json");
            }
            foreach (string name in fresh == null ? FileNames(entry) : fresh.Keys)
            {
                string path = SkyPaths.Absolute(entry.Folder + "/" + name);
                if (!File.Exists(path))
                {
                    continue;
                }
                // Of an import that was cut off, some files are as the record says, and some as they were noted before.
                string there = Sha256.Hex(File.ReadAllBytes(path));
                bool own = there == record?.Files.FirstOrDefault(file => file.Name == name)?.Sha256
                    || there == MadeAs(entry.Folder + "/" + name) || (fresh != null && there == fresh[name]);
                if (!own)
                {
                    conflicts.Add(entry.Folder + "/" + name);
                }
            }
            return conflicts;
        }

        /// <summary>Whether an asset carries Skyloom's label.</summary>
        public static bool HasLabel(UnityEngine.Object asset) =>
            Array.IndexOf(AssetDatabase.GetLabels(asset), Label) >= 0;

        /// <summary>
        /// The same by path: what an undone creation leaves behind has no object any more, but still its label.
        /// </summary>
        public static bool HasLabel(string path) =>
            Array.IndexOf(AssetDatabase.GetLabels(AssetDatabase.GUIDFromAssetPath(path)), Label) >= 0;

        /// <summary>Marks an asset as made by Skyloom; labels that are there stay.</summary>
        public static void SetLabel(UnityEngine.Object asset)
        {
            if (!HasLabel(asset))
            {
                AssetDatabase.SetLabels(asset, AssetDatabase.GetLabels(asset).Concat(new[] { Label }).ToArray());
            }
        }

        /// <summary>Returns if the paths may be replaced.</summary>
        /// <exception cref="SkyImportException">Nobody can be asked, or the answer is no.</exception>
        public static void Ask(IReadOnlyList<string> conflicts, ImportOptions options)
        {
            if (conflicts.Count > 0 && (options.Overwrite == null || !options.Overwrite(conflicts)))
            {
                throw new SkyImportException(
                    "not made or changed by hand, so not overwritten: " + string.Join(", ", conflicts), conflicts);
            }
        }

        /// <summary>
        /// Notes in an importer, and so in the .meta, which bytes Skyloom wrote: a sky that is made as another kind
        /// leaves pictures that its record no longer names. What others noted there stays.
        /// </summary>
        public static void Note(AssetImporter importer, string sha256)
        {
            if (importer.userData.Length == 0 || importer.userData.StartsWith(NotePrefix, StringComparison.Ordinal))
            {
                importer.userData = NotePrefix + sha256;
            }
        }

        private static string MadeAs(string assetPath)
        {
            string note = AssetImporter.GetAtPath(assetPath)?.userData ?? "";
            return note.StartsWith(NotePrefix, StringComparison.Ordinal) ? note.Substring(NotePrefix.Length) : null;
        }

        private static IEnumerable<string> FileNames(SkyEntry entry) => entry.Kind == SkyKind.SixSided
            ? SkyOutputs.Pictures(entry.Kind).Select(image => $"{entry.Name}_{image}.png")
            : new[] { entry.Name + ".png" };
    }
}
