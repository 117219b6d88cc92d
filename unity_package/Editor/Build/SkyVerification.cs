// SkyVerification: says which skies of a manifest, or of the project, are missing, stale or changed by hand.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Skyloom.Editor
{
    /// <summary>How a sky stands.</summary>
    public enum SkyStanding
    {
        /// <summary>Files, record and material are there and up to date.</summary>
        Current,

        /// <summary>A file or the record is not there.</summary>
        Missing,

        /// <summary>The manifest's entry changed since it was made.</summary>
        Stale,

        /// <summary>A file was changed by hand since it was made.</summary>
        Changed,

        /// <summary>Only the material is not there.</summary>
        NoMaterial,

        /// <summary>The manifest's entry cannot be used.</summary>
        Broken,
    }

    /// <summary>One sky and how it stands.</summary>
    public sealed class SkyFinding
    {
        internal SkyFinding(string name, SkyStanding standing, string message, SkyEntry entry = null)
        {
            Name = name;
            Standing = standing;
            Message = message;
            Entry = entry;
        }

        /// <summary>The sky's name, or the entry's place where it has none.</summary>
        public string Name { get; }

        /// <summary>How it stands.</summary>
        public SkyStanding Standing { get; }

        /// <summary>The same for people, with the sky's name.</summary>
        public string Message { get; }

        /// <summary>The entry, null where it is broken or there is no manifest.</summary>
        public SkyEntry Entry { get; }
    }

    /// <summary>Compares skies with what they should be; reads files, changes nothing, needs no server.</summary>
    public static class SkyVerification
    {
        /// <summary>Every entry of a manifest, in its order.</summary>
        public static IReadOnlyList<SkyFinding> OfManifest(SkyManifest manifest) => manifest.Items.Select(
            item => item.Entry == null
                ? new SkyFinding(item.Label, SkyStanding.Broken, item.Error)
                : OfEntry(item.Entry)).ToArray();

        /// <summary>One entry.</summary>
        public static SkyFinding OfEntry(SkyEntry entry)
        {
            var standing = StandingOf(entry);
            return new SkyFinding(entry.Name, standing, $"{entry.Name}: {Describe(standing, entry.Folder)}", entry);
        }

        /// <summary>
        /// Every sky of the project by its own record: Missing where a file is gone, Changed where one differs; stale
        /// it cannot be without a manifest.
        /// </summary>
        public static IReadOnlyList<SkyFinding> OfProject() => ImportedSky.FindAll().Select(OfSky).ToArray();

        private static SkyFinding OfSky(ImportedSky sky)
        {
            var missing = sky.Textures.FirstOrDefault(texture => !File.Exists(SkyPaths.Absolute(texture.AssetPath)));
            if (missing != null)
            {
                return new SkyFinding(sky.Name, SkyStanding.Missing, $"{sky.Name}: {missing.AssetPath} is missing");
            }
            bool whole;
            try
            {
                whole = sky.Record.FilesMatch(SkyPaths.Absolute(sky.Folder));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return new SkyFinding(sky.Name, SkyStanding.Missing, $"{sky.Name}: {error.Message}");
            }
            return whole
                ? new SkyFinding(sky.Name, SkyStanding.Current, sky.Name + ": up to date")
                : new SkyFinding(sky.Name, SkyStanding.Changed, $"{sky.Name}: {Describe(SkyStanding.Changed, sky.Folder)}");
        }

        private static SkyStanding StandingOf(SkyEntry entry)
        {
            switch (SkyRecord.StateOf(entry, SkyPaths.Project))
            {
                case SkyState.Missing:
                    return SkyStanding.Missing;
                case SkyState.Stale:
                    return SkyStanding.Stale;
                case SkyState.Changed:
                    return SkyStanding.Changed;
                default:
                    // A material is text: on disk it may be what Unity has not imported yet.
                    return File.Exists(SkyPaths.Absolute($"{entry.Folder}/{entry.Name}.mat"))
                        ? SkyStanding.Current
                        : SkyStanding.NoMaterial;
            }
        }

        private static string Describe(SkyStanding standing, string folder)
        {
            switch (standing)
            {
                case SkyStanding.Missing:
                    return $"not made yet, or not complete, in {folder}";
                case SkyStanding.Stale:
                    return "its entry changed since it was made";
                case SkyStanding.Changed:
                    return $"a file in {folder} was changed by hand since it was made";
                case SkyStanding.NoMaterial:
                    return $"its material in {folder} is missing";
                default:
                    return "up to date";
            }
        }
    }
}
