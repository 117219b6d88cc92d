// UIElements controls: labels, buttons, fields.
using System;
using System.Collections.Generic;

namespace UnityEngine.UIElements
{
    public partial class TextElement : VisualElement
    {
        public virtual string text { get; set; } = "";
    }

    public partial class Label : TextElement
    {
        public Label() : this("")
        {
        }

        public Label(string text)
        {
            this.text = text;
        }
    }

    public partial class Button : TextElement
    {
        public Button() : this(null)
        {
        }

        public Button(Action clickEvent)
        {
            focusable = true;
            if (clickEvent != null)
            {
                clicked += clickEvent;
            }
        }

        public event Action clicked;

        internal void Click() => clicked?.Invoke();
    }

    public partial class Image : VisualElement
    {
        public Texture image { get; set; }

        public ScaleMode scaleMode { get; set; } = ScaleMode.ScaleToFit;
    }

    public partial class ScrollView : VisualElement
    {
    }

    public enum HelpBoxMessageType
    {
        None,
        Info,
        Warning,
        Error,
    }

    public partial class HelpBox : VisualElement
    {
        public HelpBox(string text, HelpBoxMessageType messageType)
        {
            this.text = text;
            this.messageType = messageType;
        }

        public string text { get; set; }

        public HelpBoxMessageType messageType { get; set; }
    }

    public abstract partial class BindableElement : VisualElement
    {
        public string bindingPath { get; set; }
    }

    public partial class Foldout : BindableElement, INotifyValueChanged<bool>
    {
        public string text { get; set; } = "";

        public bool value { get; set; } = true;

        public void SetValueWithoutNotify(bool newValue) => value = newValue;
    }

    public abstract partial class AbstractProgressBar : BindableElement, INotifyValueChanged<float>
    {
        public string title { get; set; } = "";

        public float lowValue { get; set; }

        public float highValue { get; set; } = 100;

        public virtual float value { get; set; }

        public void SetValueWithoutNotify(float newValue) => value = newValue;
    }

    public partial class ProgressBar : AbstractProgressBar
    {
    }

    public abstract partial class BaseField<TValueType> : BindableElement, INotifyValueChanged<TValueType>
    {
        private TValueType _value;

        internal BaseField(string label)
        {
            this.label = label ?? "";
            focusable = true;
        }

        public string label { get; set; }

        public virtual TValueType value
        {
            get => _value;
            set
            {
                if (EqualityComparer<TValueType>.Default.Equals(_value, value))
                {
                    return;
                }
                var change = new ChangeEvent<TValueType> { previousValue = _value, newValue = value };
                SetValueWithoutNotify(value);
                SendEvent(change);
            }
        }

        public virtual void SetValueWithoutNotify(TValueType newValue) => _value = newValue;
    }

    public partial class Toggle : BaseField<bool>
    {
        public Toggle() : this(null)
        {
        }

        public Toggle(string label) : base(label)
        {
        }
    }

    public abstract partial class BaseSlider<TValueType> : BaseField<TValueType> where TValueType : IComparable<TValueType>
    {
        internal BaseSlider(string label, TValueType start, TValueType end) : base(label)
        {
            lowValue = start;
            highValue = end;
        }

        public TValueType lowValue { get; set; }

        public TValueType highValue { get; set; }

        public virtual bool showInputField { get; set; }

        public override TValueType value
        {
            get => base.value;
            set => base.value = Clamped(value);
        }

        public override void SetValueWithoutNotify(TValueType newValue) => base.SetValueWithoutNotify(Clamped(newValue));

        private TValueType Clamped(TValueType given) =>
            given.CompareTo(lowValue) < 0 ? lowValue : given.CompareTo(highValue) > 0 ? highValue : given;
    }

    public enum SliderDirection
    {
        Horizontal,
        Vertical,
    }

    public partial class Slider : BaseSlider<float>
    {
        public Slider() : this(null, 0, 10)
        {
        }

        public Slider(float start, float end, SliderDirection direction = SliderDirection.Horizontal, float pageSize = 0)
            : this(null, start, end, direction, pageSize)
        {
        }

        public Slider(
            string label, float start = 0, float end = 10, SliderDirection direction = SliderDirection.Horizontal,
            float pageSize = 0) : base(label, start, end)
        {
        }
    }

    public abstract partial class TextInputBaseField<TValueType> : BaseField<TValueType>
    {
        internal TextInputBaseField(string label) : base(label)
        {
        }

        public bool isDelayed { get; set; }

        public bool isReadOnly { get; set; }

        public bool isPasswordField { get; set; }
    }

    public partial class TextField : TextInputBaseField<string>
    {
        public TextField() : this(null)
        {
        }

        public TextField(string label) : base(label)
        {
            SetValueWithoutNotify("");
        }

        public bool multiline { get; set; }
    }

    public abstract partial class TextValueField<TValueType> : TextInputBaseField<TValueType>
    {
        internal TextValueField(string label) : base(label)
        {
        }
    }

    public partial class LongField : TextValueField<long>
    {
        public LongField() : this(null)
        {
        }

        public LongField(string label, int maxLength = 1000) : base(label)
        {
        }
    }

    public abstract partial class BasePopupField<TValueType, TValueChoice> : BaseField<TValueType>
    {
        internal BasePopupField(string label) : base(label)
        {
        }

        public virtual List<TValueChoice> choices { get; set; } = new List<TValueChoice>();
    }

    public abstract partial class PopupField<T> : BasePopupField<T, T>
    {
        internal PopupField(string label) : base(label)
        {
        }
    }

    public partial class DropdownField : PopupField<string>
    {
        public DropdownField() : this(null)
        {
        }

        public DropdownField(string label) : base(label)
        {
            SetValueWithoutNotify("");
        }

        public int index
        {
            get => choices.IndexOf(value);
            set => this.value = choices[value];
        }
    }
}

namespace UnityEditor.UIElements
{
    public partial class ColorField : UnityEngine.UIElements.BaseField<UnityEngine.Color>
    {
        public ColorField() : this(null)
        {
        }

        public ColorField(string label) : base(label)
        {
        }

        public bool showAlpha { get; set; } = true;
    }
}
