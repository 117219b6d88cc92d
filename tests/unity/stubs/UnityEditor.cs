// UnityEditor: the editor's life, undo, singletons.
using System;
using UnityFakes;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class InitializeOnLoadMethodAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class InitializeOnLoadAttribute : Attribute
    {
    }

    public sealed partial class EditorApplication
    {
        public static void Exit(int returnValue) => World.Exit(returnValue);
    }

    public partial class EditorUtility
    {
        public static void SetDirty(Object target) => World.Note("SetDirty " + target.name);
    }

    public sealed partial class Undo
    {
        public static void RecordObject(Object objectToUndo, string name) => UndoStack.Record(objectToUndo, name);

        public static void RecordObjects(Object[] objectsToUndo, string name)
        {
            foreach (var one in objectsToUndo)
            {
                UndoStack.Record(one, name);
            }
        }

        public static void RegisterCreatedObjectUndo(Object objectToUndo, string name) =>
            UndoStack.Created(objectToUndo, name);

        public static void IncrementCurrentGroup() => UndoStack.Group++;

        public static int GetCurrentGroup() => UndoStack.Group;

        public static void SetCurrentGroupName(string name) => UndoStack.Names[UndoStack.Group] = name;

        public static void CollapseUndoOperations(int groupIndex) => UndoStack.Collapse(groupIndex);

        public static void PerformUndo() => UndoStack.Back();
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class FilePathAttribute : Attribute
    {
        public enum Location
        {
            PreferencesFolder,
            ProjectFolder,
        }

        public FilePathAttribute(string relativePath, Location location)
        {
            Path = relativePath;
            Where = location;
        }

        internal string Path { get; }

        internal Location Where { get; }
    }

    public class ScriptableSingleton<T> : UnityEngine.ScriptableObject where T : UnityEngine.ScriptableObject
    {
        public static T instance => (T)World.SingletonOf(typeof(T));

        protected virtual void Save(bool saveAsText) => World.StoreSingleton(this);
    }
}

namespace UnityEditor.Build
{
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    public interface IPreprocessBuildWithReport : IOrderedCallback
    {
        void OnPreprocessBuild(Reporting.BuildReport report);
    }

    public class BuildFailedException : Exception
    {
        public BuildFailedException(string message) : base(message)
        {
        }
    }
}

namespace UnityEditor.Build.Reporting
{
    public sealed partial class BuildReport : UnityEngine.Object
    {
        internal BuildReport()
        {
        }
    }
}
