// StatusErrors: the typed error of a status, the same mapping as the Python client's.
using System.Collections.Generic;

namespace Skyloom.Rpc
{
    internal static class StatusErrors
    {
        public static SkyloomException From(RpcStatus status)
        {
            var error = Typed(status);
            error.Reason = status.Reason;
            error.JobId = Fact(status, "job_id");
            return error;
        }

        private static SkyloomException Typed(RpcStatus status)
        {
            switch (status.Code)
            {
                case StatusCode.InvalidArgument:
                    return Invalid(status);
                case StatusCode.ResourceExhausted:
                    // Without a reason it is the transport that refused: the request is larger than the server takes.
                    return status.Reason.Length == 0
                        ? (SkyloomException)Invalid(status)
                        : new QueueFullException(status.Message, status.RetryAfter);
                case StatusCode.Unavailable:
                case StatusCode.Aborted:
                    return new ServerUnavailableException(status.Message);
                case StatusCode.Unauthenticated:
                case StatusCode.PermissionDenied:
                    return new UnauthenticatedException(status.Code, status.Message);
                case StatusCode.DeadlineExceeded:
                    return new DeadlineExceededException(status.Message);
                case StatusCode.NotFound:
                    return new JobNotFoundException(status.Message);
                case StatusCode.Cancelled:
                    return new JobCancelledException(status.Message);
                case StatusCode.FailedPrecondition:
                    return new ServerModelException(status.Message);
                case StatusCode.Unimplemented:
                    return new ProtocolException("no sky server answers there: " + status.Message);
                default:
                    return new ServerFaultException(status.Code, status.Message);
            }
        }

        private static InvalidRequestException Invalid(RpcStatus status)
        {
            var violations = new List<FieldViolation>(status.Violations);
            if (violations.Count == 0)
            {
                violations.Add(new FieldViolation("request", status.Message));
            }
            return new InvalidRequestException(violations, Fact(status, "allowed"));
        }

        private static string Fact(RpcStatus status, string name) =>
            status.Metadata.TryGetValue(name, out string value) ? value : "";
    }
}
