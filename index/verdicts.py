"""What the reader said of the questions asked last: the same one, asked again on the same index, is not read again.

People do ask again: the same words at the same moment, or minutes later in another channel. Each generation of the index
has verdicts of its own, so that a new one never answers from before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock

from index.reader import Verdict


class Verdicts:
    """The latest ``most`` verdicts. Safe to use from several threads; 0: nothing is remembered."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Verdict]) -> Verdict:
        """The verdict for ``key``: remembered, or by ``read``. Who asks while another reads waits for that one.

        ``key`` must hold everything that the verdict hangs on. An error of ``read`` is remembered by nobody: whoever
        waited reads for themselves.
        """
        if not self._most:
            return read()
        while True:
            with self._lock:
                entry = self._entries.get(key)
                mine = entry is None
                if entry is None:
                    entry = self._entries[key] = _Entry()
                self._entries.move_to_end(key)
                while len(self._entries) > self._most:
                    self._entries.popitem(last=False)
            if mine:
                return self._read(key, entry, read)
            entry.done.wait()
            if entry.verdict is not None:
                return entry.verdict

    def _read(self, key: Hashable, entry: _Entry, read: Callable[[], Verdict]) -> Verdict:
        try:
            entry.verdict = read()
            return entry.verdict
        finally:
            if entry.verdict is None:
                with self._lock:
                    if self._entries.get(key) is entry:
                        del self._entries[key]
            entry.done.set()

    def __len__(self) -> int:
        return len(self._entries)


class _Entry:
    """A verdict that is there, or is being made: ``done`` is set once it is known how that went."""

    __slots__ = ("done", "verdict")

    def __init__(self) -> None:
        self.done = Event()
        self.verdict: Verdict | None = None
