// ImportOptions: what may differ from one import to the next.
using System;
using System.Collections.Generic;

namespace Skyloom.Editor
{
    /// <summary>How the textures are compressed.</summary>
    public enum SkyCompression
    {
        /// <summary>The platform's best block format (BC7, ASTC 4x4): a quarter of the memory, no visible bands.</summary>
        HighQuality,

        /// <summary>The exact values.</summary>
        None,
    }

    /// <summary>How a sky is imported; the defaults fit most projects.</summary>
    public sealed class ImportOptions
    {
        /// <summary>
        /// Gets the asset paths of files that would be replaced and are not as Skyloom made them; true replaces them.
        /// Null refuses with <see cref="SkyImportException"/>: right for batch mode.
        /// </summary>
        public Func<IReadOnlyList<string>, bool> Overwrite { get; set; }

        /// <summary>How the textures are compressed.</summary>
        public SkyCompression Compression { get; set; }

        /// <summary>
        /// Largest side by platform name ("Android", "iPhone", ...): these platforms get an override with that size.
        /// Others show the sky in full.
        /// </summary>
        public IReadOnlyDictionary<string, int> PlatformMaxSizes { get; set; } = new Dictionary<string, int>();
    }
}
