// Assets: the asset database over a real folder: GUIDs in .meta files, importers, imports that are recorded.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine;

namespace UnityFakes
{
    public static class Assets
    {
        private static readonly Dictionary<string, UnityEngine.Object> Loaded = new Dictionary<string, UnityEngine.Object>();
        private static readonly Dictionary<string, AssetImporter> Importers = new Dictionary<string, AssetImporter>();
        private static readonly List<string> Waiting = new List<string>();
        private static int _editing;

        /// <summary>Every import that was carried out.</summary>
        public static List<ImportRecord> Imports { get; } = new List<ImportRecord>();

        /// <summary>How often StartAssetEditing was called; each must have been stopped.</summary>
        public static int Blocks { get; private set; }

        /// <summary>Whether a block is open.</summary>
        public static bool Editing => _editing > 0;

        /// <summary>The next import of a path that contains this fails, "" for none.</summary>
        public static string FailAt { get; set; } = "";

        /// <summary>What a preset of the project sets up new texture importers with.</summary>
        public static Action<TextureImporter> Preset { get; set; } = importer => { };

        /// <summary>Forgets what is loaded, as when another project is opened.</summary>
        public static void Close()
        {
            foreach (string path in Loaded.Keys.Concat(Importers.Keys).Distinct().ToArray())
            {
                Forget(path);
            }
            Imports.Clear();
            Waiting.Clear();
            Blocks = 0;
            FailAt = "";
            Shrink = null;
            Preset = importer => { };
        }

        /// <summary>What a postprocessor of the project shrinks textures to; 0 destroys them, null leaves them.</summary>
        public static int? Shrink { get; set; }

        public static string Absolute(string path) => Path.Combine(World.Project, path);

        public static void StartEditing()
        {
            _editing++;
            Blocks++;
            World.Note("StartAssetEditing");
        }

        public static void StopEditing()
        {
            World.Note("StopAssetEditing");
            if (--_editing == 0)
            {
                var now = Waiting.Distinct().ToArray();
                Waiting.Clear();
                foreach (string path in now)
                {
                    ImportNow(path);
                }
            }
        }

        public static void Import(string path)
        {
            if (FailAt.Length > 0 && path.Contains(FailAt))
            {
                FailAt = "";
                throw new InvalidOperationException("the importer failed at " + path);
            }
            if (_editing > 0)
            {
                Waiting.Add(path);
            }
            else
            {
                ImportNow(path);
            }
        }

        public static void Refresh()
        {
            World.Note("Refresh");
            foreach (string path in Loaded.Keys.Where(path => !File.Exists(Absolute(path))).ToArray())
            {
                Forget(path);
            }
            foreach (string file in Directory.GetFiles(Path.Combine(World.Project, "Assets"), "*", SearchOption.AllDirectories))
            {
                string path = Relative(file);
                if (!path.EndsWith(".meta", StringComparison.Ordinal) && !path.Split('/').Any(part => part.StartsWith(".", StringComparison.Ordinal)))
                {
                    Import(path);
                }
            }
            foreach (string meta in Directory.GetFiles(Path.Combine(World.Project, "Assets"), "*.meta", SearchOption.AllDirectories))
            {
                string of = meta.Substring(0, meta.Length - 5);
                if (!File.Exists(of) && !Directory.Exists(of))
                {
                    File.Delete(meta);
                }
            }
        }

        public static UnityEngine.Object Load(string path)
        {
            if (path.StartsWith("Packages/", StringComparison.Ordinal))
            {
                return EditorLife.LoadPackaged(path);
            }
            if (Loaded.TryGetValue(path, out UnityEngine.Object found) && found)
            {
                return found;
            }
            // An earlier editor imported it: it has its .meta.
            if (!File.Exists(Absolute(path)) || !File.Exists(Absolute(path) + ".meta"))
            {
                return null;
            }
            return Loaded[path] = AssetFiles.Read(path);
        }

        public static string PathOf(UnityEngine.Object asset) =>
            Loaded.FirstOrDefault(pair => ReferenceEquals(pair.Value, asset)).Key ?? "";

        public static string GuidOf(string path) => File.Exists(Absolute(path) + ".meta") ? MetaFile.Read(path).Guid : "";

        public static string PathOfGuid(string guid)
        {
            foreach (string meta in Directory.GetFiles(Path.Combine(World.Project, "Assets"), "*.meta", SearchOption.AllDirectories))
            {
                string path = Relative(meta.Substring(0, meta.Length - 5));
                if (MetaFile.Read(path).Guid == guid)
                {
                    return path;
                }
            }
            return "";
        }

        public static string[] Find(string filter, string[] folders)
        {
            if (filter != "t:TextAsset")
            {
                throw new NotImplementedException(filter);
            }
            return folders.SelectMany(folder => Directory.GetFiles(Absolute(folder), "*", SearchOption.AllDirectories))
                .Where(file => new[] { ".json", ".txt", ".xml" }.Contains(Path.GetExtension(file)) && File.Exists(file + ".meta"))
                .Select(file => GuidOf(Relative(file))).ToArray();
        }

        public static bool IsFolder(string path) =>
            path == "Assets" || (Directory.Exists(Absolute(path)) && File.Exists(Absolute(path) + ".meta"));

        public static string MakeFolder(string parent, string name)
        {
            string path = parent + "/" + name;
            if (!IsFolder(parent) || Directory.Exists(Absolute(path)))
            {
                throw new InvalidOperationException("no folder can be made at " + path);
            }
            Directory.CreateDirectory(Absolute(path));
            ImportNow(path);
            return GuidOf(path);
        }

        public static bool Delete(string path)
        {
            World.Note("DeleteAsset " + path);
            if (Directory.Exists(Absolute(path)))
            {
                Directory.Delete(Absolute(path), true);
            }
            File.Delete(Absolute(path));
            File.Delete(Absolute(path) + ".meta");
            Forget(path);
            return true;
        }

        public static void Create(UnityEngine.Object asset, string path)
        {
            if (File.Exists(Absolute(path)))
            {
                throw new InvalidOperationException("something is there already: " + path);
            }
            Loaded[path] = asset;
            AssetFiles.Write(path, asset);
            MetaFile.Read(path).Store();
            World.Note("CreateAsset " + path);
        }

        public static void Add(UnityEngine.Object asset, UnityEngine.Object main)
        {
            string path = PathOf(main);
            if (path.Length == 0)
            {
                throw new InvalidOperationException("the main object is no asset");
            }
            World.Note($"AddObjectToAsset {asset.GetType().Name} {path}");
        }

        public static void Save(UnityEngine.Object asset)
        {
            string path = PathOf(asset);
            AssetFiles.Write(path, asset);
            World.Note("SaveAssetIfDirty " + path);
        }

        public static string[] LabelsOf(UnityEngine.Object asset) => MetaFile.Read(PathOf(asset)).Labels.ToArray();

        public static string[] LabelsOf(string path) => MetaFile.Read(path).Labels.ToArray();

        public static void SetLabels(UnityEngine.Object asset, string[] labels)
        {
            var meta = MetaFile.Read(PathOf(asset));
            meta.Labels.Clear();
            meta.Labels.AddRange(labels);
            meta.Store();
        }

        public static AssetImporter ImporterOf(string path)
        {
            if (!File.Exists(Absolute(path)) || !File.Exists(Absolute(path) + ".meta"))
            {
                return null;
            }
            if (!Importers.TryGetValue(path, out AssetImporter importer))
            {
                Importers[path] = importer = NewImporter(path);
                MetaFile.Read(path).ReadSettings(importer);
            }
            return importer;
        }

        public static void WriteSettings(AssetImporter importer)
        {
            var meta = MetaFile.Read(importer.assetPath);
            meta.WriteSettings(importer);
            meta.Store();
        }

        private static void ImportNow(string path)
        {
            if (!File.Exists(Absolute(path)) && !Directory.Exists(Absolute(path)))
            {
                throw new InvalidOperationException("no file to import: " + path);
            }
            bool known = File.Exists(Absolute(path) + ".meta");
            if (!known)
            {
                MetaFile.Read(path).Store();
            }
            if (Directory.Exists(Absolute(path)))
            {
                return;
            }
            var importer = ImporterOf(path);
            if (!known && importer is TextureImporter fresh)
            {
                Preset(fresh);
                WriteSettings(importer);
            }
            if (Loaded.TryGetValue(path, out UnityEngine.Object before) && before is Texture)
            {
                // Unity keeps the object where its type stays; who holds it sees the new picture.
                var now = (Texture)AssetFiles.Read(path);
                if (now != null && now.GetType() == before.GetType())
                {
                    before.name = now.name;
                    ((Texture)before).width = now.width;
                    ((Texture)before).height = now.height;
                }
                else
                {
                    Loaded[path] = now;
                }
            }
            Imports.Add(new ImportRecord(path, importer));
        }

        private static AssetImporter NewImporter(string path)
        {
            bool texture = Path.GetExtension(path) == ".png" || Path.GetExtension(path) == ".jpg";
            var importer = (AssetImporter)Activator.CreateInstance(texture ? typeof(TextureImporter) : typeof(AssetImporter), true);
            importer.assetPath = path;
            return importer;
        }

        private static void Forget(string path)
        {
            if (Loaded.TryGetValue(path, out UnityEngine.Object gone) && gone)
            {
                UnityEngine.Object.DestroyImmediate(gone);
            }
            Loaded.Remove(path);
            Importers.Remove(path);
        }

        private static string Relative(string file) =>
            file.Substring(World.Project.TrimEnd('/').Length + 1).Replace('\\', '/');
    }

    /// <summary>One import: which file, and a copy of the settings that it was done with.</summary>
    public sealed class ImportRecord
    {
        public ImportRecord(string path, AssetImporter importer)
        {
            Path = path;
            Settings = MetaFile.SettingsOf(importer);
        }

        public string Path { get; }

        public Dictionary<string, string> Settings { get; }
    }
}
