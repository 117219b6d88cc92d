// BatchReport: what became of each sky of a batch run, for the log and for a file.
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Skyloom.Json;

namespace Skyloom.Editor
{
    /// <summary>What became of one sky.</summary>
    public enum SkyOutcome
    {
        /// <summary>It was up to date already.</summary>
        Unchanged,

        /// <summary>Pictures and material were made.</summary>
        Made,

        /// <summary>Only the material had to be made.</summary>
        MaterialMade,

        /// <summary>Nothing was made; see the message.</summary>
        Failed,
    }

    /// <summary>One line of a report.</summary>
    public sealed class BatchLine
    {
        internal BatchLine(string name, SkyOutcome outcome, SkyExit exit, string message)
        {
            Name = name;
            Outcome = outcome;
            Exit = exit;
            Message = message;
        }

        /// <summary>The sky's name, or the entry's place where it has none.</summary>
        public string Name { get; }

        /// <summary>What became of it.</summary>
        public SkyOutcome Outcome { get; }

        /// <summary>The exit code that it alone would lead to.</summary>
        public SkyExit Exit { get; }

        /// <summary>For people.</summary>
        public string Message { get; }
    }

    /// <summary>What a batch run did.</summary>
    public sealed class BatchReport
    {
        private readonly List<BatchLine> _lines = new List<BatchLine>();
        private SkyExit _exit;

        /// <summary>One line a sky, in the manifest's order.</summary>
        public IReadOnlyList<BatchLine> Lines => _lines;

        /// <summary>Why the run did not come to the skies, "" where it did.</summary>
        public string Error { get; private set; } = "";

        /// <summary>The lowest code but zero that a line or the run has.</summary>
        public SkyExit Exit => _lines.Select(line => line.Exit).Concat(new[] { _exit })
            .Where(exit => exit != SkyExit.Done).DefaultIfEmpty(SkyExit.Done).Min();

        internal void Add(string name, SkyOutcome outcome, SkyExit exit, string message) =>
            _lines.Add(new BatchLine(name, outcome, exit, message));

        internal void Fail(SkyExit exit, string error)
        {
            _exit = exit;
            Error = error;
        }

        /// <summary>How many skies had this outcome.</summary>
        public int Count(SkyOutcome outcome) => _lines.Count(line => line.Outcome == outcome);

        /// <summary>One line for the log.</summary>
        public string Summary() => Error.Length > 0
            ? Error
            : $"{Count(SkyOutcome.Made)} made, {Count(SkyOutcome.MaterialMade)} given a material, "
                + $"{Count(SkyOutcome.Unchanged)} unchanged, {Count(SkyOutcome.Failed)} failed (exit code {(int)Exit})";

        /// <summary>Writes the report as JSON, beside its place first.</summary>
        /// <exception cref="IOException">It cannot be written.</exception>
        internal void Write(string path)
        {
            var lines = _lines.Select(line => JsonValue.Of(
                ("name", JsonValue.Of(line.Name)), ("outcome", JsonValue.Of(line.Outcome.ToString())),
                ("exitCode", JsonValue.Of((long)line.Exit)), ("message", JsonValue.Of(line.Message))));
            var content = JsonValue.Of(
                ("exitCode", JsonValue.Of((long)Exit)), ("error", JsonValue.Of(Error)), ("skies", JsonValue.Of(lines)));
            using (var swap = new FileSwap())
            {
                swap.Write(path, Encoding.UTF8.GetBytes(content.ToText(true) + "\n"));
                swap.Commit();
                swap.Keep();
            }
        }
    }
}
