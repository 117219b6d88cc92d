// SkyloomProjectSettings: what a team sets for a project; stored in ProjectSettings, which is committed.
using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>A platform whose skies are smaller.</summary>
    [Serializable]
    public sealed class PlatformLimit
    {
        /// <summary>Unity's name of the platform: "Android", "iPhone", "WebGL", ...</summary>
        public string platform = "Android";

        /// <summary>Largest side of a texture, pixels.</summary>
        public int maxSize = 2048;
    }

    /// <summary>
    /// Settings of a team: what a new window begins with, and how skies are imported. What a build checks is in
    /// <see cref="SkyBuildSettings"/>. Change, then <see cref="Store"/>.
    /// </summary>
    [FilePath("ProjectSettings/Skyloom.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed class SkyloomProjectSettings : ScriptableSingleton<SkyloomProjectSettings>
    {
        [SerializeField]
        private string _folder = "Assets/Skies";

        [SerializeField]
        private SkyKind _kind = SkyKind.Panoramic;

        [SerializeField]
        private uint _panoramaSize = SkyOutputs.DefaultSize(SkyKind.Panoramic);

        [SerializeField]
        private uint _sixSidedSize = SkyOutputs.DefaultSize(SkyKind.SixSided);

        [SerializeField]
        private uint _cubemapSize = SkyOutputs.DefaultSize(SkyKind.Cubemap);

        [SerializeField]
        private SkyCompression _compression = SkyCompression.HighQuality;

        [SerializeField]
        private List<PlatformLimit> _limits = new List<PlatformLimit>();

        /// <summary>Settings were stored.</summary>
        public static event Action Stored;

        /// <summary>Folder for new skies.</summary>
        public string Folder
        {
            get => _folder;
            set => _folder = value.Trim().TrimEnd('/');
        }

        /// <summary>Material for new skies.</summary>
        public SkyKind Kind
        {
            get => _kind;
            set => _kind = value;
        }

        /// <summary>How textures are compressed.</summary>
        public SkyCompression Compression
        {
            get => _compression;
            set => _compression = value;
        }

        /// <summary>Platforms with smaller textures.</summary>
        public List<PlatformLimit> Limits => _limits;

        /// <summary>Size for new skies of a kind, pixels.</summary>
        public uint SizeOf(SkyKind kind) =>
            kind == SkyKind.Panoramic ? _panoramaSize : kind == SkyKind.SixSided ? _sixSidedSize : _cubemapSize;

        /// <summary>Sets it.</summary>
        public void SetSize(SkyKind kind, uint size)
        {
            switch (kind)
            {
                case SkyKind.Panoramic:
                    _panoramaSize = size;
                    break;
                case SkyKind.SixSided:
                    _sixSidedSize = size;
                    break;
                default:
                    _cubemapSize = size;
                    break;
            }
        }

        /// <summary>Why the folder cannot be used, "" when it can.</summary>
        public static string FolderProblem(string folder)
        {
            var form = new SkyForm { folder = folder.Trim() };
            return form.Problem;
        }

        /// <summary>How skies are imported by these settings.</summary>
        public ImportOptions ToImportOptions()
        {
            var limits = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var limit in _limits)
            {
                if (limit.platform.Trim().Length > 0 && limit.maxSize >= 32)
                {
                    limits[limit.platform.Trim()] = limit.maxSize;
                }
            }
            return new ImportOptions { Compression = _compression, PlatformMaxSizes = limits };
        }

        /// <summary>A form as a new window begins with.</summary>
        public SkyForm NewForm() => new SkyForm { folder = _folder, kind = _kind, size = SizeOf(_kind) };

        /// <summary>Writes the file and tells who uses the settings.</summary>
        public void Store()
        {
            Save(true);
            Stored?.Invoke();
        }
    }
}
