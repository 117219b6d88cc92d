// HistorySection: the skies that were made, with thumbnails, to show, to use again, to forget.
using System;
using System.IO;
using System.Linq;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class HistorySection : Section
    {
        private const int Step = 12;

        private readonly SkyWorkshop _workshop;
        private readonly TextureStore _textures = new TextureStore();
        private readonly VisualElement _list;
        private readonly Button _more;
        private string[] _shown = new string[0];
        private int _count = Step;

        public HistorySection(VisualElement window, SkyWorkshop workshop) : base(window, "history")
        {
            _workshop = workshop;
            _list = Get<VisualElement>("history-list");
            _more = Get<Button>("more");
            _more.clicked += () =>
            {
                _count += Step;
                Refresh();
            };
        }

        public override void Refresh()
        {
            var items = _workshop.History.Take(_count).ToArray();
            Show(_more, _workshop.History.Count > _count);
            var ids = items.Select(item => item.Id).ToArray();
            if (ids.SequenceEqual(_shown, StringComparer.Ordinal))
            {
                return;
            }
            _shown = ids;
            _list.Clear();
            _textures.Dispose();
            if (items.Length == 0)
            {
                _list.Add(new Label(Texts.Tr("Nothing was made yet.")));
            }
            foreach (var item in items)
            {
                _list.Add(Row(item));
            }
        }

        public override void Dispose() => _textures.Dispose();

        private VisualElement Row(HistoryItem item)
        {
            var row = new VisualElement { name = "item-" + item.Id };
            row.AddToClassList("skyloom__item");
            var picture = new Image { scaleMode = UnityEngine.ScaleMode.ScaleAndCrop };
            picture.AddToClassList("skyloom__thumbnail");
            picture.image = Thumbnail(item);
            row.Add(picture);
            var text = new Label(Texts.Tr("{0} ({1}, {2})", item.Entry.Name, Choices.NameOf(item.Entry.Kind), Choices.SizeName(item.Entry.Size)));
            text.AddToClassList("skyloom__text");
            text.AddToClassList("skyloom__grow");
            row.Add(text);
            var show = new Button(() => _workshop.Show(item)) { name = "show", text = Texts.Tr("Show") };
            Allow(show, item.HasPictures ? "" : Texts.Tr("Its pictures are no longer kept; reuse its settings and generate it again."),
                Texts.Tr("Look at it again, and make a material of it."));
            row.Add(show);
            row.Add(new Button(() => _workshop.Reuse(item))
            {
                name = "reuse", text = Texts.Tr("Reuse settings"), tooltip = Texts.Tr("Take its settings into the fields."),
            });
            row.Add(new Button(() => _workshop.Delete(item))
            {
                name = "forget", text = Texts.Tr("Forget"),
                tooltip = Texts.Tr("Take it out of the history; what was made of it in the project stays."),
            });
            return row;
        }

        private UnityEngine.Texture2D Thumbnail(HistoryItem item)
        {
            try
            {
                return _textures.Replace(item.Id, File.ReadAllBytes(item.ThumbnailPath));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
