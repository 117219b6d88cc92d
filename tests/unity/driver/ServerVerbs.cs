// ServerVerbs: start, adopt and stop a server process.
using System;
using System.Linq;
using System.Threading.Tasks;
using Skyloom.Json;

namespace Skyloom.Tests
{
    internal static class ServerVerbs
    {
        public static async Task<JsonValue> RunAsync(string verb, Call call)
        {
            // A new object for each verb: nothing may be remembered between them.
            IServerControl control = new ServerProcess();
            string readyFile = call.Text("readyFile");
            if (verb == "start")
            {
                return Described(await control.StartAsync(Start(call, readyFile), call.Token).ConfigureAwait(false));
            }
            var server = await control.AdoptAsync(readyFile, call.Token).ConfigureAwait(false);
            if (verb == "stop" && server != null)
            {
                double grace = call.Get("grace").Kind == JsonKind.Null ? 5 : call.Get("grace").AsNumber("grace");
                await control.StopAsync(server, TimeSpan.FromSeconds(grace), call.Token).ConfigureAwait(false);
            }
            return server == null ? JsonValue.Null : Described(server);
        }

        private static ServerStart Start(Call call, string readyFile) => new ServerStart
        {
            Program = call.Text("program"),
            LeadingArguments = call.Request["leading"].AsList("leading").Select(one => one.AsText("leading")).ToArray(),
            MoreArguments = call.Request["more"].AsList("more").Select(one => one.AsText("more")).ToArray(),
            ReadyFile = readyFile,
            LogFile = call.Text("logFile"),
            ParentProcessId = System.Diagnostics.Process.GetCurrentProcess().Id,
            Timeout = TimeSpan.FromSeconds(call.Get("timeout").AsNumber("timeout")),
        };

        private static JsonValue Described(RunningServer server) => JsonValue.Of(
            ("address", JsonValue.Of(server.Address)), ("pid", JsonValue.Of(server.ProcessId)),
            ("version", JsonValue.Of(server.Version)), ("token", JsonValue.Of(server.Token)));
    }
}
