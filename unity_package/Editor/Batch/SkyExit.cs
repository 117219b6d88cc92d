// SkyExit: the exit codes of the batch methods.
namespace Skyloom.Editor
{
    /// <summary>Exit codes of <see cref="SkyBatch"/>. Where several apply it is the lowest but zero.</summary>
    public enum SkyExit
    {
        /// <summary>Every sky is there and up to date.</summary>
        Done = 0,

        /// <summary>Something that was not foreseen; Unity's own code for an exception.</summary>
        Unexpected = 1,

        /// <summary>The arguments are wrong, or the manifest cannot be read as one.</summary>
        BadArguments = 2,

        /// <summary>No server could be started or reached, or it speaks another version.</summary>
        NoServer = 3,

        /// <summary>An entry of the manifest cannot be used; it is named, and the others were made.</summary>
        BrokenEntry = 4,

        /// <summary>A sky could not be generated; the others were made.</summary>
        GenerationFailed = 5,

        /// <summary>A sky could not be imported, or would have overwritten a person's work; the others were made.</summary>
        ImportFailed = 6,

        /// <summary>Verify: a sky is missing, stale, or was changed by hand.</summary>
        NotUpToDate = 7,
    }
}
