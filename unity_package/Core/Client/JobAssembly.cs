// JobAssembly: puts a job's events together to a result, and refuses gaps and bytes that do not match their hash.
using System;
using System.Collections.Generic;
using System.IO;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>Collects the events of one job, across dropped and resumed streams.</summary>
    internal sealed class JobAssembly
    {
        private readonly long _maxBytes;
        private readonly Dictionary<string, MemoryStream> _parts =
            new Dictionary<string, MemoryStream>(StringComparer.Ordinal);

        private long _bytes;
        private volatile string _jobId;

        public JobAssembly(string jobId, long maxBytes)
        {
            _jobId = jobId;
            _maxBytes = maxBytes;
        }

        /// <summary>"" until the first event, unless it was known.</summary>
        public string JobId => _jobId;

        /// <summary>Of the last event taken.</summary>
        public ulong Sequence { get; private set; }

        /// <summary>Null until the summary arrived.</summary>
        public SkyResult Result { get; private set; }

        /// <summary>Adds the next event; returns it as a plain value, null for the summary.</summary>
        public SkyEvent Take(JobEvent given)
        {
            if (given == null || given.JobId.Length == 0)
            {
                throw new ProtocolException("an answer without an event");
            }
            if (given.Sequence != Sequence + 1 || (JobId.Length > 0 && given.JobId != JobId))
            {
                throw Corrupt($"event {given.JobId}/{given.Sequence} after {JobId}/{Sequence}");
            }
            _jobId = given.JobId;
            Sequence = given.Sequence;
            switch (given.KindCase)
            {
                case JobEvent.KindOneofCase.Queued:
                    return new SkyEvent(SkyEventKind.Queued, JobId, Sequence) { QueuePosition = given.Queued.Position };
                case JobEvent.KindOneofCase.Progress:
                    return new SkyEvent(SkyEventKind.Working, JobId, Sequence)
                    {
                        Stage = given.Progress.Stage, Detail = given.Progress.Detail, Fraction = given.Progress.Fraction,
                    };
                case JobEvent.KindOneofCase.Chunk:
                    return TakeChunk(given.Chunk);
                case JobEvent.KindOneofCase.Summary:
                    Finish(given.Summary);
                    return null;
                default:
                    // A kind of a newer server: nothing that this client could show.
                    return null;
            }
        }

        private SkyEvent TakeChunk(ImageChunk chunk)
        {
            if (!_parts.TryGetValue(chunk.Image, out MemoryStream part))
            {
                _parts.Add(SafeName(chunk.Image), part = new MemoryStream());
            }
            if (chunk.Offset != (ulong)part.Length)
            {
                throw Corrupt($"{chunk.Image}: a piece at byte {chunk.Offset} after {part.Length} bytes");
            }
            _bytes += chunk.Data.Length;
            if (_bytes > _maxBytes)
            {
                throw new AnswerTooLargeException($"the job's pictures are larger than the limit of {_maxBytes} bytes");
            }
            part.Write(chunk.Data, 0, chunk.Data.Length);
            return new SkyEvent(SkyEventKind.Receiving, JobId, Sequence)
            {
                Image = chunk.Image, BytesReceived = part.Length, ImageComplete = chunk.Last,
            };
        }

        private void Finish(JobSummary summary)
        {
            var images = new List<SkyImage>();
            foreach (var info in summary.Images)
            {
                byte[] data = _parts.TryGetValue(info.Image, out MemoryStream part) ? part.ToArray() : Array.Empty<byte>();
                _parts.Remove(info.Image);
                if ((ulong)data.Length != info.ByteSize || Sha256.Hex(data) != info.Sha256)
                {
                    throw Corrupt($"{info.Image}: {data.Length} bytes arrived that do not match the server's hash");
                }
                SafeName(info.Image);
                images.Add(new SkyImage(info, data));
            }
            Result = new SkyResult(JobId, summary, images);
        }

        // Names become file names: no separator, no dot, nothing that a file system would take otherwise.
        private static string SafeName(string name)
        {
            bool safe = name.Length > 0 && name.Length <= 64;
            foreach (char letter in name)
            {
                safe &= letter < 128 && (char.IsLetterOrDigit(letter) || letter == '_' || letter == '-');
            }
            return safe ? name : throw new CorruptResultException("a picture's name is not safe as a file name");
        }

        private static CorruptResultException Corrupt(string message) => new CorruptResultException(message);
    }
}
