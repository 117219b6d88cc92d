// JobProgress: takes a job's events off the main thread, remembers its id at once, and hands the events on in order.
using System;
using System.Threading;

namespace Skyloom.Editor
{
    internal sealed class JobProgress : IProgress<SkyEvent>
    {
        private readonly SynchronizationContext _main;
        private readonly Action<SkyEvent> _seen;
        private volatile string _jobId = "";

        /// <param name="seen">Called on the thread that this object was made on.</param>
        public JobProgress(Action<SkyEvent> seen)
        {
            _main = SynchronizationContext.Current ?? throw new InvalidOperationException("not the main thread");
            _seen = seen;
        }

        /// <summary>
        /// "" before the first event. Known even while the main thread is busy: a domain reload must not lose it.
        /// </summary>
        public string JobId => _jobId;

        /// <inheritdoc/>
        public void Report(SkyEvent value)
        {
            _jobId = value.JobId;
            _main.Post(_ => _seen(value), null);
        }
    }
}
