// Section: one part of the window: its elements, and how they follow what is new.
using System;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal abstract class Section : IDisposable
    {
        protected const string ErrorClass = "skyloom__text--error";

        protected Section(VisualElement window, string name)
        {
            Root = Find<VisualElement>(window, name);
        }

        /// <summary>The part's own element.</summary>
        protected VisualElement Root { get; }

        /// <summary>Shows what is new.</summary>
        public abstract void Refresh();

        /// <summary>Gives textures back.</summary>
        public virtual void Dispose()
        {
        }

        /// <summary>An element of the part.</summary>
        protected T Get<T>(string name) where T : VisualElement => Find<T>(Root, name);

        /// <summary>Enables a control, or says in its tooltip why it is disabled.</summary>
        protected static void Allow(VisualElement control, string blocked, string tooltip)
        {
            control.SetEnabled(blocked.Length == 0);
            control.tooltip = blocked.Length == 0 ? tooltip : blocked;
        }

        /// <summary>Shows an element or takes it out of the layout.</summary>
        protected static void Show(VisualElement element, bool visible) =>
            element.style.display = visible ? DisplayStyle.Flex : DisplayStyle.None;

        /// <summary>Text, and whether it is bad news: marked by a word and a weight, not by colour alone.</summary>
        protected static void Say(Label label, string text, bool error)
        {
            label.text = error && text.Length > 0 ? Texts.Tr("Error: {0}", text) : text;
            label.EnableInClassList(ErrorClass, error);
            Show(label, text.Length > 0);
        }

        private static T Find<T>(VisualElement root, string name) where T : VisualElement =>
            root.Q<T>(name) ?? throw new InvalidOperationException($"SkyloomWindow.uxml has no {typeof(T).Name} \"{name}\"");
    }
}
