// LogicVerbs: parts of the package without a window: preview formulas, forms, history, environment.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Skyloom.Editor;
using Skyloom.Json;
using UnityFakes;

namespace Skyloom.Tests
{
    internal static class LogicVerbs
    {
        public static async Task<JsonValue> RunAsync(string verb, IReadOnlyDictionary<string, JsonValue> request)
        {
            string Text(string name) => request.TryGetValue(name, out JsonValue value) ? value.AsText(name) : "";
            switch (verb)
            {
                case "runtime":
                    return JsonValue.Of(Type.GetType("Mono.Runtime") != null ? "mono" : "net");
                case "unit":
                    return await UnitRunner.RunAsync();
                case "sample":
                    return Sample(request);
                case "findPython":
                    var candidates = request.TryGetValue("candidates", out JsonValue list)
                        ? list.AsList("candidates").Select(one => one.AsText("candidate")).ToArray()
                        : null;
                    var python = await PythonFinder.FindAsync(Text("named"), candidates);
                    return JsonValue.Of(("program", JsonValue.Of(python.Program)), ("version", JsonValue.Of(python.Version.ToString())));
                case "install":
                    var found = await PythonFinder.FindAsync(Text("python"));
                    Installer(request).Start(found, Text("source"), Text("index"));
                    return JsonValue.Null;
                case "installTooOld":
                    Installer(request).Start(new PythonProgram(Text("python"), new Version(3, 9, 1)), Text("source"), "");
                    return JsonValue.Null;
                case "installStatus":
                    return Status(Installer(request));
                case "installCancel":
                    Installer(request).Cancel();
                    return JsonValue.Null;
                case "source":
                    return JsonValue.Of(BackendSource.Automatic(new PackageFacts
                    {
                        PackageId = Text("packageId"), GitHash = Text("hash"), ResolvedPath = Text("path"),
                    }));
                default:
                    throw new ArgumentException("no such verb: " + verb);
            }
        }

        // A new object for each verb: nothing may be remembered between them.
        private static EnvironmentInstaller Installer(IReadOnlyDictionary<string, JsonValue> request) => new EnvironmentInstaller(
            request["folder"].AsText("folder"), request["library"].AsText("library"),
            EditorLife.Physical(SkyloomSession.PackagePath + "/Editor/Environment/Python~/install_backend.py"));

        private static JsonValue Status(EnvironmentInstaller installer)
        {
            var status = installer.Poll();
            return JsonValue.Of(
                ("step", JsonValue.Of(status.Step.ToString())), ("message", JsonValue.Of(status.Message)),
                ("installed", JsonValue.Of(installer.IsInstalled)), ("version", JsonValue.Of(installer.InstalledVersion)),
                ("source", JsonValue.Of(installer.InstalledSource)), ("python", JsonValue.Of(installer.Python)),
                ("log", JsonValue.Of(installer.LogTail())));
        }

        /// <summary>A sky's colours in directions, and the directions of a camera's pixels.</summary>
        private static JsonValue Sample(IReadOnlyDictionary<string, JsonValue> request)
        {
            var codec = new UnityPictureCodec();
            var pictures = request["pictures"].AsObject("pictures").ToDictionary(
                one => one.Key, one => codec.Decode(File.ReadAllBytes(one.Value.AsText(one.Key))));
            var sky = SkySampler.Of(RecipeKind(request["kind"].AsText("kind")), pictures);
            if (request.TryGetValue("directions", out JsonValue directions))
            {
                return JsonValue.Of(directions.AsList("directions").Select(one =>
                {
                    var at = one.AsList("direction");
                    sky.Sample(at[0].AsNumber("x"), at[1].AsNumber("y"), at[2].AsNumber("z"), out double r, out double g, out double b);
                    return JsonValue.Of(new[] { JsonValue.Of(r), JsonValue.Of(g), JsonValue.Of(b) });
                }));
            }
            var camera = new PreviewCamera
            {
                yaw = request["yaw"].AsNumber("yaw"), pitch = request["pitch"].AsNumber("pitch"), fov = request["fov"].AsNumber("fov"),
            };
            var view = PreviewRenderer.Render(
                sky, camera, (int)request["width"].AsWhole("width"), (int)request["height"].AsWhole("height"));
            return JsonValue.Of(Convert.ToBase64String(view.Bytes));
        }

        private static SkyKind RecipeKind(string name) => (SkyKind)Enum.Parse(typeof(SkyKind), name);
    }
}
