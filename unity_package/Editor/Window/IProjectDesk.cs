// IProjectDesk: what a finished sky becomes in the project and in its scene.
namespace Skyloom.Editor
{
    /// <summary>Imports, materials, scene; behind an interface so that the window's logic can be tested without them.</summary>
    public interface IProjectDesk
    {
        /// <summary>A name like the entry's that no other sky has in its folder; the entry's own where it is this sky's.</summary>
        string FreeName(SkyEntry entry);

        /// <summary>Why a sky of this kind cannot be put into this project's scenes, "" when it can.</summary>
        string ApplyProblem(SkyKind kind);

        /// <summary>Imports what is not there yet and makes the material; returns the material's asset path.</summary>
        /// <param name="entry">Name, folder, kind.</param>
        /// <param name="result">Its pictures.</param>
        /// <param name="replace">Files that are there and are not as Skyloom made them are replaced.</param>
        string CreateMaterial(SkyEntry entry, SkyResult result, bool replace);

        /// <summary>Does the same, then puts the sky into the open scene.</summary>
        string Apply(SkyEntry entry, SkyResult result, bool replace, SceneOptions options);
    }
}
