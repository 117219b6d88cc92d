// What only the samples and the EditMode tests use: primitives, new scenes, players, JSON.
using System;
using UnityEngine.SceneManagement;

namespace UnityEngine
{
    public enum PrimitiveType
    {
        Sphere = 0,
        Capsule = 1,
        Cylinder = 2,
        Cube = 3,
        Plane = 4,
        Quad = 5,
    }

    public static partial class JsonUtility
    {
        public static string ToJson(object obj) => throw new NotImplementedException();

        public static T FromJson<T>(string json) => throw new NotImplementedException();
    }

    public partial class Renderer : Component
    {
        public Material sharedMaterial { get; set; }
    }

    public sealed partial class GameObject
    {
        public static GameObject CreatePrimitive(PrimitiveType type) => throw new NotImplementedException();
    }

    public partial class Transform
    {
        public Vector3 position { get; set; }
    }

    public partial class Material
    {
        public Material(Material source) : this(source.shader)
        {
        }
    }
}

namespace UnityEditor
{
    public enum BuildTarget
    {
        StandaloneWindows64 = 19,
        StandaloneLinux64 = 24,
    }

    public partial struct BuildPlayerOptions
    {
        public string[] scenes { get; set; }

        public string locationPathName { get; set; }

        public BuildTarget target { get; set; }
    }

    public partial class BuildPipeline
    {
        public static Build.Reporting.BuildReport BuildPlayer(BuildPlayerOptions buildPlayerOptions) => throw new NotImplementedException();
    }

    public partial class EditorBuildSettingsScene
    {
        public bool enabled { get; set; }

        public string path { get; set; }
    }

    public partial class EditorBuildSettings : UnityEngine.Object
    {
        public static EditorBuildSettingsScene[] scenes { get; set; }
    }

    public partial class EditorUserBuildSettings : UnityEngine.Object
    {
        public static BuildTarget activeBuildTarget => throw new NotImplementedException();
    }
}

namespace UnityEditor.Build.Reporting
{
    public enum BuildResult
    {
        Unknown = 0,
        Succeeded = 1,
        Failed = 2,
        Cancelled = 3,
    }

    public partial struct BuildSummary
    {
        public BuildResult result { get; internal set; }
    }

    public sealed partial class BuildReport
    {
        public BuildSummary summary { get; internal set; }
    }
}

namespace UnityEditor.SceneManagement
{
    public enum NewSceneSetup
    {
        EmptyScene = 0,
        DefaultGameObjects = 1,
    }

    public enum NewSceneMode
    {
        Single = 0,
        Additive = 1,
    }

    public sealed partial class EditorSceneManager
    {
        public static Scene NewScene(NewSceneSetup setup, NewSceneMode mode) => throw new NotImplementedException();

        public static bool SaveCurrentModifiedScenesIfUserWantsTo() => throw new NotImplementedException();
    }
}
