// CandidateSection: small skies with other seeds; a press takes one.
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class CandidateSection : Section
    {
        private const int Width = 160;
        private const int Height = 90;

        private readonly SkyWorkshop _workshop;
        private readonly TextureStore _textures = new TextureStore();
        private readonly VisualElement _list;
        private IReadOnlyList<(SkyCandidate Candidate, bool Ready)> _shown = new (SkyCandidate, bool)[0];

        public CandidateSection(VisualElement window, SkyWorkshop workshop) : base(window, "picks")
        {
            _workshop = workshop;
            _list = Get<VisualElement>("pick-list");
        }

        public override void Refresh()
        {
            var now = _workshop.Candidates.Select(one => (one, one.Picture != null)).ToArray();
            Show(Root, now.Length > 0);
            if (!now.SequenceEqual(_shown))
            {
                _shown = now;
                Build();
            }
            for (int i = 0; i < _shown.Count; i++)
            {
                ((PictureTile)_list[i]).Choose(_shown[i].Candidate.Seed == _workshop.Form.seed);
            }
        }

        public override void Dispose() => _textures.Dispose();

        private void Build()
        {
            _list.Clear();
            _textures.Dispose();
            foreach (var (candidate, ready) in _shown)
            {
                string seed = candidate.Seed.ToString(CultureInfo.InvariantCulture);
                var tile = new PictureTile(seed, () => _workshop.Pick(candidate)) { name = "pick-" + seed };
                Allow(tile, ready ? "" : Texts.Tr("It is being made."), Texts.Tr("Choose seed {0}; then Generate makes it at full size.", seed));
                if (ready)
                {
                    var view = PreviewRenderer.Render(new PanoramaSampler(candidate.Picture), new PreviewCamera(), Width, Height);
                    tile.Show(_textures.Replace(seed, view));
                }
                _list.Add(tile);
            }
        }
    }
}
