"""What stations answer to firmware requests: taken, refused, or taken in place of another. Pure.

OCPP 2.0.1 Part 2, L01.FR.22, L01.FR.24 (AcceptedCanceled), L03, L04.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from actors.firmware import ranks
from actors.firmware.objects import PUBLISHED, UPDATE
from actors.firmware.sending import key_of, location_of
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from actors.station.steps import going, step


def _update(exchange: Exchange) -> Iterable[Record]:
    status = exchange.status or "Accepted"  # 1.6 answers with nothing: taken
    key = key_of(exchange, location_of(exchange))
    info = exchange.answer.get("statusInfo")
    yield step(UPDATE, key, status, ranks.of_answer(status), exchange.at, info=info)
    if status == "AcceptedCanceled":  # what went on before is over (L01.FR.24)
        yield step(UPDATE, None, "Canceled", ranks.CANCELED, exchange.at, but=key)


def _publish(exchange: Exchange) -> Iterable[Record]:
    status = exchange.status or "Rejected"
    key = key_of(exchange, None)
    info = exchange.answer.get("statusInfo")
    yield step(PUBLISHED, key, status, ranks.of_answer(status), exchange.at, info=info)


def _unpublish(exchange: Exchange) -> Iterable[Record]:
    """L04.FR.01 to 04: by the image's checksum. `DownloadOngoing` changes nothing."""
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    if exchange.status in ("Unpublished", "NoFirmware") and isinstance(request.get("checksum"), str):
        match = {"checksum": request["checksum"]}
        yield step(PUBLISHED, None, "Unpublished", going(92), exchange.at, match=match)


LEARN: Final[Learned] = {
    "UpdateFirmware": _update,
    "SignedUpdateFirmware": _update,
    "PublishFirmware": _publish,
    "UnpublishFirmware": _unpublish,
}
