// SceneManagement: the active scene.
using UnityFakes;

namespace UnityEngine.SceneManagement
{
    public struct Scene
    {
        public string path => World.Scene.Path;

        public GameObject[] GetRootGameObjects() => World.Scene.Living();
    }

    public partial class SceneManager
    {
        public static Scene GetActiveScene() => default;
    }
}

namespace UnityEditor.SceneManagement
{
    public sealed partial class EditorSceneManager : UnityEngine.SceneManagement.SceneManager
    {
        public static bool MarkSceneDirty(UnityEngine.SceneManagement.Scene scene)
        {
            if (UnityEngine.Application.isPlaying)
            {
                throw new System.InvalidOperationException("This cannot be used during play mode.");
            }
            World.Note("EditorSceneManager.MarkSceneDirty");
            return true;
        }
    }
}
