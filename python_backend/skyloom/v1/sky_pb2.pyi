from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CloudGenus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLOUD_GENUS_UNSPECIFIED: _ClassVar[CloudGenus]
    CLOUD_GENUS_ALTOCUMULUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_ALTOSTRATUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_CIRROCUMULUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_CIRROSTRATUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_CIRRUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_CONTRAIL: _ClassVar[CloudGenus]
    CLOUD_GENUS_CUMULONIMBUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_CUMULUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_NIMBOSTRATUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_STRATOCUMULUS: _ClassVar[CloudGenus]
    CLOUD_GENUS_STRATUS: _ClassVar[CloudGenus]

class Layout(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LAYOUT_UNSPECIFIED: _ClassVar[Layout]
    LAYOUT_PANORAMA: _ClassVar[Layout]
    LAYOUT_FACES: _ClassVar[Layout]
    LAYOUT_CROSS: _ClassVar[Layout]
    LAYOUT_DOME: _ClassVar[Layout]
    LAYOUT_PERSPECTIVE: _ClassVar[Layout]

class ImageFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMAGE_FORMAT_UNSPECIFIED: _ClassVar[ImageFormat]
    IMAGE_FORMAT_PNG: _ClassVar[ImageFormat]
    IMAGE_FORMAT_JPEG: _ClassVar[ImageFormat]

class GroundMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GROUND_MODE_UNSPECIFIED: _ClassVar[GroundMode]
    GROUND_MODE_FADE: _ClassVar[GroundMode]
    GROUND_MODE_MIRROR: _ClassVar[GroundMode]
    GROUND_MODE_COLOUR: _ClassVar[GroundMode]

class DetailLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DETAIL_LEVEL_UNSPECIFIED: _ClassVar[DetailLevel]
    DETAIL_LEVEL_OFF: _ClassVar[DetailLevel]
    DETAIL_LEVEL_STANDARD: _ClassVar[DetailLevel]
    DETAIL_LEVEL_HIGH: _ClassVar[DetailLevel]
    DETAIL_LEVEL_AUTO: _ClassVar[DetailLevel]

class Pace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PACE_UNSPECIFIED: _ClassVar[Pace]
    PACE_EVEN: _ClassVar[Pace]
    PACE_EASED: _ClassVar[Pace]

class JobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_UNSPECIFIED: _ClassVar[JobState]
    JOB_STATE_QUEUED: _ClassVar[JobState]
    JOB_STATE_RUNNING: _ClassVar[JobState]
    JOB_STATE_DONE: _ClassVar[JobState]
    JOB_STATE_FAILED: _ClassVar[JobState]
    JOB_STATE_CANCELLED: _ClassVar[JobState]
    JOB_STATE_CANCELLING: _ClassVar[JobState]

class SourceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOURCE_KIND_UNSPECIFIED: _ClassVar[SourceKind]
    SOURCE_KIND_PANORAMA: _ClassVar[SourceKind]
    SOURCE_KIND_DOME: _ClassVar[SourceKind]
    SOURCE_KIND_FACES: _ClassVar[SourceKind]
    SOURCE_KIND_CROSS: _ClassVar[SourceKind]
    SOURCE_KIND_PHOTO: _ClassVar[SourceKind]
CLOUD_GENUS_UNSPECIFIED: CloudGenus
CLOUD_GENUS_ALTOCUMULUS: CloudGenus
CLOUD_GENUS_ALTOSTRATUS: CloudGenus
CLOUD_GENUS_CIRROCUMULUS: CloudGenus
CLOUD_GENUS_CIRROSTRATUS: CloudGenus
CLOUD_GENUS_CIRRUS: CloudGenus
CLOUD_GENUS_CONTRAIL: CloudGenus
CLOUD_GENUS_CUMULONIMBUS: CloudGenus
CLOUD_GENUS_CUMULUS: CloudGenus
CLOUD_GENUS_NIMBOSTRATUS: CloudGenus
CLOUD_GENUS_STRATOCUMULUS: CloudGenus
CLOUD_GENUS_STRATUS: CloudGenus
LAYOUT_UNSPECIFIED: Layout
LAYOUT_PANORAMA: Layout
LAYOUT_FACES: Layout
LAYOUT_CROSS: Layout
LAYOUT_DOME: Layout
LAYOUT_PERSPECTIVE: Layout
IMAGE_FORMAT_UNSPECIFIED: ImageFormat
IMAGE_FORMAT_PNG: ImageFormat
IMAGE_FORMAT_JPEG: ImageFormat
GROUND_MODE_UNSPECIFIED: GroundMode
GROUND_MODE_FADE: GroundMode
GROUND_MODE_MIRROR: GroundMode
GROUND_MODE_COLOUR: GroundMode
DETAIL_LEVEL_UNSPECIFIED: DetailLevel
DETAIL_LEVEL_OFF: DetailLevel
DETAIL_LEVEL_STANDARD: DetailLevel
DETAIL_LEVEL_HIGH: DetailLevel
DETAIL_LEVEL_AUTO: DetailLevel
PACE_UNSPECIFIED: Pace
PACE_EVEN: Pace
PACE_EASED: Pace
JOB_STATE_UNSPECIFIED: JobState
JOB_STATE_QUEUED: JobState
JOB_STATE_RUNNING: JobState
JOB_STATE_DONE: JobState
JOB_STATE_FAILED: JobState
JOB_STATE_CANCELLED: JobState
JOB_STATE_CANCELLING: JobState
SOURCE_KIND_UNSPECIFIED: SourceKind
SOURCE_KIND_PANORAMA: SourceKind
SOURCE_KIND_DOME: SourceKind
SOURCE_KIND_FACES: SourceKind
SOURCE_KIND_CROSS: SourceKind
SOURCE_KIND_PHOTO: SourceKind

class CloudWeight(_message.Message):
    __slots__ = ("genus", "weight")
    GENUS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    genus: CloudGenus
    weight: float
    def __init__(self, genus: _Optional[_Union[CloudGenus, str]] = ..., weight: _Optional[float] = ...) -> None: ...

class Colour(_message.Message):
    __slots__ = ("red", "green", "blue")
    RED_FIELD_NUMBER: _ClassVar[int]
    GREEN_FIELD_NUMBER: _ClassVar[int]
    BLUE_FIELD_NUMBER: _ClassVar[int]
    red: float
    green: float
    blue: float
    def __init__(self, red: _Optional[float] = ..., green: _Optional[float] = ..., blue: _Optional[float] = ...) -> None: ...

class Ground(_message.Message):
    __slots__ = ("mode", "colour")
    MODE_FIELD_NUMBER: _ClassVar[int]
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    mode: GroundMode
    colour: Colour
    def __init__(self, mode: _Optional[_Union[GroundMode, str]] = ..., colour: _Optional[_Union[Colour, _Mapping]] = ...) -> None: ...

class Camera(_message.Message):
    __slots__ = ("yaw_degrees", "pitch_degrees", "fov_degrees")
    YAW_DEGREES_FIELD_NUMBER: _ClassVar[int]
    PITCH_DEGREES_FIELD_NUMBER: _ClassVar[int]
    FOV_DEGREES_FIELD_NUMBER: _ClassVar[int]
    yaw_degrees: float
    pitch_degrees: float
    fov_degrees: float
    def __init__(self, yaw_degrees: _Optional[float] = ..., pitch_degrees: _Optional[float] = ..., fov_degrees: _Optional[float] = ...) -> None: ...

class OutputSpec(_message.Message):
    __slots__ = ("layout", "size", "format", "quality", "camera")
    LAYOUT_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    layout: Layout
    size: int
    format: ImageFormat
    quality: int
    camera: Camera
    def __init__(self, layout: _Optional[_Union[Layout, str]] = ..., size: _Optional[int] = ..., format: _Optional[_Union[ImageFormat, str]] = ..., quality: _Optional[int] = ..., camera: _Optional[_Union[Camera, _Mapping]] = ...) -> None: ...

class ModelRef(_message.Message):
    __slots__ = ("name", "sha256")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    name: str
    sha256: str
    def __init__(self, name: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class Blend(_message.Message):
    __slots__ = ("clouds", "seed", "position")
    CLOUDS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    clouds: _containers.RepeatedCompositeFieldContainer[CloudWeight]
    seed: int
    position: float
    def __init__(self, clouds: _Optional[_Iterable[_Union[CloudWeight, _Mapping]]] = ..., seed: _Optional[int] = ..., position: _Optional[float] = ...) -> None: ...

class SkyRecipe(_message.Message):
    __slots__ = ("clouds", "seed", "variation", "rotation_degrees", "exposure_ev", "ground", "outputs", "model", "skyloom_version", "detail", "detail_model", "blend")
    CLOUDS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    VARIATION_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEGREES_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_EV_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SKYLOOM_VERSION_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    DETAIL_MODEL_FIELD_NUMBER: _ClassVar[int]
    BLEND_FIELD_NUMBER: _ClassVar[int]
    clouds: _containers.RepeatedCompositeFieldContainer[CloudWeight]
    seed: int
    variation: float
    rotation_degrees: float
    exposure_ev: float
    ground: Ground
    outputs: _containers.RepeatedCompositeFieldContainer[OutputSpec]
    model: ModelRef
    skyloom_version: str
    detail: DetailLevel
    detail_model: ModelRef
    blend: Blend
    def __init__(self, clouds: _Optional[_Iterable[_Union[CloudWeight, _Mapping]]] = ..., seed: _Optional[int] = ..., variation: _Optional[float] = ..., rotation_degrees: _Optional[float] = ..., exposure_ev: _Optional[float] = ..., ground: _Optional[_Union[Ground, _Mapping]] = ..., outputs: _Optional[_Iterable[_Union[OutputSpec, _Mapping]]] = ..., model: _Optional[_Union[ModelRef, _Mapping]] = ..., skyloom_version: _Optional[str] = ..., detail: _Optional[_Union[DetailLevel, str]] = ..., detail_model: _Optional[_Union[ModelRef, _Mapping]] = ..., blend: _Optional[_Union[Blend, _Mapping]] = ...) -> None: ...

class GetServerInfoRequest(_message.Message):
    __slots__ = ("include_thumbnails",)
    INCLUDE_THUMBNAILS_FIELD_NUMBER: _ClassVar[int]
    include_thumbnails: bool
    def __init__(self, include_thumbnails: bool = ...) -> None: ...

class CloudTypeInfo(_message.Message):
    __slots__ = ("genus", "name", "code", "description", "thumbnail_png")
    GENUS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_PNG_FIELD_NUMBER: _ClassVar[int]
    genus: CloudGenus
    name: str
    code: str
    description: str
    thumbnail_png: bytes
    def __init__(self, genus: _Optional[_Union[CloudGenus, str]] = ..., name: _Optional[str] = ..., code: _Optional[str] = ..., description: _Optional[str] = ..., thumbnail_png: _Optional[bytes] = ...) -> None: ...

class ModelInfo(_message.Message):
    __slots__ = ("ref", "dome_size", "theta_max_degrees", "clouds", "licence")
    REF_FIELD_NUMBER: _ClassVar[int]
    DOME_SIZE_FIELD_NUMBER: _ClassVar[int]
    THETA_MAX_DEGREES_FIELD_NUMBER: _ClassVar[int]
    CLOUDS_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    ref: ModelRef
    dome_size: int
    theta_max_degrees: float
    clouds: _containers.RepeatedScalarFieldContainer[CloudGenus]
    licence: str
    def __init__(self, ref: _Optional[_Union[ModelRef, _Mapping]] = ..., dome_size: _Optional[int] = ..., theta_max_degrees: _Optional[float] = ..., clouds: _Optional[_Iterable[_Union[CloudGenus, str]]] = ..., licence: _Optional[str] = ...) -> None: ...

class DetailModelInfo(_message.Message):
    __slots__ = ("ref", "factor", "licence")
    REF_FIELD_NUMBER: _ClassVar[int]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    ref: ModelRef
    factor: int
    licence: str
    def __init__(self, ref: _Optional[_Union[ModelRef, _Mapping]] = ..., factor: _Optional[int] = ..., licence: _Optional[str] = ...) -> None: ...

class SizeLimit(_message.Message):
    __slots__ = ("layout", "min", "max")
    LAYOUT_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    layout: Layout
    min: int
    max: int
    def __init__(self, layout: _Optional[_Union[Layout, str]] = ..., min: _Optional[int] = ..., max: _Optional[int] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("sizes", "max_outputs", "max_chunk_bytes", "queue_capacity", "job_retention_seconds", "max_upload_bytes", "max_input_pixels", "max_frames", "max_transition_pixels")
    SIZES_FIELD_NUMBER: _ClassVar[int]
    MAX_OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    QUEUE_CAPACITY_FIELD_NUMBER: _ClassVar[int]
    JOB_RETENTION_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_UPLOAD_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_INPUT_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAMES_FIELD_NUMBER: _ClassVar[int]
    MAX_TRANSITION_PIXELS_FIELD_NUMBER: _ClassVar[int]
    sizes: _containers.RepeatedCompositeFieldContainer[SizeLimit]
    max_outputs: int
    max_chunk_bytes: int
    queue_capacity: int
    job_retention_seconds: int
    max_upload_bytes: int
    max_input_pixels: int
    max_frames: int
    max_transition_pixels: int
    def __init__(self, sizes: _Optional[_Iterable[_Union[SizeLimit, _Mapping]]] = ..., max_outputs: _Optional[int] = ..., max_chunk_bytes: _Optional[int] = ..., queue_capacity: _Optional[int] = ..., job_retention_seconds: _Optional[int] = ..., max_upload_bytes: _Optional[int] = ..., max_input_pixels: _Optional[int] = ..., max_frames: _Optional[int] = ..., max_transition_pixels: _Optional[int] = ...) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ("skyloom_version", "api_version", "models", "cloud_types", "limits", "detail_models")
    SKYLOOM_VERSION_FIELD_NUMBER: _ClassVar[int]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    CLOUD_TYPES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_MODELS_FIELD_NUMBER: _ClassVar[int]
    skyloom_version: str
    api_version: str
    models: _containers.RepeatedCompositeFieldContainer[ModelInfo]
    cloud_types: _containers.RepeatedCompositeFieldContainer[CloudTypeInfo]
    limits: Limits
    detail_models: _containers.RepeatedCompositeFieldContainer[DetailModelInfo]
    def __init__(self, skyloom_version: _Optional[str] = ..., api_version: _Optional[str] = ..., models: _Optional[_Iterable[_Union[ModelInfo, _Mapping]]] = ..., cloud_types: _Optional[_Iterable[_Union[CloudTypeInfo, _Mapping]]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., detail_models: _Optional[_Iterable[_Union[DetailModelInfo, _Mapping]]] = ...) -> None: ...

class JobQueued(_message.Message):
    __slots__ = ("position",)
    POSITION_FIELD_NUMBER: _ClassVar[int]
    position: int
    def __init__(self, position: _Optional[int] = ...) -> None: ...

class JobProgress(_message.Message):
    __slots__ = ("stage", "detail", "fraction")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    stage: str
    detail: str
    fraction: float
    def __init__(self, stage: _Optional[str] = ..., detail: _Optional[str] = ..., fraction: _Optional[float] = ...) -> None: ...

class ImageChunk(_message.Message):
    __slots__ = ("image", "offset", "data", "last")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    image: str
    offset: int
    data: bytes
    last: bool
    def __init__(self, image: _Optional[str] = ..., offset: _Optional[int] = ..., data: _Optional[bytes] = ..., last: bool = ...) -> None: ...

class ImageInfo(_message.Message):
    __slots__ = ("image", "layout", "face", "width", "height", "format", "byte_size", "sha256", "output_index", "frame")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    LAYOUT_FIELD_NUMBER: _ClassVar[int]
    FACE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    BYTE_SIZE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_INDEX_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    image: str
    layout: Layout
    face: str
    width: int
    height: int
    format: ImageFormat
    byte_size: int
    sha256: str
    output_index: int
    frame: int
    def __init__(self, image: _Optional[str] = ..., layout: _Optional[_Union[Layout, str]] = ..., face: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., format: _Optional[_Union[ImageFormat, str]] = ..., byte_size: _Optional[int] = ..., sha256: _Optional[str] = ..., output_index: _Optional[int] = ..., frame: _Optional[int] = ...) -> None: ...

class SeamReport(_message.Message):
    __slots__ = ("wrap_ratio", "edge_ratio", "edge_mismatch", "zenith_ratio")
    WRAP_RATIO_FIELD_NUMBER: _ClassVar[int]
    EDGE_RATIO_FIELD_NUMBER: _ClassVar[int]
    EDGE_MISMATCH_FIELD_NUMBER: _ClassVar[int]
    ZENITH_RATIO_FIELD_NUMBER: _ClassVar[int]
    wrap_ratio: float
    edge_ratio: float
    edge_mismatch: float
    zenith_ratio: float
    def __init__(self, wrap_ratio: _Optional[float] = ..., edge_ratio: _Optional[float] = ..., edge_mismatch: _Optional[float] = ..., zenith_ratio: _Optional[float] = ...) -> None: ...

class StageTiming(_message.Message):
    __slots__ = ("stage", "seconds")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    stage: str
    seconds: float
    def __init__(self, stage: _Optional[str] = ..., seconds: _Optional[float] = ...) -> None: ...

class JobSummary(_message.Message):
    __slots__ = ("recipe", "images", "seams", "timings", "transition", "frame_positions")
    RECIPE_FIELD_NUMBER: _ClassVar[int]
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    SEAMS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    FRAME_POSITIONS_FIELD_NUMBER: _ClassVar[int]
    recipe: SkyRecipe
    images: _containers.RepeatedCompositeFieldContainer[ImageInfo]
    seams: SeamReport
    timings: _containers.RepeatedCompositeFieldContainer[StageTiming]
    transition: TransitionSpec
    frame_positions: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, recipe: _Optional[_Union[SkyRecipe, _Mapping]] = ..., images: _Optional[_Iterable[_Union[ImageInfo, _Mapping]]] = ..., seams: _Optional[_Union[SeamReport, _Mapping]] = ..., timings: _Optional[_Iterable[_Union[StageTiming, _Mapping]]] = ..., transition: _Optional[_Union[TransitionSpec, _Mapping]] = ..., frame_positions: _Optional[_Iterable[float]] = ...) -> None: ...

class JobEvent(_message.Message):
    __slots__ = ("job_id", "sequence", "queued", "progress", "chunk", "summary")
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    QUEUED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    sequence: int
    queued: JobQueued
    progress: JobProgress
    chunk: ImageChunk
    summary: JobSummary
    def __init__(self, job_id: _Optional[str] = ..., sequence: _Optional[int] = ..., queued: _Optional[_Union[JobQueued, _Mapping]] = ..., progress: _Optional[_Union[JobProgress, _Mapping]] = ..., chunk: _Optional[_Union[ImageChunk, _Mapping]] = ..., summary: _Optional[_Union[JobSummary, _Mapping]] = ...) -> None: ...

class GenerateSkyRequest(_message.Message):
    __slots__ = ("recipe", "cancel_on_disconnect")
    RECIPE_FIELD_NUMBER: _ClassVar[int]
    CANCEL_ON_DISCONNECT_FIELD_NUMBER: _ClassVar[int]
    recipe: SkyRecipe
    cancel_on_disconnect: bool
    def __init__(self, recipe: _Optional[_Union[SkyRecipe, _Mapping]] = ..., cancel_on_disconnect: bool = ...) -> None: ...

class GenerateSkyResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: JobEvent
    def __init__(self, event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class TransitionSpec(_message.Message):
    __slots__ = ("to_clouds", "to_seed", "frames", "loop", "pace")
    TO_CLOUDS_FIELD_NUMBER: _ClassVar[int]
    TO_SEED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    PACE_FIELD_NUMBER: _ClassVar[int]
    to_clouds: _containers.RepeatedCompositeFieldContainer[CloudWeight]
    to_seed: int
    frames: int
    loop: bool
    pace: Pace
    def __init__(self, to_clouds: _Optional[_Iterable[_Union[CloudWeight, _Mapping]]] = ..., to_seed: _Optional[int] = ..., frames: _Optional[int] = ..., loop: bool = ..., pace: _Optional[_Union[Pace, str]] = ...) -> None: ...

class GenerateTransitionRequest(_message.Message):
    __slots__ = ("recipe", "transition", "cancel_on_disconnect")
    RECIPE_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    CANCEL_ON_DISCONNECT_FIELD_NUMBER: _ClassVar[int]
    recipe: SkyRecipe
    transition: TransitionSpec
    cancel_on_disconnect: bool
    def __init__(self, recipe: _Optional[_Union[SkyRecipe, _Mapping]] = ..., transition: _Optional[_Union[TransitionSpec, _Mapping]] = ..., cancel_on_disconnect: bool = ...) -> None: ...

class GenerateTransitionResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: JobEvent
    def __init__(self, event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class ConvertImageRequest(_message.Message):
    __slots__ = ("images", "source", "outputs", "rotation_degrees", "exposure_ev", "ground", "cancel_on_disconnect")
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEGREES_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_EV_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    CANCEL_ON_DISCONNECT_FIELD_NUMBER: _ClassVar[int]
    images: _containers.RepeatedScalarFieldContainer[bytes]
    source: SourceKind
    outputs: _containers.RepeatedCompositeFieldContainer[OutputSpec]
    rotation_degrees: float
    exposure_ev: float
    ground: Ground
    cancel_on_disconnect: bool
    def __init__(self, images: _Optional[_Iterable[bytes]] = ..., source: _Optional[_Union[SourceKind, str]] = ..., outputs: _Optional[_Iterable[_Union[OutputSpec, _Mapping]]] = ..., rotation_degrees: _Optional[float] = ..., exposure_ev: _Optional[float] = ..., ground: _Optional[_Union[Ground, _Mapping]] = ..., cancel_on_disconnect: bool = ...) -> None: ...

class ConvertImageResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: JobEvent
    def __init__(self, event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class WatchJobRequest(_message.Message):
    __slots__ = ("job_id", "after_sequence")
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    after_sequence: int
    def __init__(self, job_id: _Optional[str] = ..., after_sequence: _Optional[int] = ...) -> None: ...

class WatchJobResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: JobEvent
    def __init__(self, event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class CancelJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class CancelJobResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: JobState
    def __init__(self, state: _Optional[_Union[JobState, str]] = ...) -> None: ...
