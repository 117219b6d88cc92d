// Errors: exceptions as JSON, with what a caller could read of them.
using System;
using Skyloom.Json;
using Skyloom.Wire;

namespace Skyloom.Tests
{
    internal static class Errors
    {
        public static JsonValue Describe(Exception error, TimeSpan elapsed)
        {
            string code = "", jobId = "", reason = "", field = "", allowed = "", fault = "", log = "";
            double retryAfter = 0;
            if (error is SkyloomException sky)
            {
                code = sky.Code.ToString();
                jobId = sky.JobId;
                reason = sky.Reason;
            }
            if (error is InvalidRequestException invalid)
            {
                field = invalid.Field;
                allowed = invalid.Allowed;
            }
            if (error is QueueFullException full)
            {
                retryAfter = full.RetryAfter.TotalSeconds;
            }
            if (error is WireFormatException wire)
            {
                fault = wire.Fault.ToString();
            }
            if (error is ServerStartException start)
            {
                log = start.Log;
            }
            return JsonValue.Of(
                ("type", JsonValue.Of(error.GetType().Name)), ("message", JsonValue.Of(error.Message)),
                ("code", JsonValue.Of(code)), ("jobId", JsonValue.Of(jobId)), ("reason", JsonValue.Of(reason)),
                ("field", JsonValue.Of(field)), ("allowed", JsonValue.Of(allowed)), ("fault", JsonValue.Of(fault)),
                ("log", JsonValue.Of(log)), ("retryAfter", JsonValue.Of(retryAfter)),
                ("seconds", JsonValue.Of(elapsed.TotalSeconds)), ("trace", JsonValue.Of(error.ToString())));
        }
    }
}
