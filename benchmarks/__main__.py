"""`python -m benchmarks`: measures everything and writes docs/performance.md, .json and the README's table."""

from __future__ import annotations

import argparse
import logging
import time
import warnings

from benchmarks import encoding, network, readme, roofline, sampling, seams, service, thesis
from benchmarks.machine import load, machine
from benchmarks.report import Section, write
from benchmarks.skies import ROOT, model

PARTS = {
    "thesis": thesis,
    "service": service,
    "sampling": sampling,
    "encoding": encoding,
    "network": network,
    "roofline": roofline,
    "seams": seams,
}


def main() -> None:
    """Run the parts in turn; a part named on the command line is only printed, nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="only these, printed and not written")
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds, for a busy machine")
    arguments = parser.parse_args()
    asked = arguments.parts
    if arguments.quick:
        for part in PARTS.values():
            if hasattr(part, "ROUNDS"):
                part.ROUNDS = max(3, part.ROUNDS // 4)
    warnings.filterwarnings("ignore")
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    busy, began = load(), time.perf_counter()
    sections: list[Section] = []
    for name in asked or PARTS:
        part = PARTS[name].sections()
        sections += part
        done = f"{name}: done after {time.perf_counter() - began:.0f} s"
        print("\n\n".join(section.markdown() for section in part) if asked else done, flush=True)
    facts = {"machine": machine(), "load": busy, "model": model().name, "seconds": time.perf_counter() - began}
    head = (
        "# Performance\n\n"
        "Written by `make bench`; the same figures are in [performance.json](performance.json). Every comparison is "
        "interleaved in one run, so that ratios hold where times do not; a figure is a median and, in brackets, the "
        f"range of the middle 80 %.\n\nMachine: {facts['machine']}. Load average when it began: {busy}. Model: "
        f"{facts['model']}. Seeds: 0 and up. The run took {facts['seconds']:.0f} s."
    )
    if not asked:
        write(ROOT / "docs" / "performance.md", head, sections, facts)
        readme.quote(ROOT / "README.md", sections, facts)
        print("\n\n".join([head, *(section.markdown() for section in sections)]))


if __name__ == "__main__":
    main()
