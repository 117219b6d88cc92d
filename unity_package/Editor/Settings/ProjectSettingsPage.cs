// ProjectSettingsPage: Project Settings > Skyloom.
using System.Collections.Generic;
using System.Linq;
using UnityEditor;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal static class ProjectSettingsPage
    {
        /// <summary>Where the page is.</summary>
        public const string Path = "Project/Skyloom";

        [SettingsProvider]
        public static SettingsProvider Create() => new SettingsProvider(Path, SettingsScope.Project)
        {
            label = "Skyloom",
            activateHandler = (search, root) => Build(root),
            keywords = new HashSet<string> { "Skyloom", "sky", "skybox", "folder", "size", "compression", "build", "manifest" },
        };

        internal static void Build(VisualElement root)
        {
            var settings = SkyloomProjectSettings.instance;
            var page = SettingsFields.Page(root, "Skyloom", Texts.Tr("The whole team's: stored in ProjectSettings, to be committed."));
            page.Add(SettingsFields.Heading(Texts.Tr("New skies")));
            SettingsFields.Text(page, "folder", Texts.Tr("Folder"), Texts.Tr("Folder below Assets that new skies go to."),
                settings.Folder, SkyloomProjectSettings.FolderProblem, value =>
                {
                    settings.Folder = value;
                    settings.Store();
                });
            SettingsFields.Choice(page, "kind", Texts.Tr("Material"), Texts.Tr("Kind of material that a new window begins with."),
                Choices.Kinds, Choices.NameOf, settings.Kind, value =>
                {
                    settings.Kind = value;
                    settings.Store();
                });
            foreach (var kind in Choices.Kinds)
            {
                SettingsFields.Choice(page, "size-" + SkyEntry.NameOf(kind), Texts.Tr("{0}: size", Choices.NameOf(kind)),
                    Choices.SizeTooltip(kind), SkyOutputs.Sizes(kind), Choices.SizeName, settings.SizeOf(kind), value =>
                    {
                        settings.SetSize(kind, value);
                        settings.Store();
                    });
            }
            page.Add(SettingsFields.Heading(Texts.Tr("Import")));
            SettingsFields.Choice(page, "compression", Texts.Tr("Compression"),
                Texts.Tr("High quality takes a quarter of the memory; none keeps the exact values."),
                new[] { SkyCompression.HighQuality, SkyCompression.None },
                value => value == SkyCompression.None ? Texts.Tr("None") : Texts.Tr("High quality"), settings.Compression, value =>
                {
                    settings.Compression = value;
                    settings.Store();
                });
            SettingsFields.Text(page, "limits", Texts.Tr("Smaller on"), Texts.Tr(
                    "Platforms whose textures are to be smaller, with the largest side in pixels: Android 2048, WebGL 2048."),
                LimitsText.Write(settings.Limits), value => LimitsText.Problem(value), value =>
                {
                    settings.Limits.Clear();
                    settings.Limits.AddRange(LimitsText.Read(value));
                    settings.Store();
                });
            AddBuild(page);
        }

        private static void AddBuild(VisualElement page)
        {
            var build = SkyBuildSettings.instance;
            page.Add(SettingsFields.Heading(Texts.Tr("Builds")));
            var verify = new Toggle(Texts.Tr("Check skies"))
            {
                name = "verify",
                tooltip = Texts.Tr("A build fails when a sky of the manifests is missing or not as its manifest says."),
            };
            verify.SetValueWithoutNotify(build.Verify);
            verify.RegisterValueChangedCallback(change =>
            {
                build.Verify = change.newValue;
                build.Store();
            });
            page.Add(verify);
            SettingsFields.Text(page, "manifests", Texts.Tr("Manifests"), Texts.Tr(
                    "Manifests whose skies a build needs, relative to the project's folder, separated by semicolons."),
                string.Join("; ", build.Manifests), value => "", value =>
                {
                    build.Manifests.Clear();
                    build.Manifests.AddRange(value.Split(';').Select(one => one.Trim()).Where(one => one.Length > 0));
                    build.Store();
                });
        }
    }
}
