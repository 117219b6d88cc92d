// Verbs: what the Python tests can ask for.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Skyloom.Json;
using Skyloom.V1;
using Skyloom.Wire;

namespace Skyloom.Tests
{
    internal static class Verbs
    {
        public static async Task<JsonValue> RunAsync(string verb, Call call)
        {
            switch (verb)
            {
                case "runtime":
                    return JsonValue.Of(Type.GetType("Mono.Runtime") != null ? "mono" : "net");
                case "unit":
                    return await UnitRunner.RunAsync().ConfigureAwait(false);
                case "roundtrip":
                    return RoundTrip(call);
                case "build":
                    return Built(call);
                case "numbers":
                    return JsonValue.Of(call.Request["values"].AsList("values").Select(
                        bits => JsonValue.Of(JsonValue.Of(BitConverter.Int64BitsToDouble(
                            long.Parse(bits.AsText("bits"), CultureInfo.InvariantCulture))).ToText())));
                case "json":
                    return JsonValue.Of(JsonValue.Parse(call.Text("text")).ToText());
                case "recipe":
                    return JsonValue.Of(RecipeJson.Write(RecipeJson.Parse(call.Text("text"))));
                case "recipeBytes":
                    return JsonValue.Of(Convert.ToBase64String(RecipeJson.Parse(call.Text("text")).ToByteArray()));
                case "check":
                    RecipeCheck.Check(Message.Parse<SkyRecipe>(Convert.FromBase64String(call.Text("data"))));
                    return JsonValue.Null;
                case "limits":
                    return Limits();
                case "manifest":
                    return ManifestVerbs.Read(call);
                case "record":
                    return ManifestVerbs.Record(call);
                case "start":
                case "adopt":
                case "stop":
                    return await ServerVerbs.RunAsync(verb, call).ConfigureAwait(false);
                default:
                    return await ClientVerbs.RunAsync(verb, call).ConfigureAwait(false);
            }
        }

        private static JsonValue RoundTrip(Call call)
        {
            var answers = new List<JsonValue>();
            foreach (var one in call.Request["messages"].AsList("messages"))
            {
                answers.Add(RoundTripOne(one.AsObject("message")));
            }
            return JsonValue.Of(answers);
        }

        private static JsonValue RoundTripOne(IReadOnlyDictionary<string, JsonValue> one)
        {
            try
            {
                var message = MessageDump.New(one["type"].AsText("type"));
                message.MergeFrom(Convert.FromBase64String(one["data"].AsText("data")));
                return JsonValue.Of(
                    ("data", JsonValue.Of(Convert.ToBase64String(message.ToByteArray()))),
                    ("dump", MessageDump.Dump(message)));
            }
            catch (WireFormatException error)
            {
                return JsonValue.Of(("fault", JsonValue.Of(error.Fault.ToString())));
            }
        }

        private static JsonValue Built(Call call)
        {
            var answers = new List<JsonValue>();
            foreach (var one in call.Request["messages"].AsList("messages"))
            {
                var fields = one.AsObject("message");
                var message = MessageDump.Build(fields["type"].AsText("type"), fields["dump"]);
                answers.Add(JsonValue.Of(Convert.ToBase64String(message.ToByteArray())));
            }
            return JsonValue.Of(answers);
        }

        private static JsonValue Limits()
        {
            var sizes = new List<(string, JsonValue)>();
            foreach (Layout layout in Enum.GetValues(typeof(Layout)))
            {
                if (layout != Layout.Unspecified)
                {
                    var (min, max) = RecipeCheck.SizeLimits(layout);
                    sizes.Add((RecipeNames.Short(layout), JsonValue.Of(new[] { JsonValue.Of((long)min), JsonValue.Of((long)max) })));
                }
            }
            return JsonValue.Of(
                ("sizes", JsonValue.Of(sizes.ToArray())), ("maxOutputs", JsonValue.Of(RecipeCheck.MaxOutputs)),
                ("maxFrames", JsonValue.Of((long)TransitionCheck.MaxFrames)),
                ("maxTransitionPixels", JsonValue.Of(TransitionCheck.MaxPixels)),
                ("maxExposure", JsonValue.Of(RecipeCheck.MaxExposureEv)), ("quality", JsonValue.Of(RecipeCheck.DefaultQuality)),
                ("variation", JsonValue.Of(RecipeCheck.DefaultVariation)), ("apiVersion", JsonValue.Of(SkyloomClient.ApiVersion)));
        }
    }
}
