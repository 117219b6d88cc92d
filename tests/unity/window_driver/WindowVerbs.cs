// WindowVerbs: what a person can do in the editor, and what can be seen there.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Skyloom.Editor;
using Skyloom.Json;
using UnityEditor;
using UnityEditor.PackageManager;
using UnityEngine;
using UnityEngine.UIElements;
using UnityFakes;

namespace Skyloom.Tests
{
    internal static class WindowVerbs
    {
        public static async Task<JsonValue> RunAsync(
            string verb, IReadOnlyDictionary<string, JsonValue> request, MainThread main)
        {
            string Text(string name) => request.TryGetValue(name, out JsonValue value) ? value.AsText(name) : "";
            double Number(string name) => request[name].AsNumber(name);
            switch (verb)
            {
                case "begin":
                    return Begin(request);
                case "open":
                    return Open();
                case "close":
                    EditorLife.Windows.Single().Close();
                    return JsonValue.Null;
                case "menu":
                    return Menu();
                case "see":
                    return Sight.Of(Screens.Root(Text("page")));
                case "click":
                    Hands.Click(Screens.Find(Text("page"), Text("name")));
                    return JsonValue.Null;
                case "set":
                    Hands.Set(Screens.Find(Text("page"), Text("name")), request["value"]);
                    return JsonValue.Null;
                case "key":
                    Hands.Press(
                        Text("name").Length > 0 ? Screens.Find(Text("page"), Text("name")) : (VisualElement)Panel.Focused,
                        Text("key"), request.ContainsKey("action"));
                    return JsonValue.Null;
                case "drag":
                    Hands.Drag(Screens.Find("", Text("name")), Number("dx"), Number("dy"));
                    return JsonValue.Null;
                case "wheel":
                    Hands.Wheel(Screens.Find("", Text("name")), Number("delta"));
                    return JsonValue.Null;
                case "resize":
                    FakeLayout.Resize(Screens.Find("", Text("name")), (float)Number("width"), (float)Number("height"));
                    return JsonValue.Null;
                case "picture":
                    return Sight.Picture(Screens.Find("", Text("name")));
                case "textures":
                    return JsonValue.Of(World.Objects.Count(one => one is Texture2D));
                case "progress":
                    return JsonValue.Of(ProgressItems.Items.Select(Sight.Of));
                case "cancelProgress":
                    return JsonValue.Of(ProgressItems.Items[ProgressItems.Items.Count - 1].Cancel());
                case "folder":
                    EditorLife.ChosenFolder = Text("path");
                    return JsonValue.Null;
                case "notes":
                    return JsonValue.Of(World.Notes.Select(note => JsonValue.Of(note)));
                case "log":
                    return JsonValue.Of(World.Log.Select(line => JsonValue.Of(line.Level + ": " + line.Message)));
                case "faults":
                    return JsonValue.Of(main.Faults.Select(fault => JsonValue.Of(fault)));
                case "reload":
                    return Reload();
                case "quit":
                    EditorLife.Quit();
                    return JsonValue.Null;
                case "undo":
                    Undo.PerformUndo();
                    return JsonValue.Null;
                case "scene":
                    return Sight.Scene();
                case "settings":
                    return Screens.Open(Text("path"));
                default:
                    return await LogicVerbs.RunAsync(verb, request);
            }
        }

        private static JsonValue Begin(IReadOnlyDictionary<string, JsonValue> request)
        {
            World.Project = request["project"].AsText("project");
            EditorLife.PackageFolder = request["package"].AsText("package");
            World.BatchMode = request["batch"].AsBool("batch");
            EditorLife.ImportWorker = request["worker"].AsBool("worker");
            EditorLife.Session = request["session"].AsObject("session").ToDictionary(one => one.Key, one => one.Value.AsText(one.Key));
            if (request.TryGetValue("packageId", out JsonValue id))
            {
                EditorLife.Package = (PackageInfo)Activator.CreateInstance(typeof(PackageInfo), true);
                EditorLife.Package.packageId = id.AsText("packageId");
                EditorLife.Package.resolvedPath = EditorLife.PackageFolder;
                EditorLife.Package.version = "0.1.0";
            }
            if (request.ContainsKey("pseudo"))
            {
                // A language in which every text that was translated can be told.
                EditorLife.Translate = text => text.Length == 0 ? text : "\u00ab" + text + "\u00bb";
            }
            Directory.CreateDirectory(Path.Combine(World.Project, "Assets"));
            var assembly = typeof(SkyloomWindow).Assembly;
            foreach (var type in assembly.GetTypes().Where(type => type.IsDefined(typeof(InitializeOnLoadAttribute), false)))
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
            int listeners = EditorLife.Listeners;
            foreach (var window in request["windows"].AsObject("windows"))
            {
                EditorLife.Restore(assembly.GetType(window.Key), window.Value.AsText(window.Key));
            }
            EditorLife.RunDelayed();
            return JsonValue.Of(("listeners", JsonValue.Of(listeners)), ("session", JsonValue.Of(SkyloomSession.Exists)));
        }

        private static JsonValue Open()
        {
            SkyloomWindow.Open();
            return JsonValue.Of(EditorLife.Windows.Single().titleContent.text);
        }

        private static JsonValue Menu() => JsonValue.Of(
            typeof(SkyloomWindow).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
                .SelectMany(method => method.GetCustomAttributes<MenuItem>()).Select(item => JsonValue.Of(item.menuItem)));

        private static JsonValue Reload()
        {
            var clock = Stopwatch.StartNew();
            var windows = EditorLife.BeginReload();
            return JsonValue.Of(
                ("seconds", JsonValue.Of(clock.Elapsed.TotalSeconds)),
                ("session", JsonValue.Of(EditorLife.Session.Select(one => (one.Key, JsonValue.Of(one.Value))).ToArray())),
                ("windows", JsonValue.Of(windows.Select(one => (one.Key, JsonValue.Of(one.Value))).ToArray())));
        }
    }

    /// <summary>The window, and settings pages by their paths.</summary>
    internal static class Screens
    {
        private static readonly Dictionary<string, VisualElement> Pages = new Dictionary<string, VisualElement>();

        public static JsonValue Open(string path)
        {
            const BindingFlags any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            foreach (var method in typeof(SkyloomWindow).Assembly.GetTypes().SelectMany(type => type.GetMethods(any)))
            {
                if (method.IsDefined(typeof(SettingsProviderAttribute), false))
                {
                    var provider = (SettingsProvider)method.Invoke(null, null);
                    if (provider.settingsPath == path)
                    {
                        Pages[path] = new VisualElement();
                        provider.activateHandler("", Pages[path]);
                        return JsonValue.Of(provider.scope.ToString());
                    }
                }
            }
            throw new ArgumentException("no settings page " + path);
        }

        public static VisualElement Root(string page) =>
            page.Length > 0 ? Pages[page] : EditorLife.Windows.Single().rootVisualElement;

        /// <summary>An element by its name, or by names from the outside in: "item-1/reuse".</summary>
        public static VisualElement Find(string page, string path)
        {
            var found = Root(page);
            foreach (string name in path.Split('/').Where(name => name.Length > 0))
            {
                found = found.Q<VisualElement>(name) ?? throw new ArgumentException("no element " + path);
            }
            return found;
        }
    }
}
