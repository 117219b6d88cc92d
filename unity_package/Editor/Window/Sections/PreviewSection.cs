// PreviewSection: the sky to look around in: drag, wheel, keys.
using System;
using UnityEngine;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    internal sealed class PreviewSection : Section
    {
        private const string TextureName = "view";
        private const int MaxWidth = 640;
        private const int MovingWidth = 320;
        private const long SettleMilliseconds = 150;
        private const double KeyDegrees = 10;

        private readonly SkyWorkshop _workshop;
        private readonly PreviewCamera _camera;
        private readonly TextureStore _textures = new TextureStore();
        private readonly VisualElement _view;
        private readonly Image _image;
        private readonly Label _title;
        private readonly IVisualElementScheduledItem _settle;

        private ShownSky _shown;
        private Vector2 _last;
        private int _pointer = -1;

        public PreviewSection(VisualElement window, SkyWorkshop workshop, PreviewCamera camera) : base(window, "preview")
        {
            _workshop = workshop;
            _camera = camera;
            _view = Get<VisualElement>("view");
            _title = Get<Label>("view-title");
            _image = new Image { scaleMode = ScaleMode.StretchToFill, pickingMode = PickingMode.Ignore };
            _image.style.flexGrow = 1;
            _view.Add(_image);
            _view.RegisterCallback<PointerDownEvent>(OnDown);
            _view.RegisterCallback<PointerMoveEvent>(OnMove);
            _view.RegisterCallback<PointerUpEvent>(OnUp);
            _view.RegisterCallback<PointerCaptureOutEvent>(lost => _pointer = -1);
            _view.RegisterCallback<WheelEvent>(OnWheel);
            _view.RegisterCallback<KeyDownEvent>(OnKey);
            _view.RegisterCallback<GeometryChangedEvent>(changed => Draw(MaxWidth));
            _settle = _view.schedule.Execute(() => Draw(MaxWidth));
            _settle.Pause();
        }

        public override void Refresh()
        {
            if (_shown != _workshop.Shown)
            {
                _shown = _workshop.Shown;
                Draw(MaxWidth);
            }
            Say(_title, _shown == null ? Texts.Tr("The sky appears here.") : _shown.Title, false);
        }

        public override void Dispose() => _textures.Dispose();

        private void OnDown(PointerDownEvent down)
        {
            if (_shown == null || down.button != 0)
            {
                return;
            }
            _pointer = down.pointerId;
            _last = down.localPosition;
            _view.CapturePointer(_pointer);
            _view.Focus();
            down.StopPropagation();
        }

        private void OnMove(PointerMoveEvent move)
        {
            if (_pointer < 0 || move.pointerId != _pointer)
            {
                return;
            }
            Vector2 now = move.localPosition;
            _camera.Drag(now.x - _last.x, now.y - _last.y, Math.Max(1, _view.contentRect.width));
            _last = now;
            Moved();
            move.StopPropagation();
        }

        private void OnUp(PointerUpEvent up)
        {
            if (_pointer >= 0 && up.pointerId == _pointer)
            {
                _view.ReleasePointer(_pointer);
                _pointer = -1;
                Draw(MaxWidth);
                up.StopPropagation();
            }
        }

        private void OnWheel(WheelEvent wheel)
        {
            if (_shown != null)
            {
                _camera.Zoom(Math.Sign(wheel.delta.y));
                Moved();
                wheel.StopPropagation();
            }
        }

        private void OnKey(KeyDownEvent key)
        {
            if (_shown == null || !Steer(key.keyCode))
            {
                return;
            }
            Moved();
            key.StopPropagation();
        }

        private bool Steer(KeyCode key)
        {
            switch (key)
            {
                case KeyCode.LeftArrow:
                    _camera.Turn(-KeyDegrees, 0);
                    return true;
                case KeyCode.RightArrow:
                    _camera.Turn(KeyDegrees, 0);
                    return true;
                case KeyCode.UpArrow:
                    _camera.Turn(0, KeyDegrees);
                    return true;
                case KeyCode.DownArrow:
                    _camera.Turn(0, -KeyDegrees);
                    return true;
                case KeyCode.Plus:
                case KeyCode.KeypadPlus:
                case KeyCode.Equals:
                    _camera.Zoom(-1);
                    return true;
                case KeyCode.Minus:
                case KeyCode.KeypadMinus:
                    _camera.Zoom(1);
                    return true;
                default:
                    return false;
            }
        }

        // Coarse while it moves, fine once it rests.
        private void Moved()
        {
            Draw(MovingWidth);
            _settle.ExecuteLater(SettleMilliseconds);
        }

        private void Draw(int maxWidth)
        {
            double width = _view.contentRect.width, height = _view.contentRect.height;
            if (_shown == null || !(width >= 1 && height >= 1))
            {
                _image.image = null;
                return;
            }
            double scale = Math.Min(1, maxWidth / width);
            var view = PreviewRenderer.Render(
                _shown.Sampler, _camera, Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)));
            _image.image = _textures.Replace(TextureName, view);
            // The texture may be the same object with other pixels.
            _image.MarkDirtyRepaint();
        }
    }
}
