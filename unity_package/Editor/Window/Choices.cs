// Choices: what the dropdowns offer, in words.
using System.Collections.Generic;
using System.Globalization;
using Skyloom.V1;

namespace Skyloom.Editor
{
    internal static class Choices
    {
        /// <summary>The materials.</summary>
        public static readonly IReadOnlyList<SkyKind> Kinds = new[] { SkyKind.Panoramic, SkyKind.SixSided, SkyKind.Cubemap };

        /// <summary>What can be below the horizon.</summary>
        public static readonly IReadOnlyList<GroundMode> Grounds = new[] { GroundMode.Fade, GroundMode.Mirror, GroundMode.Colour };

        /// <summary>How far a dome can be enlarged.</summary>
        public static readonly IReadOnlyList<DetailLevel> Details = new[]
        {
            DetailLevel.Auto, DetailLevel.Off, DetailLevel.Standard, DetailLevel.High,
        };

        /// <summary>As Unity calls the shader.</summary>
        public static string NameOf(SkyKind kind) =>
            kind == SkyKind.SixSided ? "6 Sided" : kind == SkyKind.Cubemap ? "Cubemap" : "Panoramic";

        /// <summary>In words.</summary>
        public static string NameOf(GroundMode mode) => mode == GroundMode.Mirror ? Texts.Tr("Mirror of the sky")
            : mode == GroundMode.Colour ? Texts.Tr("Colour") : Texts.Tr("Fade into haze");

        /// <summary>In words.</summary>
        public static string NameOf(DetailLevel level) => level == DetailLevel.Off ? Texts.Tr("Off")
            : level == DetailLevel.Standard ? Texts.Tr("Standard")
            : level == DetailLevel.High ? Texts.Tr("High") : Texts.Tr("Automatic");

        /// <summary>Pixels.</summary>
        public static string SizeName(uint size) => size.ToString(CultureInfo.InvariantCulture) + " px";

        /// <summary>What a size means.</summary>
        public static string SizeTooltip(SkyKind kind) => kind == SkyKind.Panoramic
            ? Texts.Tr("Width of the panorama in pixels; it is half as high.")
            : Texts.Tr("Side of one face in pixels.");

        /// <summary>"Cumulus".</summary>
        public static string NameOf(CloudGenus genus)
        {
            string name = RecipeNames.Short(genus);
            return name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name.Substring(1);
        }
    }
}
