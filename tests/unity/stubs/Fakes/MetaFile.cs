// MetaFile: the .meta file of an asset: its GUID, its labels, its import settings, one a line.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using UnityEditor;

namespace UnityFakes
{
    public sealed class MetaFile
    {
        private readonly string _path;

        private MetaFile(string path)
        {
            _path = path;
        }

        public string Guid { get; private set; } = System.Guid.NewGuid().ToString("N");

        public List<string> Labels { get; } = new List<string>();

        public Dictionary<string, string> Settings { get; } = new Dictionary<string, string>();

        /// <summary>The file, or a fresh one with a new GUID.</summary>
        public static MetaFile Read(string asset)
        {
            if (asset.Length == 0)
            {
                throw new InvalidOperationException("the object is no asset");
            }
            var meta = new MetaFile(Assets.Absolute(asset) + ".meta");
            if (File.Exists(meta._path))
            {
                foreach (string line in File.ReadAllLines(meta._path))
                {
                    int colon = line.IndexOf(": ", StringComparison.Ordinal);
                    if (colon >= 0)
                    {
                        meta.Take(line.Substring(0, colon), line.Substring(colon + 2));
                    }
                }
            }
            return meta;
        }

        public void Store() => File.WriteAllLines(
            _path,
            new[] { "fileFormatVersion: 2", "guid: " + Guid }.Concat(Labels.Select(label => "label: " + label))
                .Concat(Settings.Select(pair => pair.Key + ": " + pair.Value)));

        public void WriteSettings(AssetImporter importer)
        {
            Settings.Clear();
            foreach (var pair in SettingsOf(importer))
            {
                Settings.Add(pair.Key, pair.Value);
            }
        }

        public void ReadSettings(AssetImporter importer)
        {
            foreach (var pair in Settings)
            {
                string[] parts = pair.Key.Split('.');
                if (parts[0] == "platform" && importer is TextureImporter texture)
                {
                    var platform = texture.GetPlatformTextureSettings(parts[1]);
                    Set(platform, parts[2], pair.Value);
                    texture.SetPlatformTextureSettings(platform);
                }
                else if (parts[0] == "settings" && importer is TextureImporter plain)
                {
                    Set(plain.Settings, parts[1], pair.Value);
                }
                else
                {
                    Set(importer, parts[0], pair.Value);
                }
            }
        }

        /// <summary>Every setting by name: "maxTextureSize", "settings.wrapModeU", "platform.Android.maxTextureSize".</summary>
        public static Dictionary<string, string> SettingsOf(AssetImporter importer)
        {
            var all = new Dictionary<string, string> { { "userData", importer.userData } };
            if (importer is TextureImporter texture)
            {
                Add(all, "", texture, typeof(TextureImporter));
                Add(all, "settings.", texture.Settings, typeof(TextureImporterSettings));
                foreach (var platform in texture.Platforms)
                {
                    Add(all, "platform." + platform.Key + ".", platform.Value, typeof(TextureImporterPlatformSettings));
                }
            }
            return all;
        }

        private static void Add(Dictionary<string, string> all, string prefix, object from, Type type)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
            foreach (var property in type.GetProperties(Own).Where(property => property.CanWrite))
            {
                all[prefix + property.Name] = Convert.ToString(property.GetValue(from), CultureInfo.InvariantCulture);
            }
        }

        private static void Set(object target, string name, string value)
        {
            var property = target.GetType().GetProperty(name);
            property.SetValue(target, property.PropertyType.IsEnum
                ? Enum.Parse(property.PropertyType, value)
                : Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        }

        private void Take(string key, string value)
        {
            if (key == "guid")
            {
                Guid = value;
            }
            else if (key == "label")
            {
                Labels.Add(value);
            }
            else if (key != "fileFormatVersion")
            {
                Settings[key] = value;
            }
        }
    }
}
