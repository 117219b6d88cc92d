// RpcStatus: how a call ended, with the google.rpc details that the server attached.
using System;
using System.Collections.Generic;
using Skyloom.Wire;

namespace Skyloom.Rpc
{
    /// <summary>The status of one call. Details are those of google.rpc: ErrorInfo, BadRequest, RetryInfo.</summary>
    internal sealed class RpcStatus
    {
        public RpcStatus(StatusCode code, string message)
        {
            Code = code;
            Message = string.IsNullOrEmpty(message) ? code.ToString() : message;
        }

        public StatusCode Code { get; }

        public string Message { get; }

        /// <summary>Machine name of the cause (ErrorInfo.reason), "" without one.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>Facts of the cause (ErrorInfo.metadata).</summary>
        public Dictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        /// <summary>Field and description of each fault of the request (BadRequest).</summary>
        public List<FieldViolation> Violations { get; } = new List<FieldViolation>();

        /// <summary>When to try again (RetryInfo).</summary>
        public TimeSpan RetryAfter { get; private set; }

        /// <summary>
        /// Reads a serialized google.rpc.Status. Damaged details are left out: the code and the message tell enough.
        /// </summary>
        public void AddDetails(byte[] serializedStatus)
        {
            try
            {
                foreach (byte[] any in Fields(serializedStatus).Of(3))
                {
                    var fields = Fields(any);
                    string type = fields.Text(1);
                    Add(type.Substring(type.LastIndexOf('/') + 1), fields.Bytes(2));
                }
            }
            catch (WireFormatException)
            {
                // Kept: what was read before the fault.
            }
        }

        private static DetailFields Fields(byte[] data) => Wire.Message.Parse<DetailFields>(data);

        private void Add(string type, byte[] detail)
        {
            var fields = Fields(detail);
            switch (type)
            {
                case "google.rpc.ErrorInfo":
                    Reason = fields.Text(1);
                    foreach (byte[] entry in fields.Of(3))
                    {
                        var pair = Fields(entry);
                        Metadata[pair.Text(1)] = pair.Text(2);
                    }
                    break;
                case "google.rpc.BadRequest":
                    foreach (byte[] violation in fields.Of(1))
                    {
                        var pair = Fields(violation);
                        Violations.Add(new FieldViolation(pair.Text(1), pair.Text(2)));
                    }
                    break;
                case "google.rpc.RetryInfo":
                    var delay = Fields(fields.Bytes(1));
                    double seconds = delay.Number(1) + delay.Number(2) / 1e9;
                    RetryAfter = TimeSpan.FromSeconds(Math.Max(0, Math.Min(seconds, 86400)));
                    break;
            }
        }
    }
}
