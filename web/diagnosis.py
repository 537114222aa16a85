"""What is wrong with a station that does not connect, found in what is known of it. Pure: facts in, findings out."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import quote

from msgspec import Struct

from actors.station.face import LiveStation
from protocol.ocpp import reasons
from storage.web.diagnosis import Known
from storage.web.refusals import RefusalRow
from storage.web.stations import StationRow
from web.frame_reasons import explained
from web.instants import Instant, instant

Severity = Literal["ok", "note", "wrong"]
_CLOCK: Final = 60_000  # ms that a station's clock may be off
_ENDINGS: Final = {
    "peer_closed": ("the station or the network closed it", "if this repeats, look at the station's modem or proxy"),
    "peer_silent": ("nothing was heard of it any more",
                    "look at the network between; the station may be without power"),
    "replaced": ("a newer connection of the same identity took its place",
                 "nothing, unless it repeats: then two stations have one identity"),
    "violated": ("what it sent was no OCPP", "see its frames with outcome `violated`"),
    "refused": ("it was sent away by a change made here", "look whether it was deleted or its password changed"),
    "store_silent": ("a message could not be stored in time", "look at the database, `voltyard doctor`"),
    "stopping": ("the node stopped", "nothing: stations come back by themselves"),
    "bug": ("a fault of ours", "report it with the log of the node"),
}  # fmt: skip


class FindingView(Struct, frozen=True, kw_only=True):
    """One thing found. `wrong` keeps the station from working, `note` may; `code` is stable."""

    code: str
    severity: Severity
    text: str
    advice: str
    count: int | None = None
    at: Instant | None = None
    refusal: str | None = None
    request: str | None = None


class DiagnosisView(Struct, frozen=True, kw_only=True):
    """What is known about a station's connection: findings with the worst first. `configured`: it is known here."""

    station: str
    station_id: str | None
    configured: bool
    online: bool
    examined_at: Instant
    findings: list[FindingView]


def diagnose(known: Known, live: LiveStation | None, tenant: str, now: datetime) -> DiagnosisView:
    """`live`: what its actor knows, None when there is none in memory; `tenant`: the slug, for addresses."""
    row = known.row
    online = bool(live.online if live else row is not None and row.online)
    findings = list(_of_refusals(known, online))
    if row is None:
        findings.append(_missing(known.name, known.refusals))
    else:
        findings += [*_of_connection(known, row, live, online, tenant), *_of_state(row, live, now), *_of_frames(known)]
    order = ("wrong", "note", "ok")
    return DiagnosisView(
        station=known.name, station_id=str(row.id) if row else None, configured=row is not None, online=online,
        examined_at=instant(now), findings=sorted(findings, key=lambda each: order.index(each.severity)),
    )


def _missing(name: str, refusals: list[RefusalRow]) -> FindingView:
    advice = "make it with POST /stations, with the very identity that the station sends"
    if refusals:
        advice = f"admit it with POST /refusals/{refusals[0].id}/admit, or correct the identity in the station"
    text = f"no station {name!r} is configured"
    return FindingView(code="not_configured", severity="wrong", text=text, advice=advice)


def _of_refusals(known: Known, online: bool) -> Iterator[FindingView]:
    """One for each refusal that counts: those before the connection that is open now are history."""
    since = known.row.connected_at if known.row else None
    for refusal in known.refusals:
        reason = reasons.of_refusal(refusal.reason)
        past = since is not None and since > refusal.last_at
        text, advice, own = _nearness(known, refusal, reason)
        said = f" ({refusal.detail})" if refusal.detail and refusal.detail not in text else ""
        severity: Severity = "note" if past or online or not own else "wrong"
        yield FindingView(
            code=refusal.reason if own else f"near_{refusal.reason}", severity=severity, text=text + said,
            advice=advice, count=refusal.count, at=instant(refusal.last_at), refusal=str(refusal.id),
            request=refusal.request,
        )


def _nearness(known: Known, refusal: RefusalRow, reason: reasons.Reason) -> tuple[str, str, bool]:
    """(text, advice, whether it is surely of this station)."""
    where = f"from {refusal.address_prefix}" + (f" at {refusal.path}" if refusal.path else "")
    if refusal.identity is None and not refusal.path.lower().endswith("/" + known.name.lower()):
        return f"{where}, where this station was last seen: {reason.why}", reason.advice, False
    if refusal.identity is not None and refusal.identity.lower() != known.name.lower():
        text = f"a station {refusal.identity!r} {where} was refused, much like {known.name!r}: {reason.why}"
        return text, f"if it is this one, correct its identity to {known.name!r}", False
    if refusal.reason == "unknown_station" and known.row is not None:
        if known.row.created_at > refusal.last_at:
            return f"refused {where} before it was configured here", "wait until it redials, or restart it", True
        return (f"refused {where} as unknown, though it is configured here: the path names another tenant",
                "correct the tenant in the station's URL, or move the station to that tenant", True)  # fmt: skip
    return f"refused {where}: {reason.why}", reason.advice, True


def _of_connection(
    known: Known, row: StationRow, live: LiveStation | None, online: bool, tenant: str
) -> Iterator[FindingView]:
    if online:
        at = (live and live.connected_at) or row.connected_at
        version = (live.version.value if live and live.version else row.version) or "?"
        yield FindingView(code="online", severity="ok", text=f"connected, OCPP {version}", advice="",
                          at=instant(at) if at else None)  # fmt: skip
        return
    if row.connected_at is None:
        path = f"/ocpp/{quote(row.identity, safe='')}" if tenant == "default" else \
            f"/ocpp/{tenant}/{quote(row.identity, safe='')}"  # fmt: skip
        text = "it has never connected" + ("" if known.refusals else ", and nothing like it was refused")
        advice = f"its URL must end in {path}; look at its address, port, DNS, firewall and SIM card"
        yield FindingView(code="never_connected", severity="wrong", text=text, advice=advice)
    else:
        why, advice = _ENDINGS.get(known.ended.ending if known.ended else "", ("how it ended is not known", ""))
        at = known.ended.at if known.ended else row.last_seen_at
        advice = advice or "look at the network between, and whether the station has power"
        yield FindingView(code="offline", severity="wrong", text=f"not connected: {why}", advice=advice,
                          at=instant(at) if at else None)  # fmt: skip
    if row.security_profile > 0 and not row.has_password and row.security_profile < 3:
        said = reasons.of_refusal("password_not_set")
        yield FindingView(code="password_not_set", severity="wrong", text=said.why, advice=said.advice)
    if row.highest_profile > row.security_profile:
        yield FindingView(
            code="profile_raised", severity="note",
            text=f"it once used security profile {row.highest_profile}: a lower one is not taken any more",
            advice=reasons.of_refusal("profile_too_low").advice,
        )
    if row.password_pending:
        yield FindingView(
            code="password_pending", severity="note", text="a new password was sent to it, which it has not confirmed",
            advice="nothing: the old and the new one open until it comes back with one of them",
        )


def _of_state(row: StationRow, live: LiveStation | None, now: datetime) -> Iterator[FindingView]:
    held = (live and live.held_off) or row.held_off
    if held and _until(held) > now:
        said = reasons.of_refusal("held_off")
        yield FindingView(code="held_off", severity="wrong", text=f"{said.why} (until {_until(held):%Y-%m-%d %H:%M}Z)",
                          advice=said.advice)  # fmt: skip
    boot = (live and live.boot) or row.boot or {}
    status = boot.get("status") or row.admission
    if row.admission != "accepted" or status not in ("accepted", "Accepted"):
        yield FindingView(
            code=f"boot_{str(status).lower()}", severity="wrong",
            text=f"its boot is answered {status}: until it is accepted it may do next to nothing",
            advice="PATCH the station with admission `accepted`; then it is asked to boot again",
        )
    for quirk in live.quirks if live else row.quirks:
        yield FindingView(
            code="quirk", severity="note", text=f"its frames are repaired: quirk {quirk.get('code')}",
            advice="nothing, unless data is missing; `strict` on the station turns repairs off",
            count=quirk.get("count"),
        )
    offset = row.clock_offset_ms
    if offset is not None and abs(offset) > _CLOCK:
        way = "ahead" if offset > 0 else "behind"
        yield FindingView(
            code="clock", severity="note", text=f"its clock is {abs(offset) // 1000} s {way}",
            advice="let it take the time from our answers to BootNotification and Heartbeat; TLS needs a right clock",
        )


def _until(held: dict[str, Any]) -> datetime:
    until = held.get("until")
    if isinstance(until, str):
        until = datetime.fromisoformat(until)
    return until if isinstance(until, datetime) else datetime.min.replace(tzinfo=UTC)


def _of_frames(known: Known) -> Iterator[FindingView]:
    """Refused frames of the last hour, by action and what was wrong."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    newest: dict[tuple[str, str, str], datetime] = {}
    for frame in known.frames:
        why, advice = explained(frame.direction, frame.outcome, frame.reply)
        if why is None:
            continue
        key = frame.action or "a frame", why.message or why.text, advice or ""
        kinds[key] += 1
        newest[key] = max(frame.received_at, newest.get(key, frame.received_at))
    for key, count in kinds.most_common(10):
        action, text, advice = key
        yield FindingView(code="frames_refused", severity="wrong", text=f"{action} was refused: {text}", advice=advice,
                          count=count, at=instant(newest[key]))  # fmt: skip
