// UnityProgressBoard: runs in Unity's Progress window and in the status bar.
using System;
using UnityEditor;

namespace Skyloom.Editor
{
    internal sealed class UnityProgressBoard : IProgressBoard
    {
        /// <inheritdoc/>
        public IProgressItem Start(string name, string description, Action cancel)
        {
            int id = Progress.Start(name, description);
            Progress.RegisterCancelCallback(id, () =>
            {
                cancel();
                return true;
            });
            return new Item(id);
        }

        private sealed class Item : IProgressItem
        {
            private readonly int _id;

            public Item(int id)
            {
                _id = id;
            }

            /// <inheritdoc/>
            public void Report(double fraction, string description)
            {
                if (Progress.Exists(_id))
                {
                    Progress.Report(_id, (float)fraction, description);
                }
            }

            /// <inheritdoc/>
            public void Finish(RunEnd end, string message)
            {
                // Cancelled there, the item is Unity's to end; it may be gone.
                if (!Progress.Exists(_id))
                {
                    return;
                }
                if (end == RunEnd.Suspended)
                {
                    // The next domain makes a new one.
                    Progress.Remove(_id);
                    return;
                }
                Progress.SetDescription(_id, message);
                Progress.Finish(_id, end == RunEnd.Done ? Progress.Status.Succeeded
                    : end == RunEnd.Cancelled ? Progress.Status.Canceled : Progress.Status.Failed);
            }
        }
    }
}
