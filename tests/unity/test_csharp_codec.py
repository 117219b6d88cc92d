"""C# and Python write the same bytes and read the same values: of the contract, of every field type, of foul bytes."""

from __future__ import annotations

import base64
import random

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from random_messages import csharp_name, dump, fill
from skyloom.v1 import sky_pb2


@pytest.fixture(scope="module")
def codec_types(codec_messages):
    """Python classes of the test's own proto, by name."""
    pool = descriptor_pool.DescriptorPool()
    plain = descriptor_pb2.FileDescriptorProto()
    plain.CopyFrom(codec_messages[0])
    pool.Add(plain)
    return message_factory.GetMessageClassesForFiles([plain.name], pool)


@pytest.fixture(scope="module")
def everything(codec_types):
    return codec_types["codec_test.v1.Everything"]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _sky_types() -> list[type]:
    return [getattr(sky_pb2, name) for name in sky_pb2.DESCRIPTOR.message_types_by_name]


def _read(driver, pairs):
    """What C# makes of (class, bytes): {data, dump} or {fault}."""
    messages = [{"type": csharp_name(kind.DESCRIPTOR), "data": _b64(data)} for kind, data in pairs]
    return driver.call("roundtrip", messages=messages)


def test_a_thousand_messages_of_the_contract_go_both_ways(driver):
    dice = random.Random(1)
    kinds = _sky_types()
    messages = [fill(kinds[number % len(kinds)](), dice, depth=4) for number in range(1000)]
    assert sum(len(message.SerializeToString()) for message in messages) > 40_000
    _check_both_ways(driver, messages)


def test_a_thousand_messages_of_every_field_type_go_both_ways(driver, everything):
    dice = random.Random(3)
    _check_both_ways(driver, [fill(everything(), dice, depth=1) for _ in range(1000)])


def _check_both_ways(driver, messages):
    wires = [message.SerializeToString(deterministic=True) for message in messages]
    answers = _read(driver, [(type(message), wire) for message, wire in zip(messages, wires, strict=True)])
    for message, wire, answer in zip(messages, wires, answers, strict=True):
        assert "fault" not in answer, (message, answer)
        assert answer["dump"] == dump(message)
        assert base64.b64decode(answer["data"]) == wire
    # Built from values alone: what C# writes is what Python writes, and so reads.
    asked = [{"type": csharp_name(message.DESCRIPTOR), "dump": dump(message)} for message in messages]
    built = driver.call("build", messages=asked)
    for message, wire, data in zip(messages, wires, built, strict=True):
        assert base64.b64decode(data) == wire
        assert dump(type(message).FromString(base64.b64decode(data))) == dump(message)


def test_a_signalling_nan_keeps_its_payload(driver, codec_types):
    narrow = codec_types["codec_test.v1.Narrow"]
    wire = bytes.fromhex("a901 0100 0000 0000 f07f".replace(" ", ""))
    (answer,) = _read(driver, [(narrow, wire)])
    assert base64.b64decode(answer["data"]) == wire == narrow.FromString(wire).SerializeToString()


def test_fields_of_a_newer_version_are_kept_as_python_keeps_them(driver, codec_types, everything):
    narrow, empty = codec_types["codec_test.v1.Narrow"], codec_types["codec_test.v1.Empty"]
    dice = random.Random(4)
    pairs = []
    for _ in range(150):
        wire = fill(everything(), dice, depth=2).SerializeToString()
        pairs += [(narrow, wire), (empty, wire)]
    for (kind, wire), answer in zip(pairs, _read(driver, pairs), strict=True):
        expected = kind.FromString(wire)
        assert base64.b64decode(answer["data"]) == expected.SerializeToString()
        assert answer["dump"] == dump(expected)


def test_fields_in_any_order_and_twice_are_merged_as_python_merges_them(driver, everything):
    dice = random.Random(5)
    wires = []
    for _ in range(200):
        parts = [fill(everything(), dice, depth=1).SerializeToString() for _ in range(dice.choice((2, 3)))]
        wires.append(b"".join(parts))
    for wire, answer in zip(wires, _read(driver, [(everything, wire) for wire in wires]), strict=True):
        expected = everything.FromString(wire)
        assert answer["dump"] == dump(expected)
        assert base64.b64decode(answer["data"]) == expected.SerializeToString()


@pytest.mark.parametrize(
    ("wire", "fault"),
    [
        ("08", "Truncated"),
        ("09 00 00", "Truncated"),
        ("18", "Truncated"),
        ("18 80", "Truncated"),
        ("72 05 61", "Truncated"),
        ("72 ff ff ff ff 0f", "Truncated"),
        ("72 ff ff ff ff ff ff ff ff ff 01", "Truncated"),
        ("8a 01 02 18", "Truncated"),
        ("8a 01 01 18 05", "Truncated"),
        ("fa 01 07 00 00 00 00 00 00 00", "Truncated"),
        ("13 08 01", "Truncated"),
        ("18 80 80 80 80 80 80 80 80 80 80 01", "BadVarint"),
        ("30 ff ff ff ff ff ff ff ff ff 80 01", "BadVarint"),
        ("00", "BadTag"),
        ("07", "BadTag"),
        ("0e", "BadTag"),
        ("04", "BadTag"),
        ("0c", "BadTag"),
        ("80 80 80 80 80 01", "BadTag"),
        ("72 01 ff", "BadText"),
        ("72 02 c0 80", "BadText"),
        ("72 03 ed a0 80", "BadText"),
        ("72 04 f4 90 80 80", "BadText"),
        ("e2 02 02 c3 28", "BadText"),
    ],
)
def test_foul_bytes_are_refused_with_a_typed_error_as_in_python(driver, everything, wire, fault):
    data = bytes.fromhex(wire)
    with pytest.raises(DecodeError):
        everything.FromString(data)
    (answer,) = _read(driver, [(everything, data)])
    assert answer == {"fault": fault}


@pytest.mark.parametrize(
    "wire",
    [
        "18 ff ff ff ff ff ff ff ff ff 01",
        "28 ff ff ff ff ff ff ff ff ff 01",
        "18 ff ff ff ff ff ff ff ff 7f",
        "38 ff ff ff ff ff ff ff ff ff 01",
        "68 80 80 80 80 80 80 80 80 80 01",
        "68 80 00",
        "30 ff ff ff ff ff ff ff ff ff 02",
        "68 80 80 80 80 80 80 80 80 80 7e",
        "80 01 ff ff ff ff ff ff ff ff ff 01",
        "98 80 80 00 05",
        "fa 01 00",
        "8a 02 03 01 80 01",
        "88 02 07",
        "82 03 03 05 80 01",
        "72 00 8a 01 00",
        "f3 07 08 01 f4 07",
        "f8 ff ff ff 0f 01",
    ],
)
def test_odd_but_lawful_bytes_mean_the_same_as_in_python(driver, everything, wire):
    data = bytes.fromhex(wire)
    expected = everything.FromString(data)
    (answer,) = _read(driver, [(everything, data)])
    assert answer.get("dump") == dump(expected), answer
    assert base64.b64decode(answer["data"]) == expected.SerializeToString()


def test_damaged_bytes_are_taken_or_refused_as_in_python(driver, everything):
    dice = random.Random(6)
    wires = []
    for _ in range(1500):
        wire = bytearray(fill(everything(), dice, depth=1).SerializeToString())
        if not wire:
            continue
        for _ in range(dice.choice((1, 1, 3))):
            wire[dice.randrange(len(wire))] = dice.randrange(256)
        wires.append(bytes(wire[: dice.choice((len(wire), dice.randrange(len(wire) + 1)))]))
    taken = 0
    for wire, answer in zip(wires, _read(driver, [(everything, wire) for wire in wires]), strict=True):
        try:
            expected = everything.FromString(wire)
        except DecodeError:
            assert "fault" in answer, wire.hex()
            continue
        taken += 1
        assert "fault" not in answer, (wire.hex(), answer)
        assert base64.b64decode(answer["data"]) == expected.SerializeToString(), wire.hex()
    assert 100 < taken < len(wires) - 100


@pytest.mark.parametrize("group", [False, True])
def test_nesting_is_bounded_where_python_bounds_it(driver, everything, group):
    def nested(depth: int) -> bytes:
        wire = b""
        for _ in range(depth):
            length = len(wire)
            varint = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
            wire = b"\xf3\x07" + wire + b"\xf4\x07" if group else b"\x8a\x01" + varint + wire
        return wire

    for depth in (1, 98, 99, 100, 101, 102, 150):
        try:
            everything.FromString(nested(depth))
            allowed = True
        except DecodeError:
            allowed = False
        (answer,) = _read(driver, [(everything, nested(depth))])
        assert ("fault" not in answer) == allowed, depth
        assert allowed or answer["fault"] == "TooDeep"


def test_the_generator_refuses_what_it_has_no_code_for(tmp_path):
    import generate_csharp

    head = 'syntax = "proto3"; package a; option csharp_namespace = "A"; '
    for body in (
        "message M { message N {} }",
        "message M { map<string, int32> m = 1; }",
        'import "google/protobuf/any.proto"; message M { google.protobuf.Any a = 1; }',
    ):
        (tmp_path / "a.proto").write_text(head + body)
        with pytest.raises(ValueError, match="M"):
            generate_csharp.csharp_code(generate_csharp.read_descriptor("a.proto", tmp_path))
    (tmp_path / "a.proto").write_text('syntax = "proto2"; message M { optional int32 a = 1; }')
    with pytest.raises(ValueError, match="proto3"):
        generate_csharp.csharp_code(generate_csharp.read_descriptor("a.proto", tmp_path))


def test_committed_code_is_what_make_proto_writes():
    import generate_csharp

    descriptor = generate_csharp.read_descriptor(generate_csharp.PROTO, generate_csharp.ROOT / "protos")
    committed = generate_csharp.OUTPUT / generate_csharp.GENERATED
    assert committed.read_text(encoding="utf-8") == generate_csharp.csharp_code(descriptor), "run `make proto`"
