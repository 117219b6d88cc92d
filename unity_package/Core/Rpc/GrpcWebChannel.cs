// GrpcWebChannel: calls methods of the sky service by gRPC-Web over HTTP/1.1, each within its deadline.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.Wire;

namespace Skyloom.Rpc
{
    internal sealed class GrpcWebChannel : IDisposable
    {
        private const string ContentType = "application/grpc-web+proto";
        private const string Service = "/skyloom.v1.SkyService/";

        private readonly Uri _address;
        private readonly string _token;
        private readonly long _maxMessageBytes;
        private readonly CancellationTokenSource _closed = new CancellationTokenSource();

        public GrpcWebChannel(Uri address, string token, long maxMessageBytes)
        {
            _address = address;
            _token = token;
            _maxMessageBytes = maxMessageBytes;
        }

        /// <summary>Ends every call with <see cref="ClientClosedException"/>; returns within a second.</summary>
        public void Dispose()
        {
            // Some runtimes close sockets inside of Cancel; a domain reload must not wait for one.
            Task.Run(_closed.Cancel).Wait(TimeSpan.FromSeconds(1));
        }

        /// <summary>Calls a method and hands its messages over, one after the other, until it ends well.</summary>
        /// <exception cref="SkyloomException">It did not; see the types.</exception>
        /// <exception cref="OperationCanceledException">The token fired.</exception>
        public async Task CallAsync(
            string method, Message request, Deadline deadline, Action<byte[]> onMessage, CancellationToken cancel)
        {
            using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closed.Token))
            {
                // One for each call: a kept connection may be closed by the server in the moment of its next use, and
                // neither .NET nor mono gives one up because the request says so.
                var http = NewClient();
                HttpResponseMessage response = null;
                try
                {
                    var left = deadline.Left;
                    if (left != null)
                    {
                        stop.CancelAfter(left.Value);
                    }
                    using (var message = Request(method, request, left))
                    {
                        response = await Bounded.WaitAsync(
                            http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop.Token),
                            stop.Token, late => late.Dispose()).ConfigureAwait(false);
                    }
                    var status = HttpAnswer.Status(response)
                        ?? await ReadAsync(response, onMessage, stop.Token).ConfigureAwait(false);
                    if (status.Code != StatusCode.Ok)
                    {
                        throw StatusErrors.From(status);
                    }
                }
                catch (Exception error) when (stop.IsCancellationRequested && !(error is CallerException))
                {
                    cancel.ThrowIfCancellationRequested();
                    throw _closed.IsCancellationRequested
                        ? (Exception)new ClientClosedException()
                        : new DeadlineExceededException("the timeout passed");
                }
                catch (Exception error) when (TransportErrors.Typed(error) != null)
                {
                    throw TransportErrors.Typed(error);
                }
                catch (CallerException error)
                {
                    error.Rethrow();
                }
                finally
                {
                    Discard(response, http);
                }
            }
        }

        private static HttpClient NewClient()
        {
            var handler = new HttpClientHandler
            {
                // Never through a proxy: the server is this machine or a host that was named on purpose.
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
            };
            // Every call has a deadline of its own.
            return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        }

        // Closing an answer that is not read to its end may wait for the rest of it.
        private static void Discard(HttpResponseMessage response, HttpClient http)
        {
            Task.Run(() =>
            {
                response?.Dispose();
                http?.Dispose();
            });
        }

        private async Task<RpcStatus> ReadAsync(
            HttpResponseMessage response, Action<byte[]> onMessage, CancellationToken stop)
        {
            // Reading a body on mono ends only when the answer is closed under it.
            using (stop.Register(() => Discard(response, null)))
            {
                Stream body = await Bounded.WaitAsync(response.Content.ReadAsStreamAsync(), stop).ConfigureAwait(false);
                var frames = new GrpcWebStream(body, _maxMessageBytes);
                while (true)
                {
                    byte[] message = await Bounded.WaitAsync(frames.NextMessageAsync(stop), stop).ConfigureAwait(false);
                    if (message == null)
                    {
                        return frames.Status;
                    }
                    CallerException.Guard(() => onMessage(message));
                }
            }
        }

        private HttpRequestMessage Request(string method, Message request, TimeSpan? left)
        {
            byte[] body = request.ToByteArray();
            var framed = new byte[body.Length + 5];
            for (int i = 0; i < 4; i++)
            {
                framed[1 + i] = (byte)(body.Length >> (24 - 8 * i));
            }
            Buffer.BlockCopy(body, 0, framed, 5, body.Length);
            var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, Service + method))
            {
                Content = new ByteArrayContent(framed),
            };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ContentType));
            message.Headers.Add("x-grpc-web", "1");
            message.Headers.Add("x-user-agent", "skyloom-unity");
            message.Headers.ExpectContinue = false;
            message.Headers.ConnectionClose = true;
            if (left != null)
            {
                // At most eight digits are allowed.
                long milliseconds = Math.Max(1, Math.Min((long)left.Value.TotalMilliseconds, 99999999));
                message.Headers.Add("grpc-timeout", milliseconds.ToString(CultureInfo.InvariantCulture) + "m");
            }
            if (!string.IsNullOrEmpty(_token))
            {
                message.Headers.TryAddWithoutValidation("authorization", "Bearer " + _token);
            }
            return message;
        }
    }
}
