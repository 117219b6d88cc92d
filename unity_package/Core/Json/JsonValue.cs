// JsonValue: one JSON value, immutable, with accessors that say what was wanted where.
using System;
using System.Collections.Generic;

namespace Skyloom.Json
{
    /// <summary>The kinds of JSON values.</summary>
    public enum JsonKind
    {
        /// <summary>null.</summary>
        Null,

        /// <summary>true or false.</summary>
        Bool,

        /// <summary>A number without fraction and exponent that fits 64 bits.</summary>
        Whole,

        /// <summary>Any other number.</summary>
        Real,

        /// <summary>A text.</summary>
        Text,

        /// <summary>A list.</summary>
        List,

        /// <summary>An object: names and values, each name once.</summary>
        Object,
    }

    /// <summary>One JSON value. Accessors take the place where it stands, to name it in a <see cref="JsonException"/>.</summary>
    public sealed class JsonValue
    {
        /// <summary>null.</summary>
        public static readonly JsonValue Null = new JsonValue(JsonKind.Null, null);

        private readonly object _value;

        private JsonValue(JsonKind kind, object value)
        {
            Kind = kind;
            _value = value;
        }

        /// <summary>What it is.</summary>
        public JsonKind Kind { get; }

        /// <summary>A truth value.</summary>
        public static JsonValue Of(bool value) => new JsonValue(JsonKind.Bool, value);

        /// <summary>A whole number.</summary>
        public static JsonValue Of(long value) => new JsonValue(JsonKind.Whole, value);

        /// <summary>A real number; it is written with a fraction or an exponent even where it is whole.</summary>
        /// <exception cref="ArgumentException">JSON has no infinity and no NaN.</exception>
        public static JsonValue Of(double value)
        {
            if (double.IsNaN(value) || double.IsInfinity(value))
            {
                throw new ArgumentException("JSON has no infinity and no NaN", nameof(value));
            }
            return new JsonValue(JsonKind.Real, value);
        }

        /// <summary>A text, or null.</summary>
        public static JsonValue Of(string value) => value == null ? Null : new JsonValue(JsonKind.Text, value);

        /// <summary>A list.</summary>
        public static JsonValue Of(IEnumerable<JsonValue> items) =>
            new JsonValue(JsonKind.List, new List<JsonValue>(items));

        /// <summary>An object; a later member of the same name replaces an earlier one.</summary>
        public static JsonValue Of(params (string Name, JsonValue Value)[] members)
        {
            var map = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
            foreach (var (name, value) in members)
            {
                map[name] = value;
            }
            return Of(map);
        }

        /// <summary>Reads one value.</summary>
        /// <exception cref="JsonException">Not strict JSON, nested too deeply, or a name twice in one object.</exception>
        public static JsonValue Parse(string text) => new JsonReader(text).ReadAll();

        /// <summary>
        /// Canonical text: names sorted, shortest numbers that read back the same, ASCII only. On one line without
        /// spaces, or indented by two spaces.
        /// </summary>
        public string ToText(bool indented = false) => JsonWriter.Write(this, indented);

        /// <summary>The truth value.</summary>
        public bool AsBool(string where) => Kind == JsonKind.Bool ? (bool)_value : throw Wrong(where, "true or false");

        /// <summary>The number.</summary>
        public double AsNumber(string where)
        {
            if (Kind == JsonKind.Whole)
            {
                return (long)_value;
            }
            return Kind == JsonKind.Real ? (double)_value : throw Wrong(where, "a number");
        }

        /// <summary>The number, which must be whole and in range; 2.0 is whole.</summary>
        public long AsWhole(string where, long min = long.MinValue, long max = long.MaxValue)
        {
            long whole;
            if (Kind == JsonKind.Whole)
            {
                whole = (long)_value;
            }
            else
            {
                // Beyond 2^53 a double is no longer sure to be the number that was written.
                double number = AsNumber(where);
                if (Math.Floor(number) != number || Math.Abs(number) > 9007199254740992.0)
                {
                    throw Wrong(where, "a whole number");
                }
                whole = (long)number;
            }
            return whole >= min && whole <= max ? whole : throw Wrong(where, $"a whole number from {min} to {max}");
        }

        /// <summary>The text.</summary>
        public string AsText(string where) => Kind == JsonKind.Text ? (string)_value : throw Wrong(where, "a text");

        /// <summary>The items.</summary>
        public IReadOnlyList<JsonValue> AsList(string where) =>
            Kind == JsonKind.List ? (List<JsonValue>)_value : throw Wrong(where, "a list");

        /// <summary>The members.</summary>
        public IReadOnlyDictionary<string, JsonValue> AsObject(string where) =>
            Kind == JsonKind.Object ? (Dictionary<string, JsonValue>)_value : throw Wrong(where, "an object");

        /// <summary>The members, by lowerCamelCase names (snake_case is taken too); others than these are refused.</summary>
        public IReadOnlyDictionary<string, JsonValue> AsObject(string where, params string[] names)
        {
            var result = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
            foreach (var member in AsObject(where))
            {
                string name = Camel(member.Key);
                if (Array.IndexOf(names, name) < 0)
                {
                    throw new JsonException($"{where}: \"{member.Key}\" is no field; fields are {string.Join(", ", names)}");
                }
                if (result.ContainsKey(name))
                {
                    throw new JsonException($"{where}: \"{name}\" stands there twice");
                }
                result.Add(name, member.Value);
            }
            return result;
        }

        internal static JsonValue Of(Dictionary<string, JsonValue> members) => new JsonValue(JsonKind.Object, members);

        private static string Camel(string name)
        {
            var parts = name.Split('_');
            for (int i = 1; i < parts.Length; i++)
            {
                if (parts[i].Length > 0)
                {
                    parts[i] = char.ToUpperInvariant(parts[i][0]) + parts[i].Substring(1).ToLowerInvariant();
                }
            }
            return string.Concat(parts);
        }

        private JsonException Wrong(string where, string wanted)
        {
            string shown = ToText();
            shown = shown.Length > 60 ? shown.Substring(0, 57) + "..." : shown;
            return new JsonException($"{where}: {shown} is not allowed; expected {wanted}");
        }
    }
}
