// FileSwap: puts several files in place together: all of them, or everything as it was.
using System;
using System.Collections.Generic;
using System.IO;

namespace Skyloom.Editor
{
    /// <summary>
    /// Files are written beside their places under names that Unity does not import, then moved. Until
    /// <see cref="Keep"/>, disposing brings back what was there before.
    /// </summary>
    internal sealed class FileSwap : IDisposable
    {
        private readonly List<Entry> _entries = new List<Entry>();
        private bool _kept;

        /// <summary>Writes the new content beside its place.</summary>
        /// <exception cref="IOException">It cannot be written.</exception>
        public void Write(string target, byte[] data)
        {
            var entry = new Entry(target);
            _entries.Add(entry);
            File.WriteAllBytes(entry.Fresh, data);
        }

        /// <summary>Moves everything that was written into place.</summary>
        /// <exception cref="IOException">One of them cannot be moved.</exception>
        public void Commit()
        {
            foreach (var entry in _entries)
            {
                if (File.Exists(entry.Target))
                {
                    File.Delete(entry.Old);
                    File.Replace(entry.Fresh, entry.Target, entry.Old);
                    entry.Replaced = true;
                }
                else
                {
                    File.Move(entry.Fresh, entry.Target);
                    entry.Added = true;
                }
            }
        }

        /// <summary>The new files stay.</summary>
        public void Keep()
        {
            _kept = true;
        }

        /// <summary>Removes what is left beside the files; brings the old ones back unless <see cref="Keep"/> was called.</summary>
        /// <exception cref="IOException">One file could not be brought back; the others were.</exception>
        public void Dispose()
        {
            var faults = new List<string>();
            foreach (var entry in _entries)
            {
                try
                {
                    if (!_kept)
                    {
                        entry.BringBack();
                    }
                    File.Delete(entry.Fresh);
                    File.Delete(entry.Old);
                }
                catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
                {
                    faults.Add(error.Message);
                }
            }
            if (faults.Count > 0)
            {
                throw new IOException(string.Join("; ", faults));
            }
        }

        private sealed class Entry
        {
            private readonly byte[] _meta;

            public Entry(string target)
            {
                Target = target;
                // Unity's importer passes over names that begin with a dot.
                string hidden = Path.Combine(Path.GetDirectoryName(target), "." + Path.GetFileName(target));
                Fresh = hidden + ".skyloom-new";
                Old = hidden + ".skyloom-old";
                if (File.Exists(Meta))
                {
                    _meta = File.ReadAllBytes(Meta);
                }
            }

            public string Target { get; }

            public string Fresh { get; }

            public string Old { get; }

            public bool Replaced { get; set; }

            public bool Added { get; set; }

            // Import settings are in there: they belong to the file.
            private string Meta => Target + ".meta";

            public void BringBack()
            {
                if (!Replaced && !Added)
                {
                    return;
                }
                File.Delete(Target);
                if (Replaced)
                {
                    File.Move(Old, Target);
                }
                if (_meta == null)
                {
                    File.Delete(Meta);
                }
                else
                {
                    File.WriteAllBytes(Meta, _meta);
                }
            }
        }
    }
}
