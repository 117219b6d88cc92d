// SunLight: points the scene's directional light where the sun of the sky stands.
using UnityEditor;
using UnityEngine;
using UnityEngine.SceneManagement;

namespace Skyloom.Editor
{
    internal static class SunLight
    {
        /// <summary>Points the sun as the options say and tells the scene which light it is.</summary>
        public static void Apply(SceneOptions options)
        {
            var light = Find() ?? Make();
            Undo.RecordObject(light.transform, SkyScene.UndoName);
            // Shines away from where the sun stands.
            light.transform.rotation = Quaternion.Euler(options.SunElevation, options.SunAzimuth + 180f, 0f);
            if (options.SunColour != null)
            {
                Undo.RecordObject(light, SkyScene.UndoName);
                light.color = options.SunColour.Value;
            }
            RenderSettings.sun = light;
        }

        private static Light Find()
        {
            if (RenderSettings.sun != null)
            {
                return RenderSettings.sun;
            }
            foreach (var root in SceneManager.GetActiveScene().GetRootGameObjects())
            {
                foreach (var light in root.GetComponentsInChildren<Light>())
                {
                    if (light.type == LightType.Directional && light.isActiveAndEnabled)
                    {
                        return light;
                    }
                }
            }
            return null;
        }

        private static Light Make()
        {
            var holder = new GameObject("Sun");
            Undo.RegisterCreatedObjectUndo(holder, SkyScene.UndoName);
            var light = holder.AddComponent<Light>();
            light.type = LightType.Directional;
            light.shadows = LightShadows.Soft;
            return light;
        }
    }
}
