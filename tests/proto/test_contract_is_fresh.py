"""The committed code is what the contract generates; the contract passes the linter; enums keep the house's order."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2
from skyloom import clouds, contract, request
from skyloom.v1 import sky_pb2, sky_pb2_grpc

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "python_backend" / "skyloom" / "v1"


def _buf(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    beside = Path(sys.executable).with_name("buf")
    program = str(beside) if beside.exists() else shutil.which("buf")
    assert program, "buf is missing; pip install buf-bin"
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, timeout=60)


def _generator():
    spec = importlib.util.spec_from_file_location("proto_generate", ROOT / "protos" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_contract_passes_buf_lint():
    run = _buf("lint")
    assert run.returncode == 0, run.stdout.decode() + run.stderr.decode()


def test_buf_lint_would_find_a_fault(tmp_path):
    (tmp_path / "protos/skyloom/v1").mkdir(parents=True)
    text = (ROOT / "protos/skyloom/v1/sky.proto").read_text().replace("CLOUD_GENUS_CIRRUS ", "CIRRUS ")
    (tmp_path / "protos/skyloom/v1/sky.proto").write_text(text)
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    run = _buf("lint", str(tmp_path))
    assert run.returncode != 0
    assert b"CIRRUS" in run.stdout


def test_committed_descriptor_is_the_contract():
    run = _buf("build", "--exclude-source-info", "-o", "-#format=binpb")
    assert run.returncode == 0, run.stderr.decode()
    files = descriptor_pb2.FileDescriptorSet.FromString(run.stdout).file
    built = next(file for file in files if file.name == "skyloom/v1/sky.proto")
    # buf adds extension fields of its own.
    built.DiscardUnknownFields()
    committed = descriptor_pb2.FileDescriptorProto()
    sky_pb2.DESCRIPTOR.CopyToProto(committed)
    for message in (built, committed):
        for field in _all_fields(message):
            # Compilers differ in whether they write the JSON name down where it is the default one.
            field.ClearField("json_name")
    assert built == committed


def _all_fields(file: descriptor_pb2.FileDescriptorProto):
    for message in file.message_type:
        assert not message.nested_type, "nested messages: walk them here too"
        yield from message.field


def test_committed_code_is_what_make_proto_writes(tmp_path):
    generator = _generator()
    try:
        generator.ensure_tools()
    except subprocess.CalledProcessError:
        if os.environ.get("CI"):
            raise
        pytest.skip("the pinned generators are not installed and cannot be: no network")
    generator.generate(tmp_path)
    for name in generator.GENERATED:
        fresh = (tmp_path / "skyloom" / "v1" / name).read_bytes()
        assert fresh == (COMMITTED / name).read_bytes(), f"{name} is stale: run `make proto`"


def test_pins_are_the_lower_bounds_of_the_package():
    pins = dict(pin.split("==") for pin in _generator().PINS)
    project = (ROOT / "pyproject.toml").read_text()
    assert f'"protobuf>={pins["protobuf"]},' in project
    major_minor = ".".join(pins["grpcio-tools"].split(".")[:2])
    for package in ("grpcio", "grpcio-health-checking", "grpcio-reflection", "grpcio-status"):
        assert f'"{package}>={major_minor},' in project


def test_every_method_is_served():
    methods = sky_pb2.DESCRIPTOR.services_by_name["SkyService"].methods
    assert [method.name for method in methods] == [
        "GetServerInfo",
        "GenerateSky",
        "ConvertImage",
        "GenerateTransition",
        "WatchJob",
        "CancelJob",
    ]
    for method in methods:
        assert callable(getattr(sky_pb2_grpc.SkyServiceServicer, method.name))


def test_cloud_enum_has_the_order_of_the_class_index():
    for index, name in enumerate(clouds.CLOUD_NAMES):
        assert sky_pb2.CloudGenus.Value(f"CLOUD_GENUS_{name.upper()}") == index + 1
    assert len(sky_pb2.CloudGenus.values()) == len(clouds.CLOUD_NAMES) + 1


@pytest.mark.parametrize(
    ("enum", "prefix", "names"),
    [
        (sky_pb2.Layout, "LAYOUT", request.LAYOUTS),
        (sky_pb2.DetailLevel, "DETAIL_LEVEL", request.DETAIL_LEVELS),
        (sky_pb2.GroundMode, "GROUND_MODE", request.GROUND_MODES),
        (sky_pb2.SourceKind, "SOURCE_KIND", contract.SOURCE_KINDS),
    ],
)
def test_enums_hold_the_names_of_the_request(enum, prefix, names):
    assert enum.keys() == [f"{prefix}_UNSPECIFIED", *(f"{prefix}_{name.upper()}" for name in names)]


def test_formats_of_the_request_have_their_enum():
    assert {contract.format_name(contract.format_number(name)) for name in request.FORMATS} == set(request.FORMATS)
