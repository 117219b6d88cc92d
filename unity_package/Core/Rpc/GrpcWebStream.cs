// GrpcWebStream: splits the body of a gRPC-Web answer into messages and the trailing status.
using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Skyloom.Rpc
{
    /// <summary>Reads frames: a flag byte, a length of four bytes (big end first), a payload.</summary>
    internal sealed class GrpcWebStream
    {
        private const int HeadBytes = 5;
        private const int CompressedFlag = 0x01;
        private const int TrailerFlag = 0x80;
        private const int MaxTrailerBytes = 64 << 10;

        private readonly Stream _body;
        private readonly long _maxMessageBytes;
        private readonly byte[] _head = new byte[HeadBytes];

        public GrpcWebStream(Stream body, long maxMessageBytes)
        {
            _body = body;
            _maxMessageBytes = maxMessageBytes;
        }

        /// <summary>Set once <see cref="NextMessageAsync"/> returned null: how the call ended.</summary>
        public RpcStatus Status { get; private set; }

        /// <summary>The next message, null when the trailers came instead.</summary>
        /// <exception cref="ServerUnavailableException">The body ends without trailers.</exception>
        /// <exception cref="ProtocolException">The bytes are no such frames.</exception>
        /// <exception cref="AnswerTooLargeException">A message claims to be larger than the limit.</exception>
        public async Task<byte[]> NextMessageAsync(CancellationToken cancel)
        {
            await FillAsync(_head, cancel).ConfigureAwait(false);
            int flags = _head[0];
            long length = (long)_head[1] << 24 | (long)_head[2] << 16 | (long)_head[3] << 8 | _head[4];
            if ((flags & ~(TrailerFlag | CompressedFlag)) != 0)
            {
                throw new ProtocolException($"the answer is no gRPC-Web: a frame begins with 0x{flags:x2}");
            }
            if ((flags & CompressedFlag) != 0)
            {
                throw new ProtocolException("the answer is compressed, which was not asked for");
            }
            bool isTrailer = flags == TrailerFlag;
            long limit = isTrailer ? MaxTrailerBytes : _maxMessageBytes;
            if (length > limit)
            {
                throw new AnswerTooLargeException($"the server wants to send {length} bytes at once; the limit is {limit}");
            }
            var payload = new byte[length];
            await FillAsync(payload, cancel).ConfigureAwait(false);
            if (!isTrailer)
            {
                return payload;
            }
            Status = ReadTrailers(Encoding.UTF8.GetString(payload));
            return null;
        }

        private static RpcStatus ReadTrailers(string text)
        {
            var headers = new TrailerHeaders();
            foreach (string line in text.Split('\n'))
            {
                int colon = line.IndexOf(':');
                if (colon > 0)
                {
                    headers.Add(line.Substring(0, colon), line.Substring(colon + 1));
                }
            }
            return headers.Status() ?? throw new ProtocolException("the answer's trailers have no grpc-status");
        }

        private async Task FillAsync(byte[] buffer, CancellationToken cancel)
        {
            int filled = 0;
            while (filled < buffer.Length)
            {
                int count = await _body.ReadAsync(buffer, filled, buffer.Length - filled, cancel).ConfigureAwait(false);
                if (count <= 0)
                {
                    throw new ServerUnavailableException("the connection broke off in mid-answer");
                }
                filled += count;
            }
        }
    }
}
