// AssetVerbs: projects, imports, materials.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Skyloom.Json;
using UnityEditor;
using UnityEngine;
using UnityFakes;

namespace Skyloom.Editor.Tests
{
    internal static class AssetVerbs
    {
        [Verb("runtime")]
        private static JsonValue Runtime(Request request) =>
            JsonValue.Of(Type.GetType("Mono.Runtime") != null ? "mono" : "net");

        /// <summary>Opens a project at a path; everything asked and logged before is forgotten.</summary>
        [Verb("project")]
        private static JsonValue Open(Request request)
        {
            World.Project = request.Text("path");
            World.BatchMode = request.Bool("batch");
            World.NoGraphics = request.Bool("noGraphics");
            World.Playing = request.Bool("playing");
            World.ColorSpace = request.Bool("gamma") ? ColorSpace.Gamma : ColorSpace.Linear;
            World.Pipeline = PipelineNamed(request.Text("pipeline", ""));
            World.ForgetSingletons();
            World.Notes.Clear();
            World.Log.Clear();
            Assets.Close();
            UndoStack.Clear();
            Directory.CreateDirectory(Path.Combine(World.Project, "Assets"));
            return JsonValue.Null;
        }

        /// <summary>Asks a server for a sky and imports it.</summary>
        [Verb("import")]
        private static async Task<JsonValue> ImportAsync(Request request)
        {
            var entry = SkyManifest.Parse(request.Text("manifest")).Items[0].Entry;
            using (var client = new SkyloomClient(request.Text("address"), new SkyloomClientOptions()))
            {
                var result = await client.GenerateAsync(entry.Request());
                if (request.Has("as"))
                {
                    entry.Kind = SkyEntry.KindOf(request.Text("as"));
                }
                Assets.FailAt = request.Text("failAt", "");
                try
                {
                    return Dump.Sky(SkyImport.Import(entry, result, Options(request)));
                }
                finally
                {
                    Assets.FailAt = "";
                }
            }
        }

        /// <summary>A preset of the project that overrides a platform's size, and turns on what a sky must not have.</summary>
        [Verb("preset")]
        private static JsonValue Preset(Request request)
        {
            string platform = request.Text("platform");
            int size = (int)request.Number("size");
            Assets.Preset = importer =>
            {
                importer.Settings.mipmapEnabled = true;
                importer.Settings.readable = true;
                importer.Settings.seamlessCubemap = true;
                importer.Settings.aniso = 16;
                importer.Settings.sRGBTexture = false;
                importer.Settings.textureType = TextureImporterType.Sprite;
                importer.crunchedCompression = true;
                Override(importer, platform, size);
            };
            return JsonValue.Null;
        }

        /// <summary>What a person does in the importer's inspector.</summary>
        [Verb("override")]
        private static JsonValue OverrideByHand(Request request)
        {
            var importer = (TextureImporter)AssetImporter.GetAtPath(request.Text("path"));
            Override(importer, request.Text("platform"), (int)request.Number("size"));
            importer.SaveAndReimport();
            return JsonValue.Null;
        }

        [Verb("shrink")]
        private static JsonValue Shrink(Request request)
        {
            Assets.Shrink = (int)request.Number("size");
            return JsonValue.Null;
        }

        [Verb("importer")]
        private static JsonValue Importer(Request request) => Dump.Importer(request.Text("path"));

        [Verb("imports")]
        private static JsonValue Imports(Request request) => JsonValue.Of(
            ("blocks", JsonValue.Of((long)Assets.Blocks)), ("open", JsonValue.Of(Assets.Editing)),
            ("notes", Dump.Texts(World.Notes)),
            ("done", JsonValue.Of(Assets.Imports.Select(one => JsonValue.Of(
                ("path", JsonValue.Of(one.Path)), ("settings", Dump.Map(one.Settings)))))));

        [Verb("conflicts")]
        private static JsonValue Conflicts(Request request) =>
            Dump.Texts(SkyImport.Conflicts(SkyManifest.Parse(request.Text("manifest")).Items[0].Entry));

        [Verb("skies")]
        private static JsonValue Skies(Request request) => JsonValue.Of(ImportedSky.FindAll().Select(Dump.Sky));

        /// <summary>The entry that a record leads back to.</summary>
        [Verb("entry")]
        private static JsonValue Entry(Request request)
        {
            var entry = ImportedSky.Load(request.Text("record")).ToEntry(request.Bool("exact"));
            return JsonValue.Of(
                ("manifest", JsonValue.Of(SkyManifest.Write(new[] { entry }))), ("hash", JsonValue.Of(entry.ContentHash())));
        }

        [Verb("outputs")]
        private static JsonValue Outputs(Request request)
        {
            var kind = SkyEntry.KindOf(request.Text("kind"));
            return JsonValue.Of(
                ("sizes", JsonValue.Of(SkyOutputs.Sizes(kind).Select(size => JsonValue.Of((long)size)))),
                ("default", JsonValue.Of((long)SkyOutputs.DefaultSize(kind))),
                ("layouts", Dump.Texts(SkyOutputs.For(kind, SkyOutputs.DefaultSize(kind)).Select(one => one.Layout.ToString()))),
                ("pictures", Dump.Texts(SkyOutputs.Pictures(kind))));
        }

        [Verb("sizeFor")]
        private static JsonValue SizeFor(Request request) => JsonValue.Of(
            (long)SkyTextureSettings.SizeFor((int)request.Number("width"), (int)request.Number("height")));

        [Verb("material")]
        private static JsonValue Make(Request request) =>
            Dump.Material(SkyMaterials.CreateOrUpdate(ImportedSky.Load(request.Text("record")), Options(request)));

        /// <summary>What a person does in the material's inspector, or makes beside Skyloom.</summary>
        [Verb("touch")]
        private static JsonValue Touch(Request request)
        {
            string path = request.Text("path");
            var material = AssetDatabase.LoadAssetAtPath<Material>(path);
            if (material == null)
            {
                material = new Material(Shader.Find("Skybox/Panoramic"));
                AssetDatabase.CreateAsset(material, path);
            }
            foreach (var pair in request.Map("floats"))
            {
                material.SetFloat(pair.Key, (float)pair.Value.AsNumber(pair.Key));
            }
            AssetDatabase.SaveAssetIfDirty(material);
            return JsonValue.Null;
        }

        [Verb("look")]
        private static JsonValue Look(Request request)
        {
            var material = AssetDatabase.LoadAssetAtPath<Material>(request.Text("path"));
            return material == null ? JsonValue.Null : Dump.Material(material);
        }

        [Verb("log")]
        private static JsonValue Log(Request request) =>
            Dump.Texts(World.Log.Select(line => line.Level + ": " + line.Message));

        internal static ImportOptions Options(Request request)
        {
            var options = new ImportOptions
            {
                Compression = request.Bool("uncompressed") ? SkyCompression.None : SkyCompression.HighQuality,
                PlatformMaxSizes = request.Map("platformMaxSizes")
                    .ToDictionary(pair => pair.Key, pair => (int)pair.Value.AsWhole(pair.Key)),
            };
            if (request.Has("overwrite"))
            {
                bool answer = request.Bool("overwrite");
                options.Overwrite = paths =>
                {
                    World.Note("asked: " + string.Join(", ", paths));
                    return answer;
                };
            }
            return options;
        }

        private static void Override(TextureImporter importer, string platform, int size)
        {
            var settings = importer.GetPlatformTextureSettings(platform);
            settings.overridden = true;
            settings.maxTextureSize = size;
            importer.SetPlatformTextureSettings(settings);
        }

        private static UnityEngine.Rendering.RenderPipelineAsset PipelineNamed(string name)
        {
            switch (name)
            {
                case "":
                    return null;
                case "hdrp":
                    return ScriptableObject.CreateInstance<UnityEngine.Rendering.HighDefinition.HDRenderPipelineAsset>();
                case "urp":
                    return ScriptableObject.CreateInstance<UniversalRenderPipelineAsset>();
                default:
                    return ScriptableObject.CreateInstance<OwnPipelineAsset>();
            }
        }

        private sealed class UniversalRenderPipelineAsset : UnityEngine.Rendering.RenderPipelineAsset
        {
        }

        private sealed class OwnPipelineAsset : UnityEngine.Rendering.RenderPipelineAsset
        {
        }
    }
}
