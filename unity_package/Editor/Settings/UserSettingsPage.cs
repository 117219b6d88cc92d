// UserSettingsPage: Preferences > Skyloom.
using System.Collections.Generic;
using UnityEditor;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal static class UserSettingsPage
    {
        /// <summary>Where the page is.</summary>
        public const string Path = "Preferences/Skyloom";

        [SettingsProvider]
        public static SettingsProvider Create() => new SettingsProvider(Path, SettingsScope.User)
        {
            label = "Skyloom",
            activateHandler = (search, root) => Build(root),
            keywords = new HashSet<string> { "Skyloom", "sky", "skybox", "server", "address", "token", "Python", "backend", "pip" },
        };

        internal static void Build(VisualElement root)
        {
            var settings = SkyloomUserSettings.instance;
            var page = SettingsFields.Page(root, "Skyloom", Texts.Tr(
                "Yours alone, for this project: stored in UserSettings, not to be committed."));
            page.Add(SettingsFields.Heading(Texts.Tr("Server")));
            SettingsFields.Text(page, "address", Texts.Tr("Server address"), Texts.Tr(
                    "Address of a sky server that runs elsewhere, as its ready file names it under grpc_web. Empty: this project's own server, started when needed."),
                settings.Address, SkyloomUserSettings.AddressProblem, value =>
                {
                    settings.Address = value;
                    settings.Store();
                });
            var token = SettingsFields.Text(page, "token", Texts.Tr("Token"), Texts.Tr(
                    "What that server wants from every caller. Stored as plain text in UserSettings."),
                settings.Token, SkyloomUserSettings.TokenProblem, value =>
                {
                    settings.Token = value;
                    settings.Store();
                });
            token.isPasswordField = true;
            page.Add(SettingsFields.Heading(Texts.Tr("Backend")));
            SettingsFields.Text(page, "python", Texts.Tr("Python"), Texts.Tr(
                    "The interpreter to make the project's environment with, 3.10 or newer: a path or a name. Empty: the first one found."),
                settings.Python, value => "", value =>
                {
                    settings.Python = value;
                    settings.Store();
                });
            SettingsFields.Text(page, "source", Texts.Tr("Install from"), Texts.Tr(
                    "What pip installs: a folder or a wheel on this machine, git+https://..., or a name with a version. Empty: the repository that this package is from, at the same commit."),
                settings.Source, value => "", value =>
                {
                    settings.Source = value;
                    settings.Store();
                });
            SettingsFields.Text(page, "index", Texts.Tr("Package index"), Texts.Tr(
                    "Address of a package index, or a folder of wheels that is then the only source. Empty: pip's own."),
                settings.Index, value => "", value =>
                {
                    settings.Index = value;
                    settings.Store();
                });
        }
    }
}
