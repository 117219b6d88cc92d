// SkyScene: puts a sky into the open scene: skybox, ambient light, reflections, sun; one step back undoes it all.
using System;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Skies in scenes. Main thread only.</summary>
    public static class SkyScene
    {
        /// <summary>
        /// Applies a material of <see cref="SkyMaterials"/> to the active scene, as one named step of Undo. Where the
        /// project draws with HDRP, its cubemap goes into a volume instead.
        /// </summary>
        /// <exception cref="SkyImportException">HDRP, and the material has no cubemap or the HDRP part is missing.</exception>
        public static void Apply(Material material, SceneOptions options = null) => throw new NotImplementedException();
    }
}
