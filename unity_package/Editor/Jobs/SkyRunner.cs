// SkyRunner: makes runs at the server, shows how far they are, cancels them, and carries them over domain reloads.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.V1;

namespace Skyloom.Editor
{
    /// <summary>
    /// One run at a time. Main thread only; nothing blocks but <see cref="Suspend"/>, and that one for a bounded time.
    /// </summary>
    public sealed class SkyRunner
    {
        /// <summary>Where the run is kept across reloads.</summary>
        public const string StateKey = "Skyloom.Run";

        private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

        private readonly ServerConnection _connection;
        private readonly ISessionStore _store;
        private readonly IProgressBoard _board;
        private readonly Dictionary<RunJob, (Task Call, JobProgress Progress)> _calls =
            new Dictionary<RunJob, (Task, JobProgress)>();

        private readonly List<Task> _told = new List<Task>();
        private CancellationTokenSource _cancel;
        private IProgressItem _item;
        private bool _suspended;

        /// <summary>A runner that asks <paramref name="connection"/> for a client with each run.</summary>
        public SkyRunner(ServerConnection connection, ISessionStore store, IProgressBoard board)
        {
            _connection = connection;
            _store = store;
            _board = board;
        }

        /// <summary>The run at work or the latest one; null before the first.</summary>
        public SkyRun Run { get; private set; }

        /// <summary>Whether a run is at work.</summary>
        public bool IsRunning => Run != null && Run.End == RunEnd.None;

        /// <summary>Something of the run is new.</summary>
        public event Action Changed;

        /// <summary>The run has ended, in whatever way but suspension.</summary>
        public event Action<SkyRun> Ended;

        /// <summary>Begins a run.</summary>
        /// <exception cref="InvalidOperationException">One is at work.</exception>
        /// <exception cref="InvalidRequestException">An entry is out of range.</exception>
        public void Start(RunPurpose purpose, IReadOnlyList<SkyEntry> entries)
        {
            if (IsRunning)
            {
                throw new InvalidOperationException("a run is at work");
            }
            foreach (var entry in entries)
            {
                entry.Check();
            }
            Begin(new SkyRun(purpose, entries));
        }

        /// <summary>Takes up the run that another domain had to leave; false where there is none.</summary>
        public bool Resume()
        {
            var run = IsRunning ? null : SkyRun.FromState(_store.Get(StateKey));
            if (run == null)
            {
                return false;
            }
            Begin(run);
            return true;
        }

        /// <summary>Asks the server to stop the run's jobs; the run ends as soon as it did, or cannot be reached.</summary>
        public void Cancel()
        {
            if (!IsRunning || Run.Cancelling)
            {
                return;
            }
            Run.Cancelling = true;
            Run.Status = Texts.Tr("Cancelling");
            _cancel.Cancel();
            Changed?.Invoke();
        }

        /// <summary>
        /// Lets go of the run before a domain reload: what is needed to take it up again is stored, every call is ended
        /// and waited for, at most for <paramref name="limit"/>. The jobs go on at the server.
        /// </summary>
        public void Suspend(TimeSpan limit)
        {
            if (!IsRunning)
            {
                return;
            }
            _suspended = true;
            if (Run.Cancelling)
            {
                // The server is being told; that must not be cut off.
                Wait(limit);
            }
            _connection.Close(limit);
            Wait(limit);
            foreach (var call in _calls)
            {
                var job = call.Key;
                string closed = (call.Value.Call.Exception?.InnerException as SkyloomException)?.JobId ?? "";
                job.JobId = job.JobId.Length > 0 ? job.JobId
                    : call.Value.Progress.JobId.Length > 0 ? call.Value.Progress.JobId : closed;
            }
            if (Run.Cancelling)
            {
                // The token has told the server already; there is nothing to come back to.
                _store.Erase(StateKey);
            }
            else
            {
                _store.Set(StateKey, Run.ToState());
            }
            Finish(RunEnd.Suspended, "");
        }

        private void Wait(TimeSpan limit)
        {
            try
            {
                Task.WaitAll(_calls.Values.Select(one => one.Call).Concat(_told).ToArray(), limit);
            }
            catch (AggregateException)
            {
                // Calls end with an exception, as they must: cancelled, or their client was closed.
            }
        }

        private void Begin(SkyRun run)
        {
            Run = run;
            _suspended = false;
            _calls.Clear();
            _told.Clear();
            _cancel = new CancellationTokenSource();
            run.Status = Texts.Tr("Looking for the server");
            _store.Set(StateKey, run.ToState());
            string title = run.Purpose == RunPurpose.Sky ? run.Jobs[0].Entry.Name : Texts.Tr("Candidates");
            _item = _board.Start("Skyloom: " + title, run.Status, Cancel);
            Changed?.Invoke();
            // Every way that it can end is handled inside.
            _ = FollowAsync(run, _cancel.Token);
        }

        private async Task FollowAsync(SkyRun run, CancellationToken cancel)
        {
            try
            {
                // A job that is there already has to be told even when Cancel comes while the server is looked for.
                bool known = run.Jobs.Any(job => job.JobId.Length > 0);
                var client = await _connection.ConnectAsync(known ? CancellationToken.None : cancel);
                await Task.WhenAll(run.Jobs.Select(job => FollowAsync(run, job, client, cancel)));
                EndBy(run);
            }
            catch (Exception error) when (run.End != RunEnd.None)
            {
                // Not the run, but who was told of its end; nobody else would hear of it.
                UnityEngine.Debug.LogException(error);
            }
            catch (Exception error)
            {
                End(run, error is OperationCanceledException ? RunEnd.Cancelled : RunEnd.Failed, error);
            }
        }

        private async Task FollowAsync(SkyRun run, RunJob job, SkyloomClient client, CancellationToken cancel)
        {
            try
            {
                if (job.JobId.Length > 0)
                {
                    try
                    {
                        job.Result = await WatchAsync(run, job, client, cancel);
                        return;
                    }
                    catch (JobNotFoundException)
                    {
                        // The server was started anew since. The same request makes the same sky.
                        job.JobId = "";
                    }
                }
                job.Result = await CallAsync(run, job, progress => client.GenerateAsync(
                    job.Entry.Request(), progress, null, cancel));
            }
            catch (Exception error)
            {
                job.Error = error;
            }
            finally
            {
                Show(run);
            }
        }

        private async Task<SkyResult> WatchAsync(SkyRun run, RunJob job, SkyloomClient client, CancellationToken cancel)
        {
            // The token of a watched job only ends the watching: the server has to be told.
            using (cancel.Register(() => _told.Add(TellAsync(client, job.JobId))))
            {
                return await CallAsync(run, job, progress => client.WatchAsync(job.JobId, progress, null, cancel));
            }
        }

        private static async Task TellAsync(SkyloomClient client, string jobId)
        {
            try
            {
                await client.CancelJobAsync(jobId, CancelTimeout).ConfigureAwait(false);
            }
            catch (SkyloomException)
            {
                // The job is gone, or ends with the server.
            }
        }

        private async Task<SkyResult> CallAsync(SkyRun run, RunJob job, Func<JobProgress, Task<SkyResult>> start)
        {
            var progress = new JobProgress(seen =>
            {
                bool fresh = job.JobId.Length == 0;
                job.JobId = seen.JobId;
                job.Seen = seen;
                job.Fraction = Math.Max(job.Fraction, seen.Kind == SkyEventKind.Receiving ? 1 : seen.Fraction);
                if (fresh && !_suspended)
                {
                    // A crash of the editor, too, leaves enough to find the job again.
                    _store.Set(StateKey, run.ToState());
                }
                Show(run);
            });
            var call = start(progress);
            _calls[job] = (call, progress);
            return await call;
        }

        private void Show(SkyRun run)
        {
            if (run != Run || run.End != RunEnd.None)
            {
                return;
            }
            if (!run.Cancelling)
            {
                var open = run.Jobs.Where(job => job.Result == null && job.Error == null).ToArray();
                var shown = open.OrderByDescending(job => job.Seen?.Kind ?? SkyEventKind.Queued).FirstOrDefault();
                string text = shown == null ? Texts.Tr("Done") : Texts.Of(shown.Seen);
                run.Status = run.Jobs.Count == 1 ? text
                    : Texts.Tr("{0} of {1} done. {2}", run.Jobs.Count - open.Length, run.Jobs.Count, text);
            }
            _item?.Report(run.Fraction, run.Status);
            Changed?.Invoke();
        }

        private void EndBy(SkyRun run)
        {
            var failed = run.Jobs.Where(job => job.Error != null).ToArray();
            bool cancelled = run.Cancelling || failed.Any(job => job.Error is OperationCanceledException);
            // Of several candidates, those that are there can be used.
            bool useful = run.Purpose == RunPurpose.Candidates && failed.Length < run.Jobs.Count;
            var end = failed.Length == 0 ? RunEnd.Done : cancelled ? RunEnd.Cancelled : useful ? RunEnd.Done : RunEnd.Failed;
            End(run, end, failed.Length == 0 ? null : failed[0].Error);
        }

        private void End(SkyRun run, RunEnd end, Exception error)
        {
            if (run != Run || run.End != RunEnd.None || _suspended)
            {
                return;
            }
            _store.Erase(StateKey);
            string message = end == RunEnd.Cancelled ? Texts.Tr("Cancelled.")
                : error == null ? Texts.Tr("Done.") : Texts.Of(error, _connection.IsManaged);
            run.Status = message;
            Finish(end, message);
            Changed?.Invoke();
            Ended?.Invoke(run);
        }

        private void Finish(RunEnd end, string message)
        {
            Run.End = end;
            _item?.Finish(end, message);
            _item = null;
            _cancel.Dispose();
        }
    }
}
