// UIElements events: what the package listens to, sent down and up the tree as Unity does.
using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public delegate void EventCallback<in TEventType>(TEventType evt);

    public enum TrickleDown
    {
        NoTrickleDown = 0,
        TrickleDown = 1,
    }

    public abstract partial class EventBase : IDisposable
    {
        internal bool Stopped;

        public bool bubbles { get; protected set; } = true;

        public IEventHandler target { get; set; }

        public IEventHandler currentTarget { get; internal set; }

        public void StopPropagation() => Stopped = true;

        public void Dispose()
        {
        }

        internal void Dispatch(VisualElement at)
        {
            target = target ?? at;
            var path = new List<VisualElement>();
            for (var one = at; one != null; one = one.parent)
            {
                path.Insert(0, one);
            }
            foreach (var one in path)
            {
                Call(one, true);
            }
            path.Reverse();
            foreach (var one in bubbles ? path : new List<VisualElement> { at })
            {
                Call(one, false);
            }
        }

        private void Call(VisualElement element, bool early)
        {
            currentTarget = element;
            foreach (var callback in element.Callbacks.ToArray())
            {
                if (!Stopped && callback.Early == early && callback.Event == GetType())
                {
                    callback.Callback.DynamicInvoke(this);
                }
            }
        }
    }

    public abstract partial class EventBase<T> : EventBase where T : EventBase<T>, new()
    {
    }

    public partial class ChangeEvent<T> : EventBase<ChangeEvent<T>>
    {
        public T previousValue { get; internal set; }

        public T newValue { get; internal set; }
    }

    public partial class GeometryChangedEvent : EventBase<GeometryChangedEvent>
    {
        public GeometryChangedEvent()
        {
            bubbles = false;
        }

        public Rect oldRect { get; internal set; }

        public Rect newRect { get; internal set; }
    }

    public abstract partial class PointerEventBase<T> : EventBase<T> where T : PointerEventBase<T>, new()
    {
        public int pointerId { get; internal set; }

        public int button { get; internal set; }

        public Vector3 position { get; internal set; }

        public Vector3 localPosition { get; internal set; }
    }

    public sealed partial class PointerDownEvent : PointerEventBase<PointerDownEvent>
    {
    }

    public sealed partial class PointerMoveEvent : PointerEventBase<PointerMoveEvent>
    {
    }

    public sealed partial class PointerUpEvent : PointerEventBase<PointerUpEvent>
    {
    }

    public abstract partial class PointerCaptureEventBase<T> : EventBase<T> where T : PointerCaptureEventBase<T>, new()
    {
    }

    public partial class PointerCaptureOutEvent : PointerCaptureEventBase<PointerCaptureOutEvent>
    {
    }

    public partial class WheelEvent : EventBase<WheelEvent>
    {
        public Vector3 delta { get; internal set; }
    }

    public abstract partial class KeyboardEventBase<T> : EventBase<T> where T : KeyboardEventBase<T>, new()
    {
        public KeyCode keyCode { get; internal set; }

        public bool actionKey { get; internal set; }
    }

    public partial class KeyDownEvent : KeyboardEventBase<KeyDownEvent>
    {
    }

    public static partial class PointerCaptureHelper
    {
        public static void CapturePointer(this IEventHandler handler, int pointerId) => UnityFakes.Panel.Captured = handler;

        public static void ReleasePointer(this IEventHandler handler, int pointerId)
        {
            UnityFakes.Panel.Captured = null;
            ((VisualElement)handler).SendEvent(new PointerCaptureOutEvent());
        }
    }

    public partial interface INotifyValueChanged<T>
    {
        T value { get; set; }

        void SetValueWithoutNotify(T newValue);
    }

    public static partial class INotifyValueChangedExtensions
    {
        public static bool RegisterValueChangedCallback<T>(
            this INotifyValueChanged<T> control, EventCallback<ChangeEvent<T>> callback)
        {
            ((CallbackEventHandler)control).RegisterCallback(callback);
            return true;
        }
    }
}
