"""What stations answer to requests for logs and for customer information. Pure.

OCPP 2.0.1 Part 2, N01.FR.01, N01.FR.05, N01.FR.12 (AcceptedCanceled); N09, N10.FR.02; 1.6, 6.24 (no file name: no log).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from actors.diagnostics import ranks
from actors.diagnostics.objects import CUSTOMER, FORGOTTEN, LOG
from actors.firmware.sending import key_of, location_of
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from actors.station.steps import step

_ABOUT: Final = ("idToken", "customerCertificate", "customerIdentifier")


def _log(exchange: Exchange) -> Iterable[Record]:
    status = exchange.status or "Rejected"
    key = key_of(exchange, location_of(exchange))
    name = exchange.answer.get("filename")
    data = {"file_name": name} if isinstance(name, str) else {}
    info = exchange.answer.get("statusInfo")
    yield step(LOG, key, status, ranks.of_answer(status), exchange.at, info=info, data=data)
    if status == "AcceptedCanceled":  # the upload before is over (N01.FR.12)
        yield step(LOG, None, "Canceled", ranks.CANCELED, exchange.at, but=key)


def _diagnostics(exchange: Exchange) -> Iterable[Record]:
    """1.6: a file name, or nothing when there is no diagnostics to upload."""
    key = key_of(exchange, location_of(exchange))
    name = exchange.answer.get("fileName")
    status = "Accepted" if isinstance(name, str) and name else "Rejected"
    data = {"file_name": name} if isinstance(name, str) else {}
    yield step(LOG, key, status, ranks.of_answer(status), exchange.at, data=data)


def _customer(exchange: Exchange) -> Iterable[Record]:
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    number = request.get("requestId")
    if not isinstance(number, int):
        return
    report, clear = bool(request.get("report")), bool(request.get("clear"))
    data = {"report": report, "clear": clear, "about": [name for name in _ABOUT if name in request]}
    status = exchange.status
    if exchange.accepted and clear and not report:
        status = "Cleared"  # N10.FR.01; what is told of it comes as a notification all the same (N10.FR.06)
    # Without the status of a report that may have begun already, the answer would hide it: its own key.
    yield from exchange.object(CUSTOMER, f"{number}/request", data, status)
    if exchange.accepted:
        yield exchange.job("customer-information-forget", {"request_id": number}, key=f"{exchange.station.id}/{number}")
    if exchange.accepted and clear:
        yield from _off_the_list(exchange, request.get("idToken"))


def _off_the_list(exchange: Exchange, token: Any) -> Iterable[Record]:
    """N10.FR.02: the station leaves its local list as it is (N10.FR.03), so we take the token off it.

    A certificate or a customer's own name says nothing of tokens, and the text of a key code is not known here.
    """
    uid = token.get("idToken") if isinstance(token, Mapping) else None
    if isinstance(uid, str) and uid and token.get("type") != "KeyCode":
        yield from exchange.object(FORGOTTEN, uid.casefold(), {}, "forgotten")
        yield exchange.job("sync-local-list", {}, key=f"{exchange.station.id}/customer")


LEARN: Final[Learned] = {"GetLog": _log, "GetDiagnostics": _diagnostics, "CustomerInformation": _customer}
