// FloatBits: a float and its bits; netstandard's BitConverter has this for doubles only.
using System.Runtime.InteropServices;

namespace Skyloom.Wire
{
    [StructLayout(LayoutKind.Explicit)]
    internal struct FloatBits
    {
        [FieldOffset(0)]
        public float Value;

        [FieldOffset(0)]
        public uint Bits;
    }
}
