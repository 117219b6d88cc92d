// WindowUnitTests: forms, cameras, pictures, states and histories by themselves.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skyloom.Editor;
using Skyloom.V1;
using UnityFakes;

namespace Skyloom.Tests
{
    internal static class WindowUnitTests
    {
        [Test]
        public static void SharesSumToOneAndReadWell()
        {
            var random = new Random(4);
            for (int round = 0; round < 500; round++)
            {
                var form = new SkyForm { clouds = new List<MixPart>() };
                int count = 1 + random.Next(11);
                for (int i = 0; i < count; i++)
                {
                    form.clouds.Add(new MixPart { genus = (CloudGenus)(i + 1), weight = (float)random.NextDouble() });
                }
                var shares = form.Shares();
                Check.True(Math.Abs(shares.Sum() - 1) < 1e-9, "the shares sum to " + shares.Sum());
                Check.True(shares.All(share => share > 0 && Math.Round(share, 3) == share), string.Join(" ", shares));
                Check.Equal("", form.Problem);
            }
            var none = new SkyForm { clouds = new List<MixPart> { new MixPart { weight = 0 }, new MixPart { genus = CloudGenus.Cirrus, weight = 0 } } };
            Check.Equal("", none.Problem);
            Check.True(none.Shares().SequenceEqual(new[] { 0.5, 0.5 }), "equal shares of nothing");
        }

        [Test]
        public static void AFormSaysWhatIsWrongWithIt()
        {
            Check.True(new SkyForm { clouds = new List<MixPart>() }.Problem.Contains("cloud"), "no clouds");
            Check.True(new SkyForm { folder = "Skies" }.Problem.StartsWith("folder", StringComparison.Ordinal), "outside Assets");
            Check.True(new SkyForm { folder = "Assets/../Skies" }.Problem.StartsWith("folder", StringComparison.Ordinal), "upwards");
            Check.True(new SkyForm { name = "a/b" }.Problem.StartsWith("name", StringComparison.Ordinal), "a slash");
            Check.True(new SkyForm { size = 4097 }.Problem.StartsWith("size", StringComparison.Ordinal), "an odd size");
            Check.Equal("cumulus-7", new SkyForm().FileName);
            Check.Equal("noon", new SkyForm { name = " noon " }.FileName);
        }

        [Test]
        public static void SettingsComeBackFromAnEntry()
        {
            var form = new SkyForm
            {
                clouds = new List<MixPart> { new MixPart { genus = CloudGenus.Cirrus, weight = 3 }, new MixPart { genus = CloudGenus.Stratus } },
                seed = uint.MaxValue, variation = 0.25, rotation = -90, exposure = 1.5, ground = GroundMode.Colour, groundRed = 0.1f,
                groundGreen = 0.2f, groundBlue = 0.3f, detail = DetailLevel.Standard, kind = SkyKind.SixSided, size = 512, folder = "Assets/A/B",
            };
            var again = new SkyForm { name = "other" };
            again.Reuse(form.ToEntry());
            Check.Equal(form.ToEntry().ContentHash(), again.ToEntry().ContentHash());
            Check.Equal("", again.name);
            Check.Equal(form.folder, again.folder);
            form.name = "noon";
            again.Reuse(form.ToEntry());
            Check.Equal("noon", again.name);
        }

        [Test]
        public static void AKindKeepsItsDetail()
        {
            var form = new SkyForm { size = 4096 };
            form.ChangeKind(SkyKind.SixSided);
            Check.Equal(1024u, form.size);
            form.ChangeKind(SkyKind.Cubemap);
            Check.Equal(1024u, form.size);
            form.ChangeKind(SkyKind.Panoramic);
            Check.Equal(4096u, form.size);
            form.size = 8192;
            form.ChangeKind(SkyKind.Cubemap);
            Check.Equal("", form.Problem);
        }

        [Test]
        public static void DraggingKeepsTheMiddleUnderThePointer()
        {
            foreach (double pitch in new[] { 0.0, 30, -50 })
            {
                var camera = new PreviewCamera { yaw = 20, pitch = pitch, fov = 70 };
                camera.Direction(300, 200, 600, 400, out double x, out double y, out double z);
                camera.Drag(4, -3, 600);
                // Where the old middle is in the new view.
                double best = double.MaxValue, bx = 0, by = 0;
                for (double px = 290; px <= 310; px += 0.25)
                {
                    for (double py = 190; py <= 210; py += 0.25)
                    {
                        camera.Direction(px, py, 600, 400, out double u, out double v, out double w);
                        double cosine = (x * u + y * v + z * w)
                            / Math.Sqrt((x * x + y * y + z * z) * (u * u + v * v + w * w));
                        if (1 - cosine < best)
                        {
                            best = 1 - cosine;
                            bx = px;
                            by = py;
                        }
                    }
                }
                Check.True(Math.Abs(bx - 304) <= 0.5 && Math.Abs(by - 197) <= 0.5, $"pitch {pitch}: {bx}, {by}");
            }
        }

        [Test]
        public static void TheCameraStaysInItsBounds()
        {
            var camera = new PreviewCamera { yaw = 170 };
            camera.Turn(20, 200);
            Check.Equal(-170.0, camera.yaw);
            Check.Equal(PreviewCamera.MaxPitch, camera.pitch);
            camera.Zoom(100);
            Check.Equal(PreviewCamera.MaxFov, camera.fov);
            camera.Zoom(-100);
            Check.Equal(PreviewCamera.MinFov, camera.fov);
            for (int i = 0; i < 1000; i++)
            {
                camera.Drag(500, 500, 10);
                Check.True(Math.Abs(camera.yaw) <= 180 && Math.Abs(camera.pitch) <= PreviewCamera.MaxPitch, "within bounds");
            }
        }

        [Test]
        public static void PicturesShrinkByWholeSteps()
        {
            var grid = new PixelGrid(12, 6);
            for (int i = 0; i < grid.Bytes.Length; i++)
            {
                grid.Bytes[i] = (byte)(i * 7);
            }
            Check.True(ReferenceEquals(grid, grid.Shrunk(12)), "small enough");
            var half = grid.Shrunk(6);
            Check.Equal(6, half.Width);
            int mean = (grid.Bytes[0] + grid.Bytes[3] + grid.Bytes[36] + grid.Bytes[39] + 2) / 4;
            Check.Equal((byte)mean, half.Bytes[0]);
            Check.Equal(new PixelGrid(7, 3).Shrunk(4).Width, 7);
        }

        [Test]
        public static void ARunComesBackFromItsState()
        {
            var form = new SkyForm { name = "noon \u00e4"[0].ToString(), kind = SkyKind.Cubemap, size = 256, exposure = 0.1 };
            var run = new SkyRun(RunPurpose.Candidates, new[] { form.ToEntry(), form.ToCandidate(9, 512) });
            run.Jobs[1].JobId = "abc";
            var again = SkyRun.FromState(run.ToState());
            Check.Equal(run.Purpose, again.Purpose);
            Check.Equal("abc", again.Jobs[1].JobId);
            Check.Equal("", again.Jobs[0].JobId);
            for (int i = 0; i < 2; i++)
            {
                Check.Equal(RecipeJson.Write(run.Jobs[i].Entry.Request()), RecipeJson.Write(again.Jobs[i].Entry.Request()));
            }
            foreach (string wrong in new[] { "", "{", "{}", "[]", run.ToState().Replace("\"version\":1", "\"version\":9"), run.ToState().Replace("CUMULUS", "CUMULOUS") })
            {
                Check.Equal(null, SkyRun.FromState(wrong));
            }
        }

        [Test]
        public static void LimitsAreALineOfText()
        {
            var limits = LimitsText.Read(" Android 2048,  WebGL 1024 ,");
            Check.Equal("Android 2048, WebGL 1024", LimitsText.Write(limits));
            foreach (string wrong in new[] { "Android", "2048", "Android 2000", "Android -2048", "Android 16", "Android 32768", "Android 2048 px" })
            {
                Check.True(LimitsText.Problem(wrong).Length > 0, wrong);
            }
            Check.Equal("", LimitsText.Problem(""));
        }

        [Test]
        public static void TheHistoryKeepsSettingsLongerThanPictures()
        {
            string root = Path.Combine(Path.GetTempPath(), "skyloom-history-" + Guid.NewGuid().ToString("N"));
            try
            {
                var history = new SkyHistory(root, 3, 3000);
                Check.Equal(0, history.Items().Count);
                var start = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
                for (uint seed = 1; seed <= 4; seed++)
                {
                    var form = new SkyForm { seed = seed };
                    history.Add(form.ToEntry(), Result(form, seed), new byte[] { 1 }, start.AddSeconds(seed));
                }
                var items = history.Items();
                Check.Equal("4,3,2", string.Join(",", items.Select(item => item.Entry.Recipe.Seed)));
                Check.True(items[0].HasPictures && !items[2].HasPictures, "the newest pictures are kept, the oldest are not");
                Check.True(File.Exists(items[2].ThumbnailPath), "thumbnails stay");
                Check.Equal(4, (int)history.Load(items[0]).Images[0].Data[0]);
                Check.Equal(null, history.Load(items[2]));
                File.WriteAllBytes(Path.Combine(items[0].Folder, "panorama.png"), new byte[1000]);
                Check.Equal(null, history.Load(items[0]));
                File.WriteAllText(Path.Combine(items[1].Folder, "sky.json"), "{");
                Check.Equal(2, history.Items().Count);
                history.Delete(items[0]);
                Check.Equal(1, history.Items().Count);
            }
            finally
            {
                Directory.Delete(root, true);
            }
        }

        [Test]
        public static void WhatUnitySerializesComesBack()
        {
            var form = new SkyForm { seed = 4000000000, variation = 1.0 / 3, kind = SkyKind.Cubemap, name = "a\tb\nc" };
            form.clouds.Add(new MixPart { genus = CloudGenus.Stratus, weight = 0.1f });
            var again = new SkyForm();
            Serializer.Read(again, Serializer.Write(form));
            Check.Equal(Serializer.Write(form), Serializer.Write(again));
            Check.Equal(form.variation, again.variation);
            Check.Equal(2, again.clouds.Count);
        }

        private static SkyResult Result(SkyForm form, uint seed)
        {
            var data = new byte[1000];
            data[0] = (byte)seed;
            var info = new ImageInfo { Image = "panorama", Format = ImageFormat.Png, Sha256 = Sha256.Hex(data), ByteSize = 1000 };
            var summary = new JobSummary { Recipe = form.ToEntry().Request(), Images = { info } };
            return new SkyResult("0123456789", summary, new[] { new SkyImage(info, data) });
        }
    }
}
