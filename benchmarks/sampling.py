"""From a dome to panorama and faces: core time against what reads panoramas today, and how close to the truth."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from statistics import median
from typing import Any

import cv2
import numpy as np
import py360convert
import torch
from scipy.ndimage import map_coordinates
from skyloom.imaging.raster import rasterise
from skyloom.imaging.render import DomeRenderer
from skyloom.request import OutputSpec
from skyloom.sphere import cube, dome, equirect

from benchmarks.clock import Spread, compare
from benchmarks.report import Section
from benchmarks.skies import analytic, analytic_dome, model, panorama, sky_dome

FACE, WIDTH = 1024, 4096
ROUNDS, DETAILED_ROUNDS = 12, 9
FACES, PANORAMA = OutputSpec("faces", FACE), OutputSpec("panorama", WIDTH)
# py360convert's letters for our faces.
_THEIRS = {"front": "F", "left": "R", "back": "B", "right": "L", "up": "U", "down": "D"}
_COLD = {
    "Skyloom": """
from skyloom.imaging.render import DomeRenderer
from skyloom.request import OutputSpec
work = lambda: DomeRenderer(np.zeros((512, 512, 3), np.float32) + 0.5).render_layout(OutputSpec("faces", 1024))
""",
    "py360convert": """
import py360convert
picture = np.zeros((2048, 4096, 3), np.uint8)
work = lambda: py360convert.e2c(picture, 1024, cube_format="list")
""",
}


class _AtOnce(Executor):
    """Does what it is given on the thread that gives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def sections() -> list[Section]:
    """The comparison, and what panorama and faces cost together."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    try:
        return [_against_peers(), _together()]
    finally:
        cv2.setNumThreads(-1)


def _against_peers() -> Section:
    picture, made = panorama(WIDTH), sky_dome()
    bytes_ = np.rint(picture * 255).astype(np.uint8)
    column, row, _ = dome.coordinates(equirect.directions(WIDTH, WIDTH // 2), made.shape[0])
    grid = torch.from_numpy(np.stack([column, row], -1).astype(np.float32) / made.shape[0] * 2 - 1)[None]
    planes = torch.from_numpy(made.transpose(2, 0, 1).copy())[None]
    x, y = column.astype(np.float32), row.astype(np.float32)
    six = {_THEIRS[face]: pixels for _, face, pixels in DomeRenderer(made).render_layout(FACES)}
    cases = {
        "faces": lambda: DomeRenderer(made).render_layout(FACES),
        "faces, 8 bits": lambda: rasterise(DomeRenderer(made), FACES, _AtOnce()),
        "e2c uint8": lambda: py360convert.e2c(bytes_, FACE, cube_format="list"),
        "e2c float32": lambda: py360convert.e2c(picture, FACE, cube_format="list"),
        "panorama": lambda: DomeRenderer(made).render_layout(PANORAMA),
        "c2e float32": lambda: py360convert.c2e(six, WIDTH // 2, WIDTH, cube_format="dict"),
        "cv2.remap": lambda: cv2.remap(made, x, y, cv2.INTER_LINEAR),
        "grid_sample": lambda: torch.nn.functional.grid_sample(planes, grid, align_corners=False),
    }
    found = compare(cases, ROUNDS)
    # Seconds a call: three rounds are enough to see that.
    slow = compare(
        {
            "map_coordinates": lambda: [map_coordinates(made[..., c], (row, column), order=1) for c in range(3)],
            "panorama": cases["panorama"],
        },
        3,
        warm=0,
    )
    size = f"{WIDTH}x{WIDTH // 2}"
    lines = [
        (f"six {FACE} faces from the dome", "Skyloom", "faces", "faces"),
        ("the same in 8 bits, dithered", "Skyloom", "faces, 8 bits", "faces"),
        (f"six {FACE} faces from a {size} panorama", "py360convert e2c, float32", "e2c float32", "faces"),
        ("the same in 8 bits", "py360convert e2c, uint8", "e2c uint8", "faces, 8 bits"),
        (f"{size} panorama from the dome", "Skyloom", "panorama", "panorama"),
        (f"{size} panorama from six {FACE} faces", "py360convert c2e, float32", "c2e float32", "panorama"),
        (f"{size} from the dome, bilinear, positions ready", "cv2.remap", "cv2.remap", "panorama"),
        ("the same", "torch grid_sample", "grid_sample", "panorama"),
    ]
    rows = [
        (task, who, Spread.of(found[case].core).text(1, scale=1e3), found[case].over(found[ours]).text(2))
        for task, who, case, ours in lines
    ]
    timing, ours = slow["map_coordinates"], slow["panorama"]
    rows.append(
        (
            "the same",
            "scipy map_coordinates, order 1",
            Spread.of(timing.core).text(0, scale=1e3),
            timing.over(ours).text(1),
        )
    )
    cold, errors = _cold(), _errors()
    return Section(
        "Sampling, one thread",
        "Core time of whole calls with warm caches; Skyloom's include laying the ground and the Lanczos enlargement of "
        "the dome, the last four find their positions ready and read the dome bilinearly as it is.",
        ("task", "by", "core ms", "times Skyloom's"),
        rows,
        {
            **{
                name: timing.as_dict() for name, timing in {**found, "map_coordinates": slow["map_coordinates"]}.items()
            },
            "e2c_uint8_over_faces": found["e2c uint8"].over(found["faces, 8 bits"]).as_dict(),
            "e2c_float32_over_faces": found["e2c float32"].over(found["faces"]).as_dict(),
            "cold_core_s": cold,
            "error": errors,
        },
        f"First call in a fresh process, faces as above: Skyloom {cold['Skyloom'] * 1e3:.0f} ms of core time, "
        f"py360convert {cold['py360convert'] * 1e3:.0f} ms (median of 3).\n\n"
        "Error against an analytic sky (structure of some degrees, values in [0.05, 0.95]), faces above the horizon: "
        f"Skyloom from a dome of {errors['dome']} mean {errors['skyloom_mean']:.1e}, largest "
        f"{errors['skyloom_max']:.1e}; py360convert from a panorama of {size} mean {errors['py360convert_mean']:.1e}, "
        f"largest {errors['py360convert_max']:.1e}. It samples faces at their end points, up to half a texel off "
        "their centres.",
    )


def _cold() -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in _COLD}
    for _ in range(3):
        for name, code in _COLD.items():
            start = "import time\nimport numpy as np\nimport cv2\ncv2.setNumThreads(1)\n"
            timed = "t = time.process_time()\nwork()\nprint(time.process_time() - t)"
            run = [sys.executable, "-c", start + code + timed]
            found[name].append(float(subprocess.run(run, check=True, capture_output=True, text=True).stdout))
    return {name: median(values) for name, values in found.items()}


def _errors() -> dict[str, float]:
    """Mean and largest error of the faces above the horizon, both ways."""
    size = model().dome_size
    ours = {face: pixels for _, face, pixels in DomeRenderer(analytic_dome(size)).render_layout(FACES)}
    wide = analytic(equirect.directions(WIDTH, WIDTH // 2))
    theirs = py360convert.e2c(wide, FACE, cube_format="dict")
    wrong: dict[str, list[np.ndarray]] = {"skyloom": [], "py360convert": []}
    for face in cube.FACES:
        directions = cube.directions(face, FACE)
        sky = directions[..., 1] > 0
        for who, picture in (("skyloom", ours[face]), ("py360convert", theirs[_THEIRS[face]])):
            wrong[who].append(np.abs(picture - analytic(directions))[sky].ravel())
    found = {"dome": float(size)}
    for who, parts in wrong.items():
        every = np.concatenate(parts)
        found |= {f"{who}_mean": float(every.mean()), f"{who}_max": float(every.max())}
    return {**found, "dome": size}


def _together() -> Section:
    """Panorama, faces, and both, from the dome to encoded files and from the seed to encoded files."""
    from skyloom.request import SkyRequest
    from skyloom.studio import make_sky

    from benchmarks.skies import CLOUDS, detail_model

    net, fine = model(), detail_model()
    rows, data = [], {}
    for width, face in ((2048, 512), (4096, 1024)):
        wide, six = OutputSpec("panorama", width), OutputSpec("faces", face)

        def whole(*outputs: OutputSpec) -> object:
            return make_sky(SkyRequest(CLOUDS, seed=1, outputs=outputs, detail="off"), net)

        def detailed(*outputs: OutputSpec) -> object:
            request = SkyRequest(CLOUDS, seed=1, outputs=outputs, detail="standard")
            return make_sky(request, net, detail_model=fine)

        def sampled(*outputs: OutputSpec) -> object:
            renderer = DomeRenderer(sky_dome())
            return [renderer.render_layout(spec) for spec in outputs]

        works = [("seed to files", whole, ROUNDS), ("dome to pixels", sampled, ROUNDS)]
        if fine is not None:
            works.append(("seed to files, detail standard", detailed, DETAILED_ROUNDS))
        for what, work, rounds in works:
            found = compare(
                {
                    "panorama": lambda w=work, o=wide: w(o),
                    "faces": lambda w=work, o=six: w(o),
                    "both": lambda w=work, a=wide, b=six: w(a, b),
                },
                rounds,
            )
            dearer = max(("panorama", "faces"), key=lambda name: median(found[name].core))
            ratio = found["both"].over(found[dearer])
            data[f"{what} {width}+{face}"] = {"both_over_dearer": ratio.as_dict(), "dearer": dearer}
            times = [Spread.of(found[name].core).text(1, scale=1e3) for name in ("panorama", "faces", "both")]
            rows.append((f"{width}x{width // 2} and six {face}, {what}", *times, ratio.text(2)))
    return Section(
        "Panorama and faces together",
        "Core ms, detail off unless named; both share the network, the detail, the ground and the enlarged dome. Each "
        "pixel is read from the dome for itself, so that beyond what is shared the cost is that of the pixels.",
        ("request", "panorama", "faces", "both", "both over the dearer"),
        rows,
        data,
    )
