"""Moves stations up to a security profile, step by step (actors/security/upgrade.py says which)."""

from datetime import datetime, timedelta
from typing import Any, Final

import trio

from actors.ports import StationConfig
from actors.security import upgrade
from actors.security.sufferance import RENEW
from actors.security.upgrade import KIND, PROOF, Verdict
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from gateway.worker.answers import not_now
from gateway.worker.outcome import GONE, Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.security import SecurityProfileChanged
from protocol.ocpp.version import Version
from storage.jobs import Job
from storage.passwords import Passwords
from storage.web import security as rows
from web.commands.rotation import Rotation, send_password

_SOON: Final = timedelta(seconds=1)
_LOOK: Final = timedelta(seconds=10)
_ASK_AGAIN: Final = timedelta(minutes=5)
_ASKINGS: Final = 12
_LONGEST: Final = timedelta(days=1)  # of a move without an end of its own
_PRIORITY: Final = {
    "component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "NetworkConfigurationPriority"},
}  # fmt: skip

State = dict[str, Any]


async def _run(tools: Tools, job: Job, keep: Keep) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    state = job.state
    if state["step"] == PROOF:
        return await _prove(tools, job, station)
    live = tools.stations.live(station.id)
    if live is None or not live.online or live.version is None:
        return Again(state, waits_for="online")
    if live.security_profile is not None and live.security_profile >= state["profile"]:
        return await _reached(tools, job, station)
    if "plan" not in state:
        state = {**state, "plan": upgrade.steps(live.version, state, has_password=station.password_hash is not None)}
    match state["step"]:
        case "check":
            return await _check(tools, job, station, state, live.version)
        case "password":
            return await _password(tools, job, station, state)
        case "certificate" if "asked_at" in state:
            return await _certificate(tools, job, station, state)
    return await _send(tools, job, station, state, keep)


async def _check(tools: Tools, job: Job, station: StationConfig, state: State, version: Version) -> Outcome:
    """That somebody here takes that profile, where, and which slots the station has."""
    profile = state["profile"]
    if not any(profile in address.profiles for address in tools.settings.ocpp_listen):
        return await _over(tools, job, station, f"no listener takes profile {profile}: add one to VOLTYARD_OCPP_LISTEN")
    await _moving(tools, job, station, profile)
    state = upgrade.after(state, state["plan"])
    if profile == 3:
        found = await tools.database(
            job.tenant_id, lambda connection: rows.certificate_state(connection, station.id, tools.clock.now())
        )
        if found is not None and found.status == "accepted":
            state = upgrade.after({**state, "step": "certificate"}, state["plan"])
            state["step"] = next(step for step in state["plan"] if step not in state["done"])
    if version is Version.V16:
        return Again(state)
    url = state["url"] or tools.settings.ocpp_public_url
    if url is None or url.startswith("wss://") != (profile >= 2):
        told = "ws://" if profile == 1 else "wss://"
        return await _over(tools, job, station, f"give `url`, the {told} address at which it is to find us then")
    asked = await tools.command(job, station, RawCommand("GetVariables", {"getVariableData": [_PRIORITY]}))
    priority = _value(asked.payload)
    if priority is None:
        verdict = upgrade.judge("check", asked, state["tries"])
        if (later := not_now(job, asked, job.state)) is not None:
            return later
        if verdict.again:
            return _again(job.state)
        return await _over(tools, job, station, verdict.why or "the station does not say which slots it uses")
    slot = upgrade.free_slot(priority) if state["slot"] is None else state["slot"]
    return Again({**state, "url": url.rstrip("/"), "priority": upgrade.slots(priority), "slot": slot})


def _value(payload: Any) -> str | None:
    try:
        [found] = payload["getVariableResult"]
        return str(found["attributeValue"]) if found["attributeStatus"] == "Accepted" else None
    except (KeyError, TypeError, ValueError):
        return None


async def _password(tools: Tools, job: Job, station: StationConfig, state: State) -> Outcome:
    """A random one, which nobody needs to know; a lost answer is settled when the station comes back."""
    if station.password_hash is not None:
        return Again(upgrade.after(state, state["plan"]))
    passwords = await trio.to_thread.run_sync(Passwords.open, tools.settings.data_dir)
    password = passwords.generate()
    rotation = Rotation(
        station, password, passwords.hash_generated(password), 30.0, job.requested_by or f"job:{KIND}",
        job.request_id, unattended=job.requested_by is None,
    )  # fmt: skip
    result = await send_password(lambda work: tools.database(job.tenant_id, work), tools.stations, rotation)
    judged = _judged(job, result, state)
    return judged if isinstance(judged, Again) else await _over(tools, job, station, judged.why)


async def _send(tools: Tools, job: Job, station: StationConfig, state: State, keep: Keep) -> Outcome:
    step, now = state["step"], tools.clock.now()
    if step in ("reset", "switch"):
        state = {**state, "told_at": now.isoformat()}
        await keep(state)
    result = await tools.command(job, station, upgrade.command(state), timeout=60.0)
    judged = _judged(job, result, state)
    if isinstance(judged, Again):
        if step == "certificate" and judged.state["step"] != step:  # it has agreed; what it asks for is looked at
            return Again({**state, "asked_at": now.isoformat()}, _SOON)
        return judged
    if step == "reset":
        await tools.command(job, station, upgrade.command({**state, "step": "back"}))
    return await _over(tools, job, station, judged.why)


async def _certificate(tools: Tools, job: Job, station: StationConfig, state: State) -> Outcome:
    """A02: the station has asked for a certificate, was given it, and took it."""
    since, now = datetime.fromisoformat(state["asked_at"]), tools.clock.now()
    found = await tools.database(
        job.tenant_id, lambda connection: rows.certificate_state(connection, station.id, now, since)
    )
    if found is not None and found.status == "accepted":
        return Again(upgrade.after(state, state["plan"]))
    if found is not None and found.status in ("refused", "rejected"):
        return await _over(tools, job, station, f"its certificate was {found.status}: {found.reason}")
    if now - since > upgrade.CERTIFICATE_WITHIN:
        return await _over(tools, job, station, "the station asked for no certificate within 15 minutes")
    return Again(state, _look(now - since))


def _look(waited: timedelta) -> timedelta:
    """Until the next look, the sooner the shorter we have waited: most stations are quick."""
    return min(max(waited / 4, _SOON), _LOOK)


async def _prove(tools: Tools, job: Job, station: StationConfig) -> Outcome:
    live = tools.stations.live(station.id)
    now = tools.clock.now()
    verdict = upgrade.returned(job.state, live, station.highest_profile, now)
    if verdict.go:
        return await _reached(tools, job, station)
    if verdict.again:
        return Again(job.state, _look(now - datetime.fromisoformat(job.state["told_at"])))
    if job.state.get("priority"):  # what it tried first did not work: do not let it try for ever
        await tools.command(job, station, upgrade.command({**job.state, "step": "back"}))
    return await _over(tools, job, station, verdict.why)


async def _reached(tools: Tools, job: Job, station: StationConfig) -> Outcome:
    """A05.FR.07: from now on a lower profile is refused."""
    profile, now = job.state["profile"], tools.clock.now()
    await tools.database(job.tenant_id, lambda connection: rows.raise_profile(connection, station.id, profile, now))
    await tools.stations.reconfigured(station.id)
    told = SecurityProfileChanged(station_id=station.id, station=station.identity, profile=profile, reached=True)
    await tools.record(job.tenant_id, station.id, tools.event(told, job.request_id))
    return Done({"profile": profile})


async def _moving(tools: Tools, job: Job, station: StationConfig, profile: int | None) -> None:
    """A strict station is let in on its own profile alone (A00.FR.002): meanwhile on the one that it moves to, too."""
    until = job.expires_at or tools.clock.now() + _LONGEST
    await tools.database(job.tenant_id, lambda connection: rows.moving_to(connection, station.id, profile, until))


async def _over(tools: Tools, job: Job, station: StationConfig, why: str) -> Outcome:
    await _moving(tools, job, station, None)
    told = SecurityProfileChanged(
        station_id=station.id, station=station.identity, profile=job.state["profile"], reached=False, reason=why
    )
    await tools.record(job.tenant_id, station.id, tools.event(told, job.request_id))
    return Failed(why, {"step": job.state["step"]})


def _judged(job: Job, result: CommandResult, state: State) -> Again | Verdict:
    """How it goes on after this answer to its step; or the verdict that ends it."""
    verdict = upgrade.judge(state["step"], result, state["tries"])
    if verdict.go:
        return Again(upgrade.after(state, state["plan"]), _SOON)
    later = not_now(job, result, state)
    if later is not None:
        return later
    return _again(state) if verdict.again else verdict


def _again(state: State) -> Again:
    return Again({**state, "tries": state["tries"] + 1}, _LOOK)


async def _expired(tools: Tools, job: Job) -> None:
    """It did not come back on that profile in time: what it has stays as it is."""
    station = await tools.station(job)
    if station is not None:
        if "told_at" in job.state and job.state.get("priority"):
            await tools.command(job, station, upgrade.command({**job.state, "step": "back"}))
        await _over(tools, job, station, "the station did not come back on that profile in time")


async def _renew(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """A00.FR.429: a station with an expired certificate is asked for a request for a new one, at once (A02)."""
    station = await tools.station(job)
    if station is None:
        return Failed(GONE)
    asked = job.state["asked"]
    if asked >= _ASKINGS:
        return Failed("the station agreed to renew its certificate, but has asked for none")
    now = tools.clock.now()
    found = await tools.database(job.tenant_id, lambda connection: rows.certificate_state(connection, station.id, now))
    if found is not None and found.status == "accepted" and found.not_after is not None and found.not_after > now:
        return Done({"status": "renewed"})
    state = {"asked": asked + 1}
    await keep(state)
    result = await tools.command(job, station, NeutralCommand("renew-certificate", {}))
    if result.outcome in ("accepted", "scheduled") or (result.status == "station_silent" and result.id is not None):
        return Again(state, _ASK_AGAIN)
    later = not_now(job, result, job.state, pause=_ASK_AGAIN)
    return later or Failed(upgrade.judge("certificate", result, upgrade.TRIES).why)


HANDLERS: Final[Handlers] = {
    KIND: Handler(_run, deadline=150.0, expired=_expired),
    RENEW: Handler(_renew),
}
