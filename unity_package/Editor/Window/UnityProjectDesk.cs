// UnityProjectDesk: imports skies, makes their materials and applies them, through SkyImport, SkyMaterials and SkyScene.
using System.Globalization;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    internal sealed class UnityProjectDesk : IProjectDesk
    {
        private const int MaxNameLength = 64;

        /// <inheritdoc/>
        public string FreeName(SkyEntry entry)
        {
            string name = entry.Name;
            for (int number = 2; IsTaken(entry, name); number++)
            {
                string suffix = "-" + number.ToString(CultureInfo.InvariantCulture);
                name = entry.Name.Substring(0, System.Math.Min(entry.Name.Length, MaxNameLength - suffix.Length)) + suffix;
            }
            return name;
        }

        /// <inheritdoc/>
        public string ApplyProblem(SkyKind kind)
        {
            if (SkyPipeline.Current != SkyPipelineKind.HighDefinition)
            {
                return "";
            }
            return kind != SkyKind.Cubemap
                ? Texts.Tr("This project draws with HDRP, which needs a cubemap: choose the material Cubemap and generate it again.")
                : SkyPipeline.Volumes == null ? Texts.Tr("This project draws with HDRP of a version before 14, which is not supported.") : "";
        }

        /// <inheritdoc/>
        public string CreateMaterial(SkyEntry entry, SkyResult result, bool replace) =>
            AssetDatabase.GetAssetPath(Make(entry, result, replace));

        /// <inheritdoc/>
        public string Apply(SkyEntry entry, SkyResult result, bool replace, SceneOptions options)
        {
            var material = Make(entry, result, replace);
            SkyScene.Apply(material, options);
            return AssetDatabase.GetAssetPath(material);
        }

        private static Material Make(SkyEntry entry, SkyResult result, bool replace)
        {
            var options = SkyloomProjectSettings.instance.ToImportOptions();
            if (replace)
            {
                options.Overwrite = files => true;
            }
            bool there = SkyRecord.StateOf(entry, SkyPaths.Project) == SkyState.Current;
            var sky = there
                ? ImportedSky.Load($"{entry.Folder}/{entry.Name}.sky.json")
                : SkyImport.Import(entry, result, options);
            var material = SkyMaterials.CreateOrUpdate(sky, options);
            EditorGUIUtility.PingObject(material);
            return material;
        }

        private static bool IsTaken(SkyEntry entry, string name)
        {
            var named = new SkyEntry { Name = name, Folder = entry.Folder, Kind = entry.Kind, Size = entry.Size, Recipe = entry.Recipe };
            string record = SkyRecord.PathOf(named, SkyPaths.Project);
            if (File.Exists(record))
            {
                try
                {
                    return SkyRecord.Parse(File.ReadAllText(record)).ContentHash != named.ContentHash();
                }
                catch (ManifestException)
                {
                    return true;
                }
            }
            string folder = Path.GetDirectoryName(record);
            string[] ends = { ".png", ".jpg", ".mat", "_front.png", "_front.jpg" };
            return ends.Any(end => File.Exists(Path.Combine(folder, name + end)));
        }
    }
}
