// OutputSection: kind of material, size, folder, name.
using System;
using System.IO;
using System.Linq;
using UnityEditor;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class OutputSection : Section
    {
        private readonly SkyWorkshop _workshop;
        private readonly Action _changed;
        private readonly DropdownField _kind;
        private readonly DropdownField _size;
        private readonly DropdownField _detail;
        private readonly TextField _folder;
        private readonly TextField _name;
        private readonly Toggle _replace;

        public OutputSection(VisualElement window, SkyWorkshop workshop, Action changed) : base(window, "output")
        {
            _workshop = workshop;
            _changed = changed;
            _kind = Get<DropdownField>("kind");
            _size = Get<DropdownField>("size");
            _detail = Get<DropdownField>("detail");
            _folder = Get<TextField>("folder");
            _name = Get<TextField>("file-name");
            _replace = Get<Toggle>("replace");
            _kind.choices = Choices.Kinds.Select(Choices.NameOf).ToList();
            _kind.RegisterValueChangedCallback(change => Set(
                () => Form.ChangeKind(Choices.Kinds[Math.Max(0, _kind.choices.IndexOf(change.newValue))])));
            _size.RegisterValueChangedCallback(change =>
            {
                int index = _size.choices.IndexOf(change.newValue);
                if (index >= 0)
                {
                    Set(() => Form.size = SkyOutputs.Sizes(Form.kind)[index]);
                }
            });
            _detail.choices = Choices.Details.Select(Choices.NameOf).ToList();
            _detail.RegisterValueChangedCallback(change => Set(
                () => Form.detail = Choices.Details[Math.Max(0, _detail.choices.IndexOf(change.newValue))]));
            _folder.RegisterValueChangedCallback(change => Set(() => Form.folder = change.newValue));
            _name.RegisterValueChangedCallback(change => Set(() => Form.name = change.newValue));
            Get<Button>("browse").clicked += Browse;
        }

        /// <summary>Whether a sky of the same name is to be replaced.</summary>
        public bool Replace => _replace.value;

        private SkyForm Form => _workshop.Form;

        public override void Refresh()
        {
            _kind.SetValueWithoutNotify(Choices.NameOf(Form.kind));
            _size.choices = SkyOutputs.Sizes(Form.kind).Select(Choices.SizeName).ToList();
            _size.SetValueWithoutNotify(Choices.SizeName(Form.size));
            _size.tooltip = Choices.SizeTooltip(Form.kind);
            _detail.SetValueWithoutNotify(Choices.NameOf(Form.detail));
            _folder.SetValueWithoutNotify(Form.folder);
            _name.SetValueWithoutNotify(Form.name);
            _name.tooltip = Texts.Tr("What the files are named after. Empty: {0}", Form.AutomaticName);
        }

        private void Browse()
        {
            string start = SkyPaths.Absolute(Form.folder.Trim());
            string chosen = EditorUtility.OpenFolderPanel(
                Texts.Tr("Folder for skies"), Directory.Exists(start) ? start : SkyPaths.Absolute("Assets"), "");
            if (string.IsNullOrEmpty(chosen))
            {
                return;
            }
            string root = SkyPaths.Project.Replace('\\', '/').TrimEnd('/') + "/", inside = chosen.Replace('\\', '/');
            if (!(inside + "/").StartsWith(root + "Assets/", StringComparison.Ordinal))
            {
                _workshop.Say(Texts.Tr("{0} is not in this project's Assets.", chosen), true);
                return;
            }
            Set(() => Form.folder = inside.Substring(root.Length));
        }

        private void Set(Action set)
        {
            set();
            _changed();
        }
    }
}
