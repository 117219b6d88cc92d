// PictureTile: a button with a picture above a caption, marked by a tick and a border when it is chosen.
using System;
using UnityEngine;
using UnityEngine.UIElements;

namespace Skyloom.Editor
{
    /// <summary>The caption is a label of its own: a button's own text would lie over the picture.</summary>
    internal sealed class PictureTile : Button
    {
        private const string TileClass = "skyloom__tile";
        private const string ChosenClass = "skyloom__tile--chosen";
        private const string PictureClass = "skyloom__picture";
        private const string CaptionClass = "skyloom__caption";

        private readonly Image _picture = new Image { scaleMode = ScaleMode.ScaleAndCrop, pickingMode = PickingMode.Ignore };
        private readonly Label _caption = new Label { pickingMode = PickingMode.Ignore };
        private readonly string _text;

        public PictureTile(string text, Action press) : base(press)
        {
            _text = text;
            AddToClassList(TileClass);
            _picture.AddToClassList(PictureClass);
            _caption.AddToClassList(CaptionClass);
            Add(_picture);
            Add(_caption);
            Show(null);
            Choose(false);
        }

        /// <summary>Shows a picture, or none.</summary>
        public void Show(Texture picture)
        {
            _picture.image = picture;
            _picture.style.display = picture != null ? DisplayStyle.Flex : DisplayStyle.None;
        }

        /// <summary>Marks it as chosen or not; not by colour alone.</summary>
        public void Choose(bool chosen)
        {
            EnableInClassList(ChosenClass, chosen);
            _caption.text = (chosen ? "\u2713 " : "") + _text;
        }
    }
}
