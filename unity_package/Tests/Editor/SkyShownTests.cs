// SkyShownTests: a camera looks at the sky, in a real editor with a graphics card, and sees what is in that direction.
using NUnit.Framework;
using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;

namespace Skyloom.Editor.Tests
{
    [TestFixture]
    public sealed class SkyShownTests
    {
        private const int Side = 8;

        private Material _before;

        [SetUp]
        public void Remember() => _before = RenderSettings.skybox;

        [TearDown]
        public void Restore()
        {
            RenderSettings.skybox = _before;
            AssetDatabase.DeleteAsset("Assets/SkyloomTests");
        }

        [TestCase(SkyKind.Panoramic)]
        [TestCase(SkyKind.SixSided)]
        [TestCase(SkyKind.Cubemap)]
        public void EachKindShowsTheSkyWhereItIs(SkyKind kind)
        {
            if (SystemInfo.graphicsDeviceType == GraphicsDeviceType.Null
                || SkyPipeline.Current == SkyPipelineKind.HighDefinition)
            {
                Assert.Ignore("nothing is drawn here, or no skybox material is");
            }
            RenderSettings.skybox = SkyMaterials.CreateOrUpdate(SkyAssetTests.Import(kind));
            foreach (var angles in new[]
            {
                new Vector3(0, 0, 0), new Vector3(0, 90, 0), new Vector3(0, 180, 0), new Vector3(0, -90, 0),
                new Vector3(-90, 0, 0), new Vector3(90, 0, 0), new Vector3(-30, 40, 0), new Vector3(20, 215, 0),
            })
            {
                var turn = Quaternion.Euler(angles.x, angles.y, angles.z);
                var wanted = PaintedSky.At(turn * new Vector3(0, 0, 1));
                var found = Seen(turn);
                Assert.AreEqual(wanted.r, found.r, 0.02, $"red at {angles.x}, {angles.y}");
                Assert.AreEqual(wanted.g, found.g, 0.02, $"green at {angles.x}, {angles.y}");
                Assert.AreEqual(wanted.b, found.b, 0.02, $"blue at {angles.x}, {angles.y}");
            }
        }

        private static Color Seen(Quaternion turn)
        {
            var holder = new GameObject("SkyloomTestCamera");
            var target = new RenderTexture(Side, Side, 24);
            var picture = new Texture2D(Side, Side, TextureFormat.RGBA32, false);
            var active = RenderTexture.active;
            try
            {
                var camera = holder.AddComponent<Camera>();
                camera.clearFlags = CameraClearFlags.Skybox;
                camera.cullingMask = 0;
                camera.fieldOfView = 2;
                camera.targetTexture = target;
                camera.transform.rotation = turn;
                camera.Render();
                RenderTexture.active = target;
                picture.ReadPixels(new Rect(0, 0, Side, Side), 0, 0);
                return picture.GetPixel(Side / 2, Side / 2);
            }
            finally
            {
                RenderTexture.active = active;
                Object.DestroyImmediate(holder);
                Object.DestroyImmediate(target);
                Object.DestroyImmediate(picture);
            }
        }
    }
}
