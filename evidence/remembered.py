"""Results kept in memory, each made once: also when two threads ask for the same one at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The last `most` results by key; what was not asked for the longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._under_way: dict[Hashable, Future[T]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key. Who comes while it is being made waits for it.

        An error of `make` goes to everybody who waits and is not kept: the next one tries again.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            others = self._under_way.get(key)
            if others is None:
                mine = self._under_way[key] = Future[T]()
        if others is not None:
            return others.result()
        try:
            made = make()
        except BaseException as error:
            self._finish(key)
            mine.set_exception(error)
            raise
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._finish(key)
        mine.set_result(made)
        return made

    def _finish(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
