// SkyAssetTests: imports, materials and scenes in a real editor. What only an editor knows is asked of it here.
using NUnit.Framework;
using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;

namespace Skyloom.Editor.Tests
{
    [TestFixture]
    public sealed class SkyAssetTests
    {
        private const string Folder = "Assets/SkyloomTests";

        [TearDown]
        public void RemoveFolder() => AssetDatabase.DeleteAsset(Folder);

        [TestCase(SkyKind.Panoramic)]
        [TestCase(SkyKind.SixSided)]
        [TestCase(SkyKind.Cubemap)]
        public void TexturesHaveTheirSettings(SkyKind kind)
        {
            var sky = Import(kind);
            foreach (var texture in sky.Textures)
            {
                var importer = (TextureImporter)AssetImporter.GetAtPath(texture.AssetPath);
                var settings = new TextureImporterSettings();
                importer.ReadTextureSettings(settings);
                Assert.IsFalse(settings.mipmapEnabled);
                Assert.IsTrue(settings.sRGBTexture);
                Assert.AreEqual(0, settings.aniso);
                Assert.AreEqual(TextureImporterAlphaSource.None, settings.alphaSource);
                Assert.AreEqual(kind == SkyKind.Panoramic ? TextureWrapMode.Repeat : TextureWrapMode.Clamp, settings.wrapModeU);
                Assert.AreEqual(TextureWrapMode.Clamp, settings.wrapModeV);
                Assert.IsTrue(importer.ignoreMipmapLimit);
                var asset = AssetDatabase.LoadAssetAtPath<Texture>(texture.AssetPath);
                Assert.AreEqual(kind == SkyKind.Cubemap, asset is Cubemap);
                // The importer shrank nothing, and cut the cross into faces of the size that was asked for.
                Assert.AreEqual(kind == SkyKind.Panoramic ? 256 : 64, asset.width);
            }
        }

        [TestCase("left", CubemapFace.PositiveX)]
        [TestCase("right", CubemapFace.NegativeX)]
        [TestCase("up", CubemapFace.PositiveY)]
        [TestCase("down", CubemapFace.NegativeY)]
        [TestCase("front", CubemapFace.PositiveZ)]
        [TestCase("back", CubemapFace.NegativeZ)]
        public void TheCrossIsCutIntoTheFacesItShows(string face, CubemapFace slot)
        {
            var sky = Import(SkyKind.Cubemap);
            string path = sky.PathOf("cross");
            var importer = (TextureImporter)AssetImporter.GetAtPath(path);
            importer.isReadable = true;
            importer.SaveAndReimport();
            var cubemap = AssetDatabase.LoadAssetAtPath<Cubemap>(path);
            for (int row = 0; row < 64; row += 9)
            {
                for (int column = 0; column < 64; column += 9)
                {
                    // A cubemap's first row is its highest.
                    var wanted = PaintedSky.At(PaintedSky.Direction(face, column, row, 64));
                    var found = cubemap.GetPixel(slot, column, row);
                    Assert.AreEqual(wanted.r, found.r, 0.01);
                    Assert.AreEqual(wanted.g, found.g, 0.01);
                    Assert.AreEqual(wanted.b, found.b, 0.01);
                }
            }
        }

        [TestCase(SkyKind.Panoramic)]
        [TestCase(SkyKind.SixSided)]
        [TestCase(SkyKind.Cubemap)]
        public void MadeAgainItKeepsItsAssets(SkyKind kind)
        {
            var first = Import(kind);
            var material = SkyMaterials.CreateOrUpdate(first);
            string texture = AssetDatabase.AssetPathToGUID(first.Textures[0].AssetPath);
            string made = AssetDatabase.AssetPathToGUID(first.MaterialPath);
            var second = Import(kind);
            Assert.AreSame(material, SkyMaterials.CreateOrUpdate(second));
            Assert.AreEqual(texture, AssetDatabase.AssetPathToGUID(second.Textures[0].AssetPath));
            Assert.AreEqual(made, AssetDatabase.AssetPathToGUID(second.MaterialPath));
        }

        [Test]
        public void OneStepBackUndoesApply()
        {
            var material = SkyMaterials.CreateOrUpdate(Import(SkyKind.Panoramic));
            var before = RenderSettings.skybox;
            var ambient = RenderSettings.ambientMode;
            RenderSettings.ambientMode = AmbientMode.Flat;
            SkyScene.Apply(material);
            Assert.AreSame(material, RenderSettings.skybox);
            Assert.AreEqual(AmbientMode.Skybox, RenderSettings.ambientMode);
            Undo.PerformUndo();
            Assert.AreSame(before, RenderSettings.skybox);
            Assert.AreEqual(AmbientMode.Flat, RenderSettings.ambientMode);
            RenderSettings.ambientMode = ambient;
        }

        /// <summary>What the Undo of a new asset leaves behind is Unity's; making the sky again must do in any case.</summary>
        [Test]
        public void AfterANewMaterialIsUndoneItCanBeMadeAgain()
        {
            var sky = Import(SkyKind.Panoramic);
            SkyMaterials.CreateOrUpdate(sky);
            Undo.PerformUndo();
            var options = new ImportOptions { Overwrite = paths => true };
            Assert.IsNotNull(SkyMaterials.CreateOrUpdate(sky, options));
            Assert.IsNotNull(SkyMaterials.Find(sky));
        }

        internal static ImportedSky Import(SkyKind kind)
        {
            var entry = PaintedSky.Entry(kind, Folder);
            return SkyImport.Import(
                entry, PaintedSky.Result(entry), new ImportOptions { Compression = SkyCompression.None });
        }
    }
}
