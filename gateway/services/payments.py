"""Who knows VAT numbers, and where receipts are: what payment messages ask for (OCPP 2.1 Part 2, C18, C21)."""

from collections import OrderedDict
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec

from actors.payment.consulting import RECEIPT, VAT
from gateway.services.http import OutsideHttp
from gateway.services.outside import Service
from gateway.settings import Settings

_LONGEST: Final = 65_536
_KEPT: Final = 1000
_NO_NAME: Final = ("", "---")


def payment_services(settings: Settings, http: OutsideHttp) -> dict[str, Service]:
    """By kind of consultation."""
    return {
        VAT: VatNumbers(http, settings.vat_service_url, settings.vat_service_deadline).check,
        RECEIPT: Receipts(settings.receipt_url).find,
    }


class VatNumbers:
    """Asks VIES, or a service that speaks like its `check-vat-number`. Without one, a well-formed number is good."""

    def __init__(self, http: OutsideHttp, url: str | None, deadline: float) -> None:
        self._http = http
        self._url = url
        self._deadline = deadline
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()  # numbers that are good; they rarely cease to be

    async def check(self, tenant_id: UUID, station_id: UUID, about: Any) -> dict[str, Any] | None:
        """{valid, company: AddressType or None}; None when the service has no opinion now. Raises OutsideFailed."""
        number = str(about)
        if self._url is None:
            return {"valid": True, "company": None}
        known = self._known.get(number)
        if known is not None:
            return known
        asked = {"countryCode": number[:2], "vatNumber": number[2:]}
        answer = await self._http.fetch(
            "POST", self._url, tenant=tenant_id, content=msgspec.json.encode(asked), deadline=self._deadline,
            limit=_LONGEST,
            headers={"Content-Type": "application/json", "Accept": "application/json"}, trusted=True,
        )  # fmt: skip
        verdict = read(answer.status, answer.body, number[:2])
        if verdict is not None and verdict["valid"]:
            self._known[number] = verdict
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return verdict


def read(status: int, body: bytes, country: str) -> dict[str, Any] | None:
    """What the service's answer says; None when it is none."""
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    valid = told.get("valid", told.get("isValid")) if isinstance(told, dict) and status == 200 else None
    if not isinstance(valid, bool):
        return None
    return {"valid": valid, "company": _company(told, country) if valid else None}


def _company(told: dict[str, Any], country: str) -> dict[str, Any] | None:
    """AddressType; None where the authority keeps names to itself."""
    name, address = str(told.get("name") or ""), str(told.get("address") or "")
    lines = [line.strip() for line in address.splitlines() if line.strip() not in _NO_NAME]
    if name in _NO_NAME or not lines:
        return None
    code, _, city = lines[-1].partition(" ")
    has_code = len(lines) > 1 and any(letter.isdigit() for letter in code) and bool(city)
    company = {"name": name[:50], "address1": lines[0][:100], "city": (city if has_code else lines[-1])[:100]}
    if has_code:
        company["postalCode"] = code[:20]
    if len(lines) > 2:
        company["address2"] = ", ".join(lines[1:-1])[:100]
    return company | {"country": country}


class Receipts:
    """Addresses by the operator's pattern."""

    def __init__(self, pattern: str | None) -> None:
        self._pattern = pattern

    async def find(self, tenant_id: UUID, station_id: UUID, about: Any) -> dict[str, Any] | None:
        """{url, id} (C21.FR.03); None when there is none."""
        if self._pattern is None:
            return None
        url = self._pattern
        for name in ("psp_ref", "transaction_id"):
            url = url.replace("{" + name + "}", quote(str(about.get(name) or ""), safe=""))
        return {"url": url, "id": about["psp_ref"][:50]} if len(url) <= 2000 else None
