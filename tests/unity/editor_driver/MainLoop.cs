// MainLoop: the editor's main thread: takes requests and posted continuations in turn, ticks while it is idle.
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using Skyloom.Json;
using Skyloom.Tests;
using UnityFakes;

namespace Skyloom.Editor.Tests
{
    internal sealed class MainLoop : SynchronizationContext
    {
        private const int TickMilliseconds = 20;

        private readonly BlockingCollection<Action> _work = new BlockingCollection<Action>();
        private readonly TextReader _input;
        private readonly TextWriter _output;

        public MainLoop(TextReader input, TextWriter output)
        {
            _input = input;
            _output = output;
        }

        public override void Post(SendOrPostCallback d, object state) => _work.Add(() => d(state));

        public void Run()
        {
            SetSynchronizationContext(this);
            var reader = new Thread(Read) { IsBackground = true };
            reader.Start();
            while (!_work.IsCompleted)
            {
                if (_work.TryTake(out Action next, TickMilliseconds))
                {
                    next();
                }
                World.Tick();
            }
        }

        private void Read()
        {
            string line;
            while ((line = _input.ReadLine()) != null)
            {
                string request = line;
                _work.Add(() => Answer(request));
            }
            _work.CompleteAdding();
        }

        private async void Answer(string line)
        {
            var request = new Request(JsonValue.Parse(line));
            var clock = System.Diagnostics.Stopwatch.StartNew();
            JsonValue answer;
            string kind = "result";
            try
            {
                answer = await Verbs.RunAsync(request);
            }
            catch (Exception error)
            {
                kind = "error";
                answer = Errors.Describe(error, clock.Elapsed);
            }
            lock (_output)
            {
                _output.WriteLine(JsonValue.Of(("id", JsonValue.Of(request.Id)), (kind, answer)).ToText());
            }
        }
    }
}
