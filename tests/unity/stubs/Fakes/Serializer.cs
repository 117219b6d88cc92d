// Serializer: the fields that Unity serializes, as lines of text, and back: public or [SerializeField], nested by [Serializable].
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using UnityEngine;

namespace UnityFakes
{
    public static class Serializer
    {
        /// <summary>One line a value: path, a tab, the value with escapes.</summary>
        public static string Write(object given)
        {
            var lines = new List<string>();
            WriteFields(lines, "", given);
            return string.Join("\n", lines);
        }

        /// <summary>Sets the fields that a text names; others keep their values.</summary>
        public static void Read(object target, string text)
        {
            var values = text.Split('\n').Where(line => line.Contains('\t'))
                .ToDictionary(line => line.Substring(0, line.IndexOf('\t')), line => Uri.UnescapeDataString(line.Substring(line.IndexOf('\t') + 1)));
            ReadFields(values, "", target);
        }

        private static IEnumerable<FieldInfo> Fields(Type type) => World.FieldsOf(type).Where(field =>
            field.DeclaringType.Assembly != typeof(Serializer).Assembly && !field.IsInitOnly && !field.IsNotSerialized
            && (field.IsPublic || field.GetCustomAttribute<SerializeField>() != null));

        private static void WriteFields(List<string> lines, string path, object given)
        {
            foreach (var field in Fields(given.GetType()))
            {
                WriteValue(lines, path + field.Name, field.FieldType, field.GetValue(given));
            }
        }

        private static void WriteValue(List<string> lines, string path, Type type, object value)
        {
            if (IsPlain(type))
            {
                string text = type == typeof(float) ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
                    : type == typeof(double) ? ((double)value).ToString("R", CultureInfo.InvariantCulture)
                    : Convert.ToString(value, CultureInfo.InvariantCulture);
                lines.Add(path + "\t" + Uri.EscapeDataString(text ?? ""));
            }
            else if (IsList(type))
            {
                var list = (IList)value;
                lines.Add(path + ".Count\t" + (list?.Count ?? 0).ToString(CultureInfo.InvariantCulture));
                for (int i = 0; i < (list?.Count ?? 0); i++)
                {
                    WriteValue(lines, path + "." + i.ToString(CultureInfo.InvariantCulture), Element(type), list[i]);
                }
            }
            else
            {
                // Unity has no null for these: it stores an object with its defaults.
                WriteFields(lines, path + ".", value ?? New(type));
            }
        }

        private static void ReadFields(Dictionary<string, string> values, string path, object target)
        {
            foreach (var field in Fields(target.GetType()))
            {
                object read = ReadValue(values, path + field.Name, field.FieldType, field.GetValue(target));
                field.SetValue(target, read);
            }
        }

        private static object ReadValue(Dictionary<string, string> values, string path, Type type, object before)
        {
            if (IsPlain(type))
            {
                return !values.TryGetValue(path, out string text) ? before
                    : type.IsEnum ? Enum.Parse(type, text)
                    : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            }
            if (IsList(type))
            {
                if (!values.TryGetValue(path + ".Count", out string count))
                {
                    return before;
                }
                var list = (IList)Activator.CreateInstance(type);
                for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
                {
                    list.Add(ReadValue(values, path + "." + i.ToString(CultureInfo.InvariantCulture), Element(type), null));
                }
                return list;
            }
            object nested = before ?? New(type);
            ReadFields(values, path + ".", nested);
            return nested;
        }

        private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string);

        private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);

        private static Type Element(Type type) => type.GetGenericArguments()[0];

        private static object New(Type type) => type.IsDefined(typeof(SerializableAttribute), false)
            ? Activator.CreateInstance(type, true)
            : throw new InvalidOperationException(type + " is not serialized by Unity: it lacks [Serializable]");
    }
}
