// JsonWriter: canonical JSON, the same text that Python's json module writes with sorted keys.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Skyloom.Json
{
    internal static class JsonWriter
    {
        public static string Write(JsonValue value, bool indented)
        {
            var result = new StringBuilder();
            Append(result, value, indented ? 0 : -1);
            return result.ToString();
        }

        /// <summary>The shortest text that reads back as the same double, spelled as Python's repr does.</summary>
        public static string Number(double value)
        {
            if (value == 0)
            {
                return 1 / value < 0 ? "-0.0" : "0.0";
            }
            string digits = ExactDouble.Shortest(Math.Abs(value), out int exponent);
            return (value < 0 ? "-" : "") + Spell(digits, exponent);
        }

        private static string Spell(string digits, int exponent)
        {
            if (exponent < -4 || exponent >= 16)
            {
                string rest = digits.Length > 1 ? "." + digits.Substring(1) : "";
                string size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
                return digits[0] + rest + "e" + (exponent < 0 ? "-" : "+") + size;
            }
            if (exponent < 0)
            {
                return "0." + new string('0', -exponent - 1) + digits;
            }
            if (digits.Length <= exponent + 1)
            {
                return digits.PadRight(exponent + 1, '0') + ".0";
            }
            return digits.Substring(0, exponent + 1) + "." + digits.Substring(exponent + 1);
        }

        private static void Append(StringBuilder result, JsonValue value, int level)
        {
            switch (value.Kind)
            {
                case JsonKind.Null:
                    result.Append("null");
                    break;
                case JsonKind.Bool:
                    result.Append(value.AsBool("") ? "true" : "false");
                    break;
                case JsonKind.Whole:
                    result.Append(value.AsWhole("").ToString(CultureInfo.InvariantCulture));
                    break;
                case JsonKind.Real:
                    result.Append(Number(value.AsNumber("")));
                    break;
                case JsonKind.Text:
                    AppendText(result, value.AsText(""));
                    break;
                case JsonKind.List:
                    AppendList(result, value.AsList(""), level);
                    break;
                default:
                    AppendObject(result, value.AsObject(""), level);
                    break;
            }
        }

        private static void AppendList(StringBuilder result, IReadOnlyList<JsonValue> items, int level)
        {
            result.Append('[');
            for (int i = 0; i < items.Count; i++)
            {
                result.Append(i > 0 ? "," : "");
                NewLine(result, level + 1, level);
                Append(result, items[i], level < 0 ? -1 : level + 1);
            }
            if (items.Count > 0)
            {
                NewLine(result, level, level);
            }
            result.Append(']');
        }

        private static void AppendObject(StringBuilder result, IReadOnlyDictionary<string, JsonValue> members, int level)
        {
            var names = new List<string>(members.Keys);
            names.Sort(StringComparer.Ordinal);
            result.Append('{');
            for (int i = 0; i < names.Count; i++)
            {
                result.Append(i > 0 ? "," : "");
                NewLine(result, level + 1, level);
                AppendText(result, names[i]);
                result.Append(level < 0 ? ":" : ": ");
                Append(result, members[names[i]], level < 0 ? -1 : level + 1);
            }
            if (names.Count > 0)
            {
                NewLine(result, level, level);
            }
            result.Append('}');
        }

        private static void NewLine(StringBuilder result, int indent, int level)
        {
            if (level >= 0)
            {
                result.Append('\n').Append(' ', 2 * indent);
            }
        }

        private static void AppendText(StringBuilder result, string text)
        {
            result.Append('"');
            foreach (char letter in text)
            {
                int escape = "\"\\\b\f\n\r\t".IndexOf(letter);
                if (escape >= 0)
                {
                    result.Append('\\').Append("\"\\bfnrt"[escape]);
                }
                else if (letter < ' ' || letter > '~')
                {
                    result.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
                }
                else
                {
                    result.Append(letter);
                }
            }
            result.Append('"');
        }
    }
}
