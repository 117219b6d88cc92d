// SkyImport: writes a finished sky's pictures into the project and has Unity import them with the right settings.
using System;

namespace Skyloom.Editor
{
    /// <summary>Turns results into textures. Main thread only.</summary>
    public static class SkyImport
    {
        /// <summary>
        /// Writes pictures and record beside their places, moves them, and imports them. Assets that are there keep
        /// their GUIDs; when anything fails, every file is as it was before.
        /// </summary>
        /// <param name="entry">Name, folder, kind; its content hash is recorded.</param>
        /// <param name="result">What the server made of <see cref="SkyEntry.Request"/>.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <exception cref="SkyImportException">It could not be done, or would have replaced what a person made.</exception>
        /// <exception cref="InvalidRequestException">The entry is out of range.</exception>
        public static ImportedSky Import(SkyEntry entry, SkyResult result, ImportOptions options = null) =>
            throw new NotImplementedException();
    }
}
