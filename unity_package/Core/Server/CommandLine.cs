// CommandLine: argument lists as the one text that ProcessStartInfo takes on every runtime.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Skyloom
{
    internal static class CommandLine
    {
        private static readonly bool IsMonoOnUnix =
            Type.GetType("Mono.Runtime") != null && Environment.OSVersion.Platform == PlatformID.Unix;

        /// <summary>The arguments, quoted for this runtime; ArgumentList is not there on .NET Framework's profile.</summary>
        public static string Join(IEnumerable<string> arguments) =>
            string.Join(" ", arguments.Select(argument => IsMonoOnUnix ? ShellQuoted(argument) : Quoted(argument)));

        // Mono splits as a POSIX shell does: nothing has a meaning between single quotes.
        private static string ShellQuoted(string argument) => "'" + argument.Replace("'", "'\\''") + "'";

        // Windows' rules, which .NET applies everywhere: backslashes count only before a quote.
        private static string Quoted(string argument)
        {
            var result = new StringBuilder("\"");
            int slashes = 0;
            foreach (char letter in argument)
            {
                if (letter == '"')
                {
                    result.Append('\\', slashes + 1);
                }
                slashes = letter == '\\' ? slashes + 1 : 0;
                result.Append(letter);
            }
            return result.Append('\\', slashes).Append('"').ToString();
        }
    }
}
