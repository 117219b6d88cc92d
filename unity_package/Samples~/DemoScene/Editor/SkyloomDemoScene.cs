// SkyloomDemoScene: Tools > Skyloom > Demo Scene: a small scene that shows off a sky of this project.
using System.Collections.Generic;
using System.Linq;
using Skyloom.Editor;
using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;

namespace Skyloom.Samples
{
    /// <summary>
    /// Mirrors, a matt ball and a floor under the first sky of the project, with the sun where it is meant to be. Read it
    /// as an example of <see cref="ImportedSky"/>, <see cref="SkyMaterials"/> and <see cref="SkyScene"/>.
    /// </summary>
    public static class SkyloomDemoScene
    {
        private const int Balls = 5;

        /// <summary>Makes the scene; asks before the open one is left.</summary>
        [MenuItem("Tools/Skyloom/Demo Scene")]
        public static void Make()
        {
            IReadOnlyList<ImportedSky> skies = ImportedSky.FindAll();
            if (skies.Count == 0)
            {
                Debug.LogWarning("Skyloom: there is no sky in this project yet; make one in Window > Skyloom.");
                return;
            }
            if (!EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo())
            {
                return;
            }
            EditorSceneManager.NewScene(NewSceneSetup.DefaultGameObjects, NewSceneMode.Single);
            Material sky = SkyMaterials.CreateOrUpdate(skies.First());
            var options = new SceneOptions { Sun = true, SunAzimuth = 40, SunElevation = 35 };
            SkyScene.Apply(sky, options);
            GameObject floor = GameObject.CreatePrimitive(PrimitiveType.Plane);
            floor.name = "Floor";
            for (int i = 0; i < Balls; i++)
            {
                GameObject ball = GameObject.CreatePrimitive(PrimitiveType.Sphere);
                ball.name = "Ball " + (i + 1);
                ball.transform.position = new Vector3(1.3f * (i - (Balls - 1) / 2f), 0.5f, 3);
                Polish(ball.GetComponent<Renderer>(), i / (Balls - 1f));
            }
        }

        // The first ball is matt, the last a mirror. Built-in and URP name smoothness differently.
        private static void Polish(Renderer renderer, float amount)
        {
            var material = new Material(renderer.sharedMaterial);
            foreach (string property in new[] { "_Metallic", "_Glossiness", "_Smoothness" })
            {
                if (material.HasProperty(property))
                {
                    material.SetFloat(property, amount);
                }
            }
            renderer.sharedMaterial = material;
        }
    }
}
