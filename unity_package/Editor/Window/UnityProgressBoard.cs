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
            var item = new Item(Progress.Start(name, description));
            Progress.RegisterCancelCallback(item.Id, () =>
            {
                // True makes it Unity's to end.
                item.Cancelled = true;
                cancel();
                return true;
            });
            return item;
        }

        private sealed class Item : IProgressItem
        {
            public Item(int id)
            {
                Id = id;
            }

            public int Id { get; }

            public bool Cancelled { get; set; }

            private bool IsOurs => !Cancelled && Progress.Exists(Id);

            /// <inheritdoc/>
            public void Report(double fraction, string description)
            {
                if (IsOurs)
                {
                    Progress.Report(Id, (float)fraction, description);
                }
            }

            /// <inheritdoc/>
            public void Finish(RunEnd end, string message)
            {
                if (!IsOurs)
                {
                    return;
                }
                if (end == RunEnd.Suspended)
                {
                    // The next domain makes a new one.
                    Progress.Remove(Id);
                    return;
                }
                Progress.SetDescription(Id, message);
                Progress.Finish(Id, end == RunEnd.Done ? Progress.Status.Succeeded
                    : end == RunEnd.Cancelled ? Progress.Status.Canceled : Progress.Status.Failed);
            }
        }
    }
}
