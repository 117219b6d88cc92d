// ClientVerbs: calls of a SkyloomClient, with the options that the request names.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Skyloom.Json;
using Skyloom.V1;

namespace Skyloom.Tests
{
    internal static class ClientVerbs
    {
        public static async Task<JsonValue> RunAsync(string verb, Call call)
        {
            using (var client = new SkyloomClient(call.Text("address"), Options(call)))
            {
                call.Client = client;
                switch (verb)
                {
                    case "info":
                        return Described(await client.GetServerInfoAsync(
                            call.Get("thumbnails").Kind == JsonKind.Bool, null, call.Token).ConfigureAwait(false));
                    case "version":
                        return Described(await client.CheckVersionAsync(null, call.Token).ConfigureAwait(false));
                    case "generate":
                        return Described(await client.GenerateAsync(
                            RecipeJson.Parse(call.Text("recipe")), Reporter(call), How(call), call.Token).ConfigureAwait(false), call);
                    case "transition":
                        return Described(await client.GenerateTransitionAsync(
                            RecipeJson.Parse(call.Text("recipe")), Way(call), Reporter(call), How(call), call.Token)
                            .ConfigureAwait(false), call);
                    case "convert":
                        return Described(await client.ConvertAsync(
                            Conversion(call), Reporter(call), How(call), call.Token).ConfigureAwait(false), call);
                    case "watch":
                        return Described(await client.WatchAsync(
                            call.Text("job"), Reporter(call), How(call), call.Token).ConfigureAwait(false), call);
                    case "cancel":
                        return JsonValue.Of((await client.CancelJobAsync(call.Text("job")).ConfigureAwait(false)).ToString());
                    default:
                        throw new ArgumentException("no such verb: " + verb);
                }
            }
        }

        private static SkyloomClientOptions Options(Call call)
        {
            var options = new SkyloomClientOptions();
            if (call.Get("token").Kind == JsonKind.Text)
            {
                options.Token = call.Text("token");
            }
            if (call.Get("timeout").Kind != JsonKind.Null)
            {
                options.Timeout = options.JobTimeout = TimeSpan.FromSeconds(call.Get("timeout").AsNumber("timeout"));
            }
            if (call.Get("maxMessageBytes").Kind != JsonKind.Null)
            {
                options.MaxMessageBytes = call.Get("maxMessageBytes").AsWhole("maxMessageBytes");
            }
            if (call.Get("maxResultBytes").Kind != JsonKind.Null)
            {
                options.MaxResultBytes = call.Get("maxResultBytes").AsWhole("maxResultBytes");
            }
            options.CheckVersion = call.Get("checkVersion").Kind == JsonKind.Null;
            return options;
        }

        private static SkyCall How(Call call) => new SkyCall
        {
            CancelOnDisconnect = call.Get("cancelOnDisconnect").Kind == JsonKind.Bool,
            LeaveJobOnCancel = call.Get("leaveJob").Kind == JsonKind.Bool,
        };

        private static TransitionSpec Way(Call call)
        {
            var way = new TransitionSpec
            {
                Frames = (uint)call.Get("frames").AsWhole("frames"), Loop = call.Get("loop").Kind == JsonKind.Bool,
            };
            if (call.Get("to").Kind == JsonKind.Text)
            {
                way.ToClouds.Add(new CloudWeight { Genus = RecipeNames.Parse<CloudGenus>("to", call.Text("to")), Weight = 1 });
            }
            if (call.Get("toSeed").Kind != JsonKind.Null)
            {
                way.ToSeed = (uint)call.Get("toSeed").AsWhole("toSeed");
            }
            if (call.Get("pace").Kind != JsonKind.Null)
            {
                way.Pace = (Pace)call.Get("pace").AsWhole("pace");
            }
            return way;
        }

        private static ConvertImageRequest Conversion(Call call)
        {
            var request = new ConvertImageRequest { Source = RecipeNames.Parse<SourceKind>("source", call.Text("source")) };
            request.Images.AddRange(call.Request["images"].AsList("images").Select(i => Convert.FromBase64String(i.AsText("image"))));
            request.Outputs.Add(new OutputSpec { Layout = Layout.Panorama, Size = 64, Format = ImageFormat.Png });
            return request;
        }

        private static IProgress<SkyEvent> Reporter(Call call) => new Direct(seen =>
        {
            call.Say(JsonValue.Of(
                ("kind", JsonValue.Of(seen.Kind.ToString())), ("jobId", JsonValue.Of(seen.JobId)),
                ("sequence", JsonValue.Of((long)seen.Sequence)), ("stage", JsonValue.Of(seen.Stage)),
                ("fraction", JsonValue.Of(seen.Fraction)), ("image", JsonValue.Of(seen.Image)),
                ("bytes", JsonValue.Of(seen.BytesReceived)), ("complete", JsonValue.Of(seen.ImageComplete))));
            if (call.Get("failAt").Kind == JsonKind.Text && call.Text("failAt") == seen.Kind.ToString())
            {
                throw new InvalidOperationException("the window is gone");
            }
        });

        private static JsonValue Described(GetServerInfoResponse info) => JsonValue.Of(
            ("skyloomVersion", JsonValue.Of(info.SkyloomVersion)), ("apiVersion", JsonValue.Of(info.ApiVersion)),
            ("models", JsonValue.Of(info.Models.Select(model => JsonValue.Of(model.Ref.Name)))),
            ("detailModels", JsonValue.Of(info.DetailModels.Select(model => JsonValue.Of(model.Ref.Name)))),
            ("cloudTypes", JsonValue.Of(info.CloudTypes.Select(cloud => JsonValue.Of(cloud.Name)))),
            ("thumbnails", JsonValue.Of(info.CloudTypes.Select(cloud => JsonValue.Of((long)cloud.ThumbnailPng.Length)))));

        private static JsonValue Described(SkyResult result, Call call)
        {
            bool brief = call.Get("brief").Kind == JsonKind.Bool;
            var images = result.Images.Select(image => JsonValue.Of(
                ("name", JsonValue.Of(image.Name)), ("width", JsonValue.Of((long)image.Info.Width)),
                ("frame", JsonValue.Of((long)image.Info.Frame)),
                ("sha256", JsonValue.Of(image.Info.Sha256)), ("length", JsonValue.Of((long)image.Data.Length)),
                ("data", JsonValue.Of(brief ? "" : Convert.ToBase64String(image.Data)))));
            return JsonValue.Of(
                ("jobId", JsonValue.Of(result.JobId)), ("images", JsonValue.Of(images)),
                ("positions", JsonValue.Of(result.Summary.FramePositions.Select(JsonValue.Of))),
                ("recipe", result.Recipe == null ? JsonValue.Null : JsonValue.Of(RecipeJson.Write(result.Recipe))));
        }

        /// <summary>Reports on the calling thread, in order; Progress{T} would post to the pool.</summary>
        private sealed class Direct : IProgress<SkyEvent>
        {
            private readonly Action<SkyEvent> _report;

            public Direct(Action<SkyEvent> report)
            {
                _report = report;
            }

            public void Report(SkyEvent value) => _report(value);
        }
    }
}
