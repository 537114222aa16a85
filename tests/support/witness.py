"""What a simulated station and the node really said to each other: actions whose answer came, by who began them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs
import orjson

from simulators.station.link import Link
from simulators.station.station import Station

_CALL, _ANSWER, _SEND = 2, 3, 6


@attrs.frozen(order=True)
class Said:
    """One action, begun by us (the platform) or by the station."""

    ours: bool
    action: str

    def __str__(self) -> str:
        return f"{self.action} {'to' if self.ours else 'of'} the station"


class WitnessedLink(Link):
    """A station's end of the wire that remembers what was said on it. `said` grows as answers come."""

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.said: set[Said] = set()
        self._open: dict[tuple[bool, str], str] = {}

    def receive(self, text: str | bytes, now: datetime) -> list[str]:
        self._frame(text, ours=True)
        return self._sent(super().receive(text, now))

    def opened(self, now: datetime) -> list[str]:
        return self._sent(super().opened(now))

    def poll(self, now: datetime) -> list[str]:
        return self._sent(super().poll(now))

    def _sent(self, texts: list[str]) -> list[str]:
        for text in texts:
            self._frame(text, ours=False)
        return texts

    def _frame(self, text: str | bytes, *, ours: bool) -> None:
        try:
            frame: Any = orjson.loads(text)
        except orjson.JSONDecodeError:
            return  # bad manners of a script
        if not isinstance(frame, list) or len(frame) < 3:
            return
        kind, number = frame[0], str(frame[1])
        if kind == _CALL:
            self._open[ours, number] = str(frame[2])
        elif kind == _ANSWER and (not ours, number) in self._open:
            self.said.add(Said(not ours, self._open.pop((not ours, number))))
        elif kind == _SEND:
            self.said.add(Said(ours, str(frame[2])))
