// Rendering: the pipeline that a project draws with, and the modes of ambient light and reflections.
using UnityFakes;

namespace UnityEngine.Rendering
{
    public enum AmbientMode
    {
        Skybox = 0,
        Trilight = 1,
        Flat = 3,
        Custom = 4,
    }

    public enum DefaultReflectionMode
    {
        Skybox = 0,
        Custom = 1,
    }

    public enum GraphicsDeviceType
    {
        Null = 4,
        Vulkan = 21,
    }

    public abstract class RenderPipelineAsset : ScriptableObject
    {
    }

    public sealed partial class GraphicsSettings : Object
    {
        public static RenderPipelineAsset currentRenderPipeline => World.Pipeline;
    }
}
