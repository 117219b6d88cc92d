"""Generates the Python code of sky.proto with pinned tools: `python protos/generate.py [--output FOLDER]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = "skyloom/v1/sky.proto"
OUTPUT = ROOT / "python_backend"
GENERATED = ("sky_pb2.py", "sky_pb2.pyi", "sky_pb2_grpc.py", "sky_pb2_grpc.pyi")

# Old on purpose: generated code runs on every later protobuf and grpcio, never on an earlier one, so these pins are
# the lower bounds in pyproject.toml. They live apart from the environment because grpcio-tools caps protobuf.
PINS = ("grpcio-tools==1.74.0", "mypy-protobuf==3.6.0", "protobuf==6.31.1")
TOOLS = ROOT / "build" / f"proto-tools-py{sys.version_info.major}{sys.version_info.minor}"


def ensure_tools() -> Path:
    """Install the pinned generators into ``build/`` unless they are there; returns their folder.

    Raises:
        subprocess.CalledProcessError: pip could not install them, e.g. without a network.
    """
    stamp = TOOLS / "pins.txt"
    wanted = "\n".join(PINS)
    if not stamp.is_file() or stamp.read_text() != wanted:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--upgrade", "--target", str(TOOLS), *PINS], check=True)
        stamp.write_text(wanted)
    return TOOLS


def generate(output: Path) -> None:
    """Write the four generated files below ``output/skyloom/v1``.

    Raises:
        subprocess.CalledProcessError: the contract does not compile, or the tools cannot be installed.
    """
    tools = ensure_tools()
    output.mkdir(parents=True, exist_ok=True)
    suffix = ".exe" if os.name == "nt" else ""
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"--proto_path={ROOT / 'protos'}",
        f"--python_out={output}",
        f"--pyi_out={output}",
        f"--grpc_python_out={output}",
        f"--plugin=protoc-gen-mypy_grpc={tools / 'bin' / ('protoc-gen-mypy_grpc' + suffix)}",
        f"--mypy_grpc_out=quiet:{output}",
        PROTO,
    ]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(tools)})


def main() -> None:
    """Command line: writes over the committed code unless ``--output`` says otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    generate(parser.parse_args().output)


if __name__ == "__main__":
    main()
