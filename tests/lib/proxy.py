"""A TCP proxy that does to a connection what networks do: it stands between two of ours, and a
test says what happens to the bytes from now on. It counts how often that struck.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from lib.line import SLICES_MAX, Fault, Way
from lib.ports import free_port

T = TypeVar("T")

#: SO_LINGER of no time: what is closed answers with RST, and what was under way is gone.
NO_LINGER = struct.pack("ii", 1, 0)
HTTP_REQUEST = b" HTTP/1.1\r\n"
CHUNK_BYTES = 65536


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # Closed already.
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()


class _Link:
    """One connection and its continuation. Lives on the loop."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near, self.far = near, far
        self.vanished = False
        #: What was asked, and how many bytes went each way, since the fault began.
        self.seen, self.armed = b"", False
        self.passed = {Way.THERE: 0, Way.BACK: 0}
        self.beyond = {Way.THERE: False, Way.BACK: False}

    def begin_anew(self) -> None:
        """Another fault counts for itself."""
        self.seen, self.armed = b"", False
        self.passed = {Way.THERE: 0, Way.BACK: 0}
        self.beyond = {Way.THERE: False, Way.BACK: False}

    def end(self, *, with_rst: bool) -> None:
        for writer in (self.near, self.far):
            if with_rst:
                _reset(writer)
            else:
                writer.close()


class _Loop:
    """All proxies of a run live on one thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True, name="proxies").start()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(60)


_shared: list[_Loop] = []


class Proxy:
    """127.0.0.1:port → 127.0.0.1:target."""

    def __init__(self, target: int, port: int | None = None) -> None:
        if not _shared:
            _shared.append(_Loop())
        self._run = _shared[0].run
        self.target = target
        self.port = port or free_port()
        self.fault: Fault | None = None
        #: How often the present fault struck, or the latest one.
        self.hits = 0
        self.connections = 0
        #: HTTP requests that came (each counted once, whatever became of it).
        self.requests = 0
        #: The bytes that came last to be passed on.
        self.asked_last = b""
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self._holds_port: socket.socket | None = None
        self._changed = asyncio.Event()
        self._run(self._listen())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return len(self._links)

    def set(self, fault: Fault) -> None:
        self._run(self._set(fault))

    def lift(self) -> None:
        """All is well again; a connection that lost bytes is ended, one that waited goes on."""
        self._run(self._set(None))

    @contextmanager
    def suffering(self, fault: Fault) -> Iterator["Proxy"]:
        self.set(fault)
        try:
            yield self
        finally:
            self.lift()

    def close(self) -> None:
        self._run(self._close())

    # Everything below runs on the loop.

    async def _listen(self) -> None:
        if self._holds_port is not None:
            self._holds_port.close()
            self._holds_port = None
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, backlog=512)

    async def _set(self, fault: Fault | None) -> None:
        if self.fault is not None:
            if self._server is None:
                await self._listen()
            for link in list(self._links):
                if link.vanished:
                    link.end(with_rst=True)
        self.fault = fault
        for link in self._links:
            link.begin_anew()
        if fault is not None:
            self.hits = 0
            self._begin(fault)
        self._changed.set()
        self._changed = asyncio.Event()

    def _begin(self, fault: Fault) -> None:
        if fault.name == "vanish":
            for link in self._links:
                link.vanished = True
                link.far.transport.abort()
        if fault.name == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
            # Bound and not listening: whoever connects is refused, and nobody else gets the port.
            self._holds_port = socket.socket()
            self._holds_port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._holds_port.bind(("127.0.0.1", self.port))
            for link in list(self._links):
                link.end(with_rst=True)
            with socket.socket() as probe:
                self.hits += probe.connect_ex(("127.0.0.1", self.port)) != 0

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._holds_port is not None:
            self._holds_port.close()
        for link in list(self._links):
            link.end(with_rst=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        link = _Link(writer, far_writer)
        self._links.add(link)
        try:
            await asyncio.gather(
                self._pump(link, reader, far_writer, Way.THERE),
                self._pump(link, far_reader, writer, Way.BACK),
            )
        except OSError:
            link.end(with_rst=True)
        finally:
            link.end(with_rst=False)
            self._links.discard(link)

    async def _pump(
        self, link: _Link, source: asyncio.StreamReader, to: asyncio.StreamWriter, way: Way
    ) -> None:
        while True:
            try:
                data = await source.read(CHUNK_BYTES)
            except OSError:
                if link.vanished:
                    data = b""
                else:
                    raise
            if link.vanished and way is Way.BACK:
                return  # Nobody says so: the near end stays open.
            if not data:
                if not link.vanished and to.can_write_eof():
                    await self._wait_while_stalled(link, way)
                    to.write_eof()
                elif link.vanished:
                    link.near.transport.abort()
                return
            if way is Way.THERE:
                self._look_at(link, data)
            if not await self._pass_on(link, data, to, way):
                return

    def _look_at(self, link: _Link, data: bytes) -> None:
        self.asked_last = data
        before = link.seen[-len(HTTP_REQUEST) :]
        self.requests += (before + data).count(HTTP_REQUEST) - before.count(HTTP_REQUEST)
        link.seen = (link.seen + data)[-CHUNK_BYTES:]
        if self.fault is not None:
            link.armed = self.fault.once_seen in link.seen

    def _strikes(self, link: _Link, way: Way) -> Fault | None:
        fault = self.fault
        if fault is None or (fault.way is not None and fault.way is not way):
            return None
        return fault if not fault.once_seen or link.armed else None

    async def _wait_while_stalled(self, link: _Link, way: Way) -> None:
        while (fault := self._strikes(link, way)) is not None and fault.name == "stall":
            await self._changed.wait()

    async def _pass_on(
        self, link: _Link, data: bytes, to: asyncio.StreamWriter, way: Way
    ) -> bool:
        """Whether the connection goes on."""
        if link.vanished:
            self.hits += 1
            return True
        fault = self._strikes(link, way)
        if fault is None or fault.name == "vanish":
            return await self._write(to, data)
        if fault.name in ("cut", "stall"):
            spared = self._spared(link, fault, data, way)
            if spared == len(data):
                return await self._write(to, data)
            self.hits += 1
            await self._write(to, data[:spared])
            if fault.name == "cut":
                link.end(with_rst=fault.with_rst)
                return False
            await self._wait_while_stalled(link, way)
            return await self._write(to, data[spared:])
        self.hits += 1
        if fault.name == "refuse":  # It was let in just before.
            link.end(with_rst=True)
            return False
        if fault.name == "latency":
            await self._pause(max(0.0, fault.seconds + random.uniform(-1, 1) * fault.jitter))
            return await self._write(to, data)
        if fault.name == "slices":
            for at in range(min(SLICES_MAX, len(data))):
                await self._write(to, data[at : at + 1])
                if self.fault is fault:
                    await self._pause(fault.seconds)
            return await self._write(to, data[SLICES_MAX:])
        step = max(1, int(fault.bytes_per_second / 20))
        for at in range(0, len(data), step):
            if not await self._write(to, data[at : at + step]):
                return False
            if self.fault is fault:
                await self._pause(step / fault.bytes_per_second)
        return True

    @staticmethod
    def _spared(link: _Link, fault: Fault, data: bytes, way: Way) -> int:
        """How much of the data still passes before the fault strikes."""
        if fault.beyond and not link.beyond[way]:
            at = data.find(fault.beyond)
            if at < 0:
                return len(data)
            link.beyond[way] = True
            at += len(fault.beyond)
            link.passed[way] = len(data) - at
            return min(len(data), at + fault.after)
        left = fault.after - link.passed[way]
        link.passed[way] += len(data)
        return max(0, min(len(data), left))

    async def _pause(self, seconds: float) -> None:
        """Shorter when the fault is lifted meanwhile."""
        changed = self._changed
        try:
            await asyncio.wait_for(changed.wait(), seconds)
        except TimeoutError:
            pass

    @staticmethod
    async def _write(to: asyncio.StreamWriter, data: bytes) -> bool:
        to.write(data)
        await to.drain()
        return True
