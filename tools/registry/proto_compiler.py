"""Compiles registered .proto text into a FileDescriptorSet, in a process of its own.

The text is untrusted: protoc runs apart, in an empty folder that it alone uses, and is ended when
it takes too long.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

_SECONDS = 20.0
_ROOT = "headwater_root.proto"
_COMPILE = (
    "import sys, importlib.resources as r, grpc_tools.protoc as p;"
    "sys.exit(p.main([*sys.argv, '-I' + str(r.files('grpc_tools') / '_proto')]))"
)


class ProtoNotCompiledError(ValueError):
    """The .proto text does not compile; the text of this error is the compiler's complaint."""


class ProtoCompiler:
    """Runs at most `processes` compilers at a time."""

    def __init__(self, *, processes: int = 2) -> None:
        self._places = asyncio.Semaphore(processes)

    async def compile(self, text: str, imports: Mapping[str, str]) -> bytes:
        """A serialised FileDescriptorSet whose last file is `text`, with comments.

        `imports` maps the paths that the text and its imports import to their texts; Google's
        well-known types need not be among them. Raises ProtoNotCompiledError.
        """
        async with self._places:
            with tempfile.TemporaryDirectory(prefix="headwater-proto-") as folder:
                await asyncio.to_thread(_write, Path(folder), {**imports, _ROOT: text})
                await _protoc(Path(folder))
                return await asyncio.to_thread((Path(folder) / "out.bin").read_bytes)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.name:
            raise ProtoNotCompiledError("an import's path leads out of the schema's own folder")
        target = folder / "src" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


async def _protoc(folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _COMPILE,
        f"-I{folder / 'src'}",
        "--include_imports",
        "--include_source_info",
        f"--descriptor_set_out={folder / 'out.bin'}",
        _ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), _SECONDS)
    except (TimeoutError, asyncio.CancelledError) as error:
        process.kill()
        await process.wait()
        if isinstance(error, asyncio.CancelledError):
            raise
        raise ProtoNotCompiledError("compiling took too long") from error
    if process.returncode != 0:
        raise ProtoNotCompiledError(_readable(complaint))


def _readable(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[0].replace(f"{_ROOT}:", "line ")[:300] if lines else "protoc gave no reason"
