"""The verb generate against a client that answers at once: names, files, recipes, refusals, errors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from skyloom.errors import Cancelled, ModelError
from skyloom.imaging.codec import probe
from skyloom.request import Camera, Ground, OutputSpec, SkyRequest

FACES = ("front", "back", "left", "right", "up", "down")


def files_in(folder: Path) -> list[str]:
    """All files below a folder, hidden ones too, as relative paths."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_defaults(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    result = run("generate", "--cloud", "Cu", "--seed", 7, "-o", "sky.png")
    assert result.exit_code == 0, result.output
    assert client.requests == [SkyRequest((("cumulus", 1.0),), seed=7)]
    assert files_in(tmp_path) == ["sky.png"]
    assert "seed 7" in result.stdout
    assert "sky.png" in result.stdout


def test_every_option_reaches_the_request(run: Callable[..., Any], client: Any) -> None:
    result = run(
        *("generate", "--cloud", "cumulus:0.7,cirrus:0.3", "--seed", 9, "--variation", 0.4, "--rotate", -30),
        *(
            "--exposure",
            1.5,
            "--ground",
            "#ff0000",
            "--model",
            "tiny",
            "--layout",
            "panorama:1024",
            "--layout",
            "faces",
        ),
        *("--layout", "perspective:320", "--size", 256, "--format", "jpeg", "--quality", 71),
        *("--yaw", 10, "--pitch", 30, "--fov", 60, "-o", "out/"),
    )
    assert result.exit_code == 0, result.output
    camera = Camera(10, 30, 60)
    outputs = (("panorama", 1024), ("faces", 256), ("perspective", 320))
    assert client.requests == [
        SkyRequest(
            (("cumulus", 0.7), ("cirrus", 0.3)),
            seed=9,
            variation=0.4,
            rotation=-30,
            exposure=1.5,
            ground=Ground("colour", (1.0, 0.0, 0.0)),
            outputs=tuple(OutputSpec(layout, size, "jpg", 71, camera) for layout, size in outputs),
            model="tiny",
        )
    ]


def test_names_of_files(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    assert run("generate", "--cloud", "cirrus", "--seed", 1, "--layout", "faces", "-o", "a/b/name.png").exit_code == 0
    assert files_in(tmp_path) == sorted(f"a/b/name_{face}.png" for face in FACES)
    several = ("--layout", "panorama:64", "--layout", "panorama:128", "--layout", "cross")
    assert run("generate", "--cloud", "cirrus", "--seed", 1, *several, "-o", "c/").exit_code == 0
    assert files_in(tmp_path / "c") == ["cirrus_1_cross.png", "cirrus_1_panorama-2.png", "cirrus_1_panorama.png"]
    (tmp_path / "d").mkdir()
    mix = ("--cloud", "cirrus:0.5,stratus:0.5", "--seed", 2, "--format", "jpg")
    assert run("generate", *mix, "-o", "d").exit_code == 0
    assert files_in(tmp_path / "d") == ["cirrus-stratus_2.jpg"]


def test_seed_is_drawn_and_printed(run: Callable[..., Any], client: Any) -> None:
    seeds = set()
    for number in range(3):
        result = run("generate", "--cloud", "cirrus", "-o", f"{number}.png", "--json")
        seeds.add(json.loads(result.stdout)["seed"])
    assert len(seeds) == 3
    assert seeds == {request.seed for request in client.requests}


def test_json_is_one_object_and_complete(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    arguments = ("generate", "--cloud", "cirrus", "--seed", 3, "--layout", "faces:16", "-o", "sky.png")
    result = run(*arguments, "--recipe", "sky.json", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert [entry["face"] for entry in found["files"]] == list(FACES)
    for entry in found["files"]:
        assert (tmp_path / entry["path"]).stat().st_size == entry["bytes"]
    assert found["recipe"]["seed"] == 3
    assert found["recipe"] == json.loads((tmp_path / "sky.json").read_text())
    assert found["seams"] == {"wrap_ratio": 1.0}


def test_from_makes_the_same_bytes_again(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    made = ("--cloud", "cirrus:0.25,cumulus:0.75", "--seed", 11, "--rotate", 12.5, "--ground", "#336699")
    assert (
        run("generate", *made, "--layout", "faces:32", "-o", "a.jpg", "--quality", 60, "--recipe", "r").exit_code == 0
    )
    for source in ("a_up.jpg", "r"):
        result = run("generate", "--from", source, "-o", "again.jpg", "--force")
        assert result.exit_code == 0, result.output
        for face in FACES:
            assert (tmp_path / f"a_{face}.jpg").read_bytes() == (tmp_path / f"again_{face}.jpg").read_bytes()
        assert client.requests[-1].outputs == client.requests[0].outputs
        assert client.sha256s[-1] == "ab" * 32


def test_from_with_other_pictures(run: Callable[..., Any], client: Any) -> None:
    assert run("generate", "--cloud", "cirrus", "--seed", 11, "-o", "a.png").exit_code == 0
    assert run("generate", "--from", "a.png", "--size", 4096, "-o", "big.jpg").exit_code == 0
    assert client.requests[-1].outputs == (OutputSpec("panorama", 4096, "jpg"),)
    assert run("generate", "--from", "a.png", "--layout", "faces:64", "--seed", 11, "-o", "f.png").exit_code == 0
    assert client.requests[-1].outputs == (OutputSpec("faces", 64),)
    assert client.requests[-1].seed == 11


def test_detail_is_asked_for_and_made_again(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    assert run("generate", "--cloud", "cirrus", "--seed", 1, "-o", "a.png").exit_code == 0
    assert client.requests[-1].detail == "auto"
    for level in ("off", "standard", "HIGH"):
        assert run("generate", "--cloud", "cirrus", "--seed", 1, "--detail", level, "-o", f"{level}.png").exit_code == 0
        assert client.requests[-1].detail == level.lower()
    assert run("generate", "--from", "HIGH.png", "-o", "b.png").exit_code == 0
    assert client.requests[-1].detail == "high"
    # The same sky may be drawn more finely, or less.
    assert run("generate", "--from", "HIGH.png", "--detail", "off", "-o", "c.png").exit_code == 0
    assert client.requests[-1].detail == "off"
    (tmp_path / "old.json").write_text('{"clouds":[{"genus":"cirrus","weight":1}],"seed":3}')
    assert run("generate", "--from", "old.json", "-o", "d.png").exit_code == 0
    assert client.requests[-1].detail == "off"
    made = '{"clouds":[{"genus":"cirrus","weight":1}],"detail":"high","detailModel":{"name":"fine","sha256":"ef"}}'
    (tmp_path / "fine.json").write_text(made)
    assert run("generate", "--from", "fine.json", "-o", "e.png").exit_code == 0
    assert (client.requests[-1].detail_model, client.detail_sha256s[-1]) == ("fine", "ef")


def test_a_sequence_is_numbered_and_every_frame_makes_itself_again(
    run: Callable[..., Any], client: Any, tmp_path: Path
) -> None:
    asked = ("--cloud", "cumulus", "--seed", 7, "--to", "nimbostratus", "--frames", 3)
    result = run("generate", *asked, "-o", "way/", "--json")
    assert result.exit_code == 0, result.output
    assert files_in(tmp_path) == [f"way/cumulus_7_{frame:04d}.png" for frame in range(3)]
    (way,) = client.transitions
    assert (way.to_clouds, way.to_seed, way.frames, way.loop, way.pace) == (
        (("nimbostratus", 1.0),),
        7,
        3,
        False,
        "even",
    )
    told = json.loads(result.stdout)
    assert [(file["frame"], file["position"]) for file in told["files"]] == [(0, 0.0), (1, 0.5), (2, 1.0)]
    assert client.timeouts == [300 + 3 * 30]
    for frame, request in enumerate(list(client.requests)):
        path = f"way/cumulus_7_{frame:04d}.png"
        assert run("generate", "--from", path, "-o", f"again_{frame}.png").exit_code == 0
        assert client.requests[-1] == replace(request, model="tiny")
        assert (tmp_path / path).read_bytes() == (tmp_path / f"again_{frame}.png").read_bytes()
    shown = run("info", "way/cumulus_7_0001.png").stdout
    assert "50.0% of the way to nimbostratus 1, seed 7" in shown
    # A frame between two skies is no start of a sequence.
    refused = run("generate", "--from", "way/cumulus_7_0001.png", "--to", "cirrus", "-o", "next/")
    assert refused.exit_code == 2
    assert "a start that is a sky of its own" in refused.stderr


def test_frames_of_a_file_name_and_of_faces(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    (tmp_path / "sky_0001_left.png").write_text("mine")
    asked = (
        "--cloud",
        "Cu",
        "--seed",
        1,
        "--to-seed",
        2,
        "--frames",
        2,
        "--loop",
        "--pace",
        "Eased",
        "--layout",
        "faces",
    )
    result = run("generate", *asked, "-o", "sky.png")
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert client.transitions == []
    result = run("generate", *asked, "-o", "sky.png", "--force")
    assert result.exit_code == 0, result.output
    assert "cumulus, seed 1 to cumulus, seed 2 and back, 2 frames" in result.stdout
    (way,) = client.transitions
    assert (way.to_clouds, way.to_seed, way.loop, way.pace) == ((("cumulus", 1.0),), 2, True, "eased")
    assert files_in(tmp_path) == sorted(f"sky_{frame:04d}_{face}.png" for frame in range(2) for face in FACES)


OTHER_SKIES: list[tuple[str, Any]] = [
    ("--seed", 12),
    ("--cloud", "cumulus"),
    ("--variation", 0.1),
    ("--rotate", 5),
    ("--exposure", 1),
    ("--ground", "mirror"),
    ("--model", "other"),
]


@pytest.mark.parametrize("option", OTHER_SKIES)
def test_from_refuses_another_sky(
    run: Callable[..., Any], client: Any, tmp_path: Path, option: tuple[str, Any]
) -> None:
    assert run("generate", "--cloud", "cirrus", "--seed", 11, "-o", "a.png").exit_code == 0
    result = run("generate", "--from", "a.png", *option, "-o", "b.png")
    assert result.exit_code == 2
    assert option[0] in result.stderr
    assert files_in(tmp_path) == ["a.png"]


BAD = [
    (("--cloud", "cirrus", "--detail", "ultra"), "detail: 'ultra' is not allowed; expected one of off, standard, high"),
    (("--cloud", "cirrus", "--to", "cirrus"), "to: 'cirrus:1' is not allowed; expected clouds or a seed other than"),
    (("--cloud", "cirrus", "--seed", "7", "--to", "Ci", "--to-seed", "7"), "clouds or a seed other than"),
    (("--cloud", "cirrus", "--to", "fog"), "to: 'fog'"),
    (("--cloud", "cirrus", "--to", "cumulus:0.7"), "to: 'cumulus:0.7'"),
    (("--cloud", "cirrus", "--to", "cumulus:x"), "to: 'cumulus:x'"),
    (
        ("--cloud", "cirrus", "--to", "cumulus", "--frames", "0"),
        "frames: 0 is not allowed; expected a whole number from 2",
    ),
    (("--cloud", "cirrus", "--to", "cumulus", "--frames", "1"), "frames: 1"),
    (("--cloud", "cirrus", "--to", "cumulus", "--frames", "100000"), "a whole number from 2 to 240"),
    (("--cloud", "cirrus", "--to", "cumulus", "--frames", "1.5"), "'1.5' is not a whole number"),
    (
        ("--cloud", "cirrus", "--to", "cumulus", "--frames", "24", "--size", "8192"),
        "at most 16 frames of these outputs",
    ),
    (("--cloud", "cirrus", "--to", "cumulus", *(["--layout", "cross:2048"] * 8)), "smaller or fewer outputs"),
    (("--cloud", "cirrus", "--to", "cumulus", "--pace", "fast"), "even, eased"),
    (("--cloud", "cirrus", "--to-seed", "-1"), "to_seed: -1"),
    (("--cloud", "cirrus", "--to", "cumulus", "--recipe", "r.json"), "no --recipe for a sequence"),
    (("--cloud", "cirrus", "--frames", "5"), "no --frames without --to"),
    (("--cloud", "cirrus", "--loop"), "no --loop without --to"),
    (("--cloud", "cirrus", "--pace", "even"), "no --pace without --to"),
    (("--cloud", "cumulos"), "did you mean 'cumulus'"),
    (("--cloud", "cumulus:0.7,cirrus:0.7"), "these sum to 1.4"),
    (("--cloud", "cumulus:0.7,cirrus"), "a weight for every type"),
    (("--cloud", "cumulus:x"), "NAME:WEIGHT"),
    ((), "--cloud"),
    (("--cloud", "cirrus", "--seed", "-1"), "seed: -1 is not allowed; expected a whole number from 0 to 4294967295"),
    (("--cloud", "cirrus", "--seed", str(2**32)), "seed: 4294967296"),
    (("--cloud", "cirrus", "--size", "0"), "size: 0"),
    (("--cloud", "cirrus", "--size", "3"), "size: 3"),
    (("--cloud", "cirrus", "--size", "1000000000"), "from 32 to 8192"),
    (("--cloud", "cirrus", "--size", "1e9"), "'1e9' is not a whole number"),
    (("--cloud", "cirrus", "--layout", "sphere"), "panorama, faces, cross, dome, perspective"),
    (("--cloud", "cirrus", "--layout", "faces:x"), "whole number of pixels"),
    (("--cloud", "cirrus", *(["--layout", "panorama"] * 9)), "from 1 to 8 outputs"),
    (("--cloud", "cirrus", "--format", "gif"), "png, jpg"),
    (("--cloud", "cirrus", "--format", "jpg", "-o", "sky.png"), "png, as the file name"),
    (("--cloud", "cirrus", "-o", "sky.tiff"), ".png, .jpg, .jpeg"),
    (("--cloud", "cirrus", "-o", "sky"), ".png, .jpg, .jpeg"),
    (("--cloud", "cirrus", "-o", "sky.exr"), ".png, .jpg, .jpeg"),
    (("--cloud", "cirrus", "--quality", "0", "-o", "sky.jpg"), "from 1 to 100"),
    (("--cloud", "cirrus", "--quality", "50", "-o", "sky.png"), "no quality"),
    (("--cloud", "cirrus", "--yaw", "5"), "--layout perspective"),
    (("--cloud", "cirrus", "--variation", "1.01"), "variation"),
    (("--cloud", "cirrus", "--variation", "nan"), "variation"),
    (("--cloud", "cirrus", "--rotate", "1e6"), "rotation"),
    (("--cloud", "cirrus", "--ground", "grass"), "fade, mirror or a colour"),
    (("--from", "missing.png"), "can be read"),
    (("--from", "notes.txt"), "a PNG, JPEG"),
    (("--from", "plain.png"), "carries a recipe"),
    (("--from", "broken.json"), "JSON"),
]


@pytest.mark.parametrize(("arguments", "part"), BAD)
def test_bad_input(run: Callable[..., Any], client: Any, tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    import numpy as np
    from skyloom.imaging.codec import encode

    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "broken.json").write_text('{"seed": ')
    (tmp_path / "plain.png").write_bytes(encode(np.zeros((16, 16, 3), np.float32), "png"))
    before = files_in(tmp_path)
    result = run("generate", *arguments)
    assert result.exit_code == 2, result.output
    assert part in " ".join(result.stderr.replace("│", " ").split())
    assert files_in(tmp_path) == before
    assert client.requests == []


def test_existing_files_are_kept_without_force(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    (tmp_path / "sky_left.png").write_text("mine")
    arguments = ("generate", "--cloud", "cirrus", "--seed", 1, "--layout", "faces", "-o", "sky.png")
    result = run(*arguments)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert files_in(tmp_path) == ["sky_left.png"]
    assert (tmp_path / "sky_left.png").read_text() == "mine"
    assert client.requests == []
    assert run(*arguments, "--force").exit_code == 0
    assert probe(tmp_path / "sky_left.png").format == "png"
    assert len(files_in(tmp_path)) == 6


def test_existing_recipe_and_dangling_link_are_kept_too(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("mine")
    assert run("generate", "--cloud", "cirrus", "-o", "a.png", "--recipe", "r.json").exit_code == 2
    os.symlink(tmp_path / "nowhere", tmp_path / "link.png")
    assert run("generate", "--cloud", "cirrus", "-o", "link.png").exit_code == 2
    assert files_in(tmp_path) == ["link.png", "r.json"]
    assert client.requests == []


def test_unwritable_places_are_refused_before_the_work(
    run: Callable[..., Any], client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run("generate", "--cloud", "cirrus", "-o", "file/sky.png")
    assert result.exit_code == 2
    assert "is a file" in result.stderr

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, whom no mode bits stop.
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    result = run("generate", "--cloud", "cirrus", "-o", "new/sky.png")
    assert result.exit_code == 2
    assert "Permission denied" in result.stderr
    assert client.requests == []
    assert files_in(tmp_path) == ["file"]


def test_a_file_that_turns_up_meanwhile_is_kept(run: Callable[..., Any], client: Any, tmp_path: Path) -> None:
    client.before_answer = lambda: (tmp_path / "sky_down.png").write_text("mine")
    result = run("generate", "--cloud", "cirrus", "--layout", "faces", "-o", "sky.png")
    assert result.exit_code == 2
    assert files_in(tmp_path) == ["sky_down.png"]
    assert (tmp_path / "sky_down.png").read_text() == "mine"


def errors() -> list[tuple[BaseException, int]]:
    from skyloom.client import errors as client_errors

    return [
        (ModelError("synthesis.onnx: sha256 aa does not match bb"), 2),
        (client_errors.ServerModelError("hash differs"), 2),
        (client_errors.Unavailable("nobody there"), 4),
        (client_errors.Unauthenticated("token"), 4),
        (client_errors.QueueFull("full", retry_after=1), 4),
        (client_errors.DeadlineExceeded("late"), 4),
        (client_errors.CorruptResult("gap"), 4),
        (client_errors.JobCancelled("cancelled"), 5),
        (Cancelled("cancelled"), 5),
        (client_errors.InvalidRequest((("seed", "seed: too large"),)), 2),
        (client_errors.ServerFault("internal"), 1),
        (RuntimeError("a bug"), 1),
        (KeyboardInterrupt(), 130),
    ]


@pytest.mark.parametrize(("error", "code"), errors(), ids=lambda value: getattr(type(value), "__name__", None))
def test_exit_codes(run: Callable[..., Any], client: Any, tmp_path: Path, error: BaseException, code: int) -> None:
    client.error = error
    result = run("generate", "--cloud", "cirrus", "-o", "sky.png", "--json")
    assert result.exit_code == code
    told = json.loads(result.stdout)["error"]
    assert told["exit_code"] == code
    assert str(error) in told["message"]
    assert "Traceback" not in result.output
    assert files_in(tmp_path) == []


def test_json_error_names_the_field(run: Callable[..., Any], client: Any) -> None:
    told = json.loads(run("generate", "--cloud", "cirrus", "--seed", "-1", "--json").stdout)["error"]
    assert (told["field"], told["exit_code"]) == ("seed", 2)
