// SkyloomClient: ask a sky server for skies, conversions and information.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.Rpc;
using Skyloom.V1;
using Skyloom.Wire;

namespace Skyloom
{
    /// <summary>
    /// A connection to one sky server; safe to use from several threads. No method blocks: every one returns at its
    /// first wait, goes on off the calling thread, and ends within its timeout.
    /// <para>
    /// Every method raises a <see cref="SkyloomException"/>: <see cref="ServerUnavailableException"/>,
    /// <see cref="UnauthenticatedException"/>, <see cref="DeadlineExceededException"/>, <see cref="ProtocolException"/>,
    /// <see cref="AnswerTooLargeException"/>, <see cref="ServerFaultException"/>, <see cref="ClientClosedException"/>, and
    /// those that it names; or <see cref="OperationCanceledException"/> when its token fired.
    /// </para>
    /// </summary>
    public sealed class SkyloomClient : IDisposable
    {
        /// <summary>Version of the contract that this client speaks.</summary>
        public const string ApiVersion = "skyloom.v1";

        private readonly SkyloomClientOptions _options;
        private readonly GrpcWebChannel _channel;
        private volatile bool _versionChecked;

        /// <summary>A client of the server at <paramref name="address"/>; connects with the first call.</summary>
        /// <param name="address">E.g. "http://127.0.0.1:50052"; the ready file has it as grpc_web.</param>
        /// <param name="options">Token, timeouts and limits; null for the defaults.</param>
        /// <exception cref="ArgumentException">The address is no absolute http or https one.</exception>
        public SkyloomClient(string address, SkyloomClientOptions options = null)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri uri) || (uri.Scheme != "http" && uri.Scheme != "https"))
            {
                throw new ArgumentException($"\"{address}\" is not allowed; expected http://HOST:PORT", nameof(address));
            }
            Address = uri;
            _options = (options ?? new SkyloomClientOptions()).Checked();
            _channel = new GrpcWebChannel(uri, _options.Token, _options.MaxMessageBytes);
        }

        /// <summary>Where the server is.</summary>
        public Uri Address { get; }

        /// <summary>
        /// Ends every call at once with <see cref="ClientClosedException"/> and closes every connection; jobs go on at
        /// the server. Returns within a second: right for AssemblyReloadEvents.beforeAssemblyReload.
        /// </summary>
        public void Dispose() => _channel.Dispose();

        /// <summary>Versions, models, cloud types, limits.</summary>
        /// <param name="thumbnails">Also small pictures of each cloud type; the first such call takes seconds.</param>
        /// <param name="timeout">Replaces the client's.</param>
        /// <param name="cancel">Ends the call.</param>
        public Task<GetServerInfoResponse> GetServerInfoAsync(
            bool thumbnails = false, TimeSpan? timeout = null, CancellationToken cancel = default)
        {
            var request = new GetServerInfoRequest { IncludeThumbnails = thumbnails };
            return UnaryAsync<GetServerInfoResponse>("GetServerInfo", request, Limit(timeout), cancel);
        }

        /// <summary>Asks the server for its version and returns if this client can work with it.</summary>
        /// <exception cref="VersionMismatchException">It cannot.</exception>
        public async Task<GetServerInfoResponse> CheckVersionAsync(
            TimeSpan? timeout = null, CancellationToken cancel = default)
        {
            var info = await GetServerInfoAsync(false, timeout, cancel).ConfigureAwait(false);
            ServerVersion.Check(info);
            _versionChecked = true;
            return info;
        }

        /// <summary>
        /// Makes one sky and waits for its pictures. A stream that drops on the way is taken up again where it stopped.
        /// When the token fires, or <paramref name="progress"/> throws, the job is cancelled at the server.
        /// </summary>
        /// <param name="recipe">What to make; checked here before anything is sent.</param>
        /// <param name="progress">
        /// Gets each event as it arrives, off the main thread unless it is a <see cref="Progress{T}"/> made there. The
        /// first event has the job's id: with it <see cref="WatchAsync"/> can follow the job again later.
        /// </param>
        /// <param name="call">Timeout and ways to end; null for the defaults.</param>
        /// <param name="cancel">Cancels the job, and the call with it.</param>
        /// <exception cref="InvalidRequestException">The recipe is wrong.</exception>
        /// <exception cref="QueueFullException">Too many jobs wait.</exception>
        /// <exception cref="JobCancelledException">Somebody else cancelled the job.</exception>
        /// <exception cref="ServerModelException">The server's model is missing or not the one asked for.</exception>
        /// <exception cref="CorruptResultException">A picture does not match its hash.</exception>
        /// <exception cref="VersionMismatchException">The server speaks another version.</exception>
        public Task<SkyResult> GenerateAsync(
            SkyRecipe recipe, IProgress<SkyEvent> progress = null, SkyCall call = null, CancellationToken cancel = default)
        {
            RecipeCheck.Check(recipe);
            call = call ?? new SkyCall();
            var request = new GenerateSkyRequest { Recipe = recipe, CancelOnDisconnect = call.CancelOnDisconnect };
            return FollowAsync(
                new JobCall("GenerateSky", request, data => Message.Parse<GenerateSkyResponse>(data).Event),
                new JobAssembly("", _options.MaxResultBytes), progress, call, true, cancel);
        }

        /// <summary>
        /// Makes the frames on the way from one sky to another; events, errors and cancellation as in
        /// <see cref="GenerateAsync"/>. The pictures come frame by frame (ImageInfo.Frame), each with the recipe that
        /// makes it again; the summary has their positions.
        /// </summary>
        /// <param name="recipe">The start, and what is the same in every frame; has no blend.</param>
        /// <param name="transition">The end, and how many frames; checked here before anything is sent.</param>
        /// <param name="progress">As in <see cref="GenerateAsync"/>.</param>
        /// <param name="call">Timeout and ways to end; null for the defaults.</param>
        /// <param name="cancel">Cancels the job, and the call with it.</param>
        public Task<SkyResult> GenerateTransitionAsync(
            SkyRecipe recipe, TransitionSpec transition, IProgress<SkyEvent> progress = null, SkyCall call = null,
            CancellationToken cancel = default)
        {
            TransitionCheck.Check(recipe, transition);
            call = call ?? new SkyCall();
            var request = new GenerateTransitionRequest
            {
                Recipe = recipe, Transition = transition, CancelOnDisconnect = call.CancelOnDisconnect,
            };
            return FollowAsync(
                new JobCall("GenerateTransition", request, data => Message.Parse<GenerateTransitionResponse>(data).Event),
                new JobAssembly("", _options.MaxResultBytes), progress, call, true, cancel);
        }

        /// <summary>
        /// Converts a picture between layouts; events, errors and cancellation as in <see cref="GenerateAsync"/>, the
        /// result has no recipe.
        /// </summary>
        /// <param name="request">The pictures and what to make of them; cancel_on_disconnect is set from the call.</param>
        /// <param name="progress">As in <see cref="GenerateAsync"/>.</param>
        /// <param name="call">Timeout and ways to end; null for the defaults.</param>
        /// <param name="cancel">Cancels the job, and the call with it.</param>
        public Task<SkyResult> ConvertAsync(
            ConvertImageRequest request, IProgress<SkyEvent> progress = null, SkyCall call = null,
            CancellationToken cancel = default)
        {
            RecipeCheck.CheckOutputs(request.Outputs);
            RecipeCheck.CheckGround(request.Ground);
            call = call ?? new SkyCall();
            request.CancelOnDisconnect = call.CancelOnDisconnect;
            return FollowAsync(
                new JobCall("ConvertImage", request, data => Message.Parse<ConvertImageResponse>(data).Event),
                new JobAssembly("", _options.MaxResultBytes), progress, call, true, cancel);
        }

        /// <summary>
        /// Follows a job that somebody started, from its first event on, and returns its result: after a domain reload,
        /// or in a second window. The token ends the watching; the job goes on.
        /// </summary>
        /// <exception cref="JobNotFoundException">Unknown, or its result is no longer kept.</exception>
        public Task<SkyResult> WatchAsync(
            string jobId, IProgress<SkyEvent> progress = null, SkyCall call = null, CancellationToken cancel = default)
        {
            if (string.IsNullOrEmpty(jobId))
            {
                throw new ArgumentException("the job's id is empty", nameof(jobId));
            }
            var assembly = new JobAssembly(jobId, _options.MaxResultBytes);
            return FollowAsync(WatchCall(assembly), assembly, progress, call ?? new SkyCall(), false, cancel);
        }

        /// <summary>Asks a job to stop; returns its state after the call.</summary>
        /// <exception cref="JobNotFoundException">Unknown.</exception>
        public async Task<JobState> CancelJobAsync(
            string jobId, TimeSpan? timeout = null, CancellationToken cancel = default)
        {
            var request = new CancelJobRequest { JobId = jobId };
            var answer = await UnaryAsync<CancelJobResponse>("CancelJob", request, Limit(timeout), cancel)
                .ConfigureAwait(false);
            return answer.State;
        }

        private static JobCall WatchCall(JobAssembly assembly) => new JobCall(
            "WatchJob", new WatchJobRequest { JobId = assembly.JobId, AfterSequence = assembly.Sequence },
            data => Message.Parse<WatchJobResponse>(data).Event);

        private Deadline Limit(TimeSpan? timeout) => new Deadline(timeout ?? _options.Timeout);

        private async Task<T> UnaryAsync<T>(string method, Message request, Deadline deadline, CancellationToken cancel)
            where T : Message, new()
        {
            T answer = null;
            await _channel.CallAsync(
                method, request, deadline,
                data => answer = answer == null
                    ? Message.Parse<T>(data)
                    : throw new ProtocolException($"{method}: two answers to one question"),
                cancel).ConfigureAwait(false);
            return answer ?? throw new ProtocolException($"{method}: the answer is empty");
        }

        private async Task<SkyResult> FollowAsync(
            JobCall job, JobAssembly assembly, IProgress<SkyEvent> progress, SkyCall call, bool own,
            CancellationToken cancel)
        {
            var deadline = new Deadline(call.Timeout ?? _options.JobTimeout);
            if (_options.CheckVersion && !_versionChecked)
            {
                await CheckVersionAsync(deadline.Left, cancel).ConfigureAwait(false);
            }
            try
            {
                return await FollowAcrossDropsAsync(job, assembly, progress, deadline, !call.CancelOnDisconnect, own, cancel)
                    .ConfigureAwait(false);
            }
            catch (Exception error)
            {
                bool byServer = error is SkyloomException;
                if (own && !byServer && !call.LeaveJobOnCancel && assembly.JobId.Length > 0 && assembly.Result == null)
                {
                    await CancelQuietlyAsync(assembly.JobId).ConfigureAwait(false);
                }
                if (error is SkyloomException typed && typed.JobId.Length == 0)
                {
                    typed.JobId = assembly.JobId;
                }
                throw;
            }
        }

        private async Task<SkyResult> FollowAcrossDropsAsync(
            JobCall job, JobAssembly assembly, IProgress<SkyEvent> progress, Deadline deadline, bool resume, bool own,
            CancellationToken cancel)
        {
            int drops = 0;
            while (true)
            {
                ulong before = assembly.Sequence;
                try
                {
                    await ReadAsync(job, assembly, progress, deadline, own, cancel).ConfigureAwait(false);
                    return assembly.Result ?? throw new ProtocolException("the stream ended without a summary");
                }
                catch (ServerUnavailableException error)
                {
                    drops = assembly.Sequence > before ? 0 : drops;
                    if (!resume || assembly.Sequence == 0 || error.Reason.Length > 0
                        || drops >= _options.ResumeDelays.Count)
                    {
                        throw;
                    }
                }
                await WaitAsync(_options.ResumeDelays[drops++], deadline, cancel).ConfigureAwait(false);
                job = WatchCall(assembly);
            }
        }

        private async Task ReadAsync(
            JobCall job, JobAssembly assembly, IProgress<SkyEvent> progress, Deadline deadline, bool own,
            CancellationToken cancel)
        {
            // A job that is cancelled before its id arrived could not be named to the server: wait for that, shortly.
            using (var stop = new CancellationTokenSource())
            using (cancel.Register(() => stop.CancelAfter(
                own && assembly.JobId.Length == 0 ? _options.CancelTimeout : TimeSpan.Zero)))
            {
                try
                {
                    await _channel.CallAsync(
                        job.Method, job.Request, deadline,
                        data =>
                        {
                            var taken = assembly.Take(job.Event(data));
                            cancel.ThrowIfCancellationRequested();
                            if (taken != null)
                            {
                                progress?.Report(taken);
                            }
                        },
                        stop.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    cancel.ThrowIfCancellationRequested();
                    throw;
                }
            }
        }

        private static async Task WaitAsync(TimeSpan delay, Deadline deadline, CancellationToken cancel)
        {
            var left = deadline.Left;
            await Task.Delay(left != null && left.Value < delay ? left.Value : delay, cancel).ConfigureAwait(false);
            if (deadline.IsOver)
            {
                throw new DeadlineExceededException("the timeout passed");
            }
        }

        private async Task CancelQuietlyAsync(string jobId)
        {
            try
            {
                await CancelJobAsync(jobId, _options.CancelTimeout).ConfigureAwait(false);
            }
            catch (SkyloomException)
            {
                // Why the call ends is what the caller is told; the job ends by itself or is gone.
            }
        }
    }
}
