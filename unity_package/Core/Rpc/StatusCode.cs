// StatusCode: the canonical codes of gRPC.
namespace Skyloom
{
    /// <summary>The canonical codes of gRPC, and their numbers on the wire.</summary>
    public enum StatusCode
    {
        /// <summary>No error.</summary>
        Ok = 0,

        /// <summary>Cancelled, usually by a client.</summary>
        Cancelled = 1,

        /// <summary>Nobody knows why.</summary>
        Unknown = 2,

        /// <summary>A value that cannot be used.</summary>
        InvalidArgument = 3,

        /// <summary>The time is over.</summary>
        DeadlineExceeded = 4,

        /// <summary>No such thing.</summary>
        NotFound = 5,

        /// <summary>There is one already.</summary>
        AlreadyExists = 6,

        /// <summary>Known, but not allowed.</summary>
        PermissionDenied = 7,

        /// <summary>A queue or a limit is full.</summary>
        ResourceExhausted = 8,

        /// <summary>The state does not allow it.</summary>
        FailedPrecondition = 9,

        /// <summary>Broken off; worth another try from the start.</summary>
        Aborted = 10,

        /// <summary>Beyond the end.</summary>
        OutOfRange = 11,

        /// <summary>No such method.</summary>
        Unimplemented = 12,

        /// <summary>A fault of the server.</summary>
        Internal = 13,

        /// <summary>No server, or one that is shutting down.</summary>
        Unavailable = 14,

        /// <summary>Data is lost or damaged.</summary>
        DataLoss = 15,

        /// <summary>Who asks is not known: the token is missing or wrong.</summary>
        Unauthenticated = 16,
    }
}
