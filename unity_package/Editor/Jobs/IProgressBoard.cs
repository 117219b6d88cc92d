// IProgressBoard: where a run shows how far it is, beside the window: Unity's Progress window.
using System;

namespace Skyloom.Editor
{
    /// <summary>How a run ended.</summary>
    public enum RunEnd
    {
        /// <summary>It did not: it still runs.</summary>
        None,

        /// <summary>Every picture is there.</summary>
        Done,

        /// <summary>Something went wrong.</summary>
        Failed,

        /// <summary>A person cancelled it.</summary>
        Cancelled,

        /// <summary>The domain is about to be reloaded; the run goes on after it.</summary>
        Suspended,
    }

    /// <summary>Shows runs.</summary>
    public interface IProgressBoard
    {
        /// <summary>A new item; <paramref name="cancel"/> is called when somebody cancels it there.</summary>
        IProgressItem Start(string name, string description, Action cancel);
    }

    /// <summary>One run as it is shown.</summary>
    public interface IProgressItem
    {
        /// <summary>How far it is, 0 to 1, and at what.</summary>
        void Report(double fraction, string description);

        /// <summary>Takes the item away, or marks it as failed.</summary>
        void Finish(RunEnd end, string message);
    }
}
