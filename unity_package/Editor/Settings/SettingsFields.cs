// SettingsFields: labelled fields for the settings pages, each with a tooltip, and a line that says what is wrong.
using System;
using System.Collections.Generic;
using System.Linq;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal static class SettingsFields
    {
        /// <summary>A page with a heading.</summary>
        public static VisualElement Page(VisualElement root, string heading, string text)
        {
            var page = new ScrollView { name = "skyloom-settings" };
            page.style.paddingLeft = 10;
            page.style.paddingRight = 10;
            page.style.paddingTop = 4;
            page.Add(Heading(heading));
            page.Add(Paragraph(text));
            root.Add(page);
            return page;
        }

        /// <summary>A heading within a page.</summary>
        public static Label Heading(string text)
        {
            var label = new Label(text);
            label.style.fontSize = 14;
            label.style.marginTop = 10;
            label.style.marginBottom = 4;
            return label;
        }

        /// <summary>Text that wraps.</summary>
        public static Label Paragraph(string text)
        {
            var label = new Label(text);
            label.style.whiteSpace = WhiteSpace.Normal;
            label.style.marginBottom = 6;
            return label;
        }

        /// <summary>A text field; a value with a problem is shown as wrong and not taken.</summary>
        public static TextField Text(
            VisualElement page, string name, string label, string tooltip, string value, Func<string, string> problem,
            Action<string> take)
        {
            var field = new TextField(label) { name = name, tooltip = tooltip, isDelayed = true };
            field.SetValueWithoutNotify(value);
            var wrong = new HelpBox("", HelpBoxMessageType.Error) { name = name + "-problem" };
            Show(wrong, "");
            field.RegisterValueChangedCallback(change =>
            {
                string found = problem(change.newValue);
                Show(wrong, found);
                if (found.Length == 0)
                {
                    take(change.newValue);
                }
            });
            page.Add(field);
            page.Add(wrong);
            return field;
        }

        /// <summary>A choice of several values.</summary>
        public static DropdownField Choice<T>(
            VisualElement page, string name, string label, string tooltip, IReadOnlyList<T> values, Func<T, string> shown,
            T value, Action<T> take)
        {
            var field = new DropdownField(label) { name = name, tooltip = tooltip, choices = values.Select(shown).ToList() };
            field.SetValueWithoutNotify(shown(value));
            field.RegisterValueChangedCallback(change =>
            {
                int index = field.choices.IndexOf(change.newValue);
                if (index >= 0)
                {
                    take(values[index]);
                }
            });
            page.Add(field);
            return field;
        }

        /// <summary>Shows a box with a text, or hides it where there is none.</summary>
        public static void Show(HelpBox box, string text)
        {
            box.text = text;
            box.style.display = text.Length > 0 ? DisplayStyle.Flex : DisplayStyle.None;
        }
    }
}
