// SkyRun: one press of a button: the jobs that it needs, how far each is, and how it ended.
using System;
using System.Collections.Generic;
using System.Linq;
using Skyloom.Json;

namespace Skyloom.Editor
{
    /// <summary>What a run is for.</summary>
    public enum RunPurpose
    {
        /// <summary>One sky at full size.</summary>
        Sky,

        /// <summary>Several small ones, to pick from.</summary>
        Candidates,
    }

    /// <summary>One job of a run. Main thread only, but for what its call reports.</summary>
    public sealed class RunJob
    {
        internal RunJob(SkyEntry entry, string jobId)
        {
            Entry = entry;
            JobId = jobId;
        }

        /// <summary>What is being made.</summary>
        public SkyEntry Entry { get; }

        /// <summary>Under which the server knows it; "" until its first event.</summary>
        public string JobId { get; internal set; }

        /// <summary>The latest event; null before the first.</summary>
        public SkyEvent Seen { get; internal set; }

        /// <summary>Of the whole job, 0 to 1, as the server says; never falls.</summary>
        public double Fraction { get; internal set; }

        /// <summary>The sky; null until it is there.</summary>
        public SkyResult Result { get; internal set; }

        /// <summary>Why there is none; null while that is open.</summary>
        public Exception Error { get; internal set; }
    }

    /// <summary>A run. Main thread only.</summary>
    public sealed class SkyRun
    {
        private const int StateVersion = 1;

        internal SkyRun(RunPurpose purpose, IEnumerable<SkyEntry> entries)
            : this(purpose, entries.Select(entry => new RunJob(entry, "")))
        {
        }

        private SkyRun(RunPurpose purpose, IEnumerable<RunJob> jobs)
        {
            Purpose = purpose;
            Jobs = jobs.ToArray();
        }

        /// <summary>What it is for.</summary>
        public RunPurpose Purpose { get; }

        /// <summary>At least one.</summary>
        public IReadOnlyList<RunJob> Jobs { get; }

        /// <summary>How it ended.</summary>
        public RunEnd End { get; internal set; }

        /// <summary>Cancel was asked for; it ends at the server's next stage.</summary>
        public bool Cancelling { get; internal set; }

        /// <summary>What it is at, or why it failed: for people.</summary>
        public string Status { get; internal set; } = "";

        /// <summary>Of the whole run, 0 to 1: the mean of what the server says of its jobs.</summary>
        public double Fraction => Jobs.Average(job => job.Result != null ? 1 : job.Fraction);

        /// <summary>The run as a text, to take it up again in another domain.</summary>
        internal string ToState() => JsonValue.Of(
            ("version", JsonValue.Of(StateVersion)), ("purpose", JsonValue.Of(Purpose.ToString())),
            ("jobs", JsonValue.Of(Jobs.Select(job => JsonValue.Of(
                ("jobId", JsonValue.Of(job.JobId)),
                ("manifest", JsonValue.Of(SkyManifest.Write(new[] { job.Entry })))))))).ToText();

        /// <summary>Reads such a text; null where it is none.</summary>
        internal static SkyRun FromState(string text)
        {
            if (text.Length == 0)
            {
                return null;
            }
            try
            {
                var fields = JsonValue.Parse(text).AsObject("run", "version", "purpose", "jobs");
                fields["version"].AsWhole("version", StateVersion, StateVersion);
                var jobs = fields["jobs"].AsList("jobs").Select(value =>
                {
                    var job = value.AsObject("job", "jobId", "manifest");
                    var item = SkyManifest.Parse(job["manifest"].AsText("manifest")).Items[0];
                    return item.Entry == null
                        ? throw new JsonException(item.Error)
                        : new RunJob(item.Entry, job["jobId"].AsText("jobId"));
                }).ToArray();
                return Enum.TryParse(fields["purpose"].AsText("purpose"), out RunPurpose purpose) && jobs.Length > 0
                    ? new SkyRun(purpose, jobs)
                    : null;
            }
            catch (Exception error) when (error is JsonException || error is ManifestException
                || error is KeyNotFoundException || error is ArgumentException)
            {
                return null;
            }
        }
    }
}
