// UseSection: make a material of the shown sky, put it into the scene.
using System;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class UseSection : Section
    {
        private readonly SkyWorkshop _workshop;
        private readonly SceneChoices _scene;
        private readonly Button _material;
        private readonly Button _apply;
        private readonly Slider _azimuth;
        private readonly Slider _elevation;
        private readonly Label _notice;

        public UseSection(VisualElement window, SkyWorkshop workshop, SceneChoices scene, Func<bool> replace) : base(window, "use")
        {
            _workshop = workshop;
            _scene = scene;
            _material = Get<Button>("material");
            _apply = Get<Button>("apply");
            _notice = Get<Label>("notice");
            _material.clicked += () => _workshop.CreateMaterial(replace());
            _apply.clicked += () => _workshop.Apply(replace(), _scene.ToOptions());
            Bind(Get<Toggle>("ambient"), _scene.ambient, value => _scene.ambient = value);
            Bind(Get<Toggle>("reflections"), _scene.reflections, value => _scene.reflections = value);
            Bind(Get<Toggle>("sun"), _scene.sun, value =>
            {
                _scene.sun = value;
                Refresh();
            });
            _azimuth = Get<Slider>("sun-azimuth");
            _elevation = Get<Slider>("sun-elevation");
            Bind(_azimuth, _scene.sunAzimuth, value => _scene.sunAzimuth = value);
            Bind(_elevation, _scene.sunElevation, value => _scene.sunElevation = value);
        }

        public override void Refresh()
        {
            string blocked = _workshop.MaterialBlocked;
            Allow(_material, blocked, Texts.Tr("Import the pictures and make a skybox material of them."));
            string notApplied = _workshop.ApplyBlocked;
            Allow(_apply, notApplied, Texts.Tr("Make the material and put the sky into the open scene; one step of Undo."));
            Show(_azimuth, _scene.sun);
            Show(_elevation, _scene.sun);
            Say(_notice, _workshop.Notice.Length > 0 ? _workshop.Notice : notApplied, _workshop.NoticeIsError);
        }

        private static void Bind<T>(BaseField<T> field, T value, Action<T> take)
        {
            field.SetValueWithoutNotify(value);
            field.RegisterValueChangedCallback(change => take(change.newValue));
        }
    }
}
