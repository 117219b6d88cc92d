// RecipeJson: recipes as the canonical line of JSON that Skyloom embeds in pictures, and back.
using System;
using System.Collections.Generic;
using Skyloom.Json;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>
    /// The JSON form of <see cref="SkyRecipe"/>: protobuf's (lowerCamelCase names, full enum names). The reader also
    /// takes snake_case names and short values ("cumulus", "panorama", "png").
    /// </summary>
    public static class RecipeJson
    {
        /// <summary>
        /// Canonical text of a recipe, byte for byte what the server embeds in its pictures. Defaults are filled in;
        /// what cannot change the picture is left out (quality of a PNG, camera of a panorama, colour of no ground, detail
        /// that is off).
        /// </summary>
        /// <exception cref="InvalidRequestException">The recipe is out of range.</exception>
        public static string Write(SkyRecipe recipe) => ToJson(recipe).ToText();

        /// <summary>Reads and checks a recipe; absent fields take the defaults.</summary>
        /// <exception cref="JsonException">No JSON, unknown fields, wrong types.</exception>
        /// <exception cref="InvalidRequestException">A value is out of range.</exception>
        public static SkyRecipe Parse(string text)
        {
            var recipe = FromJson(JsonValue.Parse(text), "recipe", true);
            RecipeCheck.Check(recipe);
            return recipe;
        }

        internal static JsonValue ToJson(SkyRecipe recipe)
        {
            RecipeCheck.Check(recipe);
            var members = new List<(string, JsonValue)>
            {
                ("clouds", CloudsToJson(recipe.Clouds)),
                ("seed", JsonValue.Of((long)recipe.Seed)),
                ("variation", Number(recipe.Variation ?? RecipeCheck.DefaultVariation)),
                ("rotationDegrees", Number(recipe.RotationDegrees)),
                ("exposureEv", Number(recipe.ExposureEv)),
                ("ground", GroundToJson(recipe.Ground)),
                ("outputs", JsonValue.Of(recipe.Outputs.ConvertAll(OutputToJson))),
                ("model", ModelToJson(recipe.Model)),
                ("skyloomVersion", JsonValue.Of(recipe.SkyloomVersion)),
            };
            if (HasDetail(recipe.Detail))
            {
                members.Add(("detail", JsonValue.Of(RecipeNames.Full(recipe.Detail))));
                if (recipe.DetailModel != null && (recipe.DetailModel.Name + recipe.DetailModel.Sha256).Length > 0)
                {
                    members.Add(("detailModel", ModelToJson(recipe.DetailModel)));
                }
            }
            if (recipe.Blend != null)
            {
                members.Add(("blend", JsonValue.Of(
                    ("clouds", CloudsToJson(recipe.Blend.Clouds)), ("seed", JsonValue.Of((long)recipe.Blend.Seed)),
                    ("position", Number(recipe.Blend.Position)))));
            }
            return JsonValue.Of(members.ToArray());
        }

        /// <summary>Reads a recipe without checking ranges; with <paramref name="outputs"/> false it must have none.</summary>
        internal static SkyRecipe FromJson(JsonValue value, string where, bool outputs)
        {
            var names = new List<string>
            {
                "clouds", "seed", "variation", "rotationDegrees", "exposureEv", "ground", "model", "skyloomVersion", "detail",
                "detailModel", "blend",
            };
            if (outputs)
            {
                names.Add("outputs");
            }
            var fields = value.AsObject(where, names.ToArray());
            var recipe = new SkyRecipe
            {
                Seed = (uint)Get(fields, "seed", JsonValue.Of(0)).AsWhole(where + ".seed", 0, uint.MaxValue),
                Variation = Get(fields, "variation", JsonValue.Of(RecipeCheck.DefaultVariation)).AsNumber(where + ".variation"),
                RotationDegrees = Get(fields, "rotationDegrees", JsonValue.Of(0)).AsNumber(where + ".rotationDegrees"),
                ExposureEv = Get(fields, "exposureEv", JsonValue.Of(0)).AsNumber(where + ".exposureEv"),
                SkyloomVersion = Get(fields, "skyloomVersion", JsonValue.Of("")).AsText(where + ".skyloomVersion"),
                Ground = GroundFromJson(Get(fields, "ground", JsonValue.Of()), where + ".ground"),
                Model = ModelFromJson(Get(fields, "model", JsonValue.Of()), where + ".model"),
            };
            AddClouds(recipe.Clouds, fields, where + ".clouds");
            string detail = Get(fields, "detail", JsonValue.Of("off")).AsText(where + ".detail");
            recipe.Detail = RecipeNames.Parse<DetailLevel>("detail", detail);
            var detailModel = ModelFromJson(Get(fields, "detailModel", JsonValue.Of()), where + ".detailModel");
            if (HasDetail(recipe.Detail) && fields.ContainsKey("detailModel"))
            {
                recipe.DetailModel = detailModel;
            }
            if (fields.TryGetValue("blend", out JsonValue blend))
            {
                recipe.Blend = BlendFromJson(blend, where + ".blend");
            }
            if (outputs)
            {
                var one = JsonValue.Of(new[] { JsonValue.Of() });
                foreach (var output in Get(fields, "outputs", one).AsList(where + ".outputs"))
                {
                    recipe.Outputs.Add(OutputFromJson(output, where + ".outputs"));
                }
            }
            return recipe;
        }

        internal static JsonValue Get(IReadOnlyDictionary<string, JsonValue> fields, string name, JsonValue otherwise) =>
            fields.TryGetValue(name, out JsonValue found) ? found : otherwise;

        /// <summary>Whether a level asks for detail: recipes that are older than detail say nothing.</summary>
        internal static bool HasDetail(DetailLevel level) => level != DetailLevel.Unspecified && level != DetailLevel.Off;

        private static JsonValue CloudsToJson(List<CloudWeight> clouds) => JsonValue.Of(clouds.ConvertAll(cloud => JsonValue.Of(
            ("genus", JsonValue.Of(RecipeNames.Full(cloud.Genus))), ("weight", Number(cloud.Weight)))));

        private static JsonValue ModelToJson(ModelRef model) => JsonValue.Of(
            ("name", JsonValue.Of(model == null ? "" : model.Name)),
            ("sha256", JsonValue.Of(model == null ? "" : model.Sha256)));

        private static void AddClouds(List<CloudWeight> clouds, IReadOnlyDictionary<string, JsonValue> fields, string where)
        {
            foreach (var cloud in Get(fields, "clouds", JsonValue.Of(new JsonValue[0])).AsList(where))
            {
                clouds.Add(CloudFromJson(cloud, where));
            }
        }

        private static Blend BlendFromJson(JsonValue value, string where)
        {
            var fields = value.AsObject(where, "clouds", "seed", "position");
            var blend = new Blend
            {
                Seed = (uint)Get(fields, "seed", JsonValue.Of(0)).AsWhole(where + ".seed", 0, uint.MaxValue),
                Position = Get(fields, "position", JsonValue.Of(0)).AsNumber(where + ".position"),
            };
            AddClouds(blend.Clouds, fields, where + ".clouds");
            return blend;
        }

        // Adding zero makes minus zero plain: equal numbers have one spelling.
        private static JsonValue Number(double value) => JsonValue.Of(value + 0.0);

        private static JsonValue GroundToJson(Ground ground)
        {
            var mode = ground == null || ground.Mode == GroundMode.Unspecified ? GroundMode.Fade : ground.Mode;
            if (mode != GroundMode.Colour)
            {
                return JsonValue.Of(("mode", JsonValue.Of(RecipeNames.Full(mode))));
            }
            var colour = ground.Colour ?? new Colour();
            return JsonValue.Of(
                ("mode", JsonValue.Of(RecipeNames.Full(mode))),
                ("colour", JsonValue.Of(
                    ("red", Number(colour.Red)), ("green", Number(colour.Green)), ("blue", Number(colour.Blue)))));
        }

        private static JsonValue OutputToJson(OutputSpec output)
        {
            var format = output.Format == ImageFormat.Unspecified ? ImageFormat.Png : output.Format;
            var members = new List<(string, JsonValue)>
            {
                ("layout", JsonValue.Of(RecipeNames.Full(output.Layout))),
                ("size", JsonValue.Of((long)output.Size)),
                ("format", JsonValue.Of(RecipeNames.Full(format))),
            };
            if (format == ImageFormat.Jpeg)
            {
                uint quality = output.Quality == 0 ? RecipeCheck.DefaultQuality : output.Quality;
                members.Add(("quality", JsonValue.Of((long)quality)));
            }
            if (output.Layout == Layout.Perspective)
            {
                var camera = output.Camera ?? DefaultCamera();
                members.Add(("camera", JsonValue.Of(
                    ("yawDegrees", Number(camera.YawDegrees)),
                    ("pitchDegrees", Number(camera.PitchDegrees)),
                    ("fovDegrees", Number(camera.FovDegrees)))));
            }
            return JsonValue.Of(members.ToArray());
        }

        private static Camera DefaultCamera() => new Camera { PitchDegrees = 20, FovDegrees = 90 };

        private static CloudWeight CloudFromJson(JsonValue value, string where)
        {
            var fields = value.AsObject(where, "genus", "weight");
            string genus = Get(fields, "genus", JsonValue.Of("")).AsText(where + ".genus");
            return new CloudWeight
            {
                Genus = RecipeNames.Parse<CloudGenus>("cloud", genus),
                Weight = Get(fields, "weight", JsonValue.Of(0)).AsNumber(where + ".weight"),
            };
        }

        private static ModelRef ModelFromJson(JsonValue value, string where)
        {
            var fields = value.AsObject(where, "name", "sha256");
            return new ModelRef
            {
                Name = Get(fields, "name", JsonValue.Of("")).AsText(where + ".name"),
                Sha256 = Get(fields, "sha256", JsonValue.Of("")).AsText(where + ".sha256").ToLowerInvariant(),
            };
        }

        private static Ground GroundFromJson(JsonValue value, string where)
        {
            var fields = value.AsObject(where, "mode", "colour");
            string mode = Get(fields, "mode", JsonValue.Of("fade")).AsText(where + ".mode");
            var ground = new Ground { Mode = RecipeNames.Parse<GroundMode>("ground", mode) };
            if (ground.Mode == GroundMode.Colour)
            {
                var colour = Get(fields, "colour", JsonValue.Of()).AsObject(where + ".colour", "red", "green", "blue");
                ground.Colour = new Colour
                {
                    Red = Get(colour, "red", JsonValue.Of(0)).AsNumber(where + ".colour.red"),
                    Green = Get(colour, "green", JsonValue.Of(0)).AsNumber(where + ".colour.green"),
                    Blue = Get(colour, "blue", JsonValue.Of(0)).AsNumber(where + ".colour.blue"),
                };
            }
            return ground;
        }

        private static OutputSpec OutputFromJson(JsonValue value, string where)
        {
            var fields = value.AsObject(where, "layout", "size", "format", "quality", "camera");
            string layout = Get(fields, "layout", JsonValue.Of("panorama")).AsText(where + ".layout");
            string format = Get(fields, "format", JsonValue.Of("png")).AsText(where + ".format");
            var output = new OutputSpec
            {
                Layout = RecipeNames.Parse<Layout>("layout", layout),
                Size = (uint)Get(fields, "size", JsonValue.Of(2048)).AsWhole(where + ".size", 0, uint.MaxValue),
                Format = RecipeNames.Parse<ImageFormat>("format", format),
                Quality = (uint)Get(fields, "quality", JsonValue.Of(0)).AsWhole(where + ".quality", 0, uint.MaxValue),
            };
            if (fields.TryGetValue("camera", out JsonValue camera))
            {
                var angles = camera.AsObject(where + ".camera", "yawDegrees", "pitchDegrees", "fovDegrees");
                output.Camera = new Camera
                {
                    YawDegrees = Get(angles, "yawDegrees", JsonValue.Of(0)).AsNumber(where + ".camera.yawDegrees"),
                    PitchDegrees = Get(angles, "pitchDegrees", JsonValue.Of(20)).AsNumber(where + ".camera.pitchDegrees"),
                    FovDegrees = Get(angles, "fovDegrees", JsonValue.Of(90)).AsNumber(where + ".camera.fovDegrees"),
                };
            }
            return output;
        }
    }
}
