// ShownSky: what the window has to look at: candidates, and the sky in the preview.
namespace Skyloom.Editor
{
    /// <summary>One small sky to pick from.</summary>
    public sealed class SkyCandidate
    {
        internal SkyCandidate(uint seed, PixelGrid picture)
        {
            Seed = seed;
            Picture = picture;
        }

        /// <summary>Its seed.</summary>
        public uint Seed { get; }

        /// <summary>Its panorama; null while it is being made.</summary>
        public PixelGrid Picture { get; internal set; }
    }

    /// <summary>The sky that is looked at.</summary>
    public sealed class ShownSky
    {
        internal ShownSky(string title, SkySampler sampler, HistoryItem item)
        {
            Title = title;
            Sampler = sampler;
            Item = item;
        }

        /// <summary>For people.</summary>
        public string Title { get; }

        /// <summary>Its colours.</summary>
        public SkySampler Sampler { get; }

        /// <summary>Where it is in the history; null for a candidate, of which nothing can be made.</summary>
        public HistoryItem Item { get; }
    }
}
