"""Random protobuf messages of any type, and their values as JSON with every bit visible."""

from __future__ import annotations

import base64
import random
import struct
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

_F = FieldDescriptor
_INTEGERS = {
    **dict.fromkeys((_F.TYPE_INT32, _F.TYPE_SINT32, _F.TYPE_SFIXED32), (-(2**31), 2**31 - 1)),
    **dict.fromkeys((_F.TYPE_INT64, _F.TYPE_SINT64, _F.TYPE_SFIXED64), (-(2**63), 2**63 - 1)),
    **dict.fromkeys((_F.TYPE_UINT32, _F.TYPE_FIXED32), (0, 2**32 - 1)),
    **dict.fromkeys((_F.TYPE_UINT64, _F.TYPE_FIXED64), (0, 2**64 - 1)),
}
_LETTERS = ["a", "Z", "\0", "\x7f", "ü", "ß", "߿", "ࠀ", "￿", "𐀀", "😀", "\U0010ffff", "\ud7ff", ""]


def fill(message: Message, dice: random.Random, depth: int = 3) -> Message:
    """Set about half of the fields; bounds, defaults, minus zero and NaN payloads come up often."""
    for field in message.DESCRIPTOR.fields:
        if dice.random() < 0.5 or (field.message_type is not None and depth == 0):
            continue
        if field.is_repeated:
            values = getattr(message, field.name)
            for _ in range(dice.choice((1, 2, 5))):
                if field.message_type is not None:
                    fill(values.add(), dice, depth - 1)
                else:
                    values.append(_scalar(field, dice))
        elif field.message_type is not None:
            getattr(message, field.name).SetInParent()
            fill(getattr(message, field.name), dice, depth - 1)
        else:
            setattr(message, field.name, _scalar(field, dice))
    return message


def _scalar(field: FieldDescriptor, dice: random.Random) -> Any:
    if field.type in _INTEGERS:
        low, high = _INTEGERS[field.type]
        near = [
            0,
            1,
            low,
            high,
            127,
            128,
            16383,
            16384,
            dice.randint(low, high),
            dice.randint(0, 2 ** dice.randrange(31)),
        ]
        return dice.choice(near)
    if field.type == _F.TYPE_DOUBLE:
        (odd,) = struct.unpack("<d", dice.randbytes(8))
        return dice.choice([0.0, -0.0, 1.5, float("inf"), float("-inf"), 5e-324, dice.random(), odd])
    if field.type == _F.TYPE_FLOAT:
        return dice.choice([0.0, -0.0, 0.1, -1.5, float("inf"), 1e-45, 3.4e38, dice.random()])
    if field.type == _F.TYPE_BOOL:
        return dice.random() < 0.5
    if field.type == _F.TYPE_BYTES:
        return dice.randbytes(dice.choice((0, 1, 7, 127, 128, 300)))
    if field.type == _F.TYPE_STRING:
        return "".join(dice.choice(_LETTERS) for _ in range(dice.choice((0, 1, 5, 60))))
    if field.type == _F.TYPE_ENUM:
        # Enums are open: numbers without a name travel too.
        return dice.choice([*(value.number for value in field.enum_type.values), 77, -1, 2**31 - 1, -(2**31)])
    raise AssertionError(f"no values for {field.full_name}")


def dump(message: Message) -> dict[str, Any]:
    """Values by C# property name; floats as the number of their bits, integers as text, bytes in base64.

    As the C# properties show them: fields with presence only where they are set, all others always.
    """
    result: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        name = "".join(word[:1].upper() + word[1:] for word in field.name.split("_"))
        value = getattr(message, field.name)
        if field.is_repeated:
            result[name] = [_plain(field, item) for item in value]
        elif not field.has_presence or message.HasField(field.name):
            result[name] = _plain(field, value)
    return result


def _plain(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is not None:
        return dump(value)
    if field.type == _F.TYPE_DOUBLE:
        return str(struct.unpack("<Q", struct.pack("<d", value))[0])
    if field.type == _F.TYPE_FLOAT:
        return str(struct.unpack("<I", struct.pack("<f", value))[0])
    if field.type == _F.TYPE_BYTES:
        return base64.b64encode(value).decode()
    return value if isinstance(value, (bool, str)) else str(int(value))


def csharp_name(descriptor: Descriptor) -> str:
    """Full name of the C# class."""
    return f"{descriptor.file.GetOptions().csharp_namespace}.{descriptor.name}"
