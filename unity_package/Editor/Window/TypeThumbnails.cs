// TypeThumbnails: small pictures of the cloud types, made by the server's own model and kept for when it is not there.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>PNG files by type, in a folder by model. Main thread only.</summary>
    public sealed class TypeThumbnails
    {
        private const string LatestName = "latest.txt";
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

        private readonly string _folder;
        private bool _loading;

        /// <summary>Thumbnails in a folder, which is made when there are some.</summary>
        public TypeThumbnails(string folder)
        {
            _folder = folder;
        }

        /// <summary>There are others now.</summary>
        public event Action Changed;

        /// <summary>The PNG file of a type, made by the model that was last seen; null where there is none.</summary>
        public byte[] Find(CloudGenus genus)
        {
            try
            {
                string model = File.ReadAllText(Path.Combine(_folder, LatestName));
                return File.ReadAllBytes(FileOf(model, genus));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException || error is ArgumentException)
            {
                return null;
            }
        }

        /// <summary>Asks for the thumbnails of the server's model, unless they are here already.</summary>
        public async Task LoadAsync(SkyloomClient client, GetServerInfoResponse info, CancellationToken cancel = default)
        {
            string model = info.Models.Count == 0 ? "" : info.Models[0].Ref.Sha256;
            if (_loading || model.Length == 0 || !model.All(Uri.IsHexDigit))
            {
                return;
            }
            _loading = true;
            try
            {
                bool complete = info.CloudTypes.All(type => File.Exists(FileOf(model, type.Genus)));
                if (!complete)
                {
                    var answer = await client.GetServerInfoAsync(true, Patience, cancel);
                    Directory.CreateDirectory(Path.Combine(_folder, model));
                    foreach (var type in answer.CloudTypes.Where(type => type.ThumbnailPng.Length > 0))
                    {
                        WriteBeside(FileOf(model, type.Genus), type.ThumbnailPng);
                    }
                }
                WriteBeside(Path.Combine(_folder, LatestName), System.Text.Encoding.ASCII.GetBytes(model));
                Changed?.Invoke();
            }
            catch (Exception error) when (error is SkyloomException || error is IOException
                || error is UnauthorizedAccessException || error is OperationCanceledException)
            {
                // The types have names, too.
            }
            finally
            {
                _loading = false;
            }
        }

        private string FileOf(string model, CloudGenus genus) => Path.Combine(_folder, model, RecipeNames.Short(genus) + ".png");

        private static void WriteBeside(string path, byte[] data)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            File.WriteAllBytes(path + ".tmp", data);
            File.Delete(path);
            File.Move(path + ".tmp", path);
        }
    }
}
