// Hands: what a person does with an element, as far as the element lets them.
using System;
using Skyloom.Json;
using UnityEngine;
using UnityEngine.UIElements;
using UnityFakes;

namespace Skyloom.Tests
{
    internal static class Hands
    {
        public static void Click(VisualElement element)
        {
            Reachable(element);
            ((Button)element).Click();
        }

        public static void Set(VisualElement element, JsonValue value)
        {
            Reachable(element);
            switch (element)
            {
                case Slider slider:
                    slider.value = (float)value.AsNumber("value");
                    break;
                case LongField whole:
                    whole.value = value.AsWhole("value");
                    break;
                case Toggle toggle:
                    toggle.value = value.AsBool("value");
                    break;
                case DropdownField choice:
                    choice.value = choice.choices.Contains(value.AsText("value"))
                        ? value.AsText("value")
                        : throw new ArgumentException($"no choice {value.AsText("value")} in {string.Join(", ", choice.choices)}");
                    break;
                case TextField text:
                    text.value = value.AsText("value");
                    break;
                case UnityEditor.UIElements.ColorField colour:
                    var parts = value.AsList("value");
                    colour.value = new Color((float)parts[0].AsNumber("r"), (float)parts[1].AsNumber("g"), (float)parts[2].AsNumber("b"));
                    break;
                default:
                    throw new ArgumentException(element.GetType().Name + " has no value");
            }
        }

        public static void Press(VisualElement element, string key, bool action)
        {
            Reachable(element);
            element.SendEvent(new KeyDownEvent { keyCode = (KeyCode)Enum.Parse(typeof(KeyCode), key), actionKey = action });
        }

        public static void Drag(VisualElement element, double dx, double dy)
        {
            Reachable(element);
            element.SendEvent(new PointerDownEvent { pointerId = 1, localPosition = new Vector3(100, 100, 0) });
            if (Panel.Captured != element)
            {
                return;
            }
            var end = new Vector3((float)(100 + dx), (float)(100 + dy), 0);
            element.SendEvent(new PointerMoveEvent { pointerId = 1, localPosition = end });
            element.SendEvent(new PointerUpEvent { pointerId = 1, localPosition = end });
            if (Panel.Captured != null)
            {
                throw new InvalidOperationException("the pointer is still captured");
            }
        }

        public static void Wheel(VisualElement element, double delta)
        {
            Reachable(element);
            element.SendEvent(new WheelEvent { delta = new Vector3(0, (float)delta, 0) });
        }

        private static void Reachable(VisualElement element)
        {
            if (!element.Visible)
            {
                throw new InvalidOperationException(element.name + " is not shown");
            }
            if (!element.enabledInHierarchy)
            {
                throw new InvalidOperationException($"{element.name} is disabled: {element.tooltip}");
            }
        }
    }
}
