"""Codes to pay by on the web: set on the station, kept sealed, and judged when an address is scanned (2.1, C25)."""

import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from actors.payment import addresses, codes
from actors.ports import DEFAULT_TENANT
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from tests.support.api import Api, answered, problem

SECRET = "a secret of the operator"
TEMPLATE = "https://pay.example/{chargingstationid}/{evse}/{totp}/{version}/"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def by_the_book(secret: str, seconds: int, validity: int, length: int) -> str:
    """The pseudocode of C25, word for word."""
    base62 = "0123456789abcdefghijklmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    time_bytes = bytes(reversed((seconds // validity).to_bytes(8, "little")))
    hashed = hmac.new(secret.encode("utf-8"), time_bytes, hashlib.sha256).digest()
    offset = hashed[31] & 0x0F
    return "".join([base62[hashed[(offset + i) % 32] % len(base62)] for i in range(length)])


def test_a_code_is_right_in_its_interval_and_those_beside_it() -> None:
    """C25.FR.07, "Validation of TOTP"."""
    for step, right in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        told = by_the_book(SECRET, int(NOON.timestamp()) + step * 30, 30, 8)
        assert codes.valid(told, SECRET, NOON, 30, 8) == right
    assert not codes.valid("", SECRET, NOON, 30, 8)
    assert not codes.valid("ümläut", SECRET, NOON, 30, 8)
    assert len(codes.code(SECRET, 1, 32)) == 32


@pytest.mark.parametrize(("template", "address", "read"), [
    (TEMPLATE, "https://pay.example/CS%2F1/2/abc/v1?maxenergy=20000&maxtime=60&maxcost=9.5&x=1",
     ("abc", "v1", "CS/1", None, 2, {"max_energy_wh": 20000.0, "max_time_s": 60, "max_cost": "9.5000"})),
    ("https://p.example/{totp}/{version}/{chargingstationid}/", "https://P.example/abc/v1/CS1",
     ("abc", "v1", "CS1", None, None, {})),
    ("https://p.example/go?c={totp}&v={version}&e={roamingevseid}", "https://p.example/go?v=v1&c=abc&e=DE*1&MaxTime=5",
     ("abc", "v1", None, "DE*1", None, {"max_time_s": 5})),
    (TEMPLATE, "https://evil.example/CS1/2/abc/v1", None),
    (TEMPLATE, "https://pay.example/CS1/2/abc", None),
])  # fmt: skip
def test_an_address_is_read_by_its_template(template: str, address: str, read: tuple[Any, ...] | None) -> None:
    """C25.FR.09, C25.FR.59: the limits are taken; C25.FR.60: what is unknown is left alone."""
    assert list(addresses.wrong(template)) == []
    found = addresses.read(template, address)
    if read is None:
        assert found is None
        return
    assert found is not None
    assert (found.code, found.version, found.station, found.roaming, found.evse, dict(found.limits)) == read


def test_addresses_that_cannot_be_used() -> None:
    for more in ("maxcost=-1", "maxtime=soon", "maxenergy=NaN", "maxenergy=1e99"):
        with pytest.raises(addresses.NotReadable):
            addresses.read(TEMPLATE, f"https://pay.example/CS1/2/abc/v1?{more}")
    with pytest.raises(addresses.NotReadable):
        addresses.read(TEMPLATE, "https://pay.example/CS1/two/abc/v1")
    assert len(list(addresses.wrong("https://p.example/{totp}{evse}/{what}"))) == 4


def test_whatever_is_scanned_is_read_at_once() -> None:
    """Who writes the address is anybody: it holds up nobody else."""
    dashed = "https://p.example/{chargingstationid}-{evse}-{totp}-{version}-{roamingevseid}"
    assert list(addresses.wrong(dashed)) == []
    began = time.perf_counter()
    assert addresses.read(dashed, "https://p.example/" + "-" * 1900 + "/x") is None
    assert time.perf_counter() - began < 1.0
    lettered = addresses.read("https://p.example/{totp}A{version}A/{chargingstationid}", "https://p.example/baaaca/A%2Db")
    assert lettered is not None
    assert (lettered.code, lettered.version, lettered.station) == ("b", "aac", "A-b")
    for text in ("https://pay.example/CS%001/2/abc/v1", "https://pay.example/CS1/2/abc/v1?" + "a=1&" * 60):
        with pytest.raises(addresses.NotReadable):
            addresses.read(TEMPLATE, text)


def accepted(*refused: str, evse: int | None = None) -> CommandResult:
    component = {"name": "WebPaymentsCtrlr"} | ({} if evse is None else {"evse": {"id": evse}})
    names = ("URLTemplate", "TOTPVersion", "ValidityTime", "Length", "SharedSecret", "RoamingEvseId", "Enabled")
    rows = [
        {"component": component, "variable": {"name": name},
         "attributeStatus": "Rejected" if name in refused else "Accepted"}
        for name in names
    ]  # fmt: skip
    return answered({"setVariableResult": rows}, action="SetVariables")


@pytest.mark.server
async def test_a_code_is_set_scanned_and_paid_for(api: Api) -> None:
    """C25.FR.07, C25.FR.08, C25.FR.09, C25.FR.20, C25.FR.59."""
    station = (await api.station("CS1"))["id"]
    api.stations.results = [accepted()]
    wanted = {"url_template": TEMPLATE, "secret": SECRET, "payment_page": "https://psp.example/pay"}
    told = (await api.call("PUT", "/stations/CS1/web-payments", json=wanted)).json()
    assert told["in_effect"] is True
    _, command, _ = api.stations.sent[-1]
    assert isinstance(command, RawCommand)
    sent = {row["variable"]["name"]: row["attributeValue"] for row in command.payload["setVariableData"]}
    assert sent == {"URLTemplate": TEMPLATE, "TOTPVersion": "v1", "ValidityTime": "30", "Length": "8",
                    "SharedSecret": SECRET, "Enabled": "true"}  # fmt: skip
    text = "select encode(secret_sealed, 'escape') from web_payments"
    kept = await api.context.reads.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.fetchval(text))
    (shown,) = (await api.get("/stations/CS1/web-payments")).json()["items"]
    assert SECRET not in kept + str(shown) + str(told)
    assert (shown["in_effect"], shown["validity_s"], shown["length"]) == (True, 30, 8)

    def address(moved: int = 0, secret: str = SECRET) -> dict[str, str]:
        seconds = int(api.context.clock().timestamp()) + moved
        return {"url": f"https://pay.example/CS1/2/{by_the_book(secret, seconds, 30, 8)}/v1?maxcost=25"}

    api.stations.results = [answered({}, action="NotifyWebPaymentStarted")]
    opened = (await api.post("/web-payments", address())).json()
    assert opened == {
        "station": "CS1", "station_id": station, "evse": 2, "limits": {"max_cost": "25.0000"}, "notified": True,
        "forward_to": "https://psp.example/pay?station=CS1&evse=2&max_cost=25.0000",
    }  # fmt: skip
    assert api.stations.sent[-1][1] == NeutralCommand("web-payment", {"evse": 2, "timeout_s": 120})
    before = len(api.stations.sent)
    for wrong in (address(90), address(secret="another"), {"url": "https://pay.example/CS1/2/abc/v2"},
                  {"url": "https://pay.example/NOBODY/2/abc/v1"},
                  {"url": "https://pay.example/CS1/x/abc/v1"}):  # fmt: skip
        problem(await api.post("/web-payments", wrong), 404, "unknown_payment_code")
    assert len(api.stations.sent) == before, "with a wrong code nothing begins"
    assert (await api.post("/web-payments", address() | {"notify": False})).json()["notified"] is False
    assert (await api.delete("/stations/CS1/web-payments/0")).status_code == 204
    problem(await api.delete("/stations/CS1/web-payments/0"), 404, "unknown_web_payment")
    problem(await api.post("/web-payments", address()), 404, "unknown_payment_code")


@pytest.mark.server
async def test_a_secret_counts_when_the_station_took_it_and_a_lost_answer_locks_nobody_out(api: Api) -> None:
    station = (await api.station("CS1"))["id"]
    path = "/stations/CS1/web-payments"
    api.stations.results = [accepted()]
    assert (await api.call("PUT", path, json={"url_template": TEMPLATE, "secret": SECRET})).json()["in_effect"]

    async def works(secret: str) -> bool:
        code = by_the_book(secret, int(api.context.clock().timestamp()), 30, 8)
        asked = {"url": f"https://pay.example/CS1/1/{code}/v1", "notify": False}
        return (await api.post("/web-payments", asked)).status_code == 200

    other = "another secret, longer"
    api.stations.results = [CommandResult(UUID(station), "station_silent")]
    silent = await api.call("PUT", path, json={"url_template": TEMPLATE, "secret": other})
    problem(silent, 504, "station_silent")
    assert (await works(SECRET), await works(other)) == (True, True)
    api.stations.results = [accepted()]
    await api.call("PUT", path, json={"url_template": TEMPLATE, "secret": other})
    assert (await works(SECRET), await works(other)) == (False, True)
    api.stations.results = [accepted("SharedSecret")]
    refused = (await api.call("PUT", path, json={"url_template": TEMPLATE})).json()
    assert (refused["in_effect"], refused["variables"]["SharedSecret"]) == (False, "Rejected")
    assert await works(other)
    for body in ({"url_template": "https://p.example/{totp}"}, {"url_template": TEMPLATE, "roaming_evse_id": "DE*1"},
                 {"url_template": "https://p.example/{chargingstationid}/{totp}/{version}", "evse": 1}):  # fmt: skip
        problem(await api.call("PUT", path, json=body), 422, "invalid_body")
    roaming = {"url_template": "https://hub.example/{roamingevseid}/{totp}/{version}", "evse": 3,
               "roaming_evse_id": "DE*1*E3", "secret": SECRET}  # fmt: skip
    api.stations.results = [accepted(evse=3)]
    assert (await api.call("PUT", path, json=roaming)).json()["in_effect"] is True
    code = by_the_book(SECRET, int((api.context.clock() + timedelta(0)).timestamp()), 30, 8)
    asked = {"url": f"https://hub.example/DE*1*E3/{code}/v1", "notify": False}
    assert (await api.post("/web-payments", asked)).json()["evse"] == 3
