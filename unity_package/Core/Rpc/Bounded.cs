// Bounded: waits for a task only until a token fires, whether or not the task itself honours the token.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Skyloom.Rpc
{
    internal static class Bounded
    {
        /// <summary>The task's result; a result that comes too late goes to <paramref name="late"/>.</summary>
        /// <exception cref="OperationCanceledException">The token fired first.</exception>
        public static async Task<T> WaitAsync<T>(Task<T> task, CancellationToken stop, Action<T> late = null)
        {
            if (!task.IsCompleted)
            {
                var fired = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                using (stop.Register(() => fired.TrySetResult(true)))
                {
                    if (await Task.WhenAny(task, fired.Task).ConfigureAwait(false) != task)
                    {
                        Abandon(task, late);
                        throw new OperationCanceledException(stop);
                    }
                }
            }
            return await task.ConfigureAwait(false);
        }

        private static void Abandon<T>(Task<T> task, Action<T> late)
        {
            task.ContinueWith(
                done =>
                {
                    // Reading Exception marks it as seen; otherwise the collector would report it.
                    if (done.Exception == null && !done.IsCanceled)
                    {
                        late?.Invoke(done.Result);
                    }
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
