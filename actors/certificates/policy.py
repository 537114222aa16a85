"""What a station's certificate may be for, how large a chain it takes, and when it is to be renewed. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from actors.certificates.csr import Wanted
from actors.certificates.uses import STATION

MOST_A_DAY: Final = 10  # certificates of one station and use; one that asks for more is out of order
MOST_AN_HOUR: Final = 20  # requests of one station that are looked at
MOST_REFUSED: Final = 20  # refusals of one station that are kept, a day


@attrs.frozen
class Holder:
    """The station that asks. `names`: `certificate_names` of its settings; `secc_ids`: ISO15118Ctrlr.SeccId."""

    identity: str
    serial_number: str | None
    strict: bool
    names: tuple[str, ...] = ()
    secc_ids: tuple[str, ...] = ()


def named(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The names an operator has allowed a station's certificate."""
    found = settings.get("certificate_names") or ()
    return tuple(str(each) for each in found)


def wanted(holder: Holder, use: str, organizations: Iterable[str]) -> Wanted:
    """A00.FR.511: the serial number. Names that the operator set take its place.

    A station that is not strict may use its identity as well, since many have nothing else. Towards vehicles it is the
    SECC's id (A02, step 2.4); as long as that is not known, any.
    """
    operator = tuple(organizations)
    if use != STATION:
        if holder.secc_ids or not holder.strict:
            return Wanted(holder.secc_ids, operator, "its ISO15118Ctrlr.SeccId")
        return Wanted(_own(holder), operator)
    return Wanted(_own(holder), operator, _source(holder))


def _own(holder: Holder) -> tuple[str, ...]:
    serial = () if holder.serial_number is None else (holder.serial_number,)
    names = holder.names or serial
    return names if holder.strict and names else tuple(dict.fromkeys((*names, holder.identity)))


def _source(holder: Holder) -> str:
    return "its certificate_names (or identity)" if holder.names else "this station's serial number (or identity)"


def chain_limit(told: str | None) -> int | None:
    """MaxCertificateChainSize (CertificateSignedMaxChainSize in 1.6) as a number; None when it says nothing usable."""
    try:
        found = int((told or "").strip())
    except ValueError:
        return None
    return found if found > 0 else None


def renewal(begins: datetime, ends: datetime, percent: int) -> datetime:
    """When a certificate ought to be renewed."""
    return begins + (ends - begins) * percent / 100
