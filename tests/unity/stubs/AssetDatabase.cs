// AssetDatabase: assets by path, importing, labels; a project on disk behind it (Fakes/Assets.cs).
using System;
using UnityFakes;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [Flags]
    public enum ImportAssetOptions
    {
        Default = 0,
        ForceUpdate = 1,
        ForceSynchronousImport = 8,
        ImportRecursive = 256,
        DontDownloadFromCacheServer = 8192,
        ForceUncompressedImport = 16384,
    }

    public sealed partial class AssetDatabase
    {
        public static void ImportAsset(string path, ImportAssetOptions options = ImportAssetOptions.Default) => Assets.Import(path);

        public static void Refresh() => Assets.Refresh();

        public static void StartAssetEditing() => Assets.StartEditing();

        public static void StopAssetEditing() => Assets.StopEditing();

        public static T LoadAssetAtPath<T>(string assetPath) where T : Object => Assets.Load(assetPath) as T;

        public static Object LoadMainAssetAtPath(string assetPath) => Assets.Load(assetPath);

        public static string GetAssetPath(Object assetObject) => Assets.PathOf(assetObject);

        public static string GUIDToAssetPath(string guid) => Assets.PathOfGuid(guid);

        public static string AssetPathToGUID(string path) => Assets.GuidOf(path);

        public static string[] FindAssets(string filter, string[] searchInFolders) => Assets.Find(filter, searchInFolders);

        public static bool IsValidFolder(string path) => Assets.IsFolder(path);

        public static string CreateFolder(string parentFolder, string newFolderName) => Assets.MakeFolder(parentFolder, newFolderName);

        public static bool DeleteAsset(string path) => Assets.Delete(path);

        public static bool MoveAssetToTrash(string path) => Assets.Delete(path);

        public static void CreateAsset(Object asset, string path) => Assets.Create(asset, path);

        public static void AddObjectToAsset(Object objectToAdd, Object assetObject) => Assets.Add(objectToAdd, assetObject);

        public static void SaveAssetIfDirty(Object obj) => Assets.Save(obj);

        public static void SaveAssets() => World.Note("SaveAssets");

        public static string[] GetLabels(Object obj) => Assets.LabelsOf(obj);

        public static string[] GetLabels(GUID guid) => Assets.LabelsOf(guid.Path);

        public static GUID GUIDFromAssetPath(string path) => new GUID(path);

        public static void SetLabels(Object obj, string[] labels) => Assets.SetLabels(obj, labels);
    }

    public struct GUID
    {
        internal readonly string Path;

        internal GUID(string path)
        {
            Path = path;
        }
    }

    public partial class AssetImporter : Object
    {
        public string assetPath { get; internal set; }

        public string userData { get; set; } = "";

        public static AssetImporter GetAtPath(string path) => Assets.ImporterOf(path);

        public void SaveAndReimport()
        {
            Assets.WriteSettings(this);
            Assets.Import(assetPath);
        }
    }
}
