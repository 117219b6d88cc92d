"""ConvertImage with real pictures: what arrives is what the converter makes, and bad pictures are refused by name."""

from __future__ import annotations

import numpy as np
import pytest
from fake_core import FakeCore
from harness import client_of, fake_server
from skyloom.client import InvalidRequest, Progress
from skyloom.imaging.codec import decode, encode
from skyloom.imaging.convert import convert
from skyloom.request import OutputSpec


class ConvertingCore(FakeCore):
    """The fake, but for conversions."""

    def convert(self, request, progress):
        from skyloom.server.conversion import convert_pictures

        return convert_pictures(request, progress)


def _panorama(width: int = 128) -> np.ndarray:
    """Smooth colours all around, (width / 2, width, 3)."""
    azimuth = (np.arange(width) + 0.5) / width * 2 * np.pi
    zenith = (np.arange(width // 2) + 0.5) / (width // 2) * np.pi
    red = 0.5 + 0.4 * np.outer(np.sin(zenith), np.sin(azimuth))
    green = 0.5 + 0.4 * np.outer(np.sin(zenith), np.cos(azimuth))
    blue = np.repeat(0.5 + 0.4 * np.cos(zenith)[:, None], width, axis=1)
    return np.stack([red, green, blue], axis=2).astype(np.float32)


@pytest.fixture(scope="module")
def client():
    with fake_server(ConvertingCore()) as (_, server), client_of(server) as client:
        yield client


def test_a_panorama_becomes_faces_and_a_dome(client):
    pixels = _panorama()
    outputs = (OutputSpec("faces", 32), OutputSpec("dome", 48, "jpg", 90))
    events = []
    result = client.convert([encode(pixels, "png")], "panorama", outputs, rotation=30.0, on_event=events.append)
    made = convert("panorama", [decode(encode(pixels, "png")).pixels], outputs, 30.0, 0.0, None)
    assert [image.name for image in result.images] == [item.image for item in made]
    assert {image.face for image in result.images} == {"front", "back", "left", "right", "up", "down", ""}
    for image, item in zip(result.images, made, strict=True):
        assert image.data == encode(item.pixels, image.format, outputs[image.output_index].quality)
        assert (image.height, image.width) == item.pixels.shape[:2]
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert stages == ["decode", "render", *["encode"] * 7]
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions)
    assert {stage for stage, _ in result.timings} == {"decode", "render", "encode"}


def test_six_faces_become_a_panorama_again(client):
    pixels = _panorama()
    faces = client.convert([encode(pixels, "png")], "panorama", [OutputSpec("faces", 64)])
    named = [faces[name].data for name in ("front", "back", "left", "right", "up", "down")]
    back = decode(client.convert(named, "faces", [OutputSpec("panorama", 128)])["panorama"].data).pixels
    # Eight bits and two resamplings of a smooth picture.
    assert np.abs(back - pixels).max() < 0.03


def test_linear_light_comes_out_as_srgb(client):
    grey = np.full((32, 64, 3), 0.2140411, np.float32)
    result = client.convert([encode(grey, "exr")], "panorama", [OutputSpec("panorama", 64)])
    assert decode(result["panorama"].data).pixels.mean() == pytest.approx(0.5, abs=0.004)


@pytest.mark.parametrize(
    ("image", "source", "field"),
    [
        (b"", "panorama", "images"),
        (b"no picture at all", "panorama", "images"),
        (encode(_panorama(), "png")[:-2000], "panorama", "images"),
        (encode(np.zeros((1, 1, 3), np.float32), "png"), "photo", "images"),
        (encode(np.zeros((32, 32, 3), np.float32), "png"), "panorama", "source"),
    ],
)
def test_bad_pictures_are_named(client, image, source, field):
    with pytest.raises(InvalidRequest) as caught:
        client.convert([image], source, [OutputSpec("panorama", 64)])
    assert caught.value.field == field
    assert caught.value.job_id


def test_the_bad_one_of_six_is_named(client):
    good = encode(np.zeros((32, 32, 3), np.float32), "png")
    with pytest.raises(InvalidRequest) as caught:
        client.convert([good, good, b"bad", good, good, good], "faces", [OutputSpec("panorama", 64)])
    assert caught.value.field == "images[2]"
