// SkyResult: a finished job with its pictures.
using System;
using System.Collections.Generic;
using System.Linq;
using Skyloom.V1;

namespace Skyloom
{
    /// <summary>One finished picture file.</summary>
    public sealed class SkyImage
    {
        internal SkyImage(ImageInfo info, byte[] data)
        {
            Info = info;
            Data = data;
        }

        /// <summary>Unique in the result and safe as a file name: "panorama", "front", ...</summary>
        public string Name => Info.Image;

        /// <summary>Layout, face, size in pixels, format, hash.</summary>
        public ImageInfo Info { get; }

        /// <summary>The file's bytes; their SHA-256 was compared with the server's.</summary>
        public byte[] Data { get; }

        /// <summary>".png" or ".jpg".</summary>
        public string Extension => Info.Format == ImageFormat.Jpeg ? ".jpg" : ".png";
    }

    /// <summary>A finished job.</summary>
    public sealed class SkyResult
    {
        internal SkyResult(string jobId, JobSummary summary, IReadOnlyList<SkyImage> images)
        {
            JobId = jobId;
            Summary = summary;
            Images = images;
        }

        /// <summary>Under which the server keeps it for a while.</summary>
        public string JobId { get; }

        /// <summary>In the order of the request's outputs.</summary>
        public IReadOnlyList<SkyImage> Images { get; }

        /// <summary>What was made, defaults filled in, the model by name and hash; null for a conversion.</summary>
        public SkyRecipe Recipe => Summary.Recipe;

        /// <summary>Recipe, seam report and timings as the server sent them.</summary>
        public JobSummary Summary { get; }

        /// <summary>The picture of that name.</summary>
        /// <exception cref="KeyNotFoundException">There is none; the message names those that there are.</exception>
        public SkyImage this[string name] =>
            Images.FirstOrDefault(image => image.Name == name)
            ?? throw new KeyNotFoundException($"\"{name}\"; this result has {string.Join(", ", Images.Select(i => i.Name))}");
    }
}
