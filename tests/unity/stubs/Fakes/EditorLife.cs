// EditorLife: one life of the make-believe editor between two domain reloads: windows, session, time.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using UnityEditor;
using UnityEditor.PackageManager;
using UnityEngine;
using UnityEngine.UIElements;

namespace UnityFakes
{
    public static class EditorLife
    {
        private static readonly List<EditorWindow> Open = new List<EditorWindow>();

        /// <summary>Texts of SessionState.</summary>
        public static Dictionary<string, string> Session { get; set; } = new Dictionary<string, string>();

        public static bool ImportWorker { get; set; }

        /// <summary>What OpenFolderPanel answers.</summary>
        public static string ChosenFolder { get; set; } = "";

        /// <summary>Where Packages/com.skyloom.skybox is.</summary>
        public static string PackageFolder { get; set; } = "";

        public static PackageInfo Package { get; set; }

        /// <summary>What L10n does.</summary>
        public static Func<string, string> Translate { get; set; } = text => text;

        public static IReadOnlyList<EditorWindow> Windows => Open;

        public static string Physical(string path)
        {
            const string prefix = "Packages/com.skyloom.skybox";
            return path.StartsWith(prefix, StringComparison.Ordinal) ? PackageFolder + path.Substring(prefix.Length) : path;
        }

        public static EditorWindow WindowOf(Type type)
        {
            var found = Open.FirstOrDefault(window => window.GetType() == type);
            return found != null ? found : Show((EditorWindow)ScriptableObject.CreateInstance(type));
        }

        /// <summary>A window as an earlier domain left it.</summary>
        public static EditorWindow Restore(Type type, string state)
        {
            var window = (EditorWindow)ScriptableObject.CreateInstance(type);
            Serializer.Read(window, state);
            return Show(window);
        }

        public static void Close(EditorWindow window)
        {
            Call(window, "OnDisable");
            Open.Remove(window);
            UnityEngine.Object.DestroyImmediate(window);
        }

        /// <summary>What Unity does before it unloads the assemblies; returns the windows' states by type name.</summary>
        public static Dictionary<string, string> BeginReload()
        {
            AssemblyReloadEvents.Raise();
            foreach (var window in Open)
            {
                Call(window, "OnDisable");
            }
            return Open.ToDictionary(window => window.GetType().FullName, Serializer.Write);
        }

        /// <summary>Runs what waits for the end of loading.</summary>
        public static void RunDelayed()
        {
            var waiting = EditorApplication.delayCall;
            EditorApplication.delayCall = null;
            waiting?.Invoke();
        }

        /// <summary>How many wait for the end of loading, and how many for a reload.</summary>
        public static int Listeners => (EditorApplication.delayCall?.GetInvocationList().Length ?? 0) + AssemblyReloadEvents.Listeners;

        public static void Quit() => EditorApplication.RaiseQuitting();

        /// <summary>An asset of a package, which Assets does not know.</summary>
        public static UnityEngine.Object LoadPackaged(string path)
        {
            string file = Physical(path);
            if (file == path || !File.Exists(file))
            {
                return null;
            }
            if (Path.GetExtension(file) != ".uxml")
            {
                return new StyleSheet();
            }
            return new VisualTreeAsset { File = file };
        }

        private static EditorWindow Show(EditorWindow window)
        {
            Open.Add(window);
            Call(window, "CreateGUI");
            return window;
        }

        private static void Call(EditorWindow window, string message) => window.GetType().GetMethod(
            message, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.Invoke(window, null);
    }

    /// <summary>Focus and pointer of the one panel.</summary>
    public static class Panel
    {
        public static Focusable Focused { get; set; }

        public static IEventHandler Captured { get; set; }
    }

    /// <summary>Items of the Progress window.</summary>
    public sealed class ProgressItems
    {
        private static readonly List<ProgressItems> All = new List<ProgressItems>();

        public static IReadOnlyList<ProgressItems> Items => All;

        public string Name { get; private set; }

        public string Description { get; set; }

        public Progress.Status Status { get; set; }

        public bool Removed { get; set; }

        public Func<bool> CancelCallback { get; set; }

        public List<(float Fraction, string Description)> Reports { get; } = new List<(float, string)>();

        public static int Start(string name, string description)
        {
            All.Add(new ProgressItems { Name = name, Description = description });
            return All.Count;
        }

        public static ProgressItems Of(int id) => All[id - 1];

        /// <summary>What the Progress window's button does.</summary>
        public bool Cancel()
        {
            bool cancelled = CancelCallback();
            Status = cancelled ? Progress.Status.Canceled : Status;
            return cancelled;
        }

        public void Report(float fraction, string description)
        {
            if (Status != Progress.Status.Running || Removed)
            {
                throw new InvalidOperationException("a report to an item that has ended");
            }
            Reports.Add((fraction, description));
        }
    }
}
