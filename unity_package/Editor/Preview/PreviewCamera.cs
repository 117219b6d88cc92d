// PreviewCamera: where the preview looks, and how dragging and the wheel change that.
using System;

namespace Skyloom.Editor
{
    /// <summary>
    /// Degrees: yaw from +Z toward +X, pitch up from the horizon, horizontal field of view. Same camera as the layout
    /// "perspective" of a recipe.
    /// </summary>
    [Serializable]
    public sealed class PreviewCamera
    {
        /// <summary>Straight up and down, a little less: beyond it left and right would change places.</summary>
        public const double MaxPitch = 89;

        /// <summary>Narrowest view, degrees.</summary>
        public const double MinFov = 20;

        /// <summary>Widest view, degrees.</summary>
        public const double MaxFov = 120;

        /// <summary>Field of view that one notch of the wheel takes away or adds, as a factor.</summary>
        private const double WheelFactor = 1.1;

        /// <summary>From +Z toward +X.</summary>
        public double yaw;

        /// <summary>Up from the horizon.</summary>
        public double pitch = 20;

        /// <summary>Horizontal.</summary>
        public double fov = 90;

        /// <summary>
        /// Drags the sky with the pointer: what was under it in the middle of the view stays under it. Pixels, y down.
        /// </summary>
        public void Drag(double dx, double dy, double width)
        {
            double focal = Focal(width);
            double toDegrees = 180 / Math.PI;
            // A degree of yaw moves the middle of the view by less, the higher it looks.
            double turn = Math.Atan2(dx, focal) * toDegrees / Math.Max(0.1, Math.Cos(pitch / toDegrees));
            yaw = Wrapped(yaw - turn);
            pitch = Math.Min(MaxPitch, Math.Max(-MaxPitch, pitch + Math.Atan2(dy, focal) * toDegrees));
        }

        /// <summary>Widens the view for positive notches, narrows it for negative ones.</summary>
        public void Zoom(double notches) =>
            fov = Math.Min(MaxFov, Math.Max(MinFov, fov * Math.Pow(WheelFactor, notches)));

        /// <summary>Turns by keys, degrees.</summary>
        public void Turn(double right, double up)
        {
            yaw = Wrapped(yaw + right);
            pitch = Math.Min(MaxPitch, Math.Max(-MaxPitch, pitch + up));
        }

        /// <summary>The direction, not of unit length, of a point of a view; x from the left, y from the top, pixels.</summary>
        public void Direction(double px, double py, double width, double height, out double x, out double y, out double z)
        {
            double right = px - width / 2, up = height / 2 - py, forward = Focal(width);
            double p = pitch * Math.PI / 180, q = yaw * Math.PI / 180;
            y = up * Math.Cos(p) + forward * Math.Sin(p);
            double ahead = forward * Math.Cos(p) - up * Math.Sin(p);
            x = right * Math.Cos(q) + ahead * Math.Sin(q);
            z = ahead * Math.Cos(q) - right * Math.Sin(q);
        }

        private double Focal(double width) => width / 2 / Math.Tan(fov * Math.PI / 360);

        private static double Wrapped(double angle) => angle - 360 * Math.Floor((angle + 180) / 360);
    }
}
