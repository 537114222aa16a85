"""What stations say of smart charging. Pure.

OCPP 2.0.1 and 2.1 Part 2: K09 (reports), K11 to K14 (limits of others), K15 to K20 (vehicles), K21, K22 (priority),
K28 (dynamic profiles).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from actors.charging import objects
from actors.charging.consulting import allowed, session_at
from actors.charging.profile import update_fields
from actors.charging.schedules import within
from actors.records import StationObjectRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events import types as events
from protocol.events.charging import ChargingLimitChanged, ChargingNeedsTold, EvScheduleTold, PriorityChargingChanged
from protocol.ocpp import neutral
from protocol.ocpp.errors import ErrorCode

_REPORT: Final = "ReportChargingProfiles"


def _reported(work: Work, heard: Heard) -> neutral.Reply:
    """One message of a report: the profiles of one EVSE and source. They carry no numbers, so they count as they come.

    With its last message those profiles are gone that the report was asked for and does not list.
    """
    told = heard.json
    work.report(heard.station, heard.action, told)
    asked: Mapping[str, Any] = heard.answers.outside or {}
    setters: Mapping[str, Any] = asked.get("set_by") or {}
    keys = []
    for profile in told["chargingProfile"]:
        data = objects.profile_data(profile, told["evseId"], told["chargingLimitSource"])
        key = str(data["id"])
        work.object(heard.station, objects.PROFILE, key, data | setters.get(key, {}), "installed")
        keys.append(key)
    request_id, more = told["requestId"], bool(told.get("tbc"))
    before = work.state.assemblies.get(f"{_REPORT}/{request_id}")
    number = 0 if before is None else len(before.seen)
    assembly = work.part(_REPORT, request_id, number, more, keys)
    criteria = asked.get("criteria")
    if assembly.complete and criteria is not None:
        for match, named in objects.meant(criteria):
            work.matching(objects.PROFILE, match, keys=named, keep=assembly.keys)
    return EMPTY


def _limited(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyChargingLimit: a limit an EVSE and source (K11.FR.02, K12.FR.02, K14.FR.02, K27.FR.03).

    Of whoever manages energy there: beside the station, above it, or in the cloud (K23, K24, K25, K26, K29).
    """
    told = heard.json
    work.report(heard.station, heard.action, told)
    limit, evse = told["chargingLimit"], told.get("evseId", 0)
    source = limit["chargingLimitSource"]
    data = {
        "evse": evse,
        "source": source,
        "grid_critical": limit.get("isGridCritical", False),
        "local_generation": limit.get("isLocalGeneration", False),
        "schedules": [objects.neutral_schedule(each) for each in told.get("chargingSchedule") or ()],
    }
    work.object(heard.station, objects.EXTERNAL, f"{evse}/{source}", data, "active")
    _tell_limit(work, heard, evse, source, data)
    return EMPTY


def _cleared(work: Work, heard: Heard) -> neutral.Reply:
    """ClearedChargingLimit: without an EVSE all of that source's limits are gone (K13.FR.02, K14.FR.03)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    source, evse = told["chargingLimitSource"], told.get("evseId")
    match: dict[str, Any] = {"source": source} if evse is None else {"source": source, "evse": evse}
    work.matching(objects.EXTERNAL, match, status="cleared")
    _tell_limit(work, heard, evse or 0, source, None)
    return EMPTY


def _tell_limit(work: Work, heard: Heard, evse: int, source: str, data: Mapping[str, Any] | None) -> None:
    given: Mapping[str, Any] = data or {}
    changed = ChargingLimitChanged(
        station_id=heard.station.id, station=heard.station.identity, evse=evse, source=source, active=data is not None,
        grid_critical=given.get("grid_critical", False), local_generation=given.get("local_generation", False),
    )  # fmt: skip
    work.event(events.make(changed))


def _needs(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyEVChargingNeeds: kept for whoever plans, who also gives the answer; nobody: no schedule will come.

    Every telling is answered (K15.FR.02, K17.FR.02, K18.FR.02, K19.FR.02), first needs and changed ones (K20) alike:
    Accepted with a schedule at hand (K15.FR.03, K17.FR.03, K18.FR.03, K19.FR.03), which is sent next as a TxProfile of
    the transaction (K15.FR.07, K17.FR.07, K18.FR.07, K19.FR.07, K16.FR.12); Processing when the planner says that its
    schedule will come (K17.FR.05). A transfer that the operator does not allow: Rejected (K18.FR.22, K19.FR.15,
    Q01.FR.04). No schedule: Rejected in the first edition of ISO 15118 (K15.FR.04, K17.FR.04), NoChargingProfile with
    a control mode (K18.FR.04, K19.FR.04).
    Whoever plans says Accepted when a profile follows at once, Processing when later (Q01.FR.07 and its erratum). A
    vehicle's DER parameters are among its needs (R02.FR.01, R03.FR.01).
    """
    told = heard.json
    work.report(heard.station, heard.action, told)
    needs, evse = told["chargingNeeds"], told["evseId"]
    plan: Mapping[str, Any]
    if not allowed(work.state, needs["requestedEnergyTransfer"], evse):
        answer, plan = "Rejected", {}
    else:
        plan = heard.answers.outside or {}
        answer = plan.get("status") or ("NoChargingProfile" if "controlMode" in needs else "Rejected")
    session = session_at(work.state, evse)
    transaction = None if session is None else session.transaction_id
    data = {
        "evse": evse,
        "transaction_id": transaction,
        "most_periods": told.get("maxScheduleTuples"),
        "at": told.get("timestamp"),
        "needs": needs,
        "answer": answer,
    }
    work.object(heard.station, objects.NEEDS, str(evse), data, answer)
    departure = needs.get("departureTime")
    asked = ChargingNeedsTold(
        station_id=heard.station.id, station=heard.station.identity, evse=evse, transaction_id=transaction,
        transfer=needs["requestedEnergyTransfer"], answer=answer,
        departure_at=None if departure is None else datetime.fromisoformat(departure),
    )  # fmt: skip
    work.event(events.make(asked))
    if answer == "Accepted" and plan.get("profile") is not None:
        work.job(
            "charging-renegotiate", {"evse": evse, "profile": plan["profile"]},
            key=f"{heard.station.id}/{transaction}/needs", after=timedelta(seconds=plan.get("pause_s", 0)),
        )  # fmt: skip
    return neutral.GivenReply({"status": answer})


def _scheduled(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyEVChargingSchedule: Accepted within the schedule given, else Rejected (K15.FR.11, K15.FR.12, K16 to K18).

    What is refused is negotiated anew with the schedule that counts (K15.FR.13, K16.FR.08, K17.FR.13, K18.FR.13).
    """
    told = heard.json
    work.report(heard.station, heard.action, told)
    evse, base = told["evseId"], datetime.fromisoformat(told["timeBase"])
    session = session_at(work.state, evse)
    transaction = None if session is None else session.transaction_id
    given: Mapping[str, Any] = heard.answers.outside or {}
    profile = given.get("profile")
    fits = True
    if profile is not None and given.get("control_mode") != "DynamicControl":
        began = base if session is None else session.started_at
        chosen = _chosen(objects.schedules_of(profile), told.get("selectedChargingScheduleId"))
        fits = within(told["chargingSchedule"], base, chosen, began)
    answer = "Accepted" if fits else "Rejected"
    data = {
        "evse": evse,
        "transaction_id": transaction,
        "time_base": told["timeBase"],
        "selected": told.get("selectedChargingScheduleId"),
        "schedule": objects.neutral_schedule(told["chargingSchedule"]),
        "answer": answer,
    }
    work.object(heard.station, objects.EV_SCHEDULE, str(evse), data, answer)
    work.event(
        events.make(
            EvScheduleTold(
                station_id=heard.station.id, station=heard.station.identity, evse=evse, transaction_id=transaction,
                accepted=fits,
            )
        )
    )  # fmt: skip
    if not fits and not given.get("renegotiated"):
        work.job("charging-renegotiate", {"evse": evse, "profile": profile}, key=f"{heard.station.id}/{transaction}")
    return neutral.GivenReply({"status": answer})


def _chosen(schedules: list[Mapping[str, Any]], selected: int | None) -> list[Mapping[str, Any]]:
    """The schedule that the vehicle names, else all that it could have chosen."""
    return [each for each in schedules if each.get("id") == selected] or schedules


def _priority(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyPriorityCharging: by the driver's hand or by our call (K21.FR.09, K22.FR.06)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    transaction, activated = told["transactionId"], told["activated"]
    if activated:
        work.object(heard.station, objects.PRIORITY, transaction, {"transaction_id": transaction}, "active")
    else:
        work.matching(objects.PRIORITY, {"transaction_id": transaction}, status="ended")
    changed = PriorityChargingChanged(
        station_id=heard.station.id, station=heard.station.identity, transaction_id=transaction, activated=activated
    )
    work.event(events.make(changed))
    return EMPTY


def _pulled(work: Work, heard: Heard) -> neutral.Reply:
    """PullDynamicScheduleUpdate: Accepted with the values to use (K28.FR.07).

    A profile that is not there, or not Dynamic: Rejected, InvalidProfile (K28.FR.12). When we cannot tell now, an
    error: the station goes on with what it has and asks again.
    """
    found: Mapping[str, Any] | None = heard.answers.outside
    if found is None:
        return neutral.RefusedReply("cannot be told now; ask again", ErrorCode.INTERNAL_ERROR)
    if not found["dynamic"]:
        return neutral.GivenReply({"status": "Rejected", "statusInfo": {"reasonCode": "InvalidProfile"}})
    number = heard.payload.chargingProfileId
    data = {
        "profile": number, "values": found["values"], "at": events.timestamp(work.now), "by": "pull",
        "source": found["source"], "pushed_at": found.get("pushed_at"),
    }  # fmt: skip
    if found["news"]:
        work.object(heard.station, objects.DYNAMIC, str(number), data, "active")
    else:  # the same as before: when it was last fetched is kept, nobody is told
        work.records.append(StationObjectRecord(objects.DYNAMIC, str(number), "active", data, work.received()))
    return neutral.GivenReply({"status": "Accepted", "scheduleUpdate": update_fields(found["values"])})


INCOMING: Final[Incoming] = {
    _REPORT: _reported,
    "NotifyChargingLimit": _limited,
    "ClearedChargingLimit": _cleared,
    "NotifyEVChargingNeeds": _needs,
    "NotifyEVChargingSchedule": _scheduled,
    "NotifyPriorityCharging": _priority,
    "PullDynamicScheduleUpdate": _pulled,
}
