// Program: a make-believe editor with one main thread, told by lines of JSON what a person does in it.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Skyloom.Json;
using UnityFakes;

namespace Skyloom.Tests
{
    internal sealed class Program
    {
        private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

        private readonly TextWriter _output;
        private readonly MainThread _main = new MainThread();

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
            SynchronizationContext.SetSynchronizationContext(_main);
            var reader = new Thread(() => Read(input)) { IsBackground = true };
            reader.Start();
            while (!_main.Ended)
            {
                _main.RunOne(Frame);
                FakeScheduler.Run(DateTime.UtcNow);
            }
        }

        private void Read(TextReader input)
        {
            string line;
            while ((line = input.ReadLine()) != null)
            {
                var request = JsonValue.Parse(line).AsObject("request");
                _main.Post(_ => Answer(request), null);
            }
            _main.Post(_ => _main.Ended = true, null);
        }

        private async void Answer(IReadOnlyDictionary<string, JsonValue> request)
        {
            long id = request["id"].AsWhole("id");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            try
            {
                var result = await WindowVerbs.RunAsync(request["verb"].AsText("verb"), request, _main);
                Say(id, "result", result);
            }
            catch (Exception error)
            {
                var cause = error is System.Reflection.TargetInvocationException ? error.InnerException : error;
                Say(id, "error", Errors.Describe(cause, clock.Elapsed));
            }
        }

        private void Say(long id, string kind, JsonValue value) =>
            _output.WriteLine(JsonValue.Of(("id", JsonValue.Of(id)), (kind, value)).ToText());
    }

    /// <summary>The editor's main thread: what is posted runs there, in order.</summary>
    internal sealed class MainThread : SynchronizationContext
    {
        private readonly BlockingCollection<Action> _waiting = new BlockingCollection<Action>();

        /// <summary>What was thrown at nobody; a test that leaves something here fails.</summary>
        public List<string> Faults { get; } = new List<string>();

        public bool Ended { get; set; }

        public override void Post(SendOrPostCallback d, object state) => _waiting.Add(() => d(state));

        public void RunOne(TimeSpan patience)
        {
            if (!_waiting.TryTake(out Action action, patience))
            {
                return;
            }
            try
            {
                action();
            }
            catch (Exception error)
            {
                Faults.Add(error.ToString());
            }
        }
    }
}
