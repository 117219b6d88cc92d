// SkyMaterials: the skybox material of an imported sky.
using System;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Skybox materials. Main thread only.</summary>
    public static class SkyMaterials
    {
        /// <summary>
        /// The sky's material at <see cref="ImportedSky.MaterialPath"/>, made or brought up to date; can be undone. One
        /// that is there keeps its GUID and, unless its shader changes, what people set in it.
        /// </summary>
        /// <exception cref="SkyImportException">A texture is missing, or a material that is not Skyloom's is there.</exception>
        public static Material CreateOrUpdate(ImportedSky sky, ImportOptions options = null) =>
            throw new NotImplementedException();

        /// <summary>The material where there is one, else null.</summary>
        public static Material Find(ImportedSky sky) => throw new NotImplementedException();
    }
}
