// FakeElements: styles that remember, layouts of a fixed size, and scheduled work that runs when time is let pass.
using System;
using System.Collections.Generic;
using System.Linq;
using UnityEngine;
using UnityEngine.UIElements;

namespace UnityFakes
{
    public sealed class FakeStyle : IStyle
    {
        public StyleEnum<DisplayStyle> display { get; set; }

        public StyleEnum<FlexDirection> flexDirection { get; set; }

        public StyleFloat flexGrow { get; set; }

        public StyleEnum<WhiteSpace> whiteSpace { get; set; }

        public StyleLength fontSize { get; set; }

        public StyleLength marginTop { get; set; }

        public StyleLength marginBottom { get; set; }

        public StyleLength paddingLeft { get; set; }

        public StyleLength paddingRight { get; set; }

        public StyleLength paddingTop { get; set; }
    }

    public static class FakeLayout
    {
        private static readonly Dictionary<string, Rect> Sizes = new Dictionary<string, Rect>();

        /// <summary>Gives the elements of that name a size.</summary>
        public static void Resize(VisualElement element, float width, float height)
        {
            var before = Of(element);
            Sizes[element.name] = new Rect(0, 0, width, height);
            element.SendEvent(new GeometryChangedEvent { oldRect = before, newRect = Sizes[element.name] });
        }

        public static Rect Of(VisualElement element) => Sizes.TryGetValue(element.name, out Rect size) ? size : default;
    }

    public sealed class FakeScheduler : IVisualElementScheduler
    {
        private static readonly List<Item> Items = new List<Item>();
        private readonly VisualElement _element;

        public FakeScheduler(VisualElement element)
        {
            _element = element;
        }

        public IVisualElementScheduledItem Execute(Action updateEvent)
        {
            var item = new Item(_element, updateEvent);
            Items.Add(item);
            return item;
        }

        /// <summary>Runs what is due by now; elements that are in no window are left alone.</summary>
        public static void Run(DateTime now)
        {
            foreach (var item in Items.ToArray().Where(item => item.Due <= now && item.IsShown))
            {
                item.Run(now);
            }
        }

        private sealed class Item : IVisualElementScheduledItem
        {
            private readonly VisualElement _element;
            private readonly Action _action;
            private TimeSpan? _interval;

            public Item(VisualElement element, Action action)
            {
                _element = element;
                _action = action;
                Due = DateTime.UtcNow;
            }

            public DateTime Due { get; private set; }

            public bool IsShown
            {
                get
                {
                    var root = _element;
                    while (root.parent != null)
                    {
                        root = root.parent;
                    }
                    return EditorLife.Windows.Any(window => window.rootVisualElement == root);
                }
            }

            public void Run(DateTime now)
            {
                Due = _interval == null ? DateTime.MaxValue : now + _interval.Value;
                _action();
            }

            public void Pause() => Due = DateTime.MaxValue;

            public void Resume() => Due = DateTime.UtcNow;

            public void ExecuteLater(long delayMs) => Due = DateTime.UtcNow + TimeSpan.FromMilliseconds(delayMs);

            public IVisualElementScheduledItem Every(long intervalMs)
            {
                _interval = TimeSpan.FromMilliseconds(intervalMs);
                return this;
            }
        }
    }
}
