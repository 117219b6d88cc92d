// SkyAssets: marks assets as Skyloom's own; for the parts that are assemblies of their own.
namespace Skyloom.Editor
{
    /// <summary>Ownership of assets, by Skyloom's label.</summary>
    public static class SkyAssets
    {
        /// <summary>Whether Skyloom made what is, or was, at this path.</summary>
        public static bool IsOwn(string assetPath) => SkyOwnership.HasLabel(assetPath);

        /// <summary>Marks an asset as made by Skyloom; its other labels stay.</summary>
        public static void MarkOwn(UnityEngine.Object asset) => SkyOwnership.SetLabel(asset);

        /// <summary>What to throw where somebody else's asset is in the way.</summary>
        public static SkyImportException Refusal(string path) =>
            new SkyImportException($"not made by Skyloom, so not overwritten: {path}", new[] { path });
    }
}
