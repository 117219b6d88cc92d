// SkyEvent: how far a job is.
namespace Skyloom
{
    /// <summary>What happened.</summary>
    public enum SkyEventKind
    {
        /// <summary>The job waits; see <see cref="SkyEvent.QueuePosition"/>.</summary>
        Queued,

        /// <summary>The job is at work; see <see cref="SkyEvent.Stage"/> and <see cref="SkyEvent.Fraction"/>.</summary>
        Working,

        /// <summary>A piece of a picture arrived; see <see cref="SkyEvent.Image"/>.</summary>
        Receiving,
    }

    /// <summary>One event of a job.</summary>
    public sealed class SkyEvent
    {
        internal SkyEvent(SkyEventKind kind, string jobId, ulong sequence)
        {
            Kind = kind;
            JobId = jobId;
            Sequence = sequence;
        }

        /// <summary>What happened.</summary>
        public SkyEventKind Kind { get; }

        /// <summary>The job, by the id under which it can be watched again.</summary>
        public string JobId { get; }

        /// <summary>Counts from 1 without gaps.</summary>
        public ulong Sequence { get; }

        /// <summary>0 is next.</summary>
        public uint QueuePosition { get; internal set; }

        /// <summary>"network", "detail", "render", "encode" or "decode"; "" while it waits.</summary>
        public string Stage { get; internal set; } = "";

        /// <summary>What the stage works on, e.g. "panorama", "tile 3 of 9" or "frame 2 of 24".</summary>
        public string Detail { get; internal set; } = "";

        /// <summary>Of the whole job without the transfer, 0 to 1; never falls.</summary>
        public double Fraction { get; internal set; }

        /// <summary>Name of the picture that a piece arrived of, "" otherwise.</summary>
        public string Image { get; internal set; } = "";

        /// <summary>Bytes of that picture so far.</summary>
        public long BytesReceived { get; internal set; }

        /// <summary>Whether that was its last piece.</summary>
        public bool ImageComplete { get; internal set; }
    }
}
