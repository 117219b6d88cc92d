// RecipeNames: enum values of the contract by the names that files and people use.
using System;
using System.Collections.Generic;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>Names of enum values: full ones as in the contract, short lower-case ones as people write them.</summary>
    public static class RecipeNames
    {
        /// <summary>"cumulus" for <see cref="CloudGenus.Cumulus"/>, "faces" for <see cref="Layout.Faces"/>; "" when unknown.</summary>
        public static string Short<T>(T value) where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value) || value.Equals(default(T)))
            {
                return "";
            }
            return value.ToString().ToLowerInvariant();
        }

        /// <summary>"CLOUD_GENUS_CUMULUS" for <see cref="CloudGenus.Cumulus"/>.</summary>
        public static string Full<T>(T value) where T : struct, Enum => Prefix<T>() + value.ToString().ToUpperInvariant();

        /// <summary>The value of a full or short name in any case; also "jpg", and the codes of cloud atlases ("Cu").</summary>
        /// <exception cref="InvalidRequestException">No such name; the message lists those that there are.</exception>
        public static T Parse<T>(string field, string name) where T : struct, Enum
        {
            string text = name.Trim();
            if (text.StartsWith(Prefix<T>(), StringComparison.Ordinal))
            {
                text = text.Substring(Prefix<T>().Length);
            }
            if (typeof(T) == typeof(CloudGenus) && CloudCodes.TryGetValue(text, out CloudGenus genus))
            {
                return (T)(object)genus;
            }
            if (typeof(T) == typeof(ImageFormat) && string.Equals(text, "jpg", StringComparison.OrdinalIgnoreCase))
            {
                text = "jpeg";
            }
            foreach (T value in All<T>())
            {
                if (string.Equals(Short(value), text, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }
            throw new InvalidRequestException(field, name, "one of " + Listed<T>());
        }

        /// <summary>The short names, separated by commas.</summary>
        internal static string Listed<T>() where T : struct, Enum =>
            string.Join(", ", All<T>().ConvertAll(value => Short(value)));

        private static readonly Dictionary<string, CloudGenus> CloudCodes =
            new Dictionary<string, CloudGenus>(StringComparer.OrdinalIgnoreCase)
            {
                { "Ac", CloudGenus.Altocumulus },
                { "As", CloudGenus.Altostratus },
                { "Cc", CloudGenus.Cirrocumulus },
                { "Cs", CloudGenus.Cirrostratus },
                { "Ci", CloudGenus.Cirrus },
                { "Ct", CloudGenus.Contrail },
                { "Cb", CloudGenus.Cumulonimbus },
                { "Cu", CloudGenus.Cumulus },
                { "Ns", CloudGenus.Nimbostratus },
                { "Sc", CloudGenus.Stratocumulus },
                { "St", CloudGenus.Stratus },
            };

        private static List<T> All<T>() where T : struct, Enum
        {
            var values = new List<T>((T[])Enum.GetValues(typeof(T)));
            values.Remove(default);
            return values;
        }

        private static string Prefix<T>()
        {
            string prefix = "";
            foreach (char letter in typeof(T).Name)
            {
                prefix += char.IsUpper(letter) && prefix.Length > 0 ? "_" + letter : letter.ToString();
            }
            return prefix.ToUpperInvariant() + "_";
        }
    }
}
