// WindowTests: the window, its files and its pictures in a real editor.
using NUnit.Framework;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Skyloom.Editor.Tests
{
    [TestFixture]
    public sealed class WindowTests
    {
        private const string Folder = SkyloomSession.PackagePath + "/Editor/Window/";

        [Test]
        public void LayoutAndStyleAreImported()
        {
            Assert.IsNotNull(AssetDatabase.LoadAssetAtPath<VisualTreeAsset>(Folder + "SkyloomWindow.uxml"));
            Assert.IsNotNull(AssetDatabase.LoadAssetAtPath<StyleSheet>(Folder + "SkyloomWindow.uss"));
        }

        [Test]
        public void TheWindowOpensWithEverySectionAndTakesItsFields()
        {
            // Without a server that is named, opening starts one only where the backend is installed.
            SkyloomWindow.Open();
            var window = EditorWindow.GetWindow<SkyloomWindow>();
            try
            {
                var root = window.rootVisualElement;
                foreach (string name in new[] { "clouds", "look", "output", "run", "preview", "picks", "use", "history", "server" })
                {
                    Assert.IsNotNull(root.Q<VisualElement>(name), name);
                }
                Assert.AreEqual(11, root.Q<VisualElement>("types").childCount);
                Assert.IsNotNull(root.Q<Button>("generate"));
                Assert.IsNotNull(root.Q<LongField>("seed"));
                // Building it again, as after a reload, leaves one of each.
                window.CreateGUI();
                Assert.AreEqual(1, root.Query<Button>("generate").ToList().Count);
            }
            finally
            {
                window.Close();
            }
        }

        [Test]
        public void PicturesComeBackAsTheyWere()
        {
            var codec = new UnityPictureCodec();
            var grid = new PixelGrid(5, 3);
            for (int i = 0; i < grid.Bytes.Length; i++)
            {
                grid.Bytes[i] = (byte)(i * 5);
            }
            var again = codec.Decode(codec.EncodePng(grid));
            Assert.AreEqual(grid.Width, again.Width);
            for (int i = 0; i < grid.Bytes.Length; i++)
            {
                Assert.AreEqual(grid.Bytes[i], again.Bytes[i]);
            }
        }

        [Test]
        public void ThePackageIsFoundWithItsScript()
        {
            string script = FileUtil.GetPhysicalPath(SkyloomSession.PackagePath + "/Editor/Environment/Python~/install_backend.py");
            Assert.IsTrue(System.IO.File.Exists(script), script);
        }

        [Test]
        public void WhatTheWindowKeepsIsSerialized()
        {
            var form = new SkyForm { seed = uint.MaxValue, variation = 1.0 / 3, kind = SkyKind.Cubemap };
            form.clouds.Add(new MixPart { genus = V1.CloudGenus.Stratus, weight = 0.25f });
            var again = JsonUtility.FromJson<SkyForm>(JsonUtility.ToJson(form));
            Assert.AreEqual(form.seed, again.seed);
            Assert.AreEqual(form.variation, again.variation, 1e-12);
            Assert.AreEqual(2, again.clouds.Count);
            Assert.AreEqual(V1.CloudGenus.Stratus, again.clouds[1].genus);
        }
    }
}
