// SceneVerbs: skies in the scene, steps back, builds, batch runs.
using System;
using System.Linq;
using Skyloom.Json;
using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;
using UnityEngine.Rendering.HighDefinition;
using UnityFakes;

namespace Skyloom.Editor.Tests
{
    internal static class SceneVerbs
    {
        [Verb("apply")]
        private static JsonValue Apply(Request request)
        {
            SkyScene.Apply(AssetDatabase.LoadAssetAtPath<Material>(request.Text("path")), new SceneOptions
            {
                Ambient = request.Bool("ambient", true),
                Reflections = request.Bool("reflections", true),
                Sun = request.Bool("sun"),
                SunAzimuth = (float)request.Number("azimuth"),
                SunElevation = (float)request.Number("elevation", 45),
                SunColour = request.Bool("red") ? new Color(1, 0, 0) : (Color?)null,
            });
            return Dump.Scene();
        }

        [Verb("scene")]
        private static JsonValue Scene(Request request) => Dump.Scene();

        /// <summary>An empty scene.</summary>
        [Verb("newScene")]
        private static JsonValue NewScene(Request request)
        {
            World.Scene.Roots.Clear();
            RenderSettings.skybox = null;
            RenderSettings.sun = null;
            RenderSettings.ambientMode = AmbientMode.Trilight;
            RenderSettings.defaultReflectionMode = DefaultReflectionMode.Custom;
            return JsonValue.Null;
        }

        /// <summary>A light, or a volume of the scene's template, that a person put there.</summary>
        [Verb("place")]
        private static JsonValue Place(Request request)
        {
            var holder = new GameObject(request.Text("name"));
            if (request.Bool("volume"))
            {
                holder.AddComponent<Volume>().priority = (float)request.Number("priority");
                return JsonValue.Null;
            }
            holder.AddComponent<Light>().type =
                (LightType)Enum.Parse(typeof(LightType), request.Text("type", "Directional"));
            return JsonValue.Null;
        }

        [Verb("volumes")]
        private static JsonValue Volumes(Request request) => JsonValue.Of(World.Scene.Living()
            .SelectMany(root => root.GetComponentsInChildren<Volume>()).Select(volume => JsonValue.Of(
                ("name", JsonValue.Of(volume.gameObject.name)), ("global", JsonValue.Of(volume.isGlobal)),
                ("priority", JsonValue.Of((double)volume.priority)), ("profile", Profile(volume.sharedProfile)))));

        [Verb("undo")]
        private static JsonValue Back(Request request)
        {
            Undo.PerformUndo();
            return Dump.Scene();
        }

        [Verb("steps")]
        private static JsonValue Steps(Request request) => JsonValue.Of(UndoStack.All.Select(step => JsonValue.Of(
            ("group", JsonValue.Of((long)step.Group)), ("kind", JsonValue.Of(step.Kind)),
            ("object", JsonValue.Of(step.Object)), ("name", JsonValue.Of(step.Name)),
            ("groupName", JsonValue.Of(UndoStack.Names.TryGetValue(step.Group, out string name) ? name : "")))));

        /// <summary>What a build calls; the settings are those of the project.</summary>
        [Verb("build")]
        private static JsonValue Build(Request request)
        {
            var settings = SkyBuildSettings.instance;
            settings.Verify = request.Bool("verify", true);
            settings.Manifests.Clear();
            settings.Manifests.AddRange(request.Texts("manifests"));
            settings.Store();
            var check = new SkyBuildCheck();
            check.OnPreprocessBuild(
                (UnityEditor.Build.Reporting.BuildReport)Activator.CreateInstance(
                    typeof(UnityEditor.Build.Reporting.BuildReport), true));
            return JsonValue.Of((long)check.callbackOrder);
        }

        /// <summary>The team wants smaller skies on a platform.</summary>
        [Verb("limit")]
        private static JsonValue Limit(Request request)
        {
            var settings = SkyloomProjectSettings.instance;
            settings.Limits.Add(new PlatformLimit
            {
                platform = request.Text("platform"), maxSize = (int)request.Number("size"),
            });
            settings.Compression = SkyCompression.None;
            settings.Store();
            return JsonValue.Null;
        }

        [Verb("batch")]
        private static JsonValue Batch(Request request)
        {
            var report = SkyBatch.Run(request.Texts("arguments"), request.Bool("verify"));
            return JsonValue.Of(
                ("exit", JsonValue.Of((long)report.Exit)), ("error", JsonValue.Of(report.Error)),
                ("summary", JsonValue.Of(report.Summary())),
                ("skies", JsonValue.Of(report.Lines.Select(line => JsonValue.Of(
                    ("name", JsonValue.Of(line.Name)), ("outcome", JsonValue.Of(line.Outcome.ToString())),
                    ("exit", JsonValue.Of((long)line.Exit)), ("message", JsonValue.Of(line.Message)))))));
        }

        private static JsonValue Profile(VolumeProfile profile)
        {
            if (profile == null)
            {
                return JsonValue.Null;
            }
            profile.TryGet(out HDRISky sky);
            profile.TryGet(out VisualEnvironment environment);
            return JsonValue.Of(
                ("path", JsonValue.Of(AssetDatabase.GetAssetPath(profile))),
                ("sky", JsonValue.Of(sky == null || sky.hdriSky.value == null ? null : AssetDatabase.GetAssetPath(sky.hdriSky.value))),
                ("skyOverride", JsonValue.Of(sky != null && sky.hdriSky.overrideState)),
                ("rotation", JsonValue.Of((double)(sky == null ? -1 : sky.rotation.value))),
                ("type", JsonValue.Of((long)(environment == null ? -1 : environment.skyType.value))),
                ("ambient", JsonValue.Of(environment == null ? null : environment.skyAmbientMode.value.ToString())));
        }
    }
}
