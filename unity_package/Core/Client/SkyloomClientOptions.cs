// SkyloomClientOptions: token, timeouts and limits of a client.
using System;
using System.Collections.Generic;

namespace Skyloom
{
    /// <summary>How a <see cref="SkyloomClient"/> calls; read once, when it is made.</summary>
    public sealed class SkyloomClientOptions
    {
        /// <summary>Sent as "authorization: Bearer TOKEN"; null where the server wants none.</summary>
        public string Token { get; set; }

        /// <summary>What a short call may take; null waits for ever.</summary>
        public TimeSpan? Timeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>What a job may take, queueing and transfer included; null waits for ever.</summary>
        public TimeSpan? JobTimeout { get; set; } = TimeSpan.FromMinutes(10);

        /// <summary>What a cancelled call may take to tell the server.</summary>
        public TimeSpan CancelTimeout { get; set; } = TimeSpan.FromSeconds(2);

        /// <summary>Largest single message; the server's pieces of pictures are at most 1 MiB.</summary>
        public long MaxMessageBytes { get; set; } = 8L << 20;

        /// <summary>Largest sum of a job's pictures.</summary>
        public long MaxResultBytes { get; set; } = 512L << 20;

        /// <summary>Ask for the server's version before the first job.</summary>
        public bool CheckVersion { get; set; } = true;

        /// <summary>How long to wait before each try to take a dropped stream up again; empty never tries.</summary>
        public IReadOnlyList<TimeSpan> ResumeDelays { get; set; } = new[]
        {
            TimeSpan.Zero, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(2),
        };

        internal SkyloomClientOptions Checked()
        {
            var copy = (SkyloomClientOptions)MemberwiseClone();
            if (copy.MaxMessageBytes <= 0 || copy.MaxMessageBytes > int.MaxValue || copy.MaxResultBytes <= 0)
            {
                throw new ArgumentException("limits are positive, and a message has less than 2 GiB");
            }
            if (copy.Timeout <= TimeSpan.Zero || copy.JobTimeout <= TimeSpan.Zero || copy.CancelTimeout <= TimeSpan.Zero)
            {
                throw new ArgumentException("timeouts are positive");
            }
            if (copy.Token != null)
            {
                foreach (char letter in copy.Token)
                {
                    if (letter < '!' || letter > '~')
                    {
                        throw new ArgumentException("a token has printable ASCII characters only, and no space");
                    }
                }
            }
            copy.ResumeDelays = copy.ResumeDelays ?? Array.Empty<TimeSpan>();
            return copy;
        }
    }

    /// <summary>How one job is called.</summary>
    public sealed class SkyCall
    {
        /// <summary>Replaces the client's <see cref="SkyloomClientOptions.JobTimeout"/>.</summary>
        public TimeSpan? Timeout { get; set; }

        /// <summary>The job ends when this connection does, and is then not taken up again.</summary>
        public bool CancelOnDisconnect { get; set; }

        /// <summary>The token ends only the call; the job goes on.</summary>
        public bool LeaveJobOnCancel { get; set; }
    }
}
