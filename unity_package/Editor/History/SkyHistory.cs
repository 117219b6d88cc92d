// SkyHistory: the skies that were made in this project, with pictures and settings, in folders of plain files.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>One sky that was made.</summary>
    public sealed class HistoryItem
    {
        internal HistoryItem(string folder, SkyEntry entry)
        {
            Folder = folder;
            Entry = entry;
        }

        /// <summary>Its folder; absolute.</summary>
        public string Folder { get; }

        /// <summary>Its name in the history: sorts by the time it was made.</summary>
        public string Id => Path.GetFileName(Folder);

        /// <summary>What was asked for.</summary>
        public SkyEntry Entry { get; }

        /// <summary>A small PNG; may be missing.</summary>
        public string ThumbnailPath => Path.Combine(Folder, SkyHistory.ThumbnailName);

        /// <summary>Whether the pictures are still kept; if not, the settings can be used again.</summary>
        public bool HasPictures => File.Exists(Path.Combine(Folder, SkyHistory.SummaryName));
    }

    /// <summary>
    /// A folder for each sky: sky.json (a manifest with this one sky, ready for batch), the pictures, summary.bin (what
    /// the server said), thumbnail.png. Old pictures are dropped, settings and thumbnails stay.
    /// </summary>
    public sealed class SkyHistory
    {
        internal const string SummaryName = "summary.bin";
        internal const string ThumbnailName = "thumbnail.png";
        private const string EntryName = "sky.json";

        private readonly string _root;
        private readonly int _maxItems;
        private readonly long _maxBytes;

        /// <summary>The history in a folder, which is made with the first sky.</summary>
        /// <param name="root">Absolute path.</param>
        /// <param name="maxItems">Older ones are dropped.</param>
        /// <param name="maxBytes">Pictures beyond this are dropped, the oldest first; the newest always stays.</param>
        public SkyHistory(string root, int maxItems = 200, long maxBytes = 1L << 30)
        {
            _root = root;
            _maxItems = maxItems;
            _maxBytes = maxBytes;
        }

        /// <summary>Adds a sky. It is complete or not there at all.</summary>
        /// <exception cref="IOException">The disk is full, or will not be written.</exception>
        public HistoryItem Add(SkyEntry entry, SkyResult result, byte[] thumbnail, DateTime now)
        {
            string id = now.ToUniversalTime().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)
                + "-" + result.JobId.Substring(0, Math.Min(8, result.JobId.Length));
            string folder = Path.Combine(_root, id), beside = Path.Combine(_root, "." + id);
            Directory.CreateDirectory(beside);
            try
            {
                File.WriteAllText(Path.Combine(beside, EntryName), SkyManifest.Write(new[] { entry }), new UTF8Encoding(false));
                foreach (var image in result.Images)
                {
                    File.WriteAllBytes(Path.Combine(beside, image.Name + image.Extension), image.Data);
                }
                if (thumbnail != null)
                {
                    File.WriteAllBytes(Path.Combine(beside, ThumbnailName), thumbnail);
                }
                File.WriteAllBytes(Path.Combine(beside, SummaryName), result.Summary.ToByteArray());
                Directory.Move(beside, folder);
            }
            catch
            {
                Directory.Delete(beside, true);
                throw;
            }
            Trim();
            return new HistoryItem(folder, entry);
        }

        /// <summary>Every sky, the newest first. What cannot be read is left out.</summary>
        public IReadOnlyList<HistoryItem> Items()
        {
            var items = new List<HistoryItem>();
            if (!Directory.Exists(_root))
            {
                return items;
            }
            foreach (string folder in Directory.GetDirectories(_root).OrderByDescending(Path.GetFileName, StringComparer.Ordinal))
            {
                var item = Path.GetFileName(folder).StartsWith(".", StringComparison.Ordinal) ? null : Read(folder);
                if (item != null)
                {
                    items.Add(item);
                }
            }
            return items;
        }

        /// <summary>The sky of that id; null where there is none.</summary>
        public HistoryItem Find(string id) => Items().FirstOrDefault(item => item.Id == id);

        /// <summary>The sky as the server sent it; null where its pictures are gone or were changed.</summary>
        public SkyResult Load(HistoryItem item)
        {
            try
            {
                var summary = Wire.Message.Parse<JobSummary>(File.ReadAllBytes(Path.Combine(item.Folder, SummaryName)));
                var images = new List<SkyImage>();
                foreach (var info in summary.Images)
                {
                    var image = new SkyImage(info, Array.Empty<byte>());
                    byte[] data = File.ReadAllBytes(Path.Combine(item.Folder, Path.GetFileName(image.Name + image.Extension)));
                    if (Sha256.Hex(data) != info.Sha256)
                    {
                        return null;
                    }
                    images.Add(new SkyImage(info, data));
                }
                return new SkyResult("", summary, images);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is Wire.WireFormatException)
            {
                return null;
            }
        }

        /// <summary>Forgets a sky; what was made of it in Assets stays.</summary>
        public void Delete(HistoryItem item) => DeleteQuietly(item.Folder);

        private static HistoryItem Read(string folder)
        {
            try
            {
                var item = SkyManifest.Load(Path.Combine(folder, EntryName)).Items.FirstOrDefault();
                return item?.Entry == null ? null : new HistoryItem(folder, item.Entry);
            }
            catch (ManifestException)
            {
                return null;
            }
        }

        private void Trim()
        {
            foreach (string left in Directory.GetDirectories(_root, ".*"))
            {
                // Of an editor that crashed while it wrote.
                DeleteQuietly(left);
            }
            var items = Items();
            long bytes = 0;
            for (int i = 0; i < items.Count; i++)
            {
                if (i >= _maxItems)
                {
                    DeleteQuietly(items[i].Folder);
                    continue;
                }
                var files = new DirectoryInfo(items[i].Folder).GetFiles();
                bytes += files.Sum(file => file.Length);
                if (i > 0 && bytes > _maxBytes)
                {
                    // The summary goes first: without it the pictures are not looked for.
                    foreach (var file in files.OrderBy(file => file.Name == SummaryName ? 0 : 1))
                    {
                        if (file.Name != EntryName && file.Name != ThumbnailName)
                        {
                            DeleteQuietly(file);
                        }
                    }
                }
            }
        }

        private static void DeleteQuietly(FileSystemInfo file)
        {
            try
            {
                file.Delete();
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                // Somebody looks at it; the next sky tries again.
            }
        }

        private static void DeleteQuietly(string folder)
        {
            try
            {
                Directory.Delete(folder, true);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                // As above.
            }
        }
    }
}
