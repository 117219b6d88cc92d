// Messages of skyloom/v1/sky.proto, generated from it by `make proto`; do not edit.
#pragma warning disable 1591
using System;
using System.Collections.Generic;
using Skyloom.Wire;

namespace Skyloom.V1
{
    /// <summary>
    /// The ten WMO cloud genera and contrail.
    /// </summary>
    public enum CloudGenus
    {
        Unspecified = 0,
        Altocumulus = 1,
        Altostratus = 2,
        Cirrocumulus = 3,
        Cirrostratus = 4,
        Cirrus = 5,
        Contrail = 6,
        Cumulonimbus = 7,
        Cumulus = 8,
        Nimbostratus = 9,
        Stratocumulus = 10,
        Stratus = 11,
    }

    /// <summary>
    /// The shape of an output picture.
    /// </summary>
    public enum Layout
    {
        Unspecified = 0,
        /// <summary>
        /// Equirectangular, width = 2 * height; one image.
        /// </summary>
        Panorama = 1,
        /// <summary>
        /// Six square images named front, back, left, right, up, down (Unity's 6 Sided slots: left = +X, right = -X).
        /// </summary>
        Faces = 2,
        /// <summary>
        /// Horizontal cross 4:3; one image.
        /// </summary>
        Cross = 3,
        /// <summary>
        /// Stereographic disc with the zenith in the middle; one image.
        /// </summary>
        Dome = 4,
        /// <summary>
        /// A camera's view, 16:9; one image.
        /// </summary>
        Perspective = 5,
    }

    /// <summary>
    /// The file format of an output picture.
    /// </summary>
    public enum ImageFormat
    {
        Unspecified = 0,
        Png = 1,
        Jpeg = 2,
    }

    /// <summary>
    /// What stands below the horizon.
    /// </summary>
    public enum GroundMode
    {
        Unspecified = 0,
        /// <summary>
        /// Fades into the haze of the horizon.
        /// </summary>
        Fade = 1,
        /// <summary>
        /// Mirrors the sky.
        /// </summary>
        Mirror = 2,
        /// <summary>
        /// Fades to a colour.
        /// </summary>
        Colour = 3,
    }

    /// <summary>
    /// How far a detail network enlarges the dome before pictures are sampled from it. A picture that needs no more pixels
    /// than the dome has is sampled from the dome itself, whatever the level.
    /// </summary>
    public enum DetailLevel
    {
        /// <summary>
        /// As DETAIL_LEVEL_OFF: what recipes say that are older than this field.
        /// </summary>
        Unspecified = 0,
        Off = 1,
        /// <summary>
        /// Once: four times as many pixels each way.
        /// </summary>
        Standard = 2,
        /// <summary>
        /// Twice, and halved, for pictures that need more than that: eight times as many pixels each way.
        /// </summary>
        High = 3,
        /// <summary>
        /// Only in a request: the server chooses by the pictures' size; off without a detail model. The answer says which.
        /// </summary>
        Auto = 4,
    }

    /// <summary>
    /// How fast a transition goes on from frame to frame.
    /// </summary>
    public enum Pace
    {
        /// <summary>
        /// As PACE_EVEN.
        /// </summary>
        Unspecified = 0,
        /// <summary>
        /// The same step from each frame to the next.
        /// </summary>
        Even = 1,
        /// <summary>
        /// Smoothstep: slow at both ends.
        /// </summary>
        Eased = 2,
    }

    /// <summary>
    /// The life of a job.
    /// </summary>
    public enum JobState
    {
        Unspecified = 0,
        Queued = 1,
        Running = 2,
        Done = 3,
        Failed = 4,
        Cancelled = 5,
        /// <summary>
        /// Asked to stop while running; stops before its next stage.
        /// </summary>
        Cancelling = 6,
    }

    /// <summary>
    /// What a picture to be converted shows.
    /// </summary>
    public enum SourceKind
    {
        Unspecified = 0,
        /// <summary>
        /// Equirectangular 2:1.
        /// </summary>
        Panorama = 1,
        /// <summary>
        /// A stereographic disc as Skyloom makes it.
        /// </summary>
        Dome = 2,
        /// <summary>
        /// Six pictures: front, back, left, right, up, down.
        /// </summary>
        Faces = 3,
        /// <summary>
        /// A horizontal cross 4:3.
        /// </summary>
        Cross = 4,
        /// <summary>
        /// An ordinary flat photo; wrapped into a panorama by a narrow blended strip.
        /// </summary>
        Photo = 5,
    }

    /// <summary>
    /// One cloud type of a mix.
    /// </summary>
    public sealed class CloudWeight : Message
    {
        public CloudGenus Genus { get; set; }

        /// <summary>
        /// Above 0 and at most 1; the weights of a mix sum to 1.
        /// </summary>
        public double Weight { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Genus = (CloudGenus)input.ReadInt32();
                        break;
                    case 17:
                        Weight = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(Weight) != 0)
            {
                output.WriteFixed64(17, WireWriter.Bits(Weight));
            }
            if (Genus != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)Genus));
            }
        }
    }

    /// <summary>
    /// An sRGB colour, each channel 0 to 1.
    /// </summary>
    public sealed class Colour : Message
    {
        public double Red { get; set; }

        public double Green { get; set; }

        public double Blue { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 9:
                        Red = input.ReadDouble();
                        break;
                    case 17:
                        Green = input.ReadDouble();
                        break;
                    case 25:
                        Blue = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(Blue) != 0)
            {
                output.WriteFixed64(25, WireWriter.Bits(Blue));
            }
            if (WireWriter.Bits(Green) != 0)
            {
                output.WriteFixed64(17, WireWriter.Bits(Green));
            }
            if (WireWriter.Bits(Red) != 0)
            {
                output.WriteFixed64(9, WireWriter.Bits(Red));
            }
        }
    }

    /// <summary>
    /// The ground setting.
    /// </summary>
    public sealed class Ground : Message
    {
        public GroundMode Mode { get; set; }

        /// <summary>
        /// Read only for GROUND_MODE_COLOUR.
        /// </summary>
        public Colour Colour { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Mode = (GroundMode)input.ReadInt32();
                        break;
                    case 18:
                        Colour = Colour ?? new Colour();
                        input.ReadMessage(Colour);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Colour != null)
            {
                output.WriteMessage(18, Colour);
            }
            if (Mode != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)Mode));
            }
        }
    }

    /// <summary>
    /// A perspective view, degrees: yaw from +Z toward +X, pitch up from the horizon, horizontal field of view.
    /// </summary>
    public sealed class Camera : Message
    {
        public double YawDegrees { get; set; }

        public double PitchDegrees { get; set; }

        public double FovDegrees { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 9:
                        YawDegrees = input.ReadDouble();
                        break;
                    case 17:
                        PitchDegrees = input.ReadDouble();
                        break;
                    case 25:
                        FovDegrees = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(FovDegrees) != 0)
            {
                output.WriteFixed64(25, WireWriter.Bits(FovDegrees));
            }
            if (WireWriter.Bits(PitchDegrees) != 0)
            {
                output.WriteFixed64(17, WireWriter.Bits(PitchDegrees));
            }
            if (WireWriter.Bits(YawDegrees) != 0)
            {
                output.WriteFixed64(9, WireWriter.Bits(YawDegrees));
            }
        }
    }

    /// <summary>
    /// One output of a sky.
    /// </summary>
    public sealed class OutputSpec : Message
    {
        public Layout Layout { get; set; }

        /// <summary>
        /// Pixels: width of a panorama, dome or perspective picture; side of one face for faces and cross.
        /// </summary>
        public uint Size { get; set; }

        public ImageFormat Format { get; set; }

        /// <summary>
        /// JPEG quality 1 to 100; 0 means the default, 95.
        /// </summary>
        public uint Quality { get; set; }

        /// <summary>
        /// Read only for LAYOUT_PERSPECTIVE; absent means yaw 0, pitch 20, field of view 90.
        /// </summary>
        public Camera Camera { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Layout = (Layout)input.ReadInt32();
                        break;
                    case 16:
                        Size = input.ReadUInt32();
                        break;
                    case 24:
                        Format = (ImageFormat)input.ReadInt32();
                        break;
                    case 32:
                        Quality = input.ReadUInt32();
                        break;
                    case 42:
                        Camera = Camera ?? new Camera();
                        input.ReadMessage(Camera);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Camera != null)
            {
                output.WriteMessage(42, Camera);
            }
            if (Quality != 0)
            {
                output.WriteVarint(32, Quality);
            }
            if (Format != 0)
            {
                output.WriteVarint(24, unchecked((ulong)(int)Format));
            }
            if (Size != 0)
            {
                output.WriteVarint(16, Size);
            }
            if (Layout != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)Layout));
            }
        }
    }

    /// <summary>
    /// A model by name and content.
    /// </summary>
    public sealed class ModelRef : Message
    {
        public string Name
        {
            get => _name;
            set => _name = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _name = "";

        /// <summary>
        /// SHA-256 over the model's files, lower-case hex. In a request: empty accepts any, otherwise it must match.
        /// </summary>
        public string Sha256
        {
            get => _sha256;
            set => _sha256 = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _sha256 = "";

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Name = input.ReadString();
                        break;
                    case 18:
                        Sha256 = input.ReadString();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Sha256.Length != 0)
            {
                output.WriteString(18, Sha256);
            }
            if (Name.Length != 0)
            {
                output.WriteString(10, Name);
            }
        }
    }

    /// <summary>
    /// A point on the way from the recipe's own sky to another.
    /// </summary>
    public sealed class Blend : Message
    {
        /// <summary>
        /// The other sky's clouds.
        /// </summary>
        public List<CloudWeight> Clouds { get; } = new List<CloudWeight>();

        /// <summary>
        /// The other sky's seed. Quarter turns and mirroring are those of the recipe's own.
        /// </summary>
        public uint Seed { get; set; }

        /// <summary>
        /// 0 is the recipe's own sky, 1 the other one.
        /// </summary>
        public double Position { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        {
                            var item = new CloudWeight();
                            input.ReadMessage(item);
                            Clouds.Add(item);
                            break;
                        }
                    case 16:
                        Seed = input.ReadUInt32();
                        break;
                    case 25:
                        Position = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(Position) != 0)
            {
                output.WriteFixed64(25, WireWriter.Bits(Position));
            }
            if (Seed != 0)
            {
                output.WriteVarint(16, Seed);
            }
            for (int i = Clouds.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(10, Clouds[i]);
            }
        }
    }

    /// <summary>
    /// Describes a sky completely: the same recipe and the same models make the same bytes.
    /// </summary>
    public sealed class SkyRecipe : Message
    {
        public List<CloudWeight> Clouds { get; } = new List<CloudWeight>();

        public uint Seed { get; set; }

        /// <summary>
        /// Truncation psi, 0 to 1; absent means the default, 0.7.
        /// </summary>
        public double? Variation { get; set; }

        /// <summary>
        /// About the vertical, -360 to 360.
        /// </summary>
        public double RotationDegrees { get; set; }

        /// <summary>
        /// Stops, -5 to 5.
        /// </summary>
        public double ExposureEv { get; set; }

        public Ground Ground { get; set; }

        public List<OutputSpec> Outputs { get; } = new List<OutputSpec>();

        public ModelRef Model { get; set; }

        /// <summary>
        /// Version of Skyloom that made the sky; ignored in a request.
        /// </summary>
        public string SkyloomVersion
        {
            get => _skyloomVersion;
            set => _skyloomVersion = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _skyloomVersion = "";

        public DetailLevel Detail { get; set; }

        /// <summary>
        /// Read only where there is detail. In a request: an empty name takes the server's first.
        /// </summary>
        public ModelRef DetailModel { get; set; }

        /// <summary>
        /// Absent: the sky of clouds and seed alone.
        /// </summary>
        public Blend Blend { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        {
                            var item = new CloudWeight();
                            input.ReadMessage(item);
                            Clouds.Add(item);
                            break;
                        }
                    case 16:
                        Seed = input.ReadUInt32();
                        break;
                    case 25:
                        Variation = input.ReadDouble();
                        break;
                    case 33:
                        RotationDegrees = input.ReadDouble();
                        break;
                    case 41:
                        ExposureEv = input.ReadDouble();
                        break;
                    case 50:
                        Ground = Ground ?? new Ground();
                        input.ReadMessage(Ground);
                        break;
                    case 58:
                        {
                            var item = new OutputSpec();
                            input.ReadMessage(item);
                            Outputs.Add(item);
                            break;
                        }
                    case 66:
                        Model = Model ?? new ModelRef();
                        input.ReadMessage(Model);
                        break;
                    case 74:
                        SkyloomVersion = input.ReadString();
                        break;
                    case 80:
                        Detail = (DetailLevel)input.ReadInt32();
                        break;
                    case 90:
                        DetailModel = DetailModel ?? new ModelRef();
                        input.ReadMessage(DetailModel);
                        break;
                    case 98:
                        Blend = Blend ?? new Blend();
                        input.ReadMessage(Blend);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Blend != null)
            {
                output.WriteMessage(98, Blend);
            }
            if (DetailModel != null)
            {
                output.WriteMessage(90, DetailModel);
            }
            if (Detail != 0)
            {
                output.WriteVarint(80, unchecked((ulong)(int)Detail));
            }
            if (SkyloomVersion.Length != 0)
            {
                output.WriteString(74, SkyloomVersion);
            }
            if (Model != null)
            {
                output.WriteMessage(66, Model);
            }
            for (int i = Outputs.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(58, Outputs[i]);
            }
            if (Ground != null)
            {
                output.WriteMessage(50, Ground);
            }
            if (WireWriter.Bits(ExposureEv) != 0)
            {
                output.WriteFixed64(41, WireWriter.Bits(ExposureEv));
            }
            if (WireWriter.Bits(RotationDegrees) != 0)
            {
                output.WriteFixed64(33, WireWriter.Bits(RotationDegrees));
            }
            if (Variation != null)
            {
                output.WriteFixed64(25, WireWriter.Bits(Variation.Value));
            }
            if (Seed != 0)
            {
                output.WriteVarint(16, Seed);
            }
            for (int i = Clouds.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(10, Clouds[i]);
            }
        }
    }

    /// <summary>
    /// Request of GetServerInfo.
    /// </summary>
    public sealed class GetServerInfoRequest : Message
    {
        /// <summary>
        /// Thumbnails are made on the first such request, which therefore takes seconds; later ones answer at once.
        /// </summary>
        public bool IncludeThumbnails { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        IncludeThumbnails = input.ReadBool();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (IncludeThumbnails)
            {
                output.WriteVarint(8, IncludeThumbnails ? 1UL : 0UL);
            }
        }
    }

    /// <summary>
    /// One cloud type as a picker shows it.
    /// </summary>
    public sealed class CloudTypeInfo : Message
    {
        public CloudGenus Genus { get; set; }

        public string Name
        {
            get => _name;
            set => _name = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _name = "";

        public string Code
        {
            get => _code;
            set => _code = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _code = "";

        public string Description
        {
            get => _description;
            set => _description = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _description = "";

        /// <summary>
        /// A small PNG made by the default model; empty unless thumbnails were asked for.
        /// </summary>
        public byte[] ThumbnailPng
        {
            get => _thumbnailPng;
            set => _thumbnailPng = value ?? throw new ArgumentNullException(nameof(value));
        }

        private byte[] _thumbnailPng = Array.Empty<byte>();

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Genus = (CloudGenus)input.ReadInt32();
                        break;
                    case 18:
                        Name = input.ReadString();
                        break;
                    case 26:
                        Code = input.ReadString();
                        break;
                    case 34:
                        Description = input.ReadString();
                        break;
                    case 42:
                        ThumbnailPng = input.ReadBytes();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (ThumbnailPng.Length != 0)
            {
                output.WriteBytes(42, ThumbnailPng);
            }
            if (Description.Length != 0)
            {
                output.WriteString(34, Description);
            }
            if (Code.Length != 0)
            {
                output.WriteString(26, Code);
            }
            if (Name.Length != 0)
            {
                output.WriteString(18, Name);
            }
            if (Genus != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)Genus));
            }
        }
    }

    /// <summary>
    /// One model that the server can use.
    /// </summary>
    public sealed class ModelInfo : Message
    {
        public ModelRef Ref { get; set; }

        /// <summary>
        /// Side of the dome that the network makes, pixels.
        /// </summary>
        public uint DomeSize { get; set; }

        public double ThetaMaxDegrees { get; set; }

        public List<CloudGenus> Clouds { get; } = new List<CloudGenus>();

        public string Licence
        {
            get => _licence;
            set => _licence = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _licence = "";

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Ref = Ref ?? new ModelRef();
                        input.ReadMessage(Ref);
                        break;
                    case 16:
                        DomeSize = input.ReadUInt32();
                        break;
                    case 25:
                        ThetaMaxDegrees = input.ReadDouble();
                        break;
                    case 32:
                        Clouds.Add((CloudGenus)input.ReadInt32());
                        break;
                    case 34:
                        input.ReadPacked(Clouds, packed => (CloudGenus)packed.ReadInt32());
                        break;
                    case 42:
                        Licence = input.ReadString();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Licence.Length != 0)
            {
                output.WriteString(42, Licence);
            }
            output.WritePacked(34, Clouds, (packed, value) => packed.Varint(unchecked((ulong)(int)value)));
            if (WireWriter.Bits(ThetaMaxDegrees) != 0)
            {
                output.WriteFixed64(25, WireWriter.Bits(ThetaMaxDegrees));
            }
            if (DomeSize != 0)
            {
                output.WriteVarint(16, DomeSize);
            }
            if (Ref != null)
            {
                output.WriteMessage(10, Ref);
            }
        }
    }

    /// <summary>
    /// One network that enlarges domes.
    /// </summary>
    public sealed class DetailModelInfo : Message
    {
        public ModelRef Ref { get; set; }

        /// <summary>
        /// Pixels made of one, each way.
        /// </summary>
        public uint Factor { get; set; }

        public string Licence
        {
            get => _licence;
            set => _licence = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _licence = "";

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Ref = Ref ?? new ModelRef();
                        input.ReadMessage(Ref);
                        break;
                    case 16:
                        Factor = input.ReadUInt32();
                        break;
                    case 26:
                        Licence = input.ReadString();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Licence.Length != 0)
            {
                output.WriteString(26, Licence);
            }
            if (Factor != 0)
            {
                output.WriteVarint(16, Factor);
            }
            if (Ref != null)
            {
                output.WriteMessage(10, Ref);
            }
        }
    }

    /// <summary>
    /// The bounds of one layout's size, pixels.
    /// </summary>
    public sealed class SizeLimit : Message
    {
        public Layout Layout { get; set; }

        public uint Min { get; set; }

        public uint Max { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Layout = (Layout)input.ReadInt32();
                        break;
                    case 16:
                        Min = input.ReadUInt32();
                        break;
                    case 24:
                        Max = input.ReadUInt32();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Max != 0)
            {
                output.WriteVarint(24, Max);
            }
            if (Min != 0)
            {
                output.WriteVarint(16, Min);
            }
            if (Layout != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)Layout));
            }
        }
    }

    /// <summary>
    /// What the server accepts.
    /// </summary>
    public sealed class Limits : Message
    {
        public List<SizeLimit> Sizes { get; } = new List<SizeLimit>();

        public uint MaxOutputs { get; set; }

        public uint MaxChunkBytes { get; set; }

        /// <summary>
        /// Jobs that may wait; one more is refused with RESOURCE_EXHAUSTED and RetryInfo.
        /// </summary>
        public uint QueueCapacity { get; set; }

        /// <summary>
        /// How long a finished job can still be watched, seconds; less when many large results crowd the server's memory.
        /// </summary>
        public uint JobRetentionSeconds { get; set; }

        public ulong MaxUploadBytes { get; set; }

        public ulong MaxInputPixels { get; set; }

        /// <summary>
        /// Frames of one transition.
        /// </summary>
        public uint MaxFrames { get; set; }

        /// <summary>
        /// Pixels of all pictures of one transition.
        /// </summary>
        public ulong MaxTransitionPixels { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        {
                            var item = new SizeLimit();
                            input.ReadMessage(item);
                            Sizes.Add(item);
                            break;
                        }
                    case 16:
                        MaxOutputs = input.ReadUInt32();
                        break;
                    case 24:
                        MaxChunkBytes = input.ReadUInt32();
                        break;
                    case 32:
                        QueueCapacity = input.ReadUInt32();
                        break;
                    case 40:
                        JobRetentionSeconds = input.ReadUInt32();
                        break;
                    case 48:
                        MaxUploadBytes = input.ReadUInt64();
                        break;
                    case 56:
                        MaxInputPixels = input.ReadUInt64();
                        break;
                    case 64:
                        MaxFrames = input.ReadUInt32();
                        break;
                    case 72:
                        MaxTransitionPixels = input.ReadUInt64();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (MaxTransitionPixels != 0)
            {
                output.WriteVarint(72, MaxTransitionPixels);
            }
            if (MaxFrames != 0)
            {
                output.WriteVarint(64, MaxFrames);
            }
            if (MaxInputPixels != 0)
            {
                output.WriteVarint(56, MaxInputPixels);
            }
            if (MaxUploadBytes != 0)
            {
                output.WriteVarint(48, MaxUploadBytes);
            }
            if (JobRetentionSeconds != 0)
            {
                output.WriteVarint(40, JobRetentionSeconds);
            }
            if (QueueCapacity != 0)
            {
                output.WriteVarint(32, QueueCapacity);
            }
            if (MaxChunkBytes != 0)
            {
                output.WriteVarint(24, MaxChunkBytes);
            }
            if (MaxOutputs != 0)
            {
                output.WriteVarint(16, MaxOutputs);
            }
            for (int i = Sizes.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(10, Sizes[i]);
            }
        }
    }

    /// <summary>
    /// Answer of GetServerInfo.
    /// </summary>
    public sealed class GetServerInfoResponse : Message
    {
        public string SkyloomVersion
        {
            get => _skyloomVersion;
            set => _skyloomVersion = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _skyloomVersion = "";

        /// <summary>
        /// The contract's version, "skyloom.v1".
        /// </summary>
        public string ApiVersion
        {
            get => _apiVersion;
            set => _apiVersion = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _apiVersion = "";

        /// <summary>
        /// The first is the default.
        /// </summary>
        public List<ModelInfo> Models { get; } = new List<ModelInfo>();

        public List<CloudTypeInfo> CloudTypes { get; } = new List<CloudTypeInfo>();

        public Limits Limits { get; set; }

        /// <summary>
        /// The first is the default; none where there is no detail.
        /// </summary>
        public List<DetailModelInfo> DetailModels { get; } = new List<DetailModelInfo>();

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        SkyloomVersion = input.ReadString();
                        break;
                    case 18:
                        ApiVersion = input.ReadString();
                        break;
                    case 26:
                        {
                            var item = new ModelInfo();
                            input.ReadMessage(item);
                            Models.Add(item);
                            break;
                        }
                    case 34:
                        {
                            var item = new CloudTypeInfo();
                            input.ReadMessage(item);
                            CloudTypes.Add(item);
                            break;
                        }
                    case 42:
                        Limits = Limits ?? new Limits();
                        input.ReadMessage(Limits);
                        break;
                    case 50:
                        {
                            var item = new DetailModelInfo();
                            input.ReadMessage(item);
                            DetailModels.Add(item);
                            break;
                        }
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            for (int i = DetailModels.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(50, DetailModels[i]);
            }
            if (Limits != null)
            {
                output.WriteMessage(42, Limits);
            }
            for (int i = CloudTypes.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(34, CloudTypes[i]);
            }
            for (int i = Models.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(26, Models[i]);
            }
            if (ApiVersion.Length != 0)
            {
                output.WriteString(18, ApiVersion);
            }
            if (SkyloomVersion.Length != 0)
            {
                output.WriteString(10, SkyloomVersion);
            }
        }
    }

    /// <summary>
    /// The job waits; position 0 is next.
    /// </summary>
    public sealed class JobQueued : Message
    {
        public uint Position { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        Position = input.ReadUInt32();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Position != 0)
            {
                output.WriteVarint(8, Position);
            }
        }
    }

    /// <summary>
    /// The job is at work. Render and encode alternate, output by output; fraction is of the whole job and never falls.
    /// </summary>
    public sealed class JobProgress : Message
    {
        /// <summary>
        /// Machine name of the stage: "network", "detail", "render", "encode", "decode".
        /// </summary>
        public string Stage
        {
            get => _stage;
            set => _stage = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _stage = "";

        /// <summary>
        /// What the stage works on, e.g. "panorama", "front", "tile 3 of 9" or "frame 2 of 24".
        /// </summary>
        public string Detail
        {
            get => _detail;
            set => _detail = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _detail = "";

        public double Fraction { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Stage = input.ReadString();
                        break;
                    case 18:
                        Detail = input.ReadString();
                        break;
                    case 25:
                        Fraction = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(Fraction) != 0)
            {
                output.WriteFixed64(25, WireWriter.Bits(Fraction));
            }
            if (Detail.Length != 0)
            {
                output.WriteString(18, Detail);
            }
            if (Stage.Length != 0)
            {
                output.WriteString(10, Stage);
            }
        }
    }

    /// <summary>
    /// A piece of one image. Chunks of an image come in order; its last chunk has last = true.
    /// </summary>
    public sealed class ImageChunk : Message
    {
        /// <summary>
        /// File-safe name, unique in the job: "panorama", "front", ... for one output of each layout; later ones get a suffix,
        /// and those of a transition their frame: "panorama_0007".
        /// </summary>
        public string Image
        {
            get => _image;
            set => _image = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _image = "";

        public ulong Offset { get; set; }

        /// <summary>
        /// At most 1 MiB.
        /// </summary>
        public byte[] Data
        {
            get => _data;
            set => _data = value ?? throw new ArgumentNullException(nameof(value));
        }

        private byte[] _data = Array.Empty<byte>();

        public bool Last { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Image = input.ReadString();
                        break;
                    case 16:
                        Offset = input.ReadUInt64();
                        break;
                    case 26:
                        Data = input.ReadBytes();
                        break;
                    case 32:
                        Last = input.ReadBool();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Last)
            {
                output.WriteVarint(32, Last ? 1UL : 0UL);
            }
            if (Data.Length != 0)
            {
                output.WriteBytes(26, Data);
            }
            if (Offset != 0)
            {
                output.WriteVarint(16, Offset);
            }
            if (Image.Length != 0)
            {
                output.WriteString(10, Image);
            }
        }
    }

    /// <summary>
    /// One finished image.
    /// </summary>
    public sealed class ImageInfo : Message
    {
        public string Image
        {
            get => _image;
            set => _image = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _image = "";

        public Layout Layout { get; set; }

        /// <summary>
        /// Face name for faces, else empty.
        /// </summary>
        public string Face
        {
            get => _face;
            set => _face = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _face = "";

        public uint Width { get; set; }

        public uint Height { get; set; }

        public ImageFormat Format { get; set; }

        public ulong ByteSize { get; set; }

        /// <summary>
        /// SHA-256 of the file, lower-case hex.
        /// </summary>
        public string Sha256
        {
            get => _sha256;
            set => _sha256 = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _sha256 = "";

        /// <summary>
        /// Index into the recipe's outputs.
        /// </summary>
        public uint OutputIndex { get; set; }

        /// <summary>
        /// Index of the frame in a transition, else 0.
        /// </summary>
        public uint Frame { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Image = input.ReadString();
                        break;
                    case 16:
                        Layout = (Layout)input.ReadInt32();
                        break;
                    case 26:
                        Face = input.ReadString();
                        break;
                    case 32:
                        Width = input.ReadUInt32();
                        break;
                    case 40:
                        Height = input.ReadUInt32();
                        break;
                    case 48:
                        Format = (ImageFormat)input.ReadInt32();
                        break;
                    case 56:
                        ByteSize = input.ReadUInt64();
                        break;
                    case 66:
                        Sha256 = input.ReadString();
                        break;
                    case 72:
                        OutputIndex = input.ReadUInt32();
                        break;
                    case 80:
                        Frame = input.ReadUInt32();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Frame != 0)
            {
                output.WriteVarint(80, Frame);
            }
            if (OutputIndex != 0)
            {
                output.WriteVarint(72, OutputIndex);
            }
            if (Sha256.Length != 0)
            {
                output.WriteString(66, Sha256);
            }
            if (ByteSize != 0)
            {
                output.WriteVarint(56, ByteSize);
            }
            if (Format != 0)
            {
                output.WriteVarint(48, unchecked((ulong)(int)Format));
            }
            if (Height != 0)
            {
                output.WriteVarint(40, Height);
            }
            if (Width != 0)
            {
                output.WriteVarint(32, Width);
            }
            if (Face.Length != 0)
            {
                output.WriteString(26, Face);
            }
            if (Layout != 0)
            {
                output.WriteVarint(16, unchecked((ulong)(int)Layout));
            }
            if (Image.Length != 0)
            {
                output.WriteString(10, Image);
            }
        }
    }

    /// <summary>
    /// How seamless the sky is, measured on its own pictures; a field is absent where no output of the job can show it.
    /// </summary>
    public sealed class SeamReport : Message
    {
        /// <summary>
        /// Mean step across the panorama's wrap over the mean of the inner steps beside it; 1 is seamless.
        /// </summary>
        public double? WrapRatio { get; set; }

        /// <summary>
        /// Worst of the 12 shared cube edges: mean step across it over the mean inner step beside it; 1 is seamless.
        /// </summary>
        public double? EdgeRatio { get; set; }

        /// <summary>
        /// Mean difference of the two faces' values extrapolated to their shared edge, over all 12, 0 to 1.
        /// </summary>
        public double? EdgeMismatch { get; set; }

        /// <summary>
        /// Variance of colour around the ring 3 degrees from the zenith over that of the ring at 30 degrees.
        /// </summary>
        public double? ZenithRatio { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 9:
                        WrapRatio = input.ReadDouble();
                        break;
                    case 17:
                        EdgeRatio = input.ReadDouble();
                        break;
                    case 25:
                        EdgeMismatch = input.ReadDouble();
                        break;
                    case 33:
                        ZenithRatio = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (ZenithRatio != null)
            {
                output.WriteFixed64(33, WireWriter.Bits(ZenithRatio.Value));
            }
            if (EdgeMismatch != null)
            {
                output.WriteFixed64(25, WireWriter.Bits(EdgeMismatch.Value));
            }
            if (EdgeRatio != null)
            {
                output.WriteFixed64(17, WireWriter.Bits(EdgeRatio.Value));
            }
            if (WrapRatio != null)
            {
                output.WriteFixed64(9, WireWriter.Bits(WrapRatio.Value));
            }
        }
    }

    /// <summary>
    /// Wall time of one stage.
    /// </summary>
    public sealed class StageTiming : Message
    {
        public string Stage
        {
            get => _stage;
            set => _stage = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _stage = "";

        public double Seconds { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Stage = input.ReadString();
                        break;
                    case 17:
                        Seconds = input.ReadDouble();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (WireWriter.Bits(Seconds) != 0)
            {
                output.WriteFixed64(17, WireWriter.Bits(Seconds));
            }
            if (Stage.Length != 0)
            {
                output.WriteString(10, Stage);
            }
        }
    }

    /// <summary>
    /// The last event of a job that went well.
    /// </summary>
    public sealed class JobSummary : Message
    {
        public SkyRecipe Recipe { get; set; }

        public List<ImageInfo> Images { get; } = new List<ImageInfo>();

        public SeamReport Seams { get; set; }

        public List<StageTiming> Timings { get; } = new List<StageTiming>();

        /// <summary>
        /// Of a transition: what was made, defaults filled in; the recipe is that of its start.
        /// </summary>
        public TransitionSpec Transition { get; set; }

        /// <summary>
        /// Of a transition: the position of each frame, as its own recipe has it in the blend.
        /// </summary>
        public List<double> FramePositions { get; } = new List<double>();

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Recipe = Recipe ?? new SkyRecipe();
                        input.ReadMessage(Recipe);
                        break;
                    case 18:
                        {
                            var item = new ImageInfo();
                            input.ReadMessage(item);
                            Images.Add(item);
                            break;
                        }
                    case 26:
                        Seams = Seams ?? new SeamReport();
                        input.ReadMessage(Seams);
                        break;
                    case 34:
                        {
                            var item = new StageTiming();
                            input.ReadMessage(item);
                            Timings.Add(item);
                            break;
                        }
                    case 42:
                        Transition = Transition ?? new TransitionSpec();
                        input.ReadMessage(Transition);
                        break;
                    case 49:
                        FramePositions.Add(input.ReadDouble());
                        break;
                    case 50:
                        input.ReadPacked(FramePositions, packed => packed.ReadDouble());
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            output.WritePacked(50, FramePositions, (packed, value) => packed.Fixed(WireWriter.Bits(value), 8));
            if (Transition != null)
            {
                output.WriteMessage(42, Transition);
            }
            for (int i = Timings.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(34, Timings[i]);
            }
            if (Seams != null)
            {
                output.WriteMessage(26, Seams);
            }
            for (int i = Images.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(18, Images[i]);
            }
            if (Recipe != null)
            {
                output.WriteMessage(10, Recipe);
            }
        }
    }

    /// <summary>
    /// One event of a job. Sequence numbers count from 1 without gaps.
    /// </summary>
    public sealed class JobEvent : Message
    {
        public string JobId
        {
            get => _jobId;
            set => _jobId = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _jobId = "";

        public ulong Sequence { get; set; }

        public JobQueued Queued
        {
            get => KindCase == KindOneofCase.Queued ? (JobQueued)_kind : null;
            set
            {
                _kind = value ?? throw new ArgumentNullException(nameof(value));
                KindCase = KindOneofCase.Queued;
            }
        }

        public JobProgress Progress
        {
            get => KindCase == KindOneofCase.Progress ? (JobProgress)_kind : null;
            set
            {
                _kind = value ?? throw new ArgumentNullException(nameof(value));
                KindCase = KindOneofCase.Progress;
            }
        }

        public ImageChunk Chunk
        {
            get => KindCase == KindOneofCase.Chunk ? (ImageChunk)_kind : null;
            set
            {
                _kind = value ?? throw new ArgumentNullException(nameof(value));
                KindCase = KindOneofCase.Chunk;
            }
        }

        public JobSummary Summary
        {
            get => KindCase == KindOneofCase.Summary ? (JobSummary)_kind : null;
            set
            {
                _kind = value ?? throw new ArgumentNullException(nameof(value));
                KindCase = KindOneofCase.Summary;
            }
        }

        /// <summary>Which member of kind is set.</summary>
        public enum KindOneofCase
        {
            None = 0,
            Queued = 3,
            Progress = 4,
            Chunk = 5,
            Summary = 6,
        }

        /// <summary>Which member of kind is set.</summary>
        public KindOneofCase KindCase { get; private set; }

        private object _kind;

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        JobId = input.ReadString();
                        break;
                    case 16:
                        Sequence = input.ReadUInt64();
                        break;
                    case 26:
                        Queued = Queued ?? new JobQueued();
                        input.ReadMessage(Queued);
                        break;
                    case 34:
                        Progress = Progress ?? new JobProgress();
                        input.ReadMessage(Progress);
                        break;
                    case 42:
                        Chunk = Chunk ?? new ImageChunk();
                        input.ReadMessage(Chunk);
                        break;
                    case 50:
                        Summary = Summary ?? new JobSummary();
                        input.ReadMessage(Summary);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (KindCase == KindOneofCase.Summary)
            {
                output.WriteMessage(50, Summary);
            }
            if (KindCase == KindOneofCase.Chunk)
            {
                output.WriteMessage(42, Chunk);
            }
            if (KindCase == KindOneofCase.Progress)
            {
                output.WriteMessage(34, Progress);
            }
            if (KindCase == KindOneofCase.Queued)
            {
                output.WriteMessage(26, Queued);
            }
            if (Sequence != 0)
            {
                output.WriteVarint(16, Sequence);
            }
            if (JobId.Length != 0)
            {
                output.WriteString(10, JobId);
            }
        }
    }

    /// <summary>
    /// Request of GenerateSky.
    /// </summary>
    public sealed class GenerateSkyRequest : Message
    {
        public SkyRecipe Recipe { get; set; }

        /// <summary>
        /// Cancel the job when this stream ends before the job does; otherwise it goes on and can be watched.
        /// </summary>
        public bool CancelOnDisconnect { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Recipe = Recipe ?? new SkyRecipe();
                        input.ReadMessage(Recipe);
                        break;
                    case 16:
                        CancelOnDisconnect = input.ReadBool();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (CancelOnDisconnect)
            {
                output.WriteVarint(16, CancelOnDisconnect ? 1UL : 0UL);
            }
            if (Recipe != null)
            {
                output.WriteMessage(10, Recipe);
            }
        }
    }

    /// <summary>
    /// One event of the job that GenerateSky started.
    /// </summary>
    public sealed class GenerateSkyResponse : Message
    {
        public JobEvent Event { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Event = Event ?? new JobEvent();
                        input.ReadMessage(Event);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Event != null)
            {
                output.WriteMessage(10, Event);
            }
        }
    }

    /// <summary>
    /// The way from a recipe's sky to another.
    /// </summary>
    public sealed class TransitionSpec : Message
    {
        /// <summary>
        /// The clouds at its end; none: those of the recipe, so that only the seed changes.
        /// </summary>
        public List<CloudWeight> ToClouds { get; } = new List<CloudWeight>();

        /// <summary>
        /// The seed at its end; absent: that of the recipe, so that only the weather changes.
        /// </summary>
        public uint? ToSeed { get; set; }

        /// <summary>
        /// From 2 to Limits.max_frames. Frame 0 is the recipe's own sky.
        /// </summary>
        public uint Frames { get; set; }

        /// <summary>
        /// There and back, so that the last frame leads into the first; otherwise the last frame is the end.
        /// </summary>
        public bool Loop { get; set; }

        public Pace Pace { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        {
                            var item = new CloudWeight();
                            input.ReadMessage(item);
                            ToClouds.Add(item);
                            break;
                        }
                    case 16:
                        ToSeed = input.ReadUInt32();
                        break;
                    case 24:
                        Frames = input.ReadUInt32();
                        break;
                    case 32:
                        Loop = input.ReadBool();
                        break;
                    case 40:
                        Pace = (Pace)input.ReadInt32();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Pace != 0)
            {
                output.WriteVarint(40, unchecked((ulong)(int)Pace));
            }
            if (Loop)
            {
                output.WriteVarint(32, Loop ? 1UL : 0UL);
            }
            if (Frames != 0)
            {
                output.WriteVarint(24, Frames);
            }
            if (ToSeed != null)
            {
                output.WriteVarint(16, ToSeed.Value);
            }
            for (int i = ToClouds.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(10, ToClouds[i]);
            }
        }
    }

    /// <summary>
    /// Request of GenerateTransition.
    /// </summary>
    public sealed class GenerateTransitionRequest : Message
    {
        /// <summary>
        /// The start, and what is the same in every frame: outputs, ground, rotation, exposure, detail. Has no blend.
        /// </summary>
        public SkyRecipe Recipe { get; set; }

        public TransitionSpec Transition { get; set; }

        /// <summary>
        /// Cancel the job when this stream ends before the job does.
        /// </summary>
        public bool CancelOnDisconnect { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Recipe = Recipe ?? new SkyRecipe();
                        input.ReadMessage(Recipe);
                        break;
                    case 18:
                        Transition = Transition ?? new TransitionSpec();
                        input.ReadMessage(Transition);
                        break;
                    case 24:
                        CancelOnDisconnect = input.ReadBool();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (CancelOnDisconnect)
            {
                output.WriteVarint(24, CancelOnDisconnect ? 1UL : 0UL);
            }
            if (Transition != null)
            {
                output.WriteMessage(18, Transition);
            }
            if (Recipe != null)
            {
                output.WriteMessage(10, Recipe);
            }
        }
    }

    /// <summary>
    /// One event of the job that GenerateTransition started.
    /// </summary>
    public sealed class GenerateTransitionResponse : Message
    {
        public JobEvent Event { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Event = Event ?? new JobEvent();
                        input.ReadMessage(Event);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Event != null)
            {
                output.WriteMessage(10, Event);
            }
        }
    }

    /// <summary>
    /// Request of ConvertImage.
    /// </summary>
    public sealed class ConvertImageRequest : Message
    {
        /// <summary>
        /// One encoded picture, or six for SOURCE_KIND_FACES in the order front, back, left, right, up, down.
        /// </summary>
        public List<byte[]> Images { get; } = new List<byte[]>();

        public SourceKind Source { get; set; }

        public List<OutputSpec> Outputs { get; } = new List<OutputSpec>();

        public double RotationDegrees { get; set; }

        public double ExposureEv { get; set; }

        /// <summary>
        /// Absent keeps what the picture shows below the horizon.
        /// </summary>
        public Ground Ground { get; set; }

        public bool CancelOnDisconnect { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Images.Add(input.ReadBytes());
                        break;
                    case 16:
                        Source = (SourceKind)input.ReadInt32();
                        break;
                    case 26:
                        {
                            var item = new OutputSpec();
                            input.ReadMessage(item);
                            Outputs.Add(item);
                            break;
                        }
                    case 33:
                        RotationDegrees = input.ReadDouble();
                        break;
                    case 41:
                        ExposureEv = input.ReadDouble();
                        break;
                    case 50:
                        Ground = Ground ?? new Ground();
                        input.ReadMessage(Ground);
                        break;
                    case 56:
                        CancelOnDisconnect = input.ReadBool();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (CancelOnDisconnect)
            {
                output.WriteVarint(56, CancelOnDisconnect ? 1UL : 0UL);
            }
            if (Ground != null)
            {
                output.WriteMessage(50, Ground);
            }
            if (WireWriter.Bits(ExposureEv) != 0)
            {
                output.WriteFixed64(41, WireWriter.Bits(ExposureEv));
            }
            if (WireWriter.Bits(RotationDegrees) != 0)
            {
                output.WriteFixed64(33, WireWriter.Bits(RotationDegrees));
            }
            for (int i = Outputs.Count - 1; i >= 0; i--)
            {
                output.WriteMessage(26, Outputs[i]);
            }
            if (Source != 0)
            {
                output.WriteVarint(16, unchecked((ulong)(int)Source));
            }
            for (int i = Images.Count - 1; i >= 0; i--)
            {
                output.WriteBytes(10, Images[i]);
            }
        }
    }

    /// <summary>
    /// One event of the job that ConvertImage started; its summary has no recipe.
    /// </summary>
    public sealed class ConvertImageResponse : Message
    {
        public JobEvent Event { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Event = Event ?? new JobEvent();
                        input.ReadMessage(Event);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Event != null)
            {
                output.WriteMessage(10, Event);
            }
        }
    }

    /// <summary>
    /// Request of WatchJob.
    /// </summary>
    public sealed class WatchJobRequest : Message
    {
        public string JobId
        {
            get => _jobId;
            set => _jobId = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _jobId = "";

        /// <summary>
        /// Events up to this sequence number are left out; 0 replays all.
        /// </summary>
        public ulong AfterSequence { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        JobId = input.ReadString();
                        break;
                    case 16:
                        AfterSequence = input.ReadUInt64();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (AfterSequence != 0)
            {
                output.WriteVarint(16, AfterSequence);
            }
            if (JobId.Length != 0)
            {
                output.WriteString(10, JobId);
            }
        }
    }

    /// <summary>
    /// One event of the watched job.
    /// </summary>
    public sealed class WatchJobResponse : Message
    {
        public JobEvent Event { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        Event = Event ?? new JobEvent();
                        input.ReadMessage(Event);
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (Event != null)
            {
                output.WriteMessage(10, Event);
            }
        }
    }

    /// <summary>
    /// Request of CancelJob.
    /// </summary>
    public sealed class CancelJobRequest : Message
    {
        public string JobId
        {
            get => _jobId;
            set => _jobId = value ?? throw new ArgumentNullException(nameof(value));
        }

        private string _jobId = "";

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 10:
                        JobId = input.ReadString();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (JobId.Length != 0)
            {
                output.WriteString(10, JobId);
            }
        }
    }

    /// <summary>
    /// Answer of CancelJob.
    /// </summary>
    public sealed class CancelJobResponse : Message
    {
        /// <summary>
        /// The job's state after the call.
        /// </summary>
        public JobState State { get; set; }

        public override void ReadFields(WireReader input)
        {
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                switch (tag)
                {
                    case 8:
                        State = (JobState)input.ReadInt32();
                        break;
                    default:
                        KeepUnknown(input, tag);
                        break;
                }
            }
        }

        public override void WriteFields(WireWriter output)
        {
            WriteUnknown(output);
            if (State != 0)
            {
                output.WriteVarint(8, unchecked((ulong)(int)State));
            }
        }
    }
}
