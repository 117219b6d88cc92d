// TransitionCheck: says what is wrong with a weather sequence before a server is asked; the same bounds as the server's.
using System;
using System.Collections.Generic;
using System.Globalization;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>Bounds of a transition, and their check.</summary>
    public static class TransitionCheck
    {
        /// <summary>Most frames of one transition; the least are two.</summary>
        public const uint MaxFrames = 240;

        /// <summary>Most pixels of all pictures of all frames.</summary>
        public const long MaxPixels = 1L << 29;

        /// <summary>Returns if start and transition are in range.</summary>
        /// <exception cref="InvalidRequestException">Names the first field that is not.</exception>
        public static void Check(SkyRecipe start, TransitionSpec transition)
        {
            if (transition == null)
            {
                throw new ArgumentNullException(nameof(transition));
            }
            RecipeCheck.Check(start);
            if (start.Blend != null)
            {
                throw new InvalidRequestException("blend", "given", "a start that is a sky of its own, not one between two");
            }
            if (transition.ToClouds.Count > 0)
            {
                RecipeCheck.CheckClouds(transition.ToClouds, "to");
            }
            bool sameClouds = transition.ToClouds.Count == 0 || SameMix(start.Clouds, transition.ToClouds);
            if (sameClouds && (transition.ToSeed ?? start.Seed) == start.Seed)
            {
                throw new InvalidRequestException("to", "the start", "clouds or a seed other than those of the start");
            }
            if (!Enum.IsDefined(typeof(Pace), transition.Pace))
            {
                throw new InvalidRequestException("pace", transition.Pace.ToString(), "one of " + RecipeNames.Listed<Pace>());
            }
            string frames = transition.Frames.ToString(CultureInfo.InvariantCulture);
            if (transition.Frames < 2 || transition.Frames > MaxFrames)
            {
                throw new InvalidRequestException("frames", frames, $"a whole number from 2 to {MaxFrames}");
            }
            long each = 0;
            foreach (var output in start.Outputs)
            {
                each += Pixels(output);
            }
            if (each * transition.Frames > MaxPixels)
            {
                long most = MaxPixels / each;
                throw new InvalidRequestException("frames", frames,
                    most >= 2 ? $"at most {most} frames of these outputs" : "smaller or fewer outputs");
            }
        }

        private static bool SameMix(List<CloudWeight> start, List<CloudWeight> end)
        {
            if (start.Count != end.Count)
            {
                return false;
            }
            foreach (var cloud in start)
            {
                if (!end.Exists(other => other.Genus == cloud.Genus && other.Weight == cloud.Weight))
                {
                    return false;
                }
            }
            return true;
        }

        private static long Pixels(OutputSpec output)
        {
            long square = (long)output.Size * output.Size;
            switch (output.Layout)
            {
                case Layout.Faces:
                    return 6 * square;
                case Layout.Cross:
                    return 12 * square;
                case Layout.Perspective:
                    return square * 9 / 16;
                case Layout.Panorama:
                    return square / 2;
                default:
                    return square;
            }
        }
    }
}
