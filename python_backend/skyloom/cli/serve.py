"""skyloom serve: run a sky server until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skyloom.cli.exits import guarded
from skyloom.errors import InvalidInput

if TYPE_CHECKING:
    from skyloom.server.app import SkyServer


class LogLevel(str, Enum):
    """How much the server tells on stderr."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@guarded
def serve(
    host: Annotated[str, typer.Option(help="Name or address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 50051,
    web_port: Annotated[
        int | None,
        typer.Option(help="Port for gRPC-Web over HTTP/1.1; by default a free one on loopback, none beyond it."),
    ] = None,
    no_web: Annotated[bool, typer.Option("--no-web", help="No gRPC-Web.")] = False,
    web_origin: Annotated[
        list[str] | None,
        typer.Option(help="Origin whose pages may ask over gRPC-Web, e.g. https://example.org; repeatable."),
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="JSON file with addresses, pid, version and token; removed on exit.")
    ] = None,
    parent_pid: Annotated[int | None, typer.Option(help="Exit when this process is gone.")] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="SKYLOOM_TOKEN",
            help="Wanted from every caller. Without one: none on loopback, a random one beyond it.",
        ),
    ] = None,
    queue: Annotated[int, typer.Option(help="Jobs that may wait.")] = 64,
    workers: Annotated[int, typer.Option(help="Jobs that run at a time.")] = 1,
    grace: Annotated[float, typer.Option(help="Seconds that running jobs may take to finish on SIGTERM.")] = 10.0,
    model_dir: Annotated[Path | None, typer.Option(help="Folder of models; default: the one installed.")] = None,
    log_level: Annotated[LogLevel, typer.Option(help="How much to tell on stderr.")] = LogLevel.INFO,
) -> None:
    """Serve skies over gRPC and gRPC-Web. Beyond loopback nothing is encrypted: use a tunnel or a trusted network."""
    from skyloom.server.config import ServerConfig, is_loopback
    from skyloom.server.lifecycle import serve as run
    from skyloom.server.studio_core import load_core

    logging.basicConfig(
        level=log_level.value.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if no_web and web_port is not None:
        raise InvalidInput("web_port", web_port, "no port with --no-web")
    if web_port is None and not no_web and is_loopback(host):
        web_port = 0
    config = ServerConfig(
        host=host,
        port=port,
        ready_file=ready_file,
        parent_pid=parent_pid,
        token=token,
        queue_capacity=queue,
        workers=workers,
        grace=grace,
        model_dir=model_dir,
        web_port=web_port,
        web_origins=tuple(web_origin or ()),
    )

    def tell(server: SkyServer) -> None:
        typer.echo(f"serving on {server.address}", err=True)
        if server.web_address:
            typer.echo(f"gRPC-Web on {server.web_address}", err=True)
        if server.token is not None and token is None:
            typer.echo(f"token: {server.token}", err=True)

    asyncio.run(run(config, lambda: load_core(model_dir), tell))
