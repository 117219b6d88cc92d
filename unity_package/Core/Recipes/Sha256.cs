// Sha256: content hashes as lower-case hex.
using System.Security.Cryptography;
using System.Text;

namespace Skyloom
{
    internal static class Sha256
    {
        public static string Hex(byte[] data)
        {
            using (var sha = SHA256.Create())
            {
                var result = new StringBuilder(64);
                foreach (byte one in sha.ComputeHash(data))
                {
                    result.Append(one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
                }
                return result.ToString();
            }
        }
    }
}
