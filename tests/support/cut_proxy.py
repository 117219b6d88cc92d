"""A TCP proxy that cuts its connections after so many bytes: the bad network of the client's tests."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class CutProxy:
    """Forwards to ``target``; each connection may carry the next of ``budgets`` bytes to the client, then it is cut.

    With no budget left connections are whole.

    Attributes:
        address: where clients connect.
        cuts: how many connections were cut.
    """

    def __init__(self, target: str, budgets: list[int]) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._budgets = list(budgets)
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            budget = self._budgets.pop(0) if self._budgets else None
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, budget), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, budget: int | None) -> None:
        carried = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                carried += len(data)
                if budget is not None and carried > budget:
                    self.cuts += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def cut_proxy(target: str, *budgets: int) -> Iterator[CutProxy]:
    """A running proxy."""
    proxy = CutProxy(target, list(budgets))
    try:
        yield proxy
    finally:
        proxy.close()
