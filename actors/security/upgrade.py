"""Moving a station up to a security profile (use case A05 of every version): its steps, and what answers mean. Pure.

OCPP 2.x: password or certificate first, a network profile in a free slot, that slot first and the present ones behind
it, a reset, and the station comes back on it. OCPP 1.6: the key SecurityProfile, and the station reconnects by itself.
A station that cannot connect falls back to what it had (1.6 A05.FR.08; 2.x: the next slot); then so do we.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from actors.station.face import CommandResult, LiveStation, NeutralCommand, RawCommand
from protocol.ocpp.version import Version

KIND: Final = "security-profile"
PROOF: Final = "proof"
TRIES: Final = 5  # of one step, when nothing is heard
GRACE: Final = timedelta(minutes=3)  # after it came back on a lower profile: it may be trying once more
CERTIFICATE_WITHIN: Final = timedelta(minutes=15)
_ADVICE: Final = {
    "password": "the station must take a password first",
    "root": "the station does not take the root: see its certificate store",
    "certificate": "the station cannot be asked for a certificate request",
    "slot": "name another `slot`, or check `url` and `interface`",
    "priority": "the station needs our root certificate for profiles 2 and 3 and a certificate for 3 (A05.FR.02, "
                "A05.FR.03); its slots may also be numbered otherwise",
    "switch": "the station needs a password of 16 characters for profiles 1 and 2, our root certificate for 2 and 3, "
              "a certificate for 3 (1.6 security whitepaper, A05.FR.02–04)",
    "reset": "reset the station by hand",
}  # fmt: skip


def begin(
    profile: int, *, url: str | None, slot: int | None, interface: str, root: str | None, reset: str
) -> dict[str, Any]:
    """The state a job starts from. It holds no secret."""
    return {
        "profile": profile, "url": url, "slot": slot, "interface": interface, "root": root, "reset": reset,
        "step": "check", "done": [], "tries": 0,
    }  # fmt: skip


def steps(version: Version, state: Mapping[str, Any], *, has_password: bool) -> list[str]:
    """What has to be done, in order."""
    wanted = ["check"]
    if state["profile"] in (1, 2) and not has_password:
        wanted.append("password")
    if state["root"] is not None:
        wanted.append("root")
    if state["profile"] == 3:
        wanted.append("certificate")
    wanted += ["switch"] if version is Version.V16 else ["slot", "priority", "reset"]
    return [*wanted, PROOF]


def after(state: Mapping[str, Any], plan: Sequence[str]) -> dict[str, Any]:
    """The state with its step done and the next one to do."""
    done = [*state["done"], state["step"]]
    following = next((step for step in plan if step not in done), PROOF)
    return {**state, "done": done, "step": following, "tries": 0}


def free_slot(priority: str) -> int:
    """A slot that is not among those in use, from 1 on; `priority` as the station told it."""
    used = set(slots(priority))
    return next(number for number in range(1, len(used) + 2) if number not in used)


def slots(priority: str) -> list[int]:
    """The slots of a NetworkConfigurationPriority, in order; what is no number is left out."""
    return [int(part) for part in priority.split(",") if part.strip().isdecimal()]


def command(state: Mapping[str, Any]) -> NeutralCommand | RawCommand:
    """What is sent at this step; `password` and `check` are not sent from here."""
    profile = state["profile"]
    match state["step"]:
        case "root":
            return NeutralCommand("install-certificate", {"use": "csms_root", "certificate": state["root"]})
        case "certificate":
            return NeutralCommand("renew-certificate", {})
        case "slot":
            given = {"slot": state["slot"], "url": state["url"], "security_profile": profile}
            return NeutralCommand("network-profile", given | {"interface": state["interface"], "message_timeout": 30})
        case "priority":
            others = [slot for slot in state["priority"] if slot != state["slot"]]
            return NeutralCommand("network-priority", {"slots": [state["slot"], *others]})
        case "back":
            return NeutralCommand("network-priority", {"slots": state["priority"]})
        case "switch":
            return RawCommand("ChangeConfiguration", {"key": "SecurityProfile", "value": str(profile)})
        case "reset":
            return NeutralCommand("reset", {"kind": state["reset"]})
        case step:
            raise KeyError(step)


@attrs.frozen
class Verdict:
    """What an answer means: `go` on; `again` after a while; else it is over, `why`."""

    go: bool = False
    again: bool = False
    why: str = ""


def judge(step: str, result: CommandResult, tries: int) -> Verdict:
    """Of a command that went out, or can never. `tries`: how often this step was tried before."""
    if result.outcome in ("accepted", "scheduled"):
        return Verdict(go=True)
    if result.status == "station_silent" and result.id is not None and step in ("switch", "reset"):
        return Verdict(go=True)  # it may be on its way already: whether it took it is seen when it comes back
    if result.status in ("station_silent", "invalid_answer") and tries + 1 < TRIES:
        return Verdict(again=True)
    told = result.detail or result.error_description or result.error_code or _status(result.payload) or result.status
    return Verdict(why=f"{result.action or step}: the station said {told}; {_ADVICE.get(step, 'see its frames')}")


def _status(payload: Any) -> str | None:
    if not isinstance(payload, Mapping):
        return None
    found = payload.get("status")
    for results in (payload.get("setVariableResult"), payload.get("getVariableResult")):
        if isinstance(results, list) and results and isinstance(results[0], Mapping):
            found = results[0].get("attributeStatus")
    return None if found is None else str(found)


def returned(state: Mapping[str, Any], live: LiveStation | None, highest: int, now: datetime) -> Verdict:
    """Whether the station has proved the profile since it was told to change over.

    `highest`: the highest profile that has worked. A05.FR.07 (2.x), A05.FR.09 (1.6): then no lower one is allowed.
    """
    wanted, told_at = state["profile"], datetime.fromisoformat(state["told_at"])
    if highest >= wanted:
        return Verdict(go=True)
    if live is None or not live.online or live.security_profile is None or live.connected_at is None:
        return Verdict(again=True)
    if live.connected_at <= told_at:
        return Verdict(again=True)  # it has not changed over yet: it charges, perhaps
    if live.security_profile >= wanted:
        return Verdict(go=True)
    if now - live.connected_at < GRACE:
        return Verdict(again=True)
    why = (
        f"the station came back on profile {live.security_profile}: it could not connect with {wanted}; see the "
        "refusals, its security events and whether it trusts our certificate"
    )
    return Verdict(why=why)
