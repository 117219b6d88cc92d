// UnityEditor windows: windows, menus, settings pages, sessions, progress, reloads, packages.
using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.UIElements;
using UnityFakes;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed partial class MenuItem : Attribute
    {
        public MenuItem(string itemName)
        {
            menuItem = itemName;
        }

        public string menuItem;
    }

    public partial class EditorWindow : ScriptableObject
    {
        public VisualElement rootVisualElement { get; } = new VisualElement();

        public GUIContent titleContent { get; set; } = new GUIContent("");

        public Vector2 minSize { get; set; }

        public static T GetWindow<T>() where T : EditorWindow => (T)EditorLife.WindowOf(typeof(T));

        public void Close() => EditorLife.Close(this);
    }

    public sealed partial class EditorApplication
    {
        public delegate void CallbackFunction();

        public static CallbackFunction delayCall;

        public static event Action quitting;

        internal static void RaiseQuitting() => quitting?.Invoke();
    }

    public static partial class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        internal static int Listeners => beforeAssemblyReload?.GetInvocationList().Length ?? 0;

        internal static void Raise() => beforeAssemblyReload?.Invoke();
    }

    public sealed partial class AssetDatabase
    {
        public static bool IsAssetImportWorkerProcess() => EditorLife.ImportWorker;
    }

    public static partial class SessionState
    {
        public static string GetString(string key, string defaultValue) =>
            EditorLife.Session.TryGetValue(key, out string found) ? found : defaultValue;

        public static void SetString(string key, string value) => EditorLife.Session[key] = value;

        public static void EraseString(string key) => EditorLife.Session.Remove(key);
    }

    public static partial class Progress
    {
        public enum Status
        {
            Running,
            Succeeded,
            Failed,
            Canceled,
        }

        [Flags]
        public enum Options
        {
            None = 0,
            Sticky = 1,
            Indefinite = 2,
            Synchronous = 4,
            Managed = 8,
            Unmanaged = 16,
        }

        public static int Start(string name, string description = null, Options options = Options.None, int parentId = -1) =>
            ProgressItems.Start(name, description);

        public static void Finish(int id, Status status = Status.Succeeded) => ProgressItems.Of(id).Status = status;

        public static int Remove(int id)
        {
            ProgressItems.Of(id).Removed = true;
            return id;
        }

        public static void Report(int id, float progress, string description) => ProgressItems.Of(id).Report(progress, description);

        public static void SetDescription(int id, string description) => ProgressItems.Of(id).Description = description;

        public static void RegisterCancelCallback(int id, Func<bool> callback) => ProgressItems.Of(id).CancelCallback = callback;

        public static bool Exists(int id) => !ProgressItems.Of(id).Removed;
    }

    public static partial class L10n
    {
        public static string Tr(string str) => EditorLife.Translate(str ?? throw new ArgumentNullException(nameof(str)));
    }

    public partial class FileUtil
    {
        public static string GetPhysicalPath(string logicalPath) => EditorLife.Physical(logicalPath);
    }

    public partial class EditorUtility
    {
        public static string OpenFolderPanel(string title, string folder, string defaultName) => EditorLife.ChosenFolder;
    }

    public sealed partial class EditorGUIUtility
    {
        public static void PingObject(Object obj) => World.Note("PingObject " + obj.name);
    }

    public enum SettingsScope
    {
        User,
        Project,
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed partial class SettingsProviderAttribute : Attribute
    {
    }

    public partial class SettingsProvider
    {
        public SettingsProvider(string path, SettingsScope scopes, IEnumerable<string> keywords = null)
        {
            settingsPath = path;
            scope = scopes;
            this.keywords = keywords ?? new string[0];
        }

        public string settingsPath { get; }

        public SettingsScope scope { get; }

        public string label { get; set; }

        public Action<string, VisualElement> activateHandler { get; set; }

        public IEnumerable<string> keywords { get; set; }
    }

    public static partial class SettingsService
    {
        public static EditorWindow OpenUserPreferences(string settingsPath = null)
        {
            World.Note("OpenUserPreferences " + settingsPath);
            return null;
        }
    }
}

namespace UnityEditor.PackageManager
{
    public sealed partial class GitInfo
    {
        internal GitInfo(string hash)
        {
            this.hash = hash;
        }

        public string hash { get; }
    }

    public sealed partial class PackageInfo
    {
        internal PackageInfo()
        {
        }

        public string packageId { get; internal set; }

        public string version { get; internal set; }

        public string resolvedPath { get; internal set; }

        public GitInfo git { get; internal set; }

        public static PackageInfo FindForAssembly(System.Reflection.Assembly assembly) => EditorLife.Package;
    }
}
