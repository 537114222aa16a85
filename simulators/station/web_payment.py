"""Codes to scan and pay by on the web, and an EVSE kept for who does (OCPP 2.1 Part 2, C25).

Shown as the variables of WebPaymentsCtrlr say, of the EVSE's own controller or else of the station's.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from simulators.station import settings
from simulators.station.acting import Acts
from simulators.station.charging import NotPossible, outlet_of
from simulators.station.dialect import Handler
from simulators.station.outbox import JsonObject
from simulators.station.outlet import OutletState, Transaction

if TYPE_CHECKING:
    from simulators.station.station import Station

_ALPHABET: Final = "0123456789abcdefghijklmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"  # the standard's, without a small o
_LIMITS: Final = {"maxenergy": "maxEnergy", "maxtime": "maxTime", "maxcost": "maxCost"}
_PAID: Final = "DirectPayment"
_USAGE: Final = "qr-code EVSE [maxenergy=WH] [maxtime=SECONDS] [maxcost=AMOUNT]"


def one_time_code(secret: str, seconds: int, validity: int, length: int) -> str:
    """The code at so many seconds since 1970 ("TOTP algorithm, version 1")."""
    hashed = hmac.digest(secret.encode(), (seconds // validity).to_bytes(8, "big"), hashlib.sha256)
    start = hashed[-1] & 0x0F
    return "".join(_ALPHABET[hashed[(start + n) % len(hashed)] % len(_ALPHABET)] for n in range(length))


def address(station: "Station", outlet: OutletState, now: datetime) -> str | None:
    """What the code on the display leads to now (C25.FR.01); None where no code is set up."""
    values = next((held for evse in (outlet.number, None) if (held := _controller(station, evse))), None)
    if values is None:
        return None
    seconds = int(station.clock(now).timestamp())
    length, validity = int(values["Length"]), int(values["ValidityTime"])
    filled = {
        "chargingstationid": station.config.identity, "evse": str(outlet.number),
        "roamingevseid": values["RoamingEvseId"], "version": values["TOTPVersion"],
        "totp": one_time_code(values["SharedSecret"], seconds, validity, length),
    }  # fmt: skip

    def fill(holder: re.Match[str]) -> str:
        value = filled.get(holder[1].lower())
        return holder[0] if value is None else quote(value, safe="")

    whole = re.sub(r"\{([A-Za-z]*)\}", fill, values["URLTemplate"])
    if not outlet.wished:
        return whole
    told = {name: outlet.wished[limit] for name, limit in _LIMITS.items() if limit in outlet.wished}
    return whole + ("&" if "?" in whole else "?") + urlencode(told)  # C25.FR.04, FR.05, FR.06


def addresses(station: "Station", now: datetime) -> Mapping[int, str]:
    """By EVSE: what is shown at those that are free."""
    free = (outlet for outlet in station.outlets.values() if outlet.transaction is None)
    return {outlet.number: shown for outlet in free if (shown := address(station, outlet, now)) is not None}


def _controller(station: "Station", evse: int | None) -> Mapping[str, str] | None:
    values = station.settings.web_payments(evse)
    usable = values.get("Enabled", "").lower() == "true" and values["URLTemplate"] and values["SharedSecret"]
    return values if usable else None


def show(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act qr-code EVSE [maxenergy=WH] [maxtime=SECONDS] [maxcost=AMOUNT]`: shows the address of its code as it is now,
    with what the driver wants to take at most (2.1)."""
    if not words or not words[0].isdecimal():
        raise NotPossible(_USAGE)
    outlet = outlet_of(station, int(words[0]))
    if outlet.transaction is not None:
        raise NotPossible(f"EVSE {outlet.number} is in use: it shows no code")
    outlet.wished = dict(_wish(word) for word in words[1:])
    shown = address(station, outlet, now)
    if shown is None:
        raise NotPossible(
            f"EVSE {outlet.number} shows no code: {settings.WEB_PAYMENTS} needs an address and a secret, "
            "and to be enabled"
        )
    station.note(f"scan at {outlet.number}: {shown}")


def _wish(word: str) -> tuple[str, float]:
    name, _, text = word.partition("=")
    if name not in _LIMITS or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", text) or float(text) == 0:
        raise NotPossible(f"{_USAGE}; {word!r} is none of these, or not above 0")
    return _LIMITS[name], float(text) if "." in text else int(text)


def started(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Somebody pays for this EVSE on the web: nobody else begins there meanwhile (C25.FR.22)."""
    station.note(f"web payment for {payload['evseId']}, {payload['timeout']} s")
    outlet = station.outlets.get(payload["evseId"])
    if outlet is not None:
        outlet.web_until = now + timedelta(seconds=payload["timeout"])
    return {}


def begun(outlet: OutletState, transaction: Transaction) -> None:
    """What the driver wished for before paying limits what was paid for; it is told with the beginning (C25.FR.04)."""
    if outlet.wished and transaction.permit.remote and transaction.permit.token_type == _PAID:
        transaction.limit = dict(outlet.wished)
        transaction.info["transactionLimit"] = dict(outlet.wished)
    outlet.wished = {}


HANDLERS_21: dict[str, Handler] = {"NotifyWebPaymentStarted": started}
ACTS: Acts = {"qr-code": show}
