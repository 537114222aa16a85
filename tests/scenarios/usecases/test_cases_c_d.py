"""C (authorization) and D (local lists) of OCPP 2.x. Contracts (C07): test_cases_m.py."""

from datetime import UTC, datetime, timedelta

import pytest

from simulators.station import settings, web_payment
from tests.support.node import Node
from tests.support.walking import TOKEN, Cases, Json, Stand, good

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_authorization_and_lists(walked: Node, version: str) -> None:
    await CASES.walk(walked, version)


async def answer_to(at: Stand, number: str, kind: str) -> dict[str, object]:
    """What an Authorize with that token is answered with."""
    told = await at.say("Authorize", {"idToken": {"idToken": number, "type": kind}})
    info: dict[str, object] = told["idTokenInfo"]
    return info


def limit_of(session: Json) -> float:
    """The highest cost, as its station keeps to it."""
    return float((session["details"]["limit"] or {}).get("max_cost") or 0)


@CASES("C01")
async def rfid(at: Stand) -> None:
    session = await at.charging()
    assert (session["token"], session["token_type"]) == (TOKEN, "ISO14443")


@CASES("C02")
async def start_button(at: Stand) -> None:
    """C02.FR.03: a token of that type needs no Authorize; nobody is named."""
    await at.do("plug 1; act start 1 NoAuthorization; until charging 1")
    assert (await at.session())["token_type"] == "NoAuthorization"


@CASES("C03")
async def credit_card(at: Stand) -> None:
    """A token made by the payment terminal's operator, of type Central (2.0.1) or DirectPayment (2.1)."""
    kind = "DirectPayment" if at.newer else "Central"
    token = await at.token("PAY", type=kind)
    await at.do(f"plug 1; act start 1 {kind} {token}; until charging 1")
    assert (await at.session(lambda s: s["token"] == token))["token_type"] == kind


@CASES("C04")
async def key_code(at: Stand) -> None:
    code = await at.token("1234", type="KeyCode")
    assert (await answer_to(at, code, "KeyCode"))["status"] == "Accepted"
    assert (await answer_to(at, "98769876", "KeyCode"))["status"] in ("Invalid", "Unknown")
    assert (await at.heard("Authorize"))["text"]
    frames = await at.get(f"/stations/{at.identity}/frames", action="Authorize", direction="in")
    assert "98769876" not in str(frames), "codes are secrets"
    await at.do(f"plug 1; act start 1 KeyCode {code}; until charging 1")
    assert (await at.session())["token_type"] == "KeyCode"


@CASES("C05")
async def started_by_us(at: Stand) -> None:
    token = await at.token("APP", type="Central")
    await at.do("plug 1")
    await at.command("start", token=token, token_type="Central", evse=1)
    session = await at.session(lambda s: s["status"] == "active")
    assert (session["token"], session["token_type"]) == (token, "Central")
    assert session["remote_start_id"] is not None


@CASES("C06")
async def local_id(at: Stand) -> None:
    await at.do("plug 1; act start 1 Local 0; until charging 1")
    assert (await at.session())["token_type"] == "Local"


@CASES("C08", dc=True)
async def external_identification(at: Stand) -> None:
    """At an EVSE of ISO 15118 with a card: an Authorize like any other."""
    session = await at.charging()
    assert (session["token"], session["token_type"]) == (TOKEN, "ISO14443")


@CASES("C09")
async def group(at: Stand) -> None:
    first = await at.token("G1", group=f"GROUP-{at.identity}"[:36])
    second = await at.token("G2", group=f"GROUP-{at.identity}"[:36])
    running = await at.charging(first)
    await at.do(f"swipe {second} 1; until idle 1")
    ended = await at.see(f"/sessions/{running['id']}", lambda s: s["status"] == "ended")
    assert ended["stop_reason"] == "Local"


@CASES("C10")
async def cached(at: Stand) -> None:
    """C10: the answer says how long it may be kept."""
    token = await at.token("KEPT", cache_seconds=3600)
    await at.charging(token)
    info = at.runner.station.authority.known(token)
    assert info is not None
    assert info.expires_at is not None


@CASES("C11")
async def cache_cleared(at: Stand) -> None:
    await at.charging()
    await at.command("clear-cache")
    assert at.runner.station.authority.known(TOKEN) is None


@CASES("C12")
async def cached_start(at: Stand) -> None:
    """The cache answers before we do; the token comes with the transaction and is checked then (C12.FR.02)."""
    await at.charging()
    await at.do("drive off 1; wait 1s")
    at.runner.station.settings.put(settings.LOCAL_FIRST, "true")
    await at.charging()
    authorized = await at.get(f"/stations/{at.identity}/frames", action="Authorize", direction="in")
    assert len(authorized["items"]) == 1


@CASES("C13")
async def listed_offline(at: Stand) -> None:
    token = await at.token("LIST")
    await at.post("/local-list-rules", {"station": at.identity, "rule": "tokens", "tokens": [token]})
    await at.see(f"/local-lists/{at.identity}", lambda held: held["status"] == "synced" and held["entries"] == 1)
    await at.do(f"lose link 2s; plug 1; swipe {token} 1; until charging 1; until online")
    session = await at.session(lambda s: s["token"] == token)
    assert session["details"]["offline"] is True


@CASES("C14")
async def listed_online(at: Stand) -> None:
    token = await at.token("LIST")
    await at.post("/local-list-rules", {"station": at.identity, "rule": "tokens", "tokens": [token]})
    await at.see(f"/local-lists/{at.identity}", lambda held: held["status"] == "synced" and held["entries"] == 1)
    at.runner.station.settings.put(settings.LOCAL_FIRST, "true")
    await at.charging(token)
    assert (await at.get(f"/stations/{at.identity}/frames", action="Authorize"))["items"] == []


@CASES("C15")
async def unknown_offline(at: Stand) -> None:
    """Let in while offline, refused when it comes (C15.FR.03 of the station: it stops then)."""
    await at.do("lose link 30s; plug 1; swipe NOBODY-KNOWS 1; until online; until idle 1")
    ended = await at.session(lambda s: s["status"] == "ended")
    assert ended["stop_reason"] == "DeAuthorized"
    await at.event("token.refused", token="NOBODY-KNOWS")


@CASES("C16")
async def master_pass(at: Stand) -> None:
    """Its group is the station's MasterPassGroupId; it begins nothing (C16.FR.03)."""
    master = await at.token("MASTER", master=True, group="MASTERS")
    info = await answer_to(at, master, "ISO14443")
    assert info == {"status": "Accepted", "groupIdToken": {"idToken": "MASTERS", "type": "Central"}}
    await at.do(f"plug 1; act start 1 ISO14443 {master}; until idle 1")
    await at.event("token.refused", token=master)


@CASES("C17", "2.1")
async def prepaid(at: Stand) -> None:
    """What is left on the card limits the transaction (C17.FR.02)."""
    token = await at.token("PREPAID")
    await at.learn("TxCtrlr", "SupportedLimits")
    running = await at.charging(token)
    await at.patch(f"/sessions/{running['id']}", {"limit": {"max_cost": "5.00"}})
    await at.session(lambda s: limit_of(s) == 5)


@CASES("C18", "2.1")
async def payment_terminal(at: Stand) -> None:
    token = await at.token("PSP18", type="DirectPayment")
    await at.do(f"act vat NL123456789B01 1; plug 1; act start 1 DirectPayment {token}; until charging 1")
    assert (await at.session())["token_type"] == "DirectPayment"


@CASES("C19", "2.1")
async def canceled_before(at: Stand) -> None:
    await at.do("act settle 1 PSP-19 0 Canceled")
    settled = await at.of("/settlements")
    assert (settled["psp_ref"], settled["status"], settled["session"]) == ("PSP-19", "Canceled", None)


@CASES("C20", "2.1")
async def canceled_after(at: Stand) -> None:
    running = await at.charging()
    await at.do("drive off 1; until idle 1; act settle 1 PSP-20 0 Canceled")
    settled = await at.of("/settlements")
    assert (settled["status"], settled["session"]) == ("Canceled", running["id"])


@CASES("C21", "2.1")
async def settled(at: Stand) -> None:
    running = await at.charging()
    await at.do("drive off 1; until idle 1; act settle 1 PSP-21 4.20")
    kept = await at.of("/settlements")
    assert (kept["status"], kept["amount"], kept["session"]) == ("Settled", "4.2", running["id"])
    await at.event("payment.settlement_reported")


@CASES("C22", "2.1")
async def settlement_failed(at: Stand) -> None:
    await at.charging()
    await at.do("drive off 1; until idle 1; act settle 1 PSP-22 4.20 Failed")
    assert (await at.of("/settlements"))["status"] == "Failed"


@CASES("C23", "2.1")
async def amount_increased(at: Stand) -> None:
    await at.learn("TxCtrlr", "SupportedLimits")
    running = await at.charging()
    await at.patch(f"/sessions/{running['id']}", {"limit": {"max_cost": "5.00"}})
    await at.session(lambda s: limit_of(s) == 5)
    await at.patch(f"/sessions/{running['id']}", {"limit": {"max_cost": "9.00"}})
    await at.session(lambda s: limit_of(s) == 9)


@CASES("C24", "2.1")
async def kiosk(at: Stand) -> None:
    """A terminal that stands alone asks us, and we start."""
    await at.learn("TxCtrlr", "SupportedLimits")
    token = await at.token("KIOSK", type="DirectPayment")
    await at.do("plug 1")
    await at.command("start", token=token, token_type="DirectPayment", evse=1, limits={"max_cost": "20.00"})
    session = await at.session(lambda s: limit_of(s) == 20)
    await paid(at, session, "PSP-24")


async def paid(at: Stand, session: Json, reference: str) -> None:
    """The vehicle leaves and the terminal settles."""
    await at.do(f"drive off 1; until idle 1; act settle 1 {reference} 4.20")
    kept = await at.of("/settlements", lambda s: s["psp_ref"] == reference)
    assert (kept["status"], kept["session"]) == ("Settled", session["id"])


@CASES("C25", "2.1")
async def qr_code(at: Stand) -> None:
    """A driver scans the code that the station shows and pays on the web: it keeps the EVSE, we start, it settles.

    C25.FR.07, C25.FR.08: with an old or a wrong code nothing begins. C25.FR.09, C25.FR.20, C25.FR.23, C25.FR.59.
    """
    shown = "https://pay.example/{chargingstationid}/{evse}/{totp}/{version}"
    wanted = {"url_template": shown, "payment_page": "https://psp.example/pay"}
    told = good(await at.api.put(f"/stations/{at.identity}/web-payments", json=wanted))
    assert told["in_effect"], told
    await at.learn("TxCtrlr", "SupportedLimits")
    station = at.runner.station
    await at.do("act qr-code 1 maxcost=12.5")
    scanned = station.notes[-1].removeprefix("scan at 1: ")
    before = web_payment.address(station, station.outlets[1], datetime.now(UTC) - timedelta(seconds=90))
    code = scanned.split("/")[-2]
    for refused in (before, scanned.replace(code, code.swapcase()), scanned.replace("/1/", "/2/").replace(code, "x")):
        answer = await at.api.post("/web-payments", json={"url": refused})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_payment_code"), refused
    assert not any("web payment" in note for note in station.notes)
    opened = await at.post("/web-payments", {"url": scanned})
    assert (opened["station"], opened["evse"], opened["notified"]) == (at.identity, 1, True)
    assert opened["forward_to"] == f"https://psp.example/pay?station={at.identity}&evse=1&max_cost=12.5000"
    assert "web payment for 1, 120 s" in station.notes
    await at.do(f"plug 1; swipe {TOKEN} 1")
    await at.quiet()
    assert station.notes[-1] == "EVSE 1 is kept for who pays on the web"
    reference = {"token": f"PSP-25-{at.version}", "token_type": "DirectPayment"}
    await at.command("start", **reference, evse=opened["evse"], limits=opened["limits"])
    session = await at.session(lambda s: limit_of(s) == 12.5)
    assert (session["token"], session["status"]) == (reference["token"], "active")
    await paid(at, session, "PSP-25")


@CASES("D01")
async def list_sent(at: Stand) -> None:
    token = await at.token("LIST")
    rule = await at.post("/local-list-rules", {"station": at.identity, "rule": "tokens", "tokens": [token]})
    await at.see(f"/local-lists/{at.identity}", lambda held: held["status"] == "synced" and held["entries"] == 1)
    assert at.runner.station.authority.known(token) is not None
    other = await at.token("MORE")
    await at.patch(f"/local-list-rules/{rule['id']}", {"tokens": [token, other]})
    await at.see(f"/local-lists/{at.identity}", lambda held: held["entries"] == 2)
    await at.event("local_list.synced")


@CASES("D02")
async def list_version(at: Stand) -> None:
    at.runner.station.authority.list_version = 7
    answer = await at.command("local-list-version", outcome=None)
    assert answer["payload"]["versionNumber"] == 7
