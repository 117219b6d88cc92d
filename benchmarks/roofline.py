"""Arithmetic and bytes of every stage, and how far from this machine's limits each runs, on one thread."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
from skyloom.generation.latent import latent_from_seed
from skyloom.generation.model import read_manifest
from skyloom.generation.registry import BUNDLED
from skyloom.imaging.ground import fade_span
from skyloom.imaging.planes import Affine, panorama_band
from skyloom.imaging.png import write_png
from skyloom.imaging.quantize import to_uint8
from skyloom.imaging.render import THETA_MAX_DEGREES, DomeRenderer
from skyloom.imaging.resample import LOBES, MARGIN, Ladder
from skyloom.request import OutputSpec

from benchmarks.clock import Spread, compare
from benchmarks.machine import limits
from benchmarks.report import Section
from benchmarks.sessions import session
from benchmarks.skies import model, sky_dome

WIDTH, HEIGHT = 2048, 1024
ROUNDS = 12


def work_of_network(path: str) -> tuple[float, float]:
    """Operations of one run of a network, and the bytes of its weights and of what its layers read and write."""
    graph = onnx.shape_inference.infer_shapes(onnx.load(path)).graph
    shapes = {
        value.name: [d.dim_value or 1 for d in value.type.tensor_type.shape.dim]
        for value in [*graph.value_info, *graph.input, *graph.output]
    }
    stored = {tensor.name: tensor for tensor in graph.initializer}
    made_by = {output: node for node in graph.node for output in node.output}

    def weight(name: str) -> onnx.TensorProto | None:
        while name not in stored and name in made_by and made_by[name].op_type in ("DequantizeLinear", "Cast"):
            name = made_by[name].input[0]
        return stored.get(name)

    operations = moved = 0.0
    for node in graph.node:
        tensor = weight(node.input[1]) if node.op_type in ("Conv", "Gemm", "MatMul") else None
        if tensor is None:
            continue
        out, size = shapes.get(node.output[0], [1]), float(np.prod(tensor.dims))
        positions = float(np.prod(out[2:])) if node.op_type == "Conv" else 1.0
        operations += 2 * size * positions
        width = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        moved += size * width + 4 * (float(np.prod(out)) + float(np.prod(shapes.get(node.input[0], [1]))))
    return operations, moved


def sections() -> list[Section]:
    """The stages of a 2048x1024 panorama."""
    folder = BUNDLED / model().name
    manifest = read_manifest(folder)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    dome, bound = sky_dome(), limits()
    renderer = DomeRenderer(dome)
    pixels = renderer.render_layout(OutputSpec("panorama", WIDTH))[0][2]
    values = to_uint8(pixels)
    theta, size = float(np.deg2rad(THETA_MAX_DEGREES)), dome.shape[0]
    rung = Ladder(dome).rung()
    affine, disc = Affine.of(size, theta, rung), Affine.of(64, theta, Ladder(np.zeros((64, 64, 3), np.float32)).rung())
    rows_of_sky = (0, HEIGHT // 2)
    band = panorama_band(WIDTH, HEIGHT, rows_of_sky, 0.0, fade_span(theta), affine, disc)
    assert band.sky is not None
    sky, out = band.sky, np.empty((HEIGHT // 2, WIDTH, 3), np.float32)
    z, noise, _ = latent_from_seed(7, manifest.z_dim, manifest.noise_length)
    mix = np.eye(len(manifest.classes), dtype=np.float32)[7:8]
    mapping, synthesis = (session(folder / name, 1) for name in ("mapping.onnx", "synthesis.onnx"))
    feeds = {"z": z, "mix": mix, "psi": np.full((1, 1), 0.7, np.float32)}
    inputs = {"w": mapping.run(None, feeds)[0], "noise": noise}
    found = compare(
        {
            "latent": lambda: latent_from_seed(7, manifest.z_dim, manifest.noise_length),
            "mapping": lambda: mapping.run(None, feeds),
            "synthesis, int8": lambda: synthesis.run(None, inputs),
            "enlarge the dome 4 times": lambda: Ladder(dome).rung(),
            "positions": lambda: panorama_band(WIDTH, HEIGHT, rows_of_sky, 0.0, fade_span(theta), affine, disc),
            "read the dome": lambda: rung.read(*sky, out),
            "to 8 bits, dithered": lambda: to_uint8(pixels),
            "PNG": lambda: write_png(values, {}),
        },
        ROUNDS,
        warm=2,
    )
    cv2.setNumThreads(threads)
    half, whole = WIDTH * HEIGHT / 2, WIDTH * HEIGHT
    large = float(rung.image.size)
    once = (size + 2 * MARGIN) ** 2 * 3.0
    work = {
        "latent": (20.0 * (z.size + noise.size), 4.0 * (z.size + noise.size)),
        "mapping": work_of_network(str(folder / "mapping.onnx")),
        "synthesis, int8": work_of_network(str(folder / "synthesis.onnx")),
        # Products with a band of _ROWS + 2 LOBES - 1 rows, of which 2 LOBES are not zero: the useful ones are counted.
        "enlarge the dome 4 times": (4 * LOBES * (large / 4 + large), 4 * (once + 2 * large / 4 + large)),
        "positions": (4 * half, 8 * half),
        # Two fractions, four weights, twelve products and nine sums; the dome itself stays in the cache.
        "read the dome": (2 * half + 4 * half + 21 * half, (8 + 12) * half),
        "to 8 bits, dithered": (9 * whole, (12 + 12 + 3) * whole),
        "PNG": (3 * whole, 2 * values.nbytes + float(len(write_png(values, {})))),
    }
    rows, data = [], {}
    for name, timing in found.items():
        taken = Spread.of(timing.core)
        operations, moved = work[name]
        least = max(operations / bound.flops, moved / bound.bandwidth)
        which = "arithmetic" if operations / bound.flops > moved / bound.bandwidth else "memory"
        rows.append(
            (
                name,
                taken.text(2, scale=1e3),
                f"{operations / 1e6:.1f}",
                f"{moved / 1e6:.2f}",
                f"{operations / max(moved, 1):.2f}",
                f"{operations / taken.median / 1e9:.1f}",
                f"{moved / taken.median / 1e9:.1f}",
                f"{least * 1e3:.2f} ({which})",
                f"{taken.median / least:.1f}",
            )
        )
        data[name] = {"core_s": taken.as_dict(), "operations": operations, "bytes": moved, "limit_s": least}
    text = (
        f"One thread. Measured limits of one core: {bound.flops / 1e9:.0f} Gop/s in a float32 matrix product, "
        f"{bound.bandwidth / 1e9:.1f} GB/s copied. Bytes are what a stage must read and write once if nothing stays in "
        "a cache; a stage of few bytes can beat the limit where they do. int8 has a higher arithmetic limit "
        "than float32's, which is the one that is used here: below 1 means beyond what float32 could do."
    )
    return [
        Section(
            f"Distance from the limits, {WIDTH}x{HEIGHT} panorama",
            text,
            ("stage", "core ms", "Mop", "MB", "op/byte", "Gop/s", "GB/s", "least ms at the limit", "times the limit"),
            rows,
            {**data, "limits": {"flops": bound.flops, "bandwidth": bound.bandwidth}},
            "Deflate's work is matching and coding, of which only the filter is counted; its limit is not arithmetic. "
            "Reading the dome is bound by the four scattered loads a pixel, not by either limit.",
        )
    ]
