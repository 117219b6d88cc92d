// Dump: the fakes' state as JSON.
using System.Collections.Generic;
using System.Linq;
using Skyloom.Json;
using UnityEditor;
using UnityEngine;
using UnityFakes;

namespace Skyloom.Editor.Tests
{
    internal static class Dump
    {
        public static JsonValue Texts(IEnumerable<string> texts) => JsonValue.Of(texts.Select(one => JsonValue.Of(one)));

        public static JsonValue Map(IEnumerable<KeyValuePair<string, string>> map) =>
            JsonValue.Of(map.Select(pair => (pair.Key, JsonValue.Of(pair.Value))).ToArray());

        public static JsonValue Sky(ImportedSky sky) => JsonValue.Of(
            ("name", JsonValue.Of(sky.Name)), ("folder", JsonValue.Of(sky.Folder)), ("kind", JsonValue.Of(sky.Kind.ToString())),
            ("size", JsonValue.Of((long)sky.Size)), ("record", JsonValue.Of(sky.RecordPath)),
            ("material", JsonValue.Of(sky.MaterialPath)), ("hash", JsonValue.Of(sky.Record.ContentHash)),
            ("textures", JsonValue.Of(sky.Textures.Select(one => (one.Image, JsonValue.Of(one.AssetPath))).ToArray())));

        public static JsonValue Material(Material material) => JsonValue.Of(
            ("path", JsonValue.Of(AssetDatabase.GetAssetPath(material))), ("shader", JsonValue.Of(material.shader.name)),
            ("textures", JsonValue.Of(material.Textures.Select(pair => (pair.Key, Texture(pair.Value))).ToArray())),
            ("floats", JsonValue.Of(material.Floats.Select(pair => (pair.Key, JsonValue.Of((double)pair.Value))).ToArray())),
            ("colours", JsonValue.Of(material.Colours.Select(pair => (pair.Key, Colour(pair.Value))).ToArray())),
            ("keywords", Texts(material.Keywords)));

        public static JsonValue Colour(Color colour) => JsonValue.Of(
            new[] { colour.r, colour.g, colour.b, colour.a }.Select(one => JsonValue.Of((double)one)));

        public static JsonValue Importer(string path) => JsonValue.Of(
            ("guid", JsonValue.Of(AssetDatabase.AssetPathToGUID(path))),
            ("settings", Map(MetaFile.SettingsOf(AssetImporter.GetAtPath(path)))),
            ("labels", Texts(MetaFile.Read(path).Labels)));

        public static JsonValue Scene()
        {
            var sun = RenderSettings.sun;
            return JsonValue.Of(
                ("skybox", JsonValue.Of(RenderSettings.skybox == null ? null : AssetDatabase.GetAssetPath(RenderSettings.skybox))),
                ("ambient", JsonValue.Of(RenderSettings.ambientMode.ToString())),
                ("reflections", JsonValue.Of(RenderSettings.defaultReflectionMode.ToString())),
                ("sun", sun == null ? JsonValue.Null : JsonValue.Of(
                    ("name", JsonValue.Of(sun.gameObject.name)), ("type", JsonValue.Of(sun.type.ToString())),
                    ("colour", Colour(sun.color)), ("rotation", Rotation(sun.transform.rotation)))),
                ("roots", JsonValue.Of(World.Scene.Living().Select(one => JsonValue.Of(one.name)))));
        }

        private static JsonValue Texture(Texture texture) => JsonValue.Of(
            ("path", JsonValue.Of(AssetDatabase.GetAssetPath(texture))), ("type", JsonValue.Of(texture.GetType().Name)),
            ("width", JsonValue.Of((long)texture.width)), ("height", JsonValue.Of((long)texture.height)));

        private static JsonValue Rotation(Quaternion turn) => JsonValue.Of(
            new[] { turn.x, turn.y, turn.z, turn.w }.Select(one => JsonValue.Of((double)one)));
    }
}
