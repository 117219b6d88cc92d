// LimitsText: platforms with their largest texture size as one line that people edit: "Android 2048, WebGL 1024".
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skyloom.Editor
{
    internal static class LimitsText
    {
        private const int Smallest = 32;
        private const int Largest = 16384;

        /// <summary>The line.</summary>
        public static string Write(IEnumerable<PlatformLimit> limits) => string.Join(", ", limits.Select(limit =>
            limit.platform + " " + limit.maxSize.ToString(CultureInfo.InvariantCulture)));

        /// <summary>Why a line cannot be used, "" when it can.</summary>
        public static string Problem(string line)
        {
            try
            {
                Read(line);
                return "";
            }
            catch (FormatException error)
            {
                return error.Message;
            }
        }

        /// <summary>The limits.</summary>
        /// <exception cref="FormatException">A part is no name and power of two.</exception>
        public static List<PlatformLimit> Read(string line)
        {
            var limits = new List<PlatformLimit>();
            foreach (string part in line.Split(',').Select(one => one.Trim()).Where(one => one.Length > 0))
            {
                int space = part.LastIndexOf(' ');
                bool good = int.TryParse(part.Substring(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                    && space > 0 && size >= Smallest && size <= Largest && (size & (size - 1)) == 0;
                if (!good)
                {
                    throw new FormatException(Texts.Tr("\"{0}\" is not allowed; expected a platform and a power of two from {1} to {2}, as in Android 2048", part, Smallest, Largest));
                }
                limits.Add(new PlatformLimit { platform = part.Substring(0, space).Trim(), maxSize = size });
            }
            return limits;
        }
    }
}
