// CloudSection: which cloud types, with pictures, and how much of each.
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skyloom.V1;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class CloudSection : Section
    {
        private const float SmallestWeight = 0.01f;

        private readonly SkyWorkshop _workshop;
        private readonly TypeThumbnails _thumbnails;
        private readonly System.Action _changed;
        private readonly TextureStore _textures = new TextureStore();
        private readonly Dictionary<CloudGenus, PictureTile> _tiles = new Dictionary<CloudGenus, PictureTile>();
        private readonly Toggle _mix;
        private readonly VisualElement _weights;
        private readonly Dictionary<CloudGenus, Slider> _sliders = new Dictionary<CloudGenus, Slider>();

        public CloudSection(VisualElement window, SkyWorkshop workshop, TypeThumbnails thumbnails, System.Action changed)
            : base(window, "clouds")
        {
            _workshop = workshop;
            _thumbnails = thumbnails;
            _changed = changed;
            _mix = Get<Toggle>("mix");
            _weights = Get<VisualElement>("weights");
            _mix.SetValueWithoutNotify(Form.clouds.Count > 1);
            _mix.RegisterValueChangedCallback(change => SetMix(change.newValue));
            var types = Get<VisualElement>("types");
            foreach (CloudGenus genus in System.Enum.GetValues(typeof(CloudGenus)))
            {
                if (genus != CloudGenus.Unspecified)
                {
                    types.Add(Tile(genus));
                }
            }
            _thumbnails.Changed += ShowPictures;
            ShowPictures();
        }

        private SkyForm Form => _workshop.Form;

        public override void Refresh()
        {
            if (Form.clouds.Count > 1)
            {
                _mix.SetValueWithoutNotify(true);
            }
            foreach (var tile in _tiles)
            {
                tile.Value.Choose(Form.clouds.Any(part => part.genus == tile.Key));
            }
            ShowWeights();
        }

        public override void Dispose()
        {
            _thumbnails.Changed -= ShowPictures;
            _textures.Dispose();
        }

        private PictureTile Tile(CloudGenus genus)
        {
            var tile = new PictureTile(Choices.NameOf(genus), () => Choose(genus))
            {
                name = "type-" + RecipeNames.Short(genus), tooltip = Texts.Tr("{0} clouds", Choices.NameOf(genus)),
            };
            _tiles.Add(genus, tile);
            return tile;
        }

        private void Choose(CloudGenus genus)
        {
            int index = Form.clouds.FindIndex(part => part.genus == genus);
            if (!_mix.value)
            {
                Form.clouds.Clear();
                Form.clouds.Add(new MixPart { genus = genus });
            }
            else if (index < 0)
            {
                float mean = Form.clouds.Count == 0 ? 1 : Form.clouds.Average(part => part.weight);
                Form.clouds.Add(new MixPart { genus = genus, weight = mean });
            }
            else if (Form.clouds.Count > 1)
            {
                Form.clouds.RemoveAt(index);
            }
            _changed();
        }

        private void SetMix(bool several)
        {
            if (!several && Form.clouds.Count > 1)
            {
                Form.clouds.RemoveRange(1, Form.clouds.Count - 1);
            }
            _changed();
        }

        private void ShowWeights()
        {
            var wanted = Form.clouds.Count > 1 ? Form.clouds.Select(part => part.genus).ToArray() : new CloudGenus[0];
            if (!wanted.SequenceEqual(_sliders.Keys))
            {
                _weights.Clear();
                _sliders.Clear();
                foreach (var genus in wanted)
                {
                    var slider = new Slider(SmallestWeight, 1)
                    {
                        name = "weight-" + RecipeNames.Short(genus),
                        tooltip = Texts.Tr("How much {0}, against the others.", Choices.NameOf(genus)),
                    };
                    slider.RegisterValueChangedCallback(change =>
                    {
                        Form.clouds.First(part => part.genus == genus).weight = change.newValue;
                        _changed();
                    });
                    _sliders.Add(genus, slider);
                    _weights.Add(slider);
                }
            }
            var shares = Form.Shares();
            for (int i = 0; i < wanted.Length; i++)
            {
                var slider = _sliders[wanted[i]];
                slider.SetValueWithoutNotify(Form.clouds[i].weight);
                slider.label = Choices.NameOf(wanted[i]) + " " + shares[i].ToString("P0", CultureInfo.CurrentCulture);
            }
        }

        private void ShowPictures()
        {
            foreach (var tile in _tiles)
            {
                byte[] png = _thumbnails.Find(tile.Key);
                tile.Value.Show(png == null ? null : _textures.Replace(tile.Key.ToString(), png));
            }
        }
    }
}
