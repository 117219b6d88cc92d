// UnitTests: what needs no server and no other language: JSON's strictness, frames in pieces, bounded waits, options.
using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.Json;
using Skyloom.Rpc;
using Skyloom.V1;
using Skyloom.Wire;

namespace Skyloom.Tests
{
    internal static class UnitTests
    {
        [Test]
        public static void JsonRefusesWhatIsNotStrict()
        {
            string[] wrong =
            {
                "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "-", "NaN", "Infinity", "1e999",
                "tru", "\"\\x\"", "\"\\u12g4\"", "\"a", "\"\n\"", "[1] 2", "{\"a\":1,\"a\":2}", "nul", "\"\\", "[", "{\"a\"",
                new string('[', 65) + new string(']', 65),
            };
            foreach (string text in wrong)
            {
                Check.Throws<JsonException>(() => JsonValue.Parse(text));
            }
            Check.Throws<JsonException>(() => JsonValue.Parse(null));
            string message = Check.Throws<JsonException>(() => JsonValue.Parse("{\n  \"a\": ]\n}")).Message;
            Check.True(message.StartsWith("line 2, column 8", StringComparison.Ordinal), message);
        }

        [Test]
        public static void JsonReadsAndWritesAlike()
        {
            const string text = "{\"a\":[1,-2.5,1e+300,\"\\u00fc\\n\\\"\",null,true,{}],\"b\":9223372036854775807}";
            Check.Equal(text, JsonValue.Parse(text).ToText());
            Check.Equal(text, JsonValue.Parse(JsonValue.Parse("\ufeff " + text).ToText(true)).ToText());
            Check.Equal(new string('[', 64) + new string(']', 64), JsonValue.Parse(new string('[', 64) + new string(']', 64)).ToText());
            Check.Equal(7L, JsonValue.Parse("7.0").AsWhole("x"));
            Check.Throws<JsonException>(() => JsonValue.Parse("7.5").AsWhole("x"));
            Check.Throws<JsonException>(() => JsonValue.Parse("1e300").AsWhole("x"));
            Check.Throws<JsonException>(() => JsonValue.Parse("7").AsWhole("x", 0, 6));
            Check.Throws<JsonException>(() => JsonValue.Parse("true").AsNumber("x"));
            Check.Throws<ArgumentException>(() => JsonValue.Of(double.NaN));
        }

        [Test]
        public static void MessagesRefuseWhatTheyCannotCarry()
        {
            Check.Throws<ArgumentNullException>(() => new ModelRef { Name = null });
            Check.Throws<ArgumentNullException>(() => new ImageChunk { Data = null });
            Check.Throws<ArgumentNullException>(() => new JobEvent { Chunk = null });
            Check.Equal(WireFault.BadText, Check.Throws<WireFormatException>(
                () => new ModelRef { Name = "\ud800" }.ToByteArray()).Fault);
            Check.Equal(WireFault.NullElement, Check.Throws<WireFormatException>(
                () => new SkyRecipe { Clouds = { null } }.ToByteArray()).Fault);
            var given = new JobEvent { Queued = new JobQueued { Position = 3 } };
            given.Progress = new JobProgress();
            Check.Equal(null, given.Queued);
            Check.Equal(JobEvent.KindOneofCase.Progress, given.KindCase);
        }

        [Test]
        public static void UnknownFieldsTakeLinearTime()
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            byte[] many = Enumerable.Repeat(new byte[] { 0x78, 1 }, 1000000).SelectMany(pair => pair).ToArray();
            Check.Equal(many.Length, Message.Parse<ModelRef>(many).ToByteArray().Length);
            Check.True(clock.Elapsed < TimeSpan.FromSeconds(5), "a million unknown fields took " + clock.Elapsed);
        }

        [Test]
        public static async Task FramesMayArriveInAnyPieces()
        {
            byte[] wire = { 0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 15 };
            wire = wire.Concat(System.Text.Encoding.ASCII.GetBytes("grpc-status: 5\n")).ToArray();
            for (int piece = 1; piece < 6; piece++)
            {
                var frames = new GrpcWebStream(new Pieces(wire, piece), 100);
                Check.Equal("7,8", string.Join(",", await frames.NextMessageAsync(default)));
                Check.Equal(0, (await frames.NextMessageAsync(default)).Length);
                Check.Equal(null, await frames.NextMessageAsync(default));
                Check.Equal(StatusCode.NotFound, frames.Status.Code);
            }
            for (int length = 0; length < wire.Length; length++)
            {
                var frames = new GrpcWebStream(new Pieces(wire.Take(length).ToArray(), 3), 100);
                await ThrowsAsync<ServerUnavailableException>(async () =>
                {
                    while (await frames.NextMessageAsync(default) != null)
                    {
                    }
                });
            }
        }

        [Test]
        public static async Task AWaitEndsWhetherTheTaskDoesOrNot()
        {
            string late = "";
            var never = new TaskCompletionSource<string>();
            using (var stop = new CancellationTokenSource(50))
            {
                await ThrowsAsync<OperationCanceledException>(() => Bounded.WaitAsync(never.Task, stop.Token, r => late = r));
            }
            never.SetResult("came");
            Check.Equal("came", late);
            Check.Equal("now", await Bounded.WaitAsync(Task.FromResult("now"), new CancellationToken(true)));
        }

        [Test]
        public static void OptionsAreChecked()
        {
            Check.Throws<ArgumentException>(() => new SkyloomClient("127.0.0.1:5"));
            Check.Throws<ArgumentException>(() => new SkyloomClient("ftp://127.0.0.1"));
            Check.Throws<ArgumentException>(() => new SkyloomClient("http://a", new SkyloomClientOptions { Token = "a\r\nb: c" }));
            Check.Throws<ArgumentException>(() => new SkyloomClient("http://a", new SkyloomClientOptions { Timeout = TimeSpan.Zero }));
            Check.Throws<ArgumentException>(() => new SkyloomClient("http://a", new SkyloomClientOptions { MaxMessageBytes = 0 }));
            using (var client = new SkyloomClient("http://127.0.0.1:1/", new SkyloomClientOptions { Timeout = null }))
            {
                Check.Throws<ArgumentException>(() => client.WatchAsync("").Wait());
                Check.Throws<InvalidRequestException>(() => client.GenerateAsync(new SkyRecipe()));
            }
        }

        [Test]
        public static void PercentAndBase64OfTrailersAreDecoded()
        {
            var headers = new TrailerHeaders();
            headers.Add("Grpc-Status", "3");
            headers.Add("grpc-message", "%C3%BC 100%25 %zz ü");
            headers.Add("grpc-status-details-bin", "!!");
            Check.Equal("ü 100% %zz ü", headers.Status().Message);
            var odd = new TrailerHeaders();
            odd.Add("grpc-status", "99");
            Check.Equal(StatusCode.Unknown, odd.Status().Code);
        }

        private static async Task ThrowsAsync<T>(Func<Task> action) where T : Exception
        {
            try
            {
                await action().ConfigureAwait(false);
            }
            catch (T)
            {
                return;
            }
            throw new Exception($"no {typeof(T).Name} was thrown");
        }

        private sealed class Pieces : MemoryStream
        {
            private readonly int _size;

            public Pieces(byte[] data, int size) : base(data)
            {
                _size = size;
            }

            public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) =>
                base.ReadAsync(buffer, offset, Math.Min(count, _size), cancel);
        }
    }
}
