"""Pictures drawn in bands on several threads: the same as whole ones, measured the same, whatever the threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from skyloom.imaging import layouts
from skyloom.imaging.quantize import to_uint8
from skyloom.imaging.raster import rasterise
from skyloom.imaging.render import DomeRenderer
from skyloom.imaging.seams import SeamMeter, measure
from skyloom.request import Ground, OutputSpec
from skyloom.sphere import cube

SPECS = [OutputSpec("panorama", 256), OutputSpec("faces", 64), OutputSpec("perspective", 96), OutputSpec("dome", 50)]


def clouds(size: int = 96) -> np.ndarray:
    noise = np.random.default_rng(4).random((size, size, 3))
    smooth = sum(np.roll(noise, k, axis) for k in (-1, 0, 1) for axis in (0, 1)) / 6
    return smooth.astype(np.float32)


@pytest.mark.parametrize("ground", [Ground("fade"), Ground("mirror"), Ground("colour", (0.2, 0.1, 0.05))], ids=str)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.layout)
@pytest.mark.parametrize("threads", [1, 5])
def test_bands_make_the_whole_picture(
    spec: OutputSpec, ground: Ground, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = DomeRenderer(clouds(), ground=ground, rotation=20.0)
    wanted = {name: to_uint8(pixels) for name, _, pixels in renderer.render_layout(spec)}
    # Bands that neither the picture nor the dither's tile is a multiple of.
    monkeypatch.setattr(layouts, "BAND_PIXELS", 7 * 96)
    with ThreadPoolExecutor(threads) as pool:
        found = rasterise(renderer, spec, pool)
    assert [raster.image for raster in found] == list(wanted)
    for raster in found:
        steps = raster.values.astype(int) - wanted[raster.image]
        # Other bands, other last bits: a dither that stands right at a half may fall to the other side.
        assert np.abs(steps).max() <= 1
        assert (steps != 0).mean() < 1e-3


def test_a_cross_has_the_faces_in_its_cells_and_nothing_between() -> None:
    renderer = DomeRenderer(clouds())
    with ThreadPoolExecutor(2) as pool:
        [cross] = rasterise(renderer, OutputSpec("cross", 32), pool)
        six = {raster.face: raster.values for raster in rasterise(renderer, OutputSpec("faces", 32), pool)}
    np.testing.assert_array_equal(cross.values, cube.assemble_cross(six))


def test_jpeg_is_not_dithered() -> None:
    renderer = DomeRenderer(np.full((64, 64, 3), 100.25 / 255, np.float32))
    with ThreadPoolExecutor(2) as pool:
        flat, mixed = (rasterise(renderer, OutputSpec("panorama", 64, f), pool)[0].values for f in ("jpg", "png"))
    assert set(np.unique(flat)) == {100}
    assert set(np.unique(mixed)) == {100, 101}


@pytest.mark.parametrize("spec", SPECS[:2], ids=lambda spec: spec.layout)
def test_the_meter_sees_bands_as_it_sees_the_whole(spec: OutputSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = DomeRenderer(clouds(), rotation=20.0)
    whole = measure(spec.layout, [pixels for _, _, pixels in renderer.render_layout(spec)])
    monkeypatch.setattr(layouts, "BAND_PIXELS", 7 * 96)
    height = spec.size // 2 if spec.layout == "panorama" else spec.size
    meter = SeamMeter(spec.layout, spec.size, height)
    with ThreadPoolExecutor(4) as pool:
        rasterise(renderer, spec, pool, meter)
    found = meter.report()
    assert found.zenith_ratio == pytest.approx(whole.zenith_ratio, rel=1e-3)
    assert found.wrap_ratio == (None if whole.wrap_ratio is None else pytest.approx(whole.wrap_ratio, rel=1e-3))
    assert found.edge_ratio == (None if whole.edge_ratio is None else pytest.approx(whole.edge_ratio, rel=1e-3))


def test_a_dome_that_is_not_finite_is_refused() -> None:
    broken = clouds()
    broken[48, 48] = np.nan
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="finite"):
        rasterise(DomeRenderer(broken), SPECS[0], pool)
