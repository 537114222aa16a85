"""A list that somebody sent past the rules: what lies there now is looked at, and the rule's list put back. Pure.

A message of the job itself begins nothing: it is still open, and there is one of that kind for a station at a time.
"""

from collections.abc import Iterable
from typing import Final

from actors.locallist.repair import CHECK, JOB
from actors.records import Record
from actors.station.exchange import Exchange, Learned


def _sent(exchange: Exchange) -> Iterable[Record]:
    """Taken, or refused (Failed, VersionMismatch): OCPP 2.0.1 Part 2, D01.FR.03 to FR.05; 1.6, 5.15."""
    yield exchange.job(JOB, dict(CHECK), key=str(exchange.station.id))


LEARN: Final[Learned] = {"SendLocalList": _sent}
