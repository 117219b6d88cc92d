// LookSection: seed, variation, rotation, exposure, ground.
using System;
using System.Linq;
using Skyloom.V1;
using UnityEditor.UIElements;
using UnityEngine;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class LookSection : Section
    {
        private readonly SkyWorkshop _workshop;
        private readonly Action _changed;
        private readonly LongField _seed;
        private readonly Slider _variation;
        private readonly Slider _rotation;
        private readonly Slider _exposure;
        private readonly DropdownField _ground;
        private readonly ColorField _colour;

        public LookSection(VisualElement window, SkyWorkshop workshop, Action changed) : base(window, "look")
        {
            _workshop = workshop;
            _changed = changed;
            _seed = Get<LongField>("seed");
            _variation = Get<Slider>("variation");
            _rotation = Get<Slider>("rotation");
            _exposure = Get<Slider>("exposure");
            _ground = Get<DropdownField>("ground");
            _colour = new ColorField(Texts.Tr("Ground colour"))
            {
                name = "colour", showAlpha = false, tooltip = Texts.Tr("The colour that the ground fades to."),
            };
            Get<VisualElement>("ground-colour").Add(_colour);
            _seed.RegisterValueChangedCallback(change => Set(
                () => Form.seed = (uint)Math.Min(uint.MaxValue, Math.Max(0, change.newValue))));
            Get<Button>("dice").clicked += _workshop.RollSeed;
            _variation.RegisterValueChangedCallback(change => Set(() => Form.variation = Tidy(change.newValue)));
            _rotation.RegisterValueChangedCallback(change => Set(() => Form.rotation = Tidy(change.newValue)));
            _exposure.RegisterValueChangedCallback(change => Set(() => Form.exposure = Tidy(change.newValue)));
            _ground.choices = Choices.Grounds.Select(Choices.NameOf).ToList();
            _ground.RegisterValueChangedCallback(change => Set(
                () => Form.ground = Choices.Grounds[Math.Max(0, _ground.choices.IndexOf(change.newValue))]));
            _colour.RegisterValueChangedCallback(change => Set(() =>
            {
                Form.groundRed = change.newValue.r;
                Form.groundGreen = change.newValue.g;
                Form.groundBlue = change.newValue.b;
            }));
        }

        private SkyForm Form => _workshop.Form;

        public override void Refresh()
        {
            _seed.SetValueWithoutNotify(Form.seed);
            _variation.SetValueWithoutNotify((float)Form.variation);
            _rotation.SetValueWithoutNotify((float)Form.rotation);
            _exposure.SetValueWithoutNotify((float)Form.exposure);
            _ground.SetValueWithoutNotify(Choices.NameOf(Form.ground));
            _colour.SetValueWithoutNotify(new Color(Form.groundRed, Form.groundGreen, Form.groundBlue));
            Show(_colour, Form.ground == GroundMode.Colour);
        }

        // Sliders have single precision; what they mean has three digits.
        private static double Tidy(float value) => Math.Round(value, 3);

        private void Set(Action set)
        {
            set();
            _changed();
        }
    }
}
