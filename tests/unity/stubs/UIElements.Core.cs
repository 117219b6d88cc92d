// UIElements: the tree of elements, its queries and styles, as far as the package uses them.
using System;
using System.Collections.Generic;
using System.Linq;
using UnityFakes;

namespace UnityEngine.UIElements
{
    public interface IEventHandler
    {
        void SendEvent(EventBase e);

        void HandleEvent(EventBase evt);

        bool HasTrickleDownHandlers();

        bool HasBubbleUpHandlers();
    }

    public abstract partial class CallbackEventHandler : IEventHandler
    {
        internal readonly List<(Type Event, Delegate Callback, bool Early)> Callbacks =
            new List<(Type, Delegate, bool)>();

        public void RegisterCallback<TEventType>(
            EventCallback<TEventType> callback, TrickleDown useTrickleDown = TrickleDown.NoTrickleDown)
            where TEventType : EventBase<TEventType>, new() =>
            Callbacks.Add((typeof(TEventType), callback, useTrickleDown == TrickleDown.TrickleDown));

        public void UnregisterCallback<TEventType>(
            EventCallback<TEventType> callback, TrickleDown useTrickleDown = TrickleDown.NoTrickleDown)
            where TEventType : EventBase<TEventType>, new() =>
            Callbacks.RemoveAll(one => one.Event == typeof(TEventType) && one.Callback.Equals(callback)
                && one.Early == (useTrickleDown == TrickleDown.TrickleDown));

        public abstract void SendEvent(EventBase e);

        public void HandleEvent(EventBase evt) => SendEvent(evt);

        public bool HasTrickleDownHandlers() => Callbacks.Any(one => one.Early);

        public bool HasBubbleUpHandlers() => Callbacks.Any(one => !one.Early);
    }

    public abstract partial class Focusable : CallbackEventHandler
    {
        public virtual bool focusable { get; set; }

        public virtual void Focus() => Panel.Focused = this;
    }

    public enum PickingMode
    {
        Position,
        Ignore,
    }

    public partial class VisualElement : Focusable
    {
        private readonly List<VisualElement> _children = new List<VisualElement>();
        private readonly List<string> _classes = new List<string>();
        private bool _enabled = true;

        public string name { get; set; } = "";

        public string tooltip { get; set; } = "";

        public string viewDataKey { get; set; }

        public object userData { get; set; }

        public PickingMode pickingMode { get; set; }

        public VisualElement parent { get; private set; }

        public IStyle style { get; } = new FakeStyle();

        public VisualElementStyleSheetSet styleSheets { get; } = new VisualElementStyleSheetSet(0);

        public IVisualElementScheduler schedule => new FakeScheduler(this);

        public virtual VisualElement contentContainer => this;

        public int childCount => contentContainer._children.Count;

        public VisualElement this[int key] => contentContainer._children[key];

        public bool enabledSelf => _enabled;

        public bool enabledInHierarchy => _enabled && (parent == null || parent.enabledInHierarchy);

        public Rect contentRect => FakeLayout.Of(this);

        public Rect layout => FakeLayout.Of(this);

        internal IReadOnlyList<string> Classes => _classes;

        internal IEnumerable<VisualElement> Inner => _children;

        internal bool Visible => style.display.value != DisplayStyle.None && (parent == null || parent.Visible);

        public void Add(VisualElement child)
        {
            child.RemoveFromHierarchy();
            child.parent = contentContainer;
            contentContainer._children.Add(child);
        }

        public void Clear()
        {
            foreach (var child in contentContainer._children)
            {
                child.parent = null;
            }
            contentContainer._children.Clear();
        }

        public void RemoveFromHierarchy()
        {
            parent?._children.Remove(this);
            parent = null;
        }

        public IEnumerable<VisualElement> Children() => contentContainer._children;

        public void SetEnabled(bool value) => _enabled = value;

        public void AddToClassList(string className)
        {
            if (!_classes.Contains(className))
            {
                _classes.Add(className);
            }
        }

        public void RemoveFromClassList(string className) => _classes.Remove(className);

        public bool ClassListContains(string cls) => _classes.Contains(cls);

        public void EnableInClassList(string className, bool enable)
        {
            if (enable)
            {
                AddToClassList(className);
            }
            else
            {
                RemoveFromClassList(className);
            }
        }

        public void MarkDirtyRepaint()
        {
        }

        public override void SendEvent(EventBase e) => e.Dispatch(this);
    }

    public partial struct VisualElementStyleSheetSet
    {
        private readonly List<StyleSheet> _sheets;

        internal VisualElementStyleSheetSet(int nothing)
        {
            _sheets = new List<StyleSheet>();
        }

        public int count => _sheets.Count;

        public void Add(StyleSheet styleSheet) => _sheets.Add(styleSheet ?? throw new ArgumentNullException(nameof(styleSheet)));
    }

    public static partial class UQueryExtensions
    {
        public static T Q<T>(this VisualElement e, string name = null, params string[] classes) where T : VisualElement =>
            Walk(e).OfType<T>().FirstOrDefault(one => Matches(one, name, classes));

        public static T Q<T>(this VisualElement e, string name = null, string className = null) where T : VisualElement =>
            Walk(e).OfType<T>().FirstOrDefault(one => Matches(one, name, className == null ? new string[0] : new[] { className }));

        public static UQueryBuilder<T> Query<T>(this VisualElement e, string name = null, string className = null)
            where T : VisualElement =>
            new UQueryBuilder<T>(Walk(e).OfType<T>().Where(
                one => Matches(one, name, className == null ? new string[0] : new[] { className })).ToArray());

        internal static IEnumerable<VisualElement> Walk(VisualElement root)
        {
            yield return root;
            foreach (var child in root.Inner)
            {
                foreach (var one in Walk(child))
                {
                    yield return one;
                }
            }
        }

        private static bool Matches(VisualElement one, string name, string[] classes) =>
            (name == null || one.name == name) && classes.All(one.ClassListContains);
    }

    public partial struct UQueryBuilder<T> where T : VisualElement
    {
        private readonly T[] _found;

        internal UQueryBuilder(T[] found)
        {
            _found = found;
        }

        public void ForEach(Action<T> funcCall) => Array.ForEach(_found, funcCall);

        public List<T> ToList() => _found.ToList();
    }

    public enum DisplayStyle
    {
        Flex,
        None,
    }

    public enum FlexDirection
    {
        Column,
        ColumnReverse,
        Row,
        RowReverse,
    }

    public enum WhiteSpace
    {
        Normal,
        NoWrap,
    }

    public partial struct StyleEnum<T> where T : struct, IConvertible
    {
        public T value { get; set; }

        public static implicit operator StyleEnum<T>(T v) => new StyleEnum<T> { value = v };
    }

    public partial struct StyleLength
    {
        public static implicit operator StyleLength(float v) => default;
    }

    public partial struct StyleFloat
    {
        public static implicit operator StyleFloat(float v) => default;
    }

    public partial interface IStyle
    {
        StyleEnum<DisplayStyle> display { get; set; }

        StyleEnum<FlexDirection> flexDirection { get; set; }

        StyleFloat flexGrow { get; set; }

        StyleEnum<WhiteSpace> whiteSpace { get; set; }

        StyleLength fontSize { get; set; }

        StyleLength marginTop { get; set; }

        StyleLength marginBottom { get; set; }

        StyleLength paddingLeft { get; set; }

        StyleLength paddingRight { get; set; }

        StyleLength paddingTop { get; set; }
    }

    public partial interface IVisualElementScheduledItem
    {
        void Pause();

        void Resume();

        void ExecuteLater(long delayMs);

        IVisualElementScheduledItem Every(long intervalMs);
    }

    public partial interface IVisualElementScheduler
    {
        IVisualElementScheduledItem Execute(Action updateEvent);
    }
}
