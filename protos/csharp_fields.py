"""The C# code of one protobuf field: its property, how it is read, how it is written."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf import descriptor_pb2 as pb

_F = pb.FieldDescriptorProto
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5

# Type -> C# type, reader, wire type, and the number to write for a value called {0}.
_SCALARS = {
    _F.TYPE_DOUBLE: ("double", "ReadDouble", _FIXED64, "WireWriter.Bits({0})"),
    _F.TYPE_FLOAT: ("float", "ReadFloat", _FIXED32, "WireWriter.Bits({0})"),
    _F.TYPE_INT64: ("long", "ReadInt64", _VARINT, "unchecked((ulong){0})"),
    _F.TYPE_UINT64: ("ulong", "ReadUInt64", _VARINT, "{0}"),
    _F.TYPE_INT32: ("int", "ReadInt32", _VARINT, "unchecked((ulong){0})"),
    _F.TYPE_FIXED64: ("ulong", "ReadFixed64", _FIXED64, "{0}"),
    _F.TYPE_FIXED32: ("uint", "ReadFixed32", _FIXED32, "{0}"),
    _F.TYPE_BOOL: ("bool", "ReadBool", _VARINT, "{0} ? 1UL : 0UL"),
    _F.TYPE_UINT32: ("uint", "ReadUInt32", _VARINT, "{0}"),
    _F.TYPE_SFIXED32: ("int", "ReadSFixed32", _FIXED32, "unchecked((uint){0})"),
    _F.TYPE_SFIXED64: ("long", "ReadSFixed64", _FIXED64, "unchecked((ulong){0})"),
    _F.TYPE_SINT32: ("int", "ReadSInt32", _VARINT, "WireWriter.ZigZag({0})"),
    _F.TYPE_SINT64: ("long", "ReadSInt64", _VARINT, "WireWriter.ZigZag({0})"),
    _F.TYPE_STRING: ("string", "ReadString", _LENGTH, ""),
    _F.TYPE_BYTES: ("byte[]", "ReadBytes", _LENGTH, ""),
}
_WRITERS = {_VARINT: "WriteVarint", _FIXED64: "WriteFixed64", _FIXED32: "WriteFixed32"}
_REFERENCES = {"string": '""', "byte[]": "Array.Empty<byte>()"}


class FieldCode:
    """Code of one field.

    Attributes:
        name: of the property.
        number: of the field.
        oneof: index of the oneof that it is a member of, None outside one.

    Raises:
        ValueError: a group, or a type out of another file.
    """

    def __init__(self, file: pb.FileDescriptorProto, message: pb.DescriptorProto, field: _F) -> None:
        self.name = "".join(word[:1].upper() + word[1:] for word in field.name.split("_"))
        if self.name == message.name:
            self.name += "_"
        self.number = field.number
        self.optional = field.proto3_optional
        self.oneof = field.oneof_index if field.HasField("oneof_index") and not self.optional else None
        self.repeated = field.label == _F.LABEL_REPEATED
        self.is_message = field.type == _F.TYPE_MESSAGE
        if self.is_message or field.type == _F.TYPE_ENUM:
            package = f".{file.package}."
            if not field.type_name.startswith(package) or "." in field.type_name.removeprefix(package):
                raise ValueError(f"{message.name}.{field.name}: its type is not one of this file's")
            self.type = field.type_name.removeprefix(package)
        if self.is_message:
            self.wire, self.reader, self.value = _LENGTH, "", ""
        elif field.type == _F.TYPE_ENUM:
            self.wire, self.reader, self.value = (
                _VARINT,
                f"({self.type})input.ReadInt32()",
                "unchecked((ulong)(int){0})",
            )
        elif field.type in _SCALARS:
            self.type, reader, self.wire, self.value = _SCALARS[field.type]
            self.reader = f"input.{reader}()"
        else:
            raise ValueError(f"{message.name}.{field.name}: groups have no code")
        explicit = not field.options.HasField("packed") or field.options.packed
        self.packed = self.repeated and self.wire != _LENGTH and explicit
        if self.oneof is not None:
            self.case_name = _pascal(message.oneof_decl[self.oneof].name) + "Case"
            self.case_type = _pascal(message.oneof_decl[self.oneof].name) + "OneofCase"
            self.case_field = "_" + _pascal(message.oneof_decl[self.oneof].name, lower=True)
        else:
            self.case_name = self.case_type = self.case_field = ""

    @property
    def _tag(self) -> int:
        return self.number << 3 | self.wire

    def property(self) -> Iterator[str]:
        """The public property, with a backing field where null is not allowed."""
        if self.repeated:
            yield f"public List<{self.type}> {self.name} {{ get; }} = new List<{self.type}>();"
        elif self.oneof is not None:
            yield from self._oneof_property()
        elif self.is_message:
            yield f"public {self.type} {self.name} {{ get; set; }}"
        elif self.type in _REFERENCES and not self.optional:
            hidden = f"_{self.name[0].lower()}{self.name[1:]}"
            yield f"public {self.type} {self.name}"
            yield "{"
            yield f"    get => {hidden};"
            yield f"    set => {hidden} = value ?? throw new ArgumentNullException(nameof(value));"
            yield "}"
            yield ""
            yield f"private {self.type} {hidden} = {_REFERENCES[self.type]};"
        else:
            # A value type with presence is nullable; texts and bytes with presence are null when absent.
            mark = "?" if self.optional and self.type not in _REFERENCES else ""
            yield f"public {self.type}{mark} {self.name} {{ get; set; }}"

    def _oneof_property(self) -> Iterator[str]:
        is_set = f"{self.case_name} == {self.case_type}.{self.name}"
        default = "null" if self.is_message else _REFERENCES.get(self.type, "default")
        yield f"public {self.type} {self.name}"
        yield "{"
        yield f"    get => {is_set} ? ({self.type}){self.case_field} : {default};"
        yield "    set"
        yield "    {"
        if self.is_message or self.type in _REFERENCES:
            yield f"        {self.case_field} = value ?? throw new ArgumentNullException(nameof(value));"
        else:
            yield f"        {self.case_field} = value;"
        yield f"        {self.case_name} = {self.case_type}.{self.name};"
        yield "    }"
        yield "}"

    def read(self) -> Iterator[str]:
        """The cases of the reading switch; lists of numbers are taken packed and unpacked, whatever is declared."""
        yield f"case {self._tag}:"
        if self.repeated and self.is_message:
            yield "    {"
            yield f"        var item = new {self.type}();"
            yield "        input.ReadMessage(item);"
            yield f"        {self.name}.Add(item);"
            yield "        break;"
            yield "    }"
            return
        if self.repeated:
            yield f"    {self.name}.Add({self.reader});"
        elif self.is_message:
            yield f"    {self.name} = {self.name} ?? new {self.type}();"
            yield f"    input.ReadMessage({self.name});"
        else:
            yield f"    {self.name} = {self.reader};"
        yield "    break;"
        if self.repeated and self.wire != _LENGTH:
            yield f"case {self.number << 3 | _LENGTH}:"
            yield f"    input.ReadPacked({self.name}, packed => {self.reader.replace('input', 'packed')});"
            yield "    break;"

    def write(self) -> Iterator[str]:
        """Statements that write the field where it is to be written."""
        if self.packed:
            one = self.value.format("value")
            call = f"packed.Varint({one})" if self.wire == _VARINT else f"packed.Fixed({one}, {_BYTES[self.wire]})"
            yield f"output.WritePacked({self.number << 3 | _LENGTH}, {self.name}, (packed, value) => {call});"
        elif self.repeated:
            yield f"for (int i = {self.name}.Count - 1; i >= 0; i--)"
            yield "{"
            yield f"    {self._write_one(f'{self.name}[i]')}"
            yield "}"
        else:
            mark = ".Value" if self.optional and self.type not in _REFERENCES else ""
            yield f"if ({self._condition()})"
            yield "{"
            yield f"    {self._write_one(self.name + mark)}"
            yield "}"

    def _condition(self) -> str:
        if self.oneof is not None:
            return f"{self.case_name} == {self.case_type}.{self.name}"
        if self.is_message or self.optional:
            return f"{self.name} != null"
        if self.type in _REFERENCES:
            return f"{self.name}.Length != 0"
        if self.type == "bool":
            return self.name
        if self.type in ("float", "double"):
            return f"{self.value.format(self.name)} != 0"
        return f"{self.name} != 0"

    def _write_one(self, value: str) -> str:
        if self.is_message:
            return f"output.WriteMessage({self._tag}, {value});"
        if self.type in _REFERENCES:
            return f"output.Write{'String' if self.type == 'string' else 'Bytes'}({self._tag}, {value});"
        return f"output.{_WRITERS[self.wire]}({self._tag}, {self.value.format(value)});"


_BYTES = {_FIXED32: 4, _FIXED64: 8}


def _pascal(name: str, lower: bool = False) -> str:
    text = "".join(word.capitalize() for word in name.split("_"))
    return text[0].lower() + text[1:] if lower else text
