// Errors: what a call to a sky server can raise, one type for each thing that a caller may want to do about it.
using System;
using System.Collections.Generic;

namespace Skyloom
{
    /// <summary>Base of everything that a server, or the way to it, can make a call fail with.</summary>
    public class SkyloomException : Exception
    {
        internal SkyloomException(StatusCode code, string message, Exception cause = null) : base(message, cause)
        {
            Code = code;
        }

        /// <summary>The canonical code.</summary>
        public StatusCode Code { get; }

        /// <summary>The job concerned, "" where there is none yet.</summary>
        public string JobId { get; internal set; } = "";

        /// <summary>The server's machine-readable reason, e.g. "SHUTTING_DOWN"; "" where it gave none.</summary>
        public string Reason { get; internal set; } = "";
    }

    /// <summary>One fault of a request.</summary>
    public sealed class FieldViolation
    {
        internal FieldViolation(string field, string description)
        {
            Field = field;
            Description = description;
        }

        /// <summary>The field's name, e.g. "seed".</summary>
        public string Field { get; }

        /// <summary>What is wrong with it, for people.</summary>
        public string Description { get; }
    }

    /// <summary>A value that cannot be used, found here or by the server (INVALID_ARGUMENT).</summary>
    public sealed class InvalidRequestException : SkyloomException
    {
        internal InvalidRequestException(string field, string value, string allowed)
            : this(new[] { new FieldViolation(field, $"{field}: {value} is not allowed; expected {allowed}") }, allowed)
        {
        }

        internal InvalidRequestException(IReadOnlyList<FieldViolation> violations, string allowed)
            : base(StatusCode.InvalidArgument, violations[0].Description)
        {
            Violations = violations;
            Allowed = allowed;
        }

        /// <summary>Name of the first field at fault.</summary>
        public string Field => Violations[0].Field;

        /// <summary>What would have been accepted, "" where that is not known.</summary>
        public string Allowed { get; }

        /// <summary>Every fault, at least one.</summary>
        public IReadOnlyList<FieldViolation> Violations { get; }
    }

    /// <summary>Too many jobs wait (RESOURCE_EXHAUSTED).</summary>
    public sealed class QueueFullException : SkyloomException
    {
        internal QueueFullException(string message, TimeSpan retryAfter) : base(StatusCode.ResourceExhausted, message)
        {
            RetryAfter = retryAfter;
        }

        /// <summary>When a new try makes sense, as the server sees it.</summary>
        public TimeSpan RetryAfter { get; }
    }

    /// <summary>No server answers there, the connection broke, or the server is shutting down.</summary>
    public sealed class ServerUnavailableException : SkyloomException
    {
        internal ServerUnavailableException(string message, Exception cause = null)
            : base(StatusCode.Unavailable, message, cause)
        {
        }
    }

    /// <summary>The server wants a token, or another one.</summary>
    public sealed class UnauthenticatedException : SkyloomException
    {
        internal UnauthenticatedException(StatusCode code, string message) : base(code, message)
        {
        }
    }

    /// <summary>The timeout passed. The job, if there is one, goes on at the server and can be watched.</summary>
    public sealed class DeadlineExceededException : SkyloomException
    {
        internal DeadlineExceededException(string message) : base(StatusCode.DeadlineExceeded, message)
        {
        }
    }

    /// <summary>The server does not know the job, or no longer keeps its result.</summary>
    public sealed class JobNotFoundException : SkyloomException
    {
        internal JobNotFoundException(string message) : base(StatusCode.NotFound, message)
        {
        }
    }

    /// <summary>
    /// The job was cancelled by somebody else. Who cancels through the call's own token gets an
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public sealed class JobCancelledException : SkyloomException
    {
        internal JobCancelledException(string message) : base(StatusCode.Cancelled, message)
        {
        }
    }

    /// <summary>The server's model is missing, damaged or not the one asked for.</summary>
    public sealed class ServerModelException : SkyloomException
    {
        internal ServerModelException(string message) : base(StatusCode.FailedPrecondition, message)
        {
        }
    }

    /// <summary>The server failed in a way that it did not foresee; its log tells more, by job id.</summary>
    public sealed class ServerFaultException : SkyloomException
    {
        internal ServerFaultException(StatusCode code, string message) : base(code, message)
        {
        }
    }

    /// <summary>What answers there does not speak the protocol: garbage, a web page, a damaged message.</summary>
    public sealed class ProtocolException : SkyloomException
    {
        internal ProtocolException(string message, Exception cause = null) : base(StatusCode.Internal, message, cause)
        {
        }
    }

    /// <summary>The answer is larger than the client's limits; nothing beyond the limit was read.</summary>
    public sealed class AnswerTooLargeException : SkyloomException
    {
        internal AnswerTooLargeException(string message) : base(StatusCode.ResourceExhausted, message)
        {
        }
    }

    /// <summary>What arrived is not what the server said it sent: a gap, or a hash that differs.</summary>
    public sealed class CorruptResultException : SkyloomException
    {
        internal CorruptResultException(string message) : base(StatusCode.DataLoss, message)
        {
        }
    }

    /// <summary>The server speaks another version of the contract, or is too old.</summary>
    public sealed class VersionMismatchException : SkyloomException
    {
        internal VersionMismatchException(string serverVersion, string apiVersion, string message)
            : base(StatusCode.FailedPrecondition, message)
        {
            ServerVersion = serverVersion;
            ApiVersion = apiVersion;
        }

        /// <summary>Version of Skyloom at the server.</summary>
        public string ServerVersion { get; }

        /// <summary>Version of the contract at the server.</summary>
        public string ApiVersion { get; }
    }

    /// <summary>
    /// The client was disposed of while the call ran, as before a domain reload. The job goes on at the server and can
    /// be watched again by its id.
    /// </summary>
    public sealed class ClientClosedException : SkyloomException
    {
        internal ClientClosedException() : base(StatusCode.Cancelled, "the client was closed; the job goes on")
        {
        }
    }
}
