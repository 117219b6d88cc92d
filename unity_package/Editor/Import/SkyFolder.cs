// SkyFolder: a folder of assets that is made where it is missing, and unmade again when nothing comes of it.
using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;

namespace Skyloom.Editor
{
    internal sealed class SkyFolder : IDisposable
    {
        private readonly List<string> _made = new List<string>();
        private bool _kept;

        /// <summary>Makes what is missing of "Assets/A/B".</summary>
        /// <exception cref="SkyImportException">It cannot be made.</exception>
        public SkyFolder(string path)
        {
            string parent = "";
            foreach (string part in path.Split('/'))
            {
                string folder = parent.Length == 0 ? part : parent + "/" + part;
                if (!AssetDatabase.IsValidFolder(folder))
                {
                    Make(parent, part, folder);
                }
                parent = folder;
            }
        }

        /// <summary>The folders stay.</summary>
        public void Keep()
        {
            _kept = true;
        }

        /// <summary>Removes the folders that were made, unless <see cref="Keep"/> was called.</summary>
        public void Dispose()
        {
            for (int i = _made.Count - 1; !_kept && i >= 0; i--)
            {
                string folder = SkyPaths.Absolute(_made[i]);
                if (Directory.Exists(folder) && Directory.GetFileSystemEntries(folder).Length == 0)
                {
                    AssetDatabase.DeleteAsset(_made[i]);
                }
            }
        }

        private void Make(string parent, string part, string folder)
        {
            if (Directory.Exists(SkyPaths.Absolute(folder)))
            {
                // On disk, but Unity has not seen it yet; CreateFolder would make a second one beside it.
                AssetDatabase.ImportAsset(folder);
                return;
            }
            if (AssetDatabase.CreateFolder(parent, part).Length == 0)
            {
                throw new SkyImportException($"the folder {folder} cannot be made");
            }
            _made.Add(folder);
        }
    }
}
