// RecipeCheck: says what is wrong with a recipe before a server is asked; the same bounds as the server's.
using System;
using System.Collections.Generic;
using System.Globalization;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>Bounds of a request's fields, and their check.</summary>
    public static class RecipeCheck
    {
        /// <summary>Truncation that a recipe without one gets, 0 to 1.</summary>
        public const double DefaultVariation = 0.7;

        /// <summary>Largest rotation about the vertical, degrees, either way.</summary>
        public const double MaxRotationDegrees = 360.0;

        /// <summary>Largest exposure, stops, either way.</summary>
        public const double MaxExposureEv = 5.0;

        /// <summary>Outputs of one recipe.</summary>
        public const int MaxOutputs = 8;

        /// <summary>JPEG quality that an output without one gets.</summary>
        public const uint DefaultQuality = 95;

        private const double WeightSumTolerance = 1e-3;

        /// <summary>Bounds of an output's size, pixels; sizes are even.</summary>
        public static (uint Min, uint Max) SizeLimits(Layout layout)
        {
            switch (layout)
            {
                case Layout.Panorama:
                    return (32, 8192);
                case Layout.Faces:
                case Layout.Dome:
                case Layout.Perspective:
                    return (16, 4096);
                case Layout.Cross:
                    return (16, 2048);
                default:
                    throw new InvalidRequestException("layout", layout.ToString(), "one of " + RecipeNames.Listed<Layout>());
            }
        }

        /// <summary>Returns if every field is in range.</summary>
        /// <exception cref="InvalidRequestException">Names the first field that is not.</exception>
        public static void Check(SkyRecipe recipe)
        {
            if (recipe == null)
            {
                throw new ArgumentNullException(nameof(recipe));
            }
            CheckClouds(recipe.Clouds, "cloud");
            InRange("variation", recipe.Variation ?? DefaultVariation, 0, 1);
            InRange("rotation", recipe.RotationDegrees, -MaxRotationDegrees, MaxRotationDegrees);
            InRange("exposure", recipe.ExposureEv, -MaxExposureEv, MaxExposureEv);
            CheckGround(recipe.Ground);
            CheckOutputs(recipe.Outputs);
            if (!Enum.IsDefined(typeof(DetailLevel), recipe.Detail))
            {
                throw new InvalidRequestException("detail", recipe.Detail.ToString(), "one of " + RecipeNames.Listed<DetailLevel>());
            }
            if (recipe.Blend != null)
            {
                CheckClouds(recipe.Blend.Clouds, "blend.clouds");
                InRange("blend.position", recipe.Blend.Position, 0, 1);
            }
        }

        /// <summary>Returns if there are 1 to <see cref="MaxOutputs"/> outputs and each is in range.</summary>
        /// <exception cref="InvalidRequestException">Names the first field that is not.</exception>
        public static void CheckOutputs(IReadOnlyList<OutputSpec> outputs)
        {
            if (outputs.Count < 1 || outputs.Count > MaxOutputs)
            {
                throw new InvalidRequestException("outputs", outputs.Count.ToString(CultureInfo.InvariantCulture),
                    $"from 1 to {MaxOutputs} outputs");
            }
            foreach (var output in outputs)
            {
                CheckOutput(output);
            }
        }

        /// <summary>Returns if the ground, which may be absent, is in range.</summary>
        /// <exception cref="InvalidRequestException">Names the first field that is not.</exception>
        public static void CheckGround(Ground ground)
        {
            if (ground == null)
            {
                return;
            }
            if (!Enum.IsDefined(typeof(GroundMode), ground.Mode))
            {
                throw new InvalidRequestException("ground", ground.Mode.ToString(), "one of " + RecipeNames.Listed<GroundMode>());
            }
            if (ground.Mode == GroundMode.Colour && ground.Colour != null)
            {
                InRange("ground.colour", ground.Colour.Red, 0, 1);
                InRange("ground.colour", ground.Colour.Green, 0, 1);
                InRange("ground.colour", ground.Colour.Blue, 0, 1);
            }
        }

        internal static void InRange(string field, double value, double min, double max)
        {
            // Written so that NaN fails.
            if (!(value >= min && value <= max))
            {
                throw new InvalidRequestException(field, value.ToString(CultureInfo.InvariantCulture),
                    string.Format(CultureInfo.InvariantCulture, "a number from {0} to {1}", min, max));
            }
        }

        internal static void CheckClouds(List<CloudWeight> clouds, string field)
        {
            if (clouds.Count == 0)
            {
                throw new InvalidRequestException(field, "none", "at least one cloud type");
            }
            double total = 0;
            var seen = new HashSet<CloudGenus>();
            foreach (var cloud in clouds)
            {
                string name = RecipeNames.Short(cloud.Genus);
                if (name.Length == 0)
                {
                    throw new InvalidRequestException(field, cloud.Genus.ToString(), "one of " + RecipeNames.Listed<CloudGenus>());
                }
                if (!(cloud.Weight > 0 && cloud.Weight <= 1))
                {
                    string weight = cloud.Weight.ToString(CultureInfo.InvariantCulture);
                    throw new InvalidRequestException(field, name + ":" + weight, "weights above 0 and at most 1");
                }
                if (!seen.Add(cloud.Genus))
                {
                    throw new InvalidRequestException(field, name, "each cloud type at most once");
                }
                total += cloud.Weight;
            }
            if (Math.Abs(total - 1) > WeightSumTolerance)
            {
                throw new InvalidRequestException(field, total.ToString(CultureInfo.InvariantCulture), "weights that sum to 1");
            }
        }

        private static void CheckOutput(OutputSpec output)
        {
            var (min, max) = SizeLimits(output.Layout);
            if (output.Size < min || output.Size > max || output.Size % 2 != 0)
            {
                throw new InvalidRequestException("size", output.Size.ToString(CultureInfo.InvariantCulture),
                    $"an even number of pixels from {min} to {max} for {RecipeNames.Short(output.Layout)}");
            }
            if (!Enum.IsDefined(typeof(ImageFormat), output.Format))
            {
                throw new InvalidRequestException("format", output.Format.ToString(), "one of " + RecipeNames.Listed<ImageFormat>());
            }
            if (output.Quality > 100)
            {
                throw new InvalidRequestException("quality", output.Quality.ToString(CultureInfo.InvariantCulture),
                    "a JPEG quality from 1 to 100");
            }
            if (output.Camera != null)
            {
                InRange("camera.yaw", output.Camera.YawDegrees, -360, 360);
                InRange("camera.pitch", output.Camera.PitchDegrees, -90, 90);
                InRange("camera.fov", output.Camera.FovDegrees, 1, 150);
            }
        }
    }
}
