// UnitySessionStore: texts in SessionState, which lasts as long as this editor, and no other editor sees.
using UnityEditor;

namespace Skyloom.Editor
{
    internal sealed class UnitySessionStore : ISessionStore
    {
        /// <inheritdoc/>
        public string Get(string key) => SessionState.GetString(key, "");

        /// <inheritdoc/>
        public void Set(string key, string value) => SessionState.SetString(key, value);

        /// <inheritdoc/>
        public void Erase(string key) => SessionState.EraseString(key);
    }
}
