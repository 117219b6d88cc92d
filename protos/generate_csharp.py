"""Generates the C# messages of a contract from its descriptor: `python protos/generate_csharp.py [--output FOLDER]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from csharp_fields import FieldCode
from generate import PROTO, ROOT, ensure_tools
from google.protobuf import descriptor_pb2 as pb

OUTPUT = ROOT / "unity_package" / "Core" / "Generated"
GENERATED = "Sky.g.cs"


def read_descriptor(proto: str, folder: Path) -> pb.FileDescriptorProto:
    """Compile ``proto``, a path below ``folder``, with the pinned compiler; comments included.

    Raises:
        subprocess.CalledProcessError: it does not compile, or the tools cannot be installed.
    """
    tools = ensure_tools()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "descriptor.binpb"
        command = [sys.executable, "-m", "grpc_tools.protoc", f"--proto_path={folder}", "--include_source_info"]
        subprocess.run(
            [*command, f"--descriptor_set_out={out}", proto], check=True, env={**os.environ, "PYTHONPATH": str(tools)}
        )
        return pb.FileDescriptorSet.FromString(out.read_bytes()).file[0]


def csharp_code(file: pb.FileDescriptorProto) -> str:
    """The C# source of every enum and message of ``file``.

    Raises:
        ValueError: something that the codec has no code for: proto2, nested types, maps, groups, extensions.
    """
    if file.syntax != "proto3" or file.extension or not file.options.csharp_namespace:
        raise ValueError(f"{file.name}: only proto3 without extensions, with a csharp_namespace")
    comments = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}
    lines = [
        f"// Messages of {file.name}, generated from it by `make proto`; do not edit.",
        "#pragma warning disable 1591",
        "using System;",
        "using System.Collections.Generic;",
        "using Skyloom.Wire;",
        "",
        f"namespace {file.options.csharp_namespace}",
        "{",
    ]
    for index, enum in enumerate(file.enum_type):
        lines += _indented(_enum(enum, comments, (5, index)))
    for index, message in enumerate(file.message_type):
        lines += _indented(_message(file, message, comments, (4, index)))
    # No empty line before the closing brace.
    return "\n".join([*lines[:-1], "}", ""])


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _summary(comments: dict[tuple[int, ...], str], path: tuple[int, ...]) -> Iterator[str]:
    text = comments.get(path, "").strip()
    if text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield "/// <summary>"
        yield from (f"/// {line.strip()}" for line in text.splitlines())
        yield "/// </summary>"


def _enum(enum: pb.EnumDescriptorProto, comments: dict[tuple[int, ...], str], path: tuple[int, ...]) -> Iterator[str]:
    prefix = "".join(f"_{char}" if char.isupper() else char.upper() for char in enum.name).lstrip("_") + "_"
    yield from _summary(comments, path)
    yield f"public enum {enum.name}"
    yield "{"
    for index, value in enumerate(enum.value):
        yield from (f"    {line}" for line in _summary(comments, (*path, 2, index)))
        name = "".join(word.capitalize() for word in value.name.removeprefix(prefix).split("_"))
        yield f"    {name} = {value.number},"
    yield "}"
    yield ""


def _message(
    file: pb.FileDescriptorProto,
    message: pb.DescriptorProto,
    comments: dict[tuple[int, ...], str],
    path: tuple[int, ...],
) -> Iterator[str]:
    if message.nested_type or message.enum_type or message.extension:
        raise ValueError(f"{message.name}: nested types, maps and extensions have no code")
    fields = [FieldCode(file, message, field) for field in message.field]
    yield from _summary(comments, path)
    yield f"public sealed class {message.name} : Message"
    yield "{"
    for index, field in enumerate(fields):
        yield from (f"    {line}" for line in _summary(comments, (*path, 2, index)))
        yield from (f"    {line}" if line else "" for line in field.property())
        yield ""
    for index, oneof in enumerate(message.oneof_decl):
        members = [field for field in fields if field.oneof == index]
        if members:
            yield from (f"    {line}" if line else "" for line in _oneof(oneof.name, members))
    yield "    public override void ReadFields(WireReader input)"
    yield "    {"
    yield "        uint tag;"
    yield "        while ((tag = input.ReadTag()) != 0)"
    yield "        {"
    yield "            switch (tag)"
    yield "            {"
    for field in fields:
        yield from (f"                {line}" for line in field.read())
    yield "                default:"
    yield "                    KeepUnknown(input, tag);"
    yield "                    break;"
    yield "            }"
    yield "        }"
    yield "    }"
    yield ""
    yield "    public override void WriteFields(WireWriter output)"
    yield "    {"
    yield "        WriteUnknown(output);"
    for field in sorted(fields, key=lambda field: field.number, reverse=True):
        yield from (f"        {line}" for line in field.write())
    yield "    }"
    yield "}"
    yield ""


def _oneof(name: str, members: list[FieldCode]) -> Iterator[str]:
    case = members[0].case_type
    yield f"/// <summary>Which member of {name} is set.</summary>"
    yield f"public enum {case}"
    yield "{"
    yield "    None = 0,"
    for field in members:
        yield f"    {field.name} = {field.number},"
    yield "}"
    yield ""
    yield f"/// <summary>Which member of {name} is set.</summary>"
    yield f"public {case} {members[0].case_name} {{ get; private set; }}"
    yield ""
    yield f"private object {members[0].case_field};"
    yield ""


def main() -> None:
    """Command line: writes over the committed code unless ``--output`` says otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--proto", default=PROTO, help="a path below --folder")
    parser.add_argument("--folder", type=Path, default=ROOT / "protos")
    parser.add_argument("--name", default=GENERATED, help="the file to write")
    options = parser.parse_args()
    code = csharp_code(read_descriptor(options.proto, options.folder))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / options.name).write_text(code, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
