// Sight: what can be seen of elements, progress and scene, as JSON.
using System;
using System.Collections.Generic;
using System.Linq;
using Skyloom.Json;
using UnityEngine;
using UnityEngine.UIElements;
using UnityFakes;

namespace Skyloom.Tests
{
    internal static class Sight
    {
        /// <summary>Every named element, by its name or the path of names where that is taken.</summary>
        public static JsonValue Of(VisualElement root)
        {
            var seen = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
            foreach (var element in UQueryExtensions.Walk(root).Where(one => one.name.Length > 0))
            {
                string name = seen.ContainsKey(element.name) || element.name == "show" || element.name == "reuse" || element.name == "forget"
                    ? element.parent.name + "/" + element.name
                    : element.name;
                seen[name] = One(element);
            }
            return JsonValue.Of(seen.Select(one => (one.Key, one.Value)).ToArray());
        }

        public static JsonValue Of(ProgressItems item) => JsonValue.Of(
            ("name", JsonValue.Of(item.Name)), ("status", JsonValue.Of(item.Status.ToString())),
            ("removed", JsonValue.Of(item.Removed)), ("description", JsonValue.Of(item.Description)),
            ("fractions", JsonValue.Of(item.Reports.Select(one => JsonValue.Of((double)one.Fraction)))),
            ("descriptions", JsonValue.Of(item.Reports.Select(one => JsonValue.Of(one.Description)))));

        /// <summary>The texture of the image in an element: width, height, RGB rows from the top.</summary>
        public static JsonValue Picture(VisualElement element)
        {
            var texture = (Texture2D)element.Query<Image>().ToList().Select(image => image.image).FirstOrDefault(image => image != null);
            if (texture == null)
            {
                return JsonValue.Null;
            }
            var bytes = new byte[3 * texture.width * texture.height];
            for (int y = 0, at = 0; y < texture.height; y++)
            {
                for (int x = 0; x < texture.width; x++)
                {
                    var pixel = texture.Pixels[(texture.height - 1 - y) * texture.width + x];
                    bytes[at++] = pixel.r;
                    bytes[at++] = pixel.g;
                    bytes[at++] = pixel.b;
                }
            }
            return JsonValue.Of(
                ("width", JsonValue.Of(texture.width)), ("height", JsonValue.Of(texture.height)),
                ("data", JsonValue.Of(Convert.ToBase64String(bytes))));
        }

        public static JsonValue Scene() => JsonValue.Of(
            ("skybox", JsonValue.Of(RenderSettings.skybox == null ? null : RenderSettings.skybox.name)),
            ("ambient", JsonValue.Of(RenderSettings.ambientMode.ToString())),
            ("reflection", JsonValue.Of(RenderSettings.defaultReflectionMode.ToString())),
            ("sun", JsonValue.Of(RenderSettings.sun != null)));

        private static JsonValue One(VisualElement element) => JsonValue.Of(
            ("type", JsonValue.Of(element.GetType().Name)),
            ("visible", JsonValue.Of(element.Visible)), ("enabled", JsonValue.Of(element.enabledInHierarchy)),
            ("tooltip", JsonValue.Of(element.tooltip)), ("text", JsonValue.Of(Text(element))),
            ("label", JsonValue.Of((string)element.GetType().GetProperty("label")?.GetValue(element) ?? "")),
            ("value", Value(element)), ("classes", JsonValue.Of(element.Classes.Select(one => JsonValue.Of(one)))),
            ("focusable", JsonValue.Of(element.focusable)),
            ("choices", JsonValue.Of(((element as DropdownField)?.choices ?? new List<string>()).Select(one => JsonValue.Of(one)))));

        private static string Text(VisualElement element) => element is Button && element.childCount > 0
            ? element.Q<Label>().text
            : (element as TextElement)?.text ?? (element as HelpBox)?.text ?? (element as ProgressBar)?.title ?? (element as Foldout)?.text ?? "";

        private static JsonValue Value(VisualElement element)
        {
            switch (element)
            {
                case BaseField<string> text:
                    return JsonValue.Of(text.value);
                case BaseField<float> real:
                    return JsonValue.Of((double)real.value);
                case BaseField<long> whole:
                    return JsonValue.Of(whole.value);
                case BaseField<bool> truth:
                    return JsonValue.Of(truth.value);
                case ProgressBar bar:
                    return JsonValue.Of((double)bar.value);
                default:
                    return JsonValue.Null;
            }
        }
    }
}
