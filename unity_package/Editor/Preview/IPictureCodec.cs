// IPictureCodec: picture files to pixels and back.
namespace Skyloom.Editor
{
    /// <summary>What Unity does; behind an interface so that tests can do it without Unity.</summary>
    public interface IPictureCodec
    {
        /// <summary>Reads a PNG or JPEG file.</summary>
        /// <exception cref="System.FormatException">It is none.</exception>
        PixelGrid Decode(byte[] file);

        /// <summary>Writes a PNG file.</summary>
        byte[] EncodePng(PixelGrid pixels);
    }
}
