// TransportErrors: what HttpClient and sockets throw, on .NET and on mono, as errors of a sky server.
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Skyloom.Wire;

namespace Skyloom.Rpc
{
    internal static class TransportErrors
    {
        /// <summary>The typed error; null for one that is typed already or is none of the transport.</summary>
        public static SkyloomException Typed(Exception error)
        {
            if (error is WireFormatException)
            {
                return new ProtocolException("a message of the answer is damaged: " + error.Message, error);
            }
            if (!(error is HttpRequestException || error is IOException || error is WebException
                || error is SocketException || error is ObjectDisposedException || error is OperationCanceledException))
            {
                return null;
            }
            for (var cause = error; cause != null; cause = cause.InnerException)
            {
                switch (cause)
                {
                    case SocketException socket:
                        return new ServerUnavailableException("no server answers there: " + socket.Message, error);
                    case WebException web when web.Status == WebExceptionStatus.ServerProtocolViolation:
                        return new ProtocolException("what answers there does not speak HTTP", error);
                }
            }
            // On .NET an answer that is no HTTP comes without any cause, a broken connection with one.
            return error is HttpRequestException && error.InnerException == null
                ? (SkyloomException)new ProtocolException("what answers there does not speak HTTP: " + error.Message, error)
                : new ServerUnavailableException("the connection broke: " + error.Message, error);
        }
    }
}
