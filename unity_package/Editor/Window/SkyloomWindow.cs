// SkyloomWindow: Window > Skyloom: puts the sections together, keeps their values, and hears keys.
using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    /// <summary>The window. What it does is in <see cref="SkyWorkshop"/>; what lives on without it in <see cref="SkyloomSession"/>.</summary>
    public sealed class SkyloomWindow : EditorWindow
    {
        private const string Folder = SkyloomSession.PackagePath + "/Editor/Window/";
        private const string NarrowClass = "skyloom--narrow";
        private const float NarrowWidth = 620;

        [SerializeField]
        private SkyForm _form;

        [SerializeField]
        private SceneChoices _scene = new SceneChoices();

        [SerializeField]
        private PreviewCamera _camera = new PreviewCamera();

        [SerializeField]
        private bool _hasForm;

        private readonly List<Section> _sections = new List<Section>();
        private SkyWorkshop _workshop;
        private RunSection _run;

        /// <summary>Opens the window, or brings it to the front.</summary>
        [MenuItem("Window/Skyloom")]
        public static void Open()
        {
            var window = GetWindow<SkyloomWindow>();
            window.titleContent = new GUIContent("Skyloom");
            window.minSize = new Vector2(320, 400);
        }

        /// <summary>Builds the window; Unity calls it when the window opens and after each domain reload.</summary>
        public void CreateGUI()
        {
            TakeDown();
            rootVisualElement.Clear();
            var layout = AssetDatabase.LoadAssetAtPath<VisualTreeAsset>(Folder + "SkyloomWindow.uxml");
            var style = AssetDatabase.LoadAssetAtPath<StyleSheet>(Folder + "SkyloomWindow.uss");
            if (layout == null || style == null)
            {
                rootVisualElement.Add(new HelpBox(
                    Texts.Tr("{0} is incomplete; install the package again.", Folder), HelpBoxMessageType.Error));
                return;
            }
            layout.CloneTree(rootVisualElement);
            rootVisualElement.styleSheets.Add(style);
            Translate(rootVisualElement);
            if (!_hasForm)
            {
                // Unity makes an object of every serialized field, so null would not tell.
                _form = SkyloomProjectSettings.instance.NewForm();
                _hasForm = true;
            }
            var session = SkyloomSession.Current;
            _workshop = session.Workshop;
            _workshop.Form = _form;
            Build(session);
        }

        private void OnDisable() => TakeDown();

        private void Build(SkyloomSession session)
        {
            var root = rootVisualElement;
            var output = new OutputSection(root, _workshop, Refresh);
            var server = new ServerSection(root, session);
            _run = new RunSection(root, _workshop);
            _sections.Add(new CloudSection(root, _workshop, session.Thumbnails, Refresh));
            _sections.Add(new LookSection(root, _workshop, Refresh));
            _sections.Add(output);
            _sections.Add(_run);
            _sections.Add(new PreviewSection(root, _workshop, _camera));
            _sections.Add(new CandidateSection(root, _workshop));
            _sections.Add(new UseSection(root, _workshop, _scene, () => output.Replace));
            _sections.Add(new HistorySection(root, _workshop));
            _sections.Add(server);
            _workshop.Changed += Refresh;
            SkyloomUserSettings.Stored += Refresh;
            root.RegisterCallback<KeyDownEvent>(OnKey, TrickleDown.TrickleDown);
            root.RegisterCallback<GeometryChangedEvent>(OnGeometry);
            _workshop.ShowLatest();
            Refresh();
            if (session.Installer.IsInstalled || !session.Connection.IsManaged)
            {
                // So that the first sky does not wait for the server.
                _ = server.ConnectAsync();
            }
        }

        private void TakeDown()
        {
            if (_workshop != null)
            {
                _workshop.Changed -= Refresh;
                SkyloomUserSettings.Stored -= Refresh;
                rootVisualElement.UnregisterCallback<KeyDownEvent>(OnKey, TrickleDown.TrickleDown);
                rootVisualElement.UnregisterCallback<GeometryChangedEvent>(OnGeometry);
                _workshop = null;
            }
            foreach (var section in _sections)
            {
                section.Dispose();
            }
            _sections.Clear();
        }

        private void Refresh()
        {
            foreach (var section in _sections)
            {
                section.Refresh();
            }
        }

        private void OnKey(KeyDownEvent key)
        {
            bool enter = key.keyCode == KeyCode.Return || key.keyCode == KeyCode.KeypadEnter;
            if (key.keyCode == KeyCode.Escape && _workshop.CancelBlocked.Length == 0)
            {
                _workshop.Cancel();
                key.StopPropagation();
            }
            else if (enter && key.actionKey && _workshop.GenerateBlocked.Length == 0)
            {
                _run.Generate();
                key.StopPropagation();
            }
        }

        private void OnGeometry(GeometryChangedEvent changed) =>
            rootVisualElement.Q<VisualElement>("skyloom")?.EnableInClassList(NarrowClass, changed.newRect.width < NarrowWidth);

        private static void Translate(VisualElement root)
        {
            root.Query<VisualElement>().ForEach(element =>
            {
                element.tooltip = Texts.Tr(element.tooltip ?? "");
                switch (element)
                {
                    case Foldout foldout:
                        foldout.text = Texts.Tr(foldout.text);
                        break;
                    case TextElement text when !string.IsNullOrEmpty(text.text):
                        text.text = Texts.Tr(text.text);
                        break;
                }
            });
        }
    }
}
