// Verbs: what the Python tests can ask for: every static method marked [Verb], by its name.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Skyloom.Json;

namespace Skyloom.Editor.Tests
{
    /// <summary>Marks a method (Request) that returns JsonValue or a task of it; runs on the main thread.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class VerbAttribute : Attribute
    {
        public VerbAttribute(string name)
        {
            Name = name;
        }

        public string Name { get; }
    }

    internal static class Verbs
    {
        private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

        private static readonly Dictionary<string, MethodInfo> All = typeof(Verbs).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Static)).Where(method => method.GetCustomAttribute<VerbAttribute>() != null)
            .ToDictionary(method => method.GetCustomAttribute<VerbAttribute>().Name);

        public static async Task<JsonValue> RunAsync(Request request)
        {
            if (!All.TryGetValue(request.Verb, out MethodInfo method))
            {
                throw new ArgumentException("no such verb: " + request.Verb);
            }
            object answer;
            try
            {
                answer = method.Invoke(null, new object[] { request });
            }
            catch (TargetInvocationException error)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error.InnerException).Throw();
                throw;
            }
            return answer is Task<JsonValue> task ? await task : (JsonValue)answer;
        }
    }

    /// <summary>One request.</summary>
    internal sealed class Request
    {
        private readonly IReadOnlyDictionary<string, JsonValue> _fields;

        public Request(JsonValue line)
        {
            _fields = line.AsObject("request");
        }

        public long Id => _fields["id"].AsWhole("id");

        public string Verb => _fields["verb"].AsText("verb");

        public bool Has(string name) => _fields.TryGetValue(name, out JsonValue value) && value.Kind != JsonKind.Null;

        public string Text(string name, string otherwise = null) =>
            Has(name) ? _fields[name].AsText(name) : otherwise ?? throw new ArgumentException(name + " is missing");

        public bool Bool(string name, bool otherwise = false) => Has(name) ? _fields[name].AsBool(name) : otherwise;

        public double Number(string name, double otherwise = 0) => Has(name) ? _fields[name].AsNumber(name) : otherwise;

        public IReadOnlyList<string> Texts(string name) => Has(name)
            ? _fields[name].AsList(name).Select(one => one.AsText(name)).ToArray()
            : Array.Empty<string>();

        public IReadOnlyDictionary<string, JsonValue> Map(string name) =>
            Has(name) ? _fields[name].AsObject(name) : new Dictionary<string, JsonValue>();
    }
}
