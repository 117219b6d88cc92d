// SkyRecord: what was made of an entry, kept beside its files, so that unchanged skies are not made again.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Skyloom.Json;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>Whether the files of an entry are there and up to date.</summary>
    public enum SkyState
    {
        /// <summary>Made from this entry, and every file is as it was made.</summary>
        Current,

        /// <summary>The record or a file is not there, or cannot be read.</summary>
        Missing,

        /// <summary>The entry changed since.</summary>
        Stale,

        /// <summary>A file changed since.</summary>
        Changed,
    }

    /// <summary>One file of a made sky.</summary>
    public sealed class RecordedFile
    {
        internal RecordedFile(string name, string image, string sha256)
        {
            Name = name;
            Image = image;
            Sha256 = sha256;
        }

        /// <summary>File name, in the record's folder.</summary>
        public string Name { get; }

        /// <summary>Which picture of the result it holds: "panorama", "front", "cross", ...</summary>
        public string Image { get; }

        /// <summary>Of its bytes, lower-case hex.</summary>
        public string Sha256 { get; }
    }

    /// <summary>
    /// NAME.sky.json beside the pictures. Times are left out on purpose: the same sky has the same record.
    /// </summary>
    public sealed class SkyRecord
    {
        private const int Version = 1;

        private SkyRecord(string contentHash, SkyKind kind, SkyRecipe recipe, IReadOnlyList<RecordedFile> files)
        {
            ContentHash = contentHash;
            Kind = kind;
            Recipe = recipe;
            Files = files;
        }

        /// <summary>The <see cref="SkyEntry.ContentHash"/> of what it was made from.</summary>
        public string ContentHash { get; }

        /// <summary>The material.</summary>
        public SkyKind Kind { get; }

        /// <summary>The whole recipe, with the model's hash and the version that made it: makes the sky again.</summary>
        public SkyRecipe Recipe { get; }

        /// <summary>The pictures.</summary>
        public IReadOnlyList<RecordedFile> Files { get; }

        /// <summary>The record's path for an entry, in a project at <paramref name="projectFolder"/>.</summary>
        public static string PathOf(SkyEntry entry, string projectFolder) =>
            Path.Combine(projectFolder, entry.Folder, entry.Name + ".sky.json");

        /// <summary>The file name of one picture of an entry.</summary>
        public static string FileNameOf(SkyEntry entry, SkyImage image) =>
            entry.Kind == SkyKind.SixSided ? $"{entry.Name}_{image.Name}{image.Extension}" : entry.Name + image.Extension;

        /// <summary>The record of a result.</summary>
        public static SkyRecord Of(SkyEntry entry, SkyResult result)
        {
            var files = new List<RecordedFile>();
            foreach (var image in result.Images)
            {
                files.Add(new RecordedFile(FileNameOf(entry, image), image.Name, image.Info.Sha256));
            }
            return new SkyRecord(entry.ContentHash(), entry.Kind, result.Recipe, files);
        }

        /// <summary>The record's text.</summary>
        public string ToText()
        {
            var files = new List<JsonValue>();
            foreach (var file in Files)
            {
                files.Add(JsonValue.Of(
                    ("name", JsonValue.Of(file.Name)), ("image", JsonValue.Of(file.Image)),
                    ("sha256", JsonValue.Of(file.Sha256))));
            }
            return JsonValue.Of(
                ("recordVersion", JsonValue.Of(Version)), ("contentHash", JsonValue.Of(ContentHash)),
                ("kind", JsonValue.Of(SkyEntry.NameOf(Kind))), ("recipe", RecipeJson.ToJson(Recipe)),
                ("files", JsonValue.Of(files))).ToText(true) + "\n";
        }

        /// <summary>Reads a record's text.</summary>
        /// <exception cref="ManifestException">It is no record.</exception>
        public static SkyRecord Parse(string text)
        {
            try
            {
                var fields = JsonValue.Parse(text)
                    .AsObject("record", "recordVersion", "contentHash", "kind", "recipe", "files");
                fields["recordVersion"].AsWhole("recordVersion", Version, Version);
                var files = new List<RecordedFile>();
                foreach (var value in fields["files"].AsList("files"))
                {
                    var file = value.AsObject("files", "name", "image", "sha256");
                    string name = file["name"].AsText("files.name");
                    if (name != Path.GetFileName(name) || name.Trim('.').Length == 0)
                    {
                        throw new ManifestException($"record: \"{name}\" is no plain file name");
                    }
                    files.Add(new RecordedFile(name, file["image"].AsText("files.image"), file["sha256"].AsText("files.sha256")));
                }
                var recipe = RecipeJson.FromJson(fields["recipe"], "recipe", true);
                RecipeCheck.Check(recipe);
                return new SkyRecord(
                    fields["contentHash"].AsText("contentHash"), SkyEntry.KindOf(fields["kind"].AsText("kind")), recipe, files);
            }
            catch (Exception error) when (error is JsonException || error is KeyNotFoundException
                || error is InvalidRequestException)
            {
                throw new ManifestException("record: " + error.Message);
            }
        }

        /// <summary>Whether every file in <paramref name="folder"/> is as it was made; all of them are read.</summary>
        /// <exception cref="IOException">One is not there or cannot be read.</exception>
        public bool FilesMatch(string folder)
        {
            foreach (var file in Files)
            {
                if (Skyloom.Sha256.Hex(File.ReadAllBytes(Path.Combine(folder, file.Name))) != file.Sha256)
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>Whether what the entry asks for is there and up to date; every file is read and hashed.</summary>
        public static SkyState StateOf(SkyEntry entry, string projectFolder)
        {
            string path = PathOf(entry, projectFolder);
            try
            {
                var record = Parse(File.ReadAllText(path, Encoding.UTF8));
                if (record.ContentHash != entry.ContentHash())
                {
                    return SkyState.Stale;
                }
                return record.FilesMatch(Path.GetDirectoryName(path)) ? SkyState.Current : SkyState.Changed;
            }
            catch (Exception error) when (error is ManifestException || error is IOException
                || error is UnauthorizedAccessException)
            {
                return SkyState.Missing;
            }
        }
    }
}
