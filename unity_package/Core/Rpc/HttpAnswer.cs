// HttpAnswer: what the head of an HTTP answer says already about a call.
using System.Net.Http;

namespace Skyloom.Rpc
{
    internal static class HttpAnswer
    {
        /// <summary>The status, where the head has it; null when a gRPC-Web body follows.</summary>
        /// <exception cref="ProtocolException">What answers is no sky server.</exception>
        public static RpcStatus Status(HttpResponseMessage response)
        {
            var headers = new TrailerHeaders();
            foreach (var header in response.Headers)
            {
                headers.Add(header.Key, string.Join(",", header.Value));
            }
            var status = headers.Status();
            if (status != null)
            {
                return status;
            }
            int code = (int)response.StatusCode;
            string type = response.Content?.Headers.ContentType?.MediaType ?? "";
            if (code == 200 && type.StartsWith("application/grpc-web", System.StringComparison.OrdinalIgnoreCase)
                && !type.StartsWith("application/grpc-web-text", System.StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
            switch (code)
            {
                case 401:
                case 403:
                    return new RpcStatus(StatusCode.Unauthenticated, "the server wants a token, or another one");
                case 408:
                case 429:
                case 502:
                case 503:
                case 504:
                    return new RpcStatus(StatusCode.Unavailable, $"the server answers with HTTP {code}");
                case 413:
                    return new RpcStatus(StatusCode.ResourceExhausted, "the request is larger than the server takes");
                default:
                    throw new ProtocolException($"no sky server answers there, but HTTP {code} with \"{type}\"");
            }
        }
    }
}
