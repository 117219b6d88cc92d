// Deadline: a point in time by a clock that is never set back.
using System;
using System.Diagnostics;

namespace Skyloom.Rpc
{
    internal sealed class Deadline
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly TimeSpan? _limit;

        /// <summary>That long from now; null is never.</summary>
        public Deadline(TimeSpan? limit)
        {
            _limit = limit;
        }

        /// <summary>What is left, null when there is no end; not negative.</summary>
        public TimeSpan? Left
        {
            get
            {
                if (_limit == null)
                {
                    return null;
                }
                var left = _limit.Value - _clock.Elapsed;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }

        public bool IsOver => Left == TimeSpan.Zero;
    }
}
