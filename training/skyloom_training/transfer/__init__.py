"""Transfer methods, one file each; METHODS names them as experiment files do."""

from __future__ import annotations

from skyloom_training.transfer.distillation import Distillation
from skyloom_training.transfer.fine_tuning import FineTuning
from skyloom_training.transfer.freezing import Freezing
from skyloom_training.transfer.glo import Glo
from skyloom_training.transfer.hyper_modulation import HyperModulation
from skyloom_training.transfer.l2sp import L2SP
from skyloom_training.transfer.method import Transfer
from skyloom_training.transfer.minegan import MineGan
from skyloom_training.transfer.partial import PartialFineTuning
from skyloom_training.transfer.scale_shift import ScaleShift
from skyloom_training.transfer.splice import Splice

METHODS: dict[str, type[Transfer]] = {
    "scratch": Transfer,
    "fine-tuning": FineTuning,
    "freezing": Freezing,
    "partial": PartialFineTuning,
    "scale-shift": ScaleShift,
    "glo": Glo,
    "minegan": MineGan,
    "l2-sp": L2SP,
    "distillation": Distillation,
    "splice": Splice,
    "hyper-modulation": HyperModulation,
}
