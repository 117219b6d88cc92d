// SkyloomUserSettings: what one person sets for this project; stored in UserSettings, which nobody commits.
using System;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Settings of one person. Change, then <see cref="Store"/>.</summary>
    [FilePath("UserSettings/Skyloom.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed class SkyloomUserSettings : ScriptableSingleton<SkyloomUserSettings>
    {
        [SerializeField]
        private string _address = "";

        [SerializeField]
        private string _token = "";

        [SerializeField]
        private string _python = "";

        [SerializeField]
        private string _source = "";

        [SerializeField]
        private string _index = "";

        /// <summary>Settings were stored.</summary>
        public static event Action Stored;

        /// <summary>Address of a server that somebody else runs, e.g. "http://127.0.0.1:50052"; "" for the project's own.</summary>
        public string Address
        {
            get => _address;
            set => _address = value.Trim();
        }

        /// <summary>What that server wants; "" for none. Stored as it is.</summary>
        public string Token
        {
            get => _token;
            set => _token = value.Trim();
        }

        /// <summary>The Python to make the environment with; "" looks for one.</summary>
        public string Python
        {
            get => _python;
            set => _python = value.Trim();
        }

        /// <summary>What pip is to install; "" for the repository that this package is from.</summary>
        public string Source
        {
            get => _source;
            set => _source = value.Trim();
        }

        /// <summary>Address of a package index, or a folder of wheels; "" for pip's own.</summary>
        public string Index
        {
            get => _index;
            set => _index = value.Trim();
        }

        /// <summary>Why the address cannot be used, "" when it can.</summary>
        public static string AddressProblem(string address)
        {
            bool good = address.Trim().Length == 0 || (Uri.TryCreate(address.Trim(), UriKind.Absolute, out Uri uri)
                && (uri.Scheme == "http" || uri.Scheme == "https"));
            return good ? "" : Texts.Tr("\"{0}\" is not allowed; expected http://HOST:PORT, or nothing", address);
        }

        /// <summary>Why the token cannot be used, "" when it can.</summary>
        public static string TokenProblem(string token)
        {
            foreach (char letter in token.Trim())
            {
                if (letter < '!' || letter > '~')
                {
                    return Texts.Tr("A token has printable ASCII characters only, and no space.");
                }
            }
            return "";
        }

        /// <summary>Writes the file and tells who uses the settings.</summary>
        public void Store()
        {
            Save(true);
            Stored?.Invoke();
        }
    }
}
