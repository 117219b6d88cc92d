// Program: answers requests on standard input, one JSON object a line, so that the Python tests can drive the package.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.Json;

namespace Skyloom.Tests
{
    internal sealed class Program
    {
        private readonly TextWriter _output;
        private readonly ConcurrentDictionary<long, Call> _calls = new ConcurrentDictionary<long, Call>();

        private Program(TextWriter output)
        {
            _output = output;
        }

        public static int Main()
        {
            var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
            var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
            new Program(output).Run(input);
            return 0;
        }

        private void Run(TextReader input)
        {
            string line;
            while ((line = input.ReadLine()) != null)
            {
                var request = JsonValue.Parse(line).AsObject("request");
                long id = request["id"].AsWhole("id");
                string verb = request["verb"].AsText("verb");
                if (verb == "fire" || verb == "close")
                {
                    var call = _calls[request["call"].AsWhole("call")];
                    if (verb == "fire")
                    {
                        call.Fire();
                    }
                    else
                    {
                        call.Close();
                    }
                    Say(id, "result", JsonValue.Null);
                    continue;
                }
                var fresh = new Call(request, seen => Say(id, "event", seen));
                _calls[id] = fresh;
                // Not the reader's thread: a verb may take long, and "fire" must get through.
                Task.Run(() => AnswerAsync(id, verb, fresh));
            }
        }

        private async Task AnswerAsync(long id, string verb, Call call)
        {
            JsonValue answer;
            string kind = "result";
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                answer = await Verbs.RunAsync(verb, call).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                kind = "error";
                answer = Errors.Describe(error, clock.Elapsed);
            }
            Say(id, kind, answer);
        }

        private void Say(long id, string kind, JsonValue value)
        {
            lock (_output)
            {
                _output.WriteLine(JsonValue.Of(("id", JsonValue.Of(id)), (kind, value)).ToText());
            }
        }
    }

    /// <summary>One request, and the ways to end it from outside.</summary>
    internal sealed class Call
    {
        private readonly CancellationTokenSource _cancel = new CancellationTokenSource();

        public Call(IReadOnlyDictionary<string, JsonValue> request, Action<JsonValue> say)
        {
            Request = request;
            Say = say;
        }

        public IReadOnlyDictionary<string, JsonValue> Request { get; }

        public Action<JsonValue> Say { get; }

        public SkyloomClient Client { get; set; }

        public CancellationToken Token => _cancel.Token;

        public string Text(string name) => Request[name].AsText(name);

        public JsonValue Get(string name) => Request.TryGetValue(name, out JsonValue value) ? value : JsonValue.Null;

        public void Fire() => _cancel.Cancel();

        public void Close() => Client.Dispose();
    }
}
