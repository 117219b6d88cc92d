// Cameras: what the EditMode tests look through; nothing is drawn here, so none of it can be run.
using System;

namespace UnityEngine
{
    public enum CameraClearFlags
    {
        Skybox = 1,
        SolidColor = 2,
        Depth = 3,
        Nothing = 4,
    }

    public enum CubemapFace
    {
        Unknown = -1,
        PositiveX = 0,
        NegativeX = 1,
        PositiveY = 2,
        NegativeY = 3,
        PositiveZ = 4,
        NegativeZ = 5,
    }

    public partial class RenderTexture : Texture
    {
        public RenderTexture(int width, int height, int depth)
        {
            this.width = width;
            this.height = height;
        }

        public static RenderTexture active { get; set; }
    }

    public sealed partial class Camera : Behaviour
    {
        public CameraClearFlags clearFlags { get; set; }

        public int cullingMask { get; set; }

        public float fieldOfView { get; set; }

        public RenderTexture targetTexture { get; set; }

        public void Render() => throw new NotSupportedException("nothing is drawn here");
    }

    public sealed partial class Texture2D
    {
        public void ReadPixels(Rect source, int destX, int destY) => throw new NotSupportedException("nothing is drawn here");

        public Color GetPixel(int x, int y) => throw new NotSupportedException("only Pixels are kept here");
    }

    public sealed partial class Cubemap
    {
        public Color GetPixel(CubemapFace face, int x, int y) => throw new NotSupportedException("faces are not kept here");
    }
}
