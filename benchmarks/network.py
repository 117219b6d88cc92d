"""The networks: latent, mapping, synthesis in int8 and float32, PyTorch eager beside them, one and two threads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from skyloom.generation import ModelRegistry
from skyloom.generation.latent import latent_from_seed
from skyloom.generation.registry import BUNDLED
from skyloom_training.export.parity import psnr
from skyloom_training.export.to_onnx import export_float
from skyloom_training.weights import load_generator

from benchmarks.clock import Spread, compare
from benchmarks.machine import cores
from benchmarks.report import Section
from benchmarks.sessions import session
from benchmarks.skies import model, weights

ROUNDS = 20


def sections() -> list[Section]:
    """Stages up to the dome, and int8 against float32."""
    folder = BUNDLED / model().name
    generator = load_generator(weights())
    shape = generator.shape
    rows, data = [], {}
    with tempfile.TemporaryDirectory() as work:
        mapping, wide = export_float(generator, Path(work))
        narrow = folder / "synthesis.onnx"
        sizes = {"float32": wide.stat().st_size, "int8": narrow.stat().st_size}
        z, noise, _ = latent_from_seed(7, shape.z_dim, shape.noise_length)
        mix = np.eye(shape.classes, dtype=np.float32)[7:8]
        feeds = {"z": z, "mix": mix, "psi": np.full((1, 1), 0.7, np.float32)}
        (w,) = session(mapping, 1).run(None, feeds)
        inputs = {"w": w, "noise": noise}
        domes = [np.clip(session(path, 1).run(None, inputs)[0], -1, 1) for path in (wide, narrow)]
        for threads in (1, 2):
            torch.set_num_threads(threads)
            first, float32, int8 = (session(path, threads) for path in (folder / "mapping.onnx", wide, narrow))
            tensors = [torch.from_numpy(a) for a in (z, mix, noise)]
            with torch.inference_mode():
                found = compare(
                    {
                        "latent": lambda: latent_from_seed(7, shape.z_dim, shape.noise_length),
                        "mapping": lambda s=first: s.run(None, feeds),
                        "synthesis, int8": lambda s=int8: s.run(None, inputs),
                        "synthesis, float32": lambda s=float32: s.run(None, inputs),
                        "PyTorch eager, float32, whole": lambda t=tensors: generator(*t),
                    },
                    ROUNDS,
                    warm=3,
                )
            base = found["synthesis, int8"]
            for name, timing in found.items():
                ratio = timing.over(base, "wall").text(2) if "float32" in name else ""
                wall, core = (Spread.of(clock).text(2, scale=1e3) for clock in (timing.wall, timing.core))
                rows.append((name, str(threads), wall, core, ratio))
                data[f"{name}, {threads}"] = timing.as_dict()
            data[f"float32_over_int8, {threads}"] = found["synthesis, float32"].over(base, "wall").as_dict()
            data[f"eager_over_int8, {threads}"] = found["PyTorch eager, float32, whole"].over(base, "wall").as_dict()
    closeness = psnr(*domes)
    data |= {"bytes": sizes, "psnr_db": closeness}
    after = (
        f"Files: float32 {sizes['float32'] / 1e6:.1f} MB, int8 {sizes['int8'] / 1e6:.1f} MB, ratio "
        f"{sizes['int8'] / sizes['float32']:.3f}. int8 to float32 on one real latent {closeness:.1f} dB; on many: "
        "the model's manifest. Why each layer is as fast as it is: [quantization.md](quantization.md)."
    )
    found_detail = _detail()
    if found_detail is not None:
        after += (
            f" Detail network, one tile of 256x256 pixels, 1 thread: {found_detail.text(0, 'ms', 1e3)} of core time."
        )
        data["detail_tile_core_s"] = found_detail.as_dict()
    head = ("stage", "threads", "wall ms", "core ms", "over synthesis int8 (wall)")
    text = f"Model {model().name}, a dome of {shape.dome}, batch 1."
    return [Section("Networks", text, head, rows, data, after), _settings(folder / "synthesis.onnx", inputs)]


def _settings(path: Path, inputs: dict[str, np.ndarray]) -> Section:
    """Why a session is opened as it is: each setting alone against the backend's, all cores, and a batch of four."""
    threads = cores()
    four = {name: np.repeat(value, 4, axis=0) for name, value in inputs.items()}
    ours, one = session(path, threads), session(path, 1)

    def changed(change: Callable[[ort.SessionOptions], object]) -> ort.InferenceSession:
        return session(path, threads, change)

    others = {
        "the backend's": ours,
        "one thread": one,
        "operators side by side": changed(lambda o: setattr(o, "execution_mode", ort.ExecutionMode.ORT_PARALLEL)),
        "no fusions that are for this CPU only": changed(
            lambda o: setattr(o, "graph_optimization_level", ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED)
        ),
        "no plan of memory": changed(lambda o: setattr(o, "enable_mem_pattern", False)),
    }
    cases: dict[str, Callable[[], object]] = {name: lambda s=s: s.run(None, inputs) for name, s in others.items()}
    cases["four skies one by one"] = lambda: [ours.run(None, inputs) for _ in range(4)]
    cases["four skies in one batch"] = lambda: ours.run(None, four)
    found = compare(cases, ROUNDS, warm=3)
    # Apart from the others, which would pay for them.
    spin = changed(lambda o: o.add_session_config_entry("session.intra_op.allow_spinning", "1"))
    found |= compare({"threads that spin": lambda: spin.run(None, inputs)}, ROUNDS, warm=3)
    rows = []
    for name, timing in found.items():
        base = found["four skies one by one" if "four" in name else "the backend's"]
        wall, core = (Spread.of(clock).text(1, scale=1e3) for clock in (timing.wall, timing.core))
        rows.append((name, wall, core, timing.over(base, "wall").text(2), timing.over(base).text(2)))
    return Section(
        "Session settings",
        f"Synthesis in int8, {threads} threads where nothing else is said. Threads that spin after their work would be "
        "the encoders' loss; a batch is worth its waiting only if it is well below 1.",
        ("setting", "wall ms", "core ms", "wall over the backend's", "core over the backend's"),
        rows,
        {name: timing.as_dict() for name, timing in found.items()},
    )


def _detail() -> Spread | None:
    """A tile of the detail network, where there is one."""
    detail = ModelRegistry(threads=1).detail()
    if detail is None:
        return None
    tile = np.random.default_rng(0).random((256, 256, 3), dtype=np.float32)
    return Spread.of(compare({"tile": lambda: detail.enlarge(tile)}, 3)["tile"].core)
