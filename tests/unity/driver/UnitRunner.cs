// UnitRunner: runs every method marked [Test] and reports each; small enough to need no framework on old runtimes.
using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading.Tasks;
using Skyloom.Json;

namespace Skyloom.Tests
{
    /// <summary>Marks a static test method; it may return a task.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class TestAttribute : Attribute
    {
    }

    internal static class Check
    {
        public static void Equal<T>(T wanted, T found)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, found))
            {
                throw new Exception($"wanted <{wanted}>, found <{found}>");
            }
        }

        public static void True(bool condition, string what)
        {
            if (!condition)
            {
                throw new Exception("not so: " + what);
            }
        }

        public static T Throws<T>(Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T error)
            {
                return error;
            }
            throw new Exception($"no {typeof(T).Name} was thrown");
        }
    }

    internal static class UnitRunner
    {
        public static async Task<JsonValue> RunAsync()
        {
            var results = new List<(string, JsonValue)>();
            foreach (var type in typeof(UnitRunner).Assembly.GetTypes())
            {
                foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    if (method.GetCustomAttribute<TestAttribute>() != null)
                    {
                        results.Add(($"{type.Name}.{method.Name}", JsonValue.Of(await RunOneAsync(method).ConfigureAwait(false))));
                    }
                }
            }
            return JsonValue.Of(results.ToArray());
        }

        private static async Task<string> RunOneAsync(MethodInfo method)
        {
            try
            {
                if (method.Invoke(null, null) is Task task)
                {
                    await task.ConfigureAwait(false);
                }
                return "";
            }
            catch (Exception error)
            {
                return (error is TargetInvocationException ? error.InnerException : error).ToString();
            }
        }
    }
}
