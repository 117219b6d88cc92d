"""Takes csc's arguments and compiles with Roslyn inside .NET: `python csc.py TOOL_FOLDER -target:library ...`.

With `--serve` instead of arguments it stays: each line on its input is the path of a response file, each line of its
output {"code": exit status, "text": diagnostics}. Most of a compile's time is spent on starting .NET and Roslyn.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path

os.environ.setdefault("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")


def load_roslyn(tools: Path) -> None:
    """Start .NET in this process and make Roslyn importable."""
    sys.path.insert(0, str(tools / "python"))
    from clr_loader import get_coreclr
    from pythonnet import set_runtime

    root = tools / "python" / "dnv" / "net" / "runtime" / ".net"
    version = next((root / "shared" / "Microsoft.NETCore.App").iterdir()).name
    config = tools / "compiler.runtimeconfig.json"
    framework = f'{{"name": "Microsoft.NETCore.App", "version": "{version}"}}'
    content = f'{{"runtimeOptions": {{"tfm": "net8.0", "framework": {framework}}}}}'
    if not config.is_file() or config.read_text() != content:
        config.write_text(content)
    set_runtime(get_coreclr(runtime_config=str(config), dotnet_root=str(root)))
    import clr

    for name in ("Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll"):
        clr.AddReference(str(tools / "roslyn" / name))


def compile_as_csc(arguments: list[str]) -> int:
    """Compile; prints diagnostics as csc does and returns its exit status."""
    import Microsoft.CodeAnalysis as roslyn
    from Microsoft.CodeAnalysis.CSharp import CSharpCommandLineParser, CSharpCompilation, CSharpSyntaxTree
    from Microsoft.CodeAnalysis.Text import SourceText
    from System import Array, String
    from System.IO import File, MemoryStream

    lines: list[str] = []
    for argument in arguments:
        lines += Path(argument[1:]).read_text(encoding="utf-8").split("\n") if argument.startswith("@") else [argument]
    wanted = Array[String]([line for line in lines if line])
    parsed = CSharpCommandLineParser.Default.Parse(wanted, os.getcwd(), None, None)
    trees = [
        CSharpSyntaxTree.ParseText(SourceText.From(File.OpenRead(source.Path), None), parsed.ParseOptions, source.Path)
        for source in parsed.SourceFiles
    ]
    references = [roslyn.MetadataReference.CreateFromFile(entry.Reference) for entry in parsed.MetadataReferences]
    output = Path(parsed.OutputDirectory) / parsed.OutputFileName
    compilation = CSharpCompilation.Create(output.stem, None, None, parsed.CompilationOptions)
    compilation = compilation.AddSyntaxTrees(Array[roslyn.SyntaxTree](trees))
    compilation = compilation.AddReferences(Array[roslyn.MetadataReference](references))
    assembly = MemoryStream()
    result = compilation.Emit(assembly, None, MemoryStream() if parsed.DocumentationPath else None)
    for diagnostic in [*parsed.Errors, *result.Diagnostics]:
        shown = (roslyn.DiagnosticSeverity.Warning, roslyn.DiagnosticSeverity.Error)
        if diagnostic.Severity in shown and not diagnostic.IsSuppressed:
            print(diagnostic.ToString())
    if not result.Success or len(list(parsed.Errors)) > 0:
        return 1
    File.WriteAllBytes(str(output), assembly.ToArray())
    return 0


def serve() -> None:
    """Compile what the input names until it ends; each in the folder of its response file."""
    for line in sys.stdin:
        response = Path(line.strip())
        os.chdir(response.parent)
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            try:
                code = compile_as_csc([f"@{response}"])
            except Exception:
                print(traceback.format_exc())
                code = 1
        print(json.dumps({"code": code, "text": text.getvalue()}), flush=True)


if __name__ == "__main__":
    load_roslyn(Path(sys.argv[1]))
    if sys.argv[2:] == ["--serve"]:
        serve()
        sys.exit(0)
    sys.exit(compile_as_csc(sys.argv[2:]))
