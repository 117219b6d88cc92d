// MessageDump: any message as JSON through its public properties, and back, so that values are compared and not only bytes.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Skyloom.Json;
using Skyloom.Wire;

namespace Skyloom.Tests
{
    internal static class MessageDump
    {
        public static Message New(string type)
        {
            var found = typeof(SkyloomClient).Assembly.GetType(type) ?? typeof(MessageDump).Assembly.GetType(type);
            return (Message)Activator.CreateInstance(found);
        }

        /// <summary>Properties by name; absent ones and members of a oneof that are not set are left out.</summary>
        public static JsonValue Dump(Message message)
        {
            var members = new List<(string, JsonValue)>();
            foreach (var property in Properties(message))
            {
                object value = property.GetValue(message);
                if (value != null && IsActive(message, property))
                {
                    members.Add((property.Name, DumpValue(value)));
                }
            }
            return JsonValue.Of(members.ToArray());
        }

        public static Message Build(string type, JsonValue dump)
        {
            var message = New(type);
            foreach (var member in dump.AsObject("dump"))
            {
                var property = message.GetType().GetProperty(member.Key);
                if (property.GetValue(message) is IList list && !(list is byte[]))
                {
                    var item = property.PropertyType.GetGenericArguments()[0];
                    foreach (var value in member.Value.AsList(member.Key))
                    {
                        list.Add(BuildValue(item, value));
                    }
                    continue;
                }
                property.SetValue(message, BuildValue(property.PropertyType, member.Value));
            }
            return message;
        }

        private static IEnumerable<PropertyInfo> Properties(Message message) =>
            message.GetType().GetProperties().Where(property => !property.Name.EndsWith("Case", StringComparison.Ordinal));

        private static bool IsActive(Message message, PropertyInfo property)
        {
            foreach (var choice in message.GetType().GetProperties())
            {
                if (choice.PropertyType.Name.EndsWith("OneofCase", StringComparison.Ordinal)
                    && Enum.GetNames(choice.PropertyType).Contains(property.Name))
                {
                    return choice.GetValue(message).ToString() == property.Name;
                }
            }
            return true;
        }

        private static JsonValue DumpValue(object value)
        {
            switch (value)
            {
                case Message message:
                    return Dump(message);
                case byte[] bytes:
                    return JsonValue.Of(Convert.ToBase64String(bytes));
                case string text:
                    return JsonValue.Of(text);
                case bool truth:
                    return JsonValue.Of(truth);
                case double real:
                    return JsonValue.Of(WireWriter.Bits(real).ToString(CultureInfo.InvariantCulture));
                case float real:
                    return JsonValue.Of(WireWriter.Bits(real).ToString(CultureInfo.InvariantCulture));
                case Enum choice:
                    return JsonValue.Of(Convert.ToInt32(choice).ToString(CultureInfo.InvariantCulture));
                case IList list:
                    return JsonValue.Of(list.Cast<object>().Select(DumpValue));
                default:
                    return JsonValue.Of(Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }

        private static object BuildValue(Type type, JsonValue value)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (typeof(Message).IsAssignableFrom(type))
            {
                return Build(type.FullName, value);
            }
            if (type == typeof(bool))
            {
                return value.AsBool("bool");
            }
            string text = value.AsText(type.Name);
            if (type == typeof(byte[]))
            {
                return Convert.FromBase64String(text);
            }
            if (type == typeof(double))
            {
                return BitConverter.Int64BitsToDouble(unchecked((long)ulong.Parse(text, CultureInfo.InvariantCulture)));
            }
            if (type == typeof(float))
            {
                return BitConverter.ToSingle(BitConverter.GetBytes(uint.Parse(text, CultureInfo.InvariantCulture)), 0);
            }
            if (type.IsEnum)
            {
                return Enum.ToObject(type, int.Parse(text, CultureInfo.InvariantCulture));
            }
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
    }
}
