// ExactDouble: doubles to the shortest decimal digits and back, exactly. Runtimes differ here in the last digit, and a
// content hash must not.
using System;
using System.Numerics;
using System.Text;

namespace Skyloom.Json
{
    internal static class ExactDouble
    {
        private const int MantissaBits = 52;
        private const int LowestExponent = -1074;
        private const long HiddenBit = 1L << MantissaBits;

        /// <summary>
        /// The shortest digits d1 d2 ... with d1.d2... times 10 to the exponent reading back as the finite positive
        /// value, and among these the closest (Steele and White 1990, free format).
        /// </summary>
        public static string Shortest(double value, out int exponent)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            int field = (int)(bits >> MantissaBits);
            long mantissa = (bits & (HiddenBit - 1)) + (field == 0 ? 0 : HiddenBit);
            int power = Math.Max(field, 1) - 1 + LowestExponent;
            // Below a power of two the next double is only half as far away.
            int skew = mantissa == HiddenBit && power > LowestExponent ? 1 : 0;
            var rest = new BigInteger(mantissa) << (1 + skew + Math.Max(power, 0));
            var unit = BigInteger.One << (1 + skew + Math.Max(-power, 0));
            var above = BigInteger.One << (skew + Math.Max(power, 0));
            var below = BigInteger.One << Math.Max(power, 0);
            // An even mantissa also owns the middle between it and its neighbours.
            bool even = mantissa % 2 == 0;

            exponent = (int)Math.Ceiling(Math.Log10(value) - 1e-10) - 1;
            var scale = BigInteger.Pow(10, Math.Abs(exponent));
            if (exponent >= 0)
            {
                unit *= scale;
            }
            else
            {
                rest *= scale;
                above *= scale;
                below *= scale;
            }
            // The estimate may be one too small.
            if (Reaches(rest + above, unit * 10, even))
            {
                unit *= 10;
                exponent++;
            }
            var digits = new StringBuilder();
            while (true)
            {
                int digit = (int)BigInteger.DivRem(rest, unit, out rest);
                bool low = even ? rest <= below : rest < below;
                bool high = Reaches(rest + above, unit, even);
                if (low || high)
                {
                    bool up = high && (!low || rest * 2 >= unit);
                    return digits.Append((char)('0' + digit + (up ? 1 : 0))).ToString();
                }
                digits.Append((char)('0' + digit));
                rest *= 10;
                above *= 10;
                below *= 10;
            }
        }

        /// <summary>The double nearest to digits times 10 to the exponent, ties to even; infinity when too large.</summary>
        public static double Nearest(string digits, long exponent)
        {
            var number = BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            // Clear of every finite double and of the smallest one, whatever the digits.
            if (number.IsZero || exponent + digits.Length < -400)
            {
                return 0;
            }
            if (exponent + digits.Length - (digits.Length - digits.TrimStart('0').Length) > 400)
            {
                return double.PositiveInfinity;
            }
            var scale = BigInteger.Pow(10, (int)Math.Abs(exponent));
            var numerator = exponent >= 0 ? number * scale : number;
            var denominator = exponent >= 0 ? BigInteger.One : scale;
            int power = Math.Max(BitLength(numerator) - BitLength(denominator) - MantissaBits - 1, LowestExponent);
            long mantissa = Rounded(numerator, denominator, power);
            if (mantissa >= HiddenBit << 1)
            {
                mantissa = Rounded(numerator, denominator, ++power);
            }
            // Rounding may carry to the next power of two once more; the sum below takes the carry along.
            long field = mantissa < HiddenBit ? 0 : power - LowestExponent + 1;
            long bits = (field << MantissaBits) + (mantissa < HiddenBit ? mantissa : mantissa - HiddenBit);
            return field > 2046 ? double.PositiveInfinity : BitConverter.Int64BitsToDouble(bits);
        }

        private static bool Reaches(BigInteger sum, BigInteger bound, bool inclusive) =>
            inclusive ? sum >= bound : sum > bound;

        private static long Rounded(BigInteger numerator, BigInteger denominator, int power)
        {
            numerator <<= Math.Max(-power, 0);
            denominator <<= Math.Max(power, 0);
            var quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
            int half = (rest * 2).CompareTo(denominator);
            return (long)quotient + (half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0);
        }

        private static int BitLength(BigInteger number)
        {
            byte[] bytes = number.ToByteArray();
            int length = (bytes.Length - 1) * 8;
            for (int top = bytes[bytes.Length - 1]; top != 0; top >>= 1)
            {
                length++;
            }
            return length;
        }
    }
}
