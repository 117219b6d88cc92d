// SkyShader: Unity's three skybox shaders: their names, their texture slots, and the values that show a sky unchanged.
using System.Collections.Generic;
using UnityEngine;

namespace Skyloom.Editor
{
    /// <summary>Facts about Unity's skybox shaders.</summary>
    internal static class SkyShader
    {
        /// <summary>
        /// Skybox/Panoramic shows the middle of its picture along +X; Skyloom's pictures have +Z there. The other two
        /// shaders need no turn.
        /// </summary>
        public const float PanoramicRotation = 90f;

        /// <summary>
        /// The shaders multiply by twice the tint: by 2 in gamma space, by 4.59479380 of the decoded colour in linear
        /// space, where 0.5 would darken the sky to 98.35 %. This value, an sRGB one, gives exactly 1.
        /// </summary>
        public const float NeutralTintLinear = 0.503867f;

        /// <summary>The same in gamma space.</summary>
        public const float NeutralTintGamma = 0.5f;

        private const string SixFrames = "_MAPPING_6_FRAMES_LAYOUT";

        /// <summary>The shader's name.</summary>
        public static string NameOf(SkyKind kind)
        {
            switch (kind)
            {
                case SkyKind.SixSided:
                    return "Skybox/6 Sided";
                case SkyKind.Cubemap:
                    return "Skybox/Cubemap";
                default:
                    return "Skybox/Panoramic";
            }
        }

        /// <summary>
        /// Texture property of each picture. The slot named Left has the axis +X, which somebody who looks along +Z has
        /// on the right; the server names its faces after the slots.
        /// </summary>
        public static IReadOnlyList<(string Property, string Image)> SlotsOf(SkyKind kind)
        {
            switch (kind)
            {
                case SkyKind.SixSided:
                    return new[]
                    {
                        ("_FrontTex", "front"), ("_BackTex", "back"), ("_LeftTex", "left"), ("_RightTex", "right"),
                        ("_UpTex", "up"), ("_DownTex", "down"),
                    };
                case SkyKind.Cubemap:
                    return new[] { ("_Tex", "cross") };
                default:
                    return new[] { ("_MainTex", "panorama") };
            }
        }

        /// <summary>Sets everything but the textures to what shows the pictures as they are, forward along +Z.</summary>
        public static void Reset(Material material, SkyKind kind)
        {
            float tint = QualitySettings.activeColorSpace == ColorSpace.Linear ? NeutralTintLinear : NeutralTintGamma;
            material.SetColor("_Tint", new Color(tint, tint, tint, 0.5f));
            material.SetFloat("_Exposure", 1f);
            material.SetFloat("_Rotation", kind == SkyKind.Panoramic ? PanoramicRotation : 0f);
            if (kind == SkyKind.Panoramic)
            {
                // The number is what the inspector shows, the keyword what the shader reads.
                material.SetFloat("_Mapping", 1f);
                material.DisableKeyword(SixFrames);
                material.SetFloat("_ImageType", 0f);
                material.SetFloat("_MirrorOnBack", 0f);
                material.SetFloat("_Layout", 0f);
            }
        }

        /// <summary>The shader; it is part of every editor.</summary>
        /// <exception cref="SkyImportException">It is not there.</exception>
        public static Shader Find(SkyKind kind)
        {
            var shader = Shader.Find(NameOf(kind));
            return shader != null ? shader : throw new SkyImportException($"this Unity has no shader {NameOf(kind)}");
        }
    }
}
