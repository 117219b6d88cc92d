// Program: the make-believe editor: runs a method and ends as `Unity -batchmode` does, or answers lines of JSON.
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using UnityFakes;

namespace Skyloom.Editor.Tests
{
    internal static class Program
    {
        /// <summary>What -executeMethod without an Exit ends with here; a real editor would go on without end.</summary>
        private const int StillRunning = 99;

        public static int Main(string[] arguments)
        {
            // The editor loads every assembly of the project, and runs what asks for it.
            Assembly.Load("Skyloom.Editor");
            RunInitialisers(Assembly.Load("Skyloom.Editor.Hdrp"));
            int method = Array.IndexOf(arguments, "-executeMethod");
            if (method < 0)
            {
                new MainLoop(
                    new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)),
                    new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true }).Run();
                return 0;
            }
            World.BatchMode = arguments.Contains("-batchmode");
            World.NoGraphics = arguments.Contains("-nographics");
            World.Project = Path.GetFullPath(arguments[Array.IndexOf(arguments, "-projectPath") + 1]);
            World.Logged = (level, message) => Console.WriteLine(level + ": " + message);
            World.Exit = code => Environment.Exit(code);
            return Execute(arguments[method + 1], arguments.Contains("-quit"));
        }

        /// <summary>What a domain reload does.</summary>
        public static void RunInitialisers(Assembly assembly)
        {
            const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            foreach (var method in assembly.GetTypes().SelectMany(type => type.GetMethods(Any)))
            {
                if (method.GetCustomAttribute<UnityEditor.InitializeOnLoadMethodAttribute>() != null)
                {
                    method.Invoke(null, null);
                }
            }
        }

        private static int Execute(string name, bool quit)
        {
            int dot = name.LastIndexOf('.');
            var type = AppDomain.CurrentDomain.GetAssemblies().Select(one => one.GetType(name.Substring(0, dot)))
                .First(one => one != null);
            try
            {
                // As Unity wants it: public, static, without parameters.
                type.GetMethod(name.Substring(dot + 1), Type.EmptyTypes).Invoke(null, null);
            }
            catch (TargetInvocationException error)
            {
                Console.WriteLine("exception: " + error.InnerException);
                return 1;
            }
            return quit ? 0 : StillRunning;
        }
    }
}
