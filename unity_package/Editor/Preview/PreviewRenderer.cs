// PreviewRenderer: draws what a camera sees of a sky, on the processor: the same in every render pipeline.
using System.Threading.Tasks;

namespace Skyloom.Editor
{
    /// <summary>Perspective views of skies.</summary>
    public static class PreviewRenderer
    {
        /// <summary>Draws a view of this size.</summary>
        public static PixelGrid Render(SkySampler sky, PreviewCamera camera, int width, int height)
        {
            var view = new PixelGrid(width, height);
            Parallel.For(0, height, row => RenderRow(sky, camera, view, row));
            return view;
        }

        private static void RenderRow(SkySampler sky, PreviewCamera camera, PixelGrid view, int row)
        {
            int target = 3 * row * view.Width;
            for (int column = 0; column < view.Width; column++, target += 3)
            {
                camera.Direction(column + 0.5, row + 0.5, view.Width, view.Height, out double x, out double y, out double z);
                sky.Sample(x, y, z, out double red, out double green, out double blue);
                view.Bytes[target] = (byte)(red + 0.5);
                view.Bytes[target + 1] = (byte)(green + 0.5);
                view.Bytes[target + 2] = (byte)(blue + 0.5);
            }
        }
    }
}
