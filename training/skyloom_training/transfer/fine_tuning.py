"""Fine-tuning: start from the source's generator and discriminator, train everything (Wang et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass

from skyloom_training.lab.nets import Nets
from skyloom_training.transfer.method import Transfer, need_source
from skyloom_training.transfer.source import Source, load_all


@dataclass
class FineTuning(Transfer):
    """Both networks from the source; ``keep_d`` False starts the discriminator anew."""

    keep_d: bool = True

    def begin(self, nets: Nets, source: Source | None, pictures: int) -> None:
        source = need_source(source, "fine-tuning")
        load_all(nets.generator, source.generator.state_dict(), "generator")
        if self.keep_d:
            load_all(nets.discriminator, source.discriminator, "discriminator")
        nets.renew_average()
