// TextureStore: textures that the window made, by name, so that each is destroyed once and none is left.
using System;
using System.Collections.Generic;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Skyloom.Editor
{
    internal sealed class TextureStore : IDisposable
    {
        private readonly Dictionary<string, Texture2D> _textures = new Dictionary<string, Texture2D>(StringComparer.Ordinal);

        /// <summary>The texture of that name, if there is one.</summary>
        public Texture2D Find(string name) => _textures.TryGetValue(name, out Texture2D found) ? found : null;

        /// <summary>A texture of a PNG or JPEG file in place of the one of that name; null where it cannot be read.</summary>
        public Texture2D Replace(string name, byte[] file)
        {
            var texture = new Texture2D(2, 2, TextureFormat.RGBA32, false) { hideFlags = HideFlags.HideAndDontSave };
            if (!texture.LoadImage(file, false))
            {
                Object.DestroyImmediate(texture);
                texture = null;
            }
            Remove(name);
            if (texture != null)
            {
                _textures[name] = texture;
            }
            return texture;
        }

        /// <summary>A texture of these pixels in place of the one of that name.</summary>
        public Texture2D Replace(string name, PixelGrid pixels) =>
            _textures[name] = UnityPictureCodec.ToTexture(pixels, Find(name));

        /// <summary>Destroys the texture of that name.</summary>
        public void Remove(string name)
        {
            if (_textures.TryGetValue(name, out Texture2D old))
            {
                Object.DestroyImmediate(old);
                _textures.Remove(name);
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var texture in _textures.Values)
            {
                Object.DestroyImmediate(texture);
            }
            _textures.Clear();
        }
    }
}
