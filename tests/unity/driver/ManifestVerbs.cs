// ManifestVerbs: manifests read, and records written for made-up results and compared with the files.
using System;
using System.IO;
using System.Linq;
using Skyloom.Json;
using Skyloom.V1;

namespace Skyloom.Tests
{
    internal static class ManifestVerbs
    {
        public static JsonValue Read(Call call) => JsonValue.Of(SkyManifest.Parse(call.Text("text")).Items.Select(
            item => JsonValue.Of(
                ("label", JsonValue.Of(item.Label)), ("error", JsonValue.Of(item.Error)),
                ("hash", JsonValue.Of(item.Entry?.ContentHash())),
                ("request", JsonValue.Of(item.Entry == null ? null : RecipeJson.Write(item.Entry.Request()))),
                ("again", item.Entry == null ? JsonValue.Null : JsonValue.Of(SkyManifest.Write(new[] { item.Entry }))))));

        /// <summary>The state of an entry; with "make" its files and record are written first.</summary>
        public static JsonValue Record(Call call)
        {
            var entry = SkyManifest.Parse(call.Text("text")).Items[0].Entry;
            string project = call.Text("project");
            if (call.Get("make").Kind == JsonKind.Bool)
            {
                var summary = new JobSummary { Recipe = entry.Request() };
                var images = entry.Kind == SkyKind.SixSided
                    ? new[] { "front", "back", "left", "right", "up", "down" }
                    : new[] { "panorama" };
                foreach (string name in images)
                {
                    byte[] data = System.Text.Encoding.ASCII.GetBytes("picture " + name);
                    summary.Images.Add(new ImageInfo { Image = name, Sha256 = Sha256.Hex(data), Format = ImageFormat.Png });
                }
                var result = new SkyResult("job", summary, summary.Images.Select(info => new SkyImage(
                    info, System.Text.Encoding.ASCII.GetBytes("picture " + info.Image))).ToArray());
                Directory.CreateDirectory(Path.Combine(project, entry.Folder));
                foreach (var image in result.Images)
                {
                    File.WriteAllBytes(Path.Combine(project, entry.Folder, SkyRecord.FileNameOf(entry, image)), image.Data);
                }
                var record = SkyRecord.Of(entry, result);
                File.WriteAllText(SkyRecord.PathOf(entry, project), record.ToText());
            }
            return JsonValue.Of(SkyRecord.StateOf(entry, project).ToString());
        }
    }
}
