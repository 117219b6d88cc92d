// Hdrp: volumes and HDRP's sky, as far as the package uses them.
using System;
using System.Collections.Generic;

namespace UnityEngine.Rendering
{
    public abstract class VolumeParameter
    {
        protected bool m_OverrideState;

        public virtual bool overrideState
        {
            get => m_OverrideState;
            set => m_OverrideState = value;
        }
    }

    public class VolumeParameter<T> : VolumeParameter
    {
        protected T m_Value;

        public VolumeParameter()
        {
        }

        protected VolumeParameter(T value, bool overrideState = false)
        {
            m_Value = value;
            this.overrideState = overrideState;
        }

        public virtual T value
        {
            get => m_Value;
            set => m_Value = value;
        }

        public void Override(T x)
        {
            overrideState = true;
            m_Value = x;
        }
    }

    public class CubemapParameter : VolumeParameter<Texture>
    {
        public CubemapParameter(Texture value, bool overrideState = false) : base(value, overrideState)
        {
        }
    }

    public class ClampedFloatParameter : VolumeParameter<float>
    {
        public ClampedFloatParameter(float value, float min, float max, bool overrideState = false)
            : base(value, overrideState)
        {
        }
    }

    public class NoInterpIntParameter : VolumeParameter<int>
    {
        public NoInterpIntParameter(int value, bool overrideState = false) : base(value, overrideState)
        {
        }
    }

    public class VolumeComponent : ScriptableObject
    {
        public bool active = true;
    }

    public sealed class VolumeProfile : ScriptableObject
    {
        public List<VolumeComponent> components = new List<VolumeComponent>();

        public T Add<T>(bool overrides = false) where T : VolumeComponent
        {
            var component = CreateInstance<T>();
            component.name = typeof(T).Name;
            components.Add(component);
            return component;
        }

        public bool TryGet<T>(out T component) where T : VolumeComponent
        {
            component = components.Find(one => one is T) as T;
            return component != null;
        }

        public bool TryGet<T>(Type type, out T component) where T : VolumeComponent
        {
            component = components.Find(type.IsInstanceOfType) as T;
            return component != null;
        }
    }

    public class Volume : MonoBehaviour
    {
        public float priority = 0f;
        public float weight = 1f;
        public VolumeProfile sharedProfile = null;

        public bool isGlobal { get; set; } = true;
    }
}

namespace UnityEngine.Rendering.HighDefinition
{
    public enum SkyType
    {
        HDRI = 1,
        Procedural = 2,
        Gradient = 3,
        PhysicallyBased = 4,
    }

    public enum SkyAmbientMode
    {
        Static,
        Dynamic,
    }

    public sealed class SkyAmbientModeParameter : VolumeParameter<SkyAmbientMode>
    {
        public SkyAmbientModeParameter(SkyAmbientMode value, bool overrideState = false) : base(value, overrideState)
        {
        }
    }

    public abstract class SkySettings : VolumeComponent
    {
        public ClampedFloatParameter rotation = new ClampedFloatParameter(0.0f, 0.0f, 360.0f);
    }

    public class HDRISky : SkySettings
    {
        public CubemapParameter hdriSky = new CubemapParameter(null);
    }

    public sealed class VisualEnvironment : VolumeComponent
    {
        public NoInterpIntParameter skyType = new NoInterpIntParameter(0);
        public SkyAmbientModeParameter skyAmbientMode = new SkyAmbientModeParameter(SkyAmbientMode.Dynamic);
    }

    public sealed class HDRenderPipelineAsset : RenderPipelineAsset
    {
    }
}
