// ISessionStore: texts that survive a domain reload and end with the editor.
namespace Skyloom.Editor
{
    /// <summary>What SessionState offers; behind an interface so that tests can carry it from one domain to the next.</summary>
    public interface ISessionStore
    {
        /// <summary>The text, "" where there is none.</summary>
        string Get(string key);

        /// <summary>Keeps a text.</summary>
        void Set(string key, string value);

        /// <summary>Forgets a text.</summary>
        void Erase(string key);
    }
}
