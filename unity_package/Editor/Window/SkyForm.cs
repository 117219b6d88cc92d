// SkyForm: what a person has chosen in the window; plain values that Unity keeps across domain reloads.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>One cloud type of the mix and how much of it, in any unit: shares are what counts.</summary>
    [Serializable]
    public sealed class MixPart
    {
        /// <summary>The type.</summary>
        public CloudGenus genus = CloudGenus.Cumulus;

        /// <summary>Above 0; shares are weights over their sum.</summary>
        public float weight = 1;
    }

    /// <summary>The window's fields. Degrees, stops, pixels; colours are sRGB, 0 to 1.</summary>
    [Serializable]
    public sealed class SkyForm
    {
        /// <summary>Shares are rounded, so that manifests read well.</summary>
        private const int ShareDigits = 3;
        private const double ShareStep = 1e-3;

        private const int MaxAutomaticTypes = 3;

        /// <summary>The mix; at least one type once anything can be made.</summary>
        public List<MixPart> clouds = new List<MixPart> { new MixPart() };

        /// <summary>Which sky of that mix.</summary>
        public uint seed = 7;

        /// <summary>Truncation psi, 0 to 1.</summary>
        public double variation = RecipeCheck.DefaultVariation;

        /// <summary>About the vertical, degrees.</summary>
        public double rotation;

        /// <summary>Stops.</summary>
        public double exposure;

        /// <summary>How far a detail network enlarges the dome.</summary>
        public DetailLevel detail = DetailLevel.Auto;

        /// <summary>What is below the horizon.</summary>
        public GroundMode ground = GroundMode.Fade;

        /// <summary>Red of the ground, for <see cref="GroundMode.Colour"/>.</summary>
        public float groundRed = 0.35f;

        /// <summary>Green of the ground.</summary>
        public float groundGreen = 0.33f;

        /// <summary>Blue of the ground.</summary>
        public float groundBlue = 0.3f;

        /// <summary>The material.</summary>
        public SkyKind kind = SkyKind.Panoramic;

        /// <summary>Pixels: width of a panorama, side of a face.</summary>
        public uint size = SkyOutputs.DefaultSize(SkyKind.Panoramic);

        /// <summary>Folder of the project.</summary>
        public string folder = "Assets/Skies";

        /// <summary>What the files are named after; empty for a name made of types and seed.</summary>
        public string name = "";

        /// <summary>The name that the sky will have.</summary>
        public string FileName => name.Trim().Length > 0 ? name.Trim() : AutomaticName;

        /// <summary>A name made of types and seed: "cumulus-cirrus-7".</summary>
        public string AutomaticName
        {
            get
            {
                var types = clouds.Take(MaxAutomaticTypes).Select(part => RecipeNames.Short(part.genus))
                    .Where(text => text.Length > 0);
                return string.Join("-", types.Concat(new[] { seed.ToString(CultureInfo.InvariantCulture) }));
            }
        }

        /// <summary>Why nothing can be made of this, "" when it can.</summary>
        public string Problem
        {
            get
            {
                try
                {
                    ToEntry().Check();
                    return "";
                }
                catch (InvalidRequestException error)
                {
                    return error.Message;
                }
            }
        }

        /// <summary>Each part's share of the mix; they sum to 1 exactly enough for any server.</summary>
        public IReadOnlyList<double> Shares()
        {
            double total = clouds.Sum(part => Math.Max(0, (double)part.weight));
            if (!(total > 0))
            {
                return clouds.Select(part => 1.0 / clouds.Count).ToArray();
            }
            var shares = clouds.Select(part => Math.Max(ShareStep, Rounded(Math.Max(0, part.weight) / total))).ToArray();
            // What rounding left over goes to the largest, where it shows least.
            int largest = Array.IndexOf(shares, shares.Max());
            shares[largest] = Rounded(1 - (shares.Sum() - shares[largest]));
            return shares;
        }

        /// <summary>The sky to make; not checked.</summary>
        public SkyEntry ToEntry()
        {
            var recipe = new SkyRecipe
            {
                Seed = seed, Variation = variation, RotationDegrees = rotation, ExposureEv = exposure,
                Ground = new Ground { Mode = ground }, Detail = detail,
            };
            if (ground == GroundMode.Colour)
            {
                recipe.Ground.Colour = new Colour
                {
                    Red = Rounded(groundRed), Green = Rounded(groundGreen), Blue = Rounded(groundBlue),
                };
            }
            var shares = Shares();
            for (int i = 0; i < clouds.Count; i++)
            {
                recipe.Clouds.Add(new CloudWeight { Genus = clouds[i].genus, Weight = shares[i] });
            }
            return new SkyEntry { Name = FileName, Kind = kind, Size = size, Folder = folder.Trim().TrimEnd('/'), Recipe = recipe };
        }

        /// <summary>The same sky, small and as a panorama, with another seed.</summary>
        public SkyEntry ToCandidate(uint otherSeed, uint width)
        {
            var entry = ToEntry();
            entry.Name = $"candidate-{otherSeed.ToString(CultureInfo.InvariantCulture)}";
            entry.Kind = SkyKind.Panoramic;
            entry.Size = width;
            entry.Recipe.Seed = otherSeed;
            entry.Recipe.Detail = DetailLevel.Off;
            return entry;
        }

        /// <summary>Takes over everything of a sky that was made; an automatic name stays automatic.</summary>
        public void Reuse(SkyEntry entry)
        {
            var recipe = entry.Recipe;
            clouds = recipe.Clouds.Select(one => new MixPart { genus = one.Genus, weight = (float)one.Weight }).ToList();
            seed = recipe.Seed;
            variation = recipe.Variation ?? RecipeCheck.DefaultVariation;
            rotation = recipe.RotationDegrees;
            exposure = recipe.ExposureEv;
            var mode = recipe.Ground == null ? GroundMode.Fade : recipe.Ground.Mode;
            ground = mode == GroundMode.Unspecified ? GroundMode.Fade : mode;
            if (ground == GroundMode.Colour && recipe.Ground.Colour != null)
            {
                groundRed = (float)recipe.Ground.Colour.Red;
                groundGreen = (float)recipe.Ground.Colour.Green;
                groundBlue = (float)recipe.Ground.Colour.Blue;
            }
            // Recipes that are older than detail say nothing.
            detail = recipe.Detail == DetailLevel.Unspecified ? DetailLevel.Off : recipe.Detail;
            kind = entry.Kind;
            size = entry.Size;
            folder = entry.Folder;
            name = "";
            name = entry.Name == AutomaticName ? "" : entry.Name;
        }

        /// <summary>Another kind, and the size nearest in detail that it can have.</summary>
        public void ChangeKind(SkyKind other)
        {
            if (other == kind)
            {
                return;
            }
            // A face covers a quarter of the panorama's width.
            uint wanted = kind == SkyKind.Panoramic ? size / 4 : other == SkyKind.Panoramic ? size * 4 : size;
            kind = other;
            size = SkyOutputs.Sizes(other).OrderBy(one => Math.Abs((long)one - wanted)).First();
        }

        private static double Rounded(double value) => Math.Round(value, ShareDigits);
    }
}
