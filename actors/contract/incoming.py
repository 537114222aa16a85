"""Requests about contract certificates and revocation, answered from what was heard outside. Pure."""

from typing import Any, Final

from actors.contract import answers
from actors.contract.objects import Failure
from actors.station.heard import Heard, Incoming
from actors.station.who import Station
from actors.station.work import Work
from protocol.events.contract import ContractCertificateRelayed
from protocol.events.types import make
from protocol.ocpp import neutral


def _certificate(work: Work, heard: Heard) -> neutral.Reply:
    """M01 and M02: relayed; what went wrong is told to the station and to the operator."""
    return neutral.GivenReply(certificate(work, heard.station, heard.json, heard.answers.outside))


def certificate(work: Work, station: Station, asked: dict[str, Any], outside: object) -> dict[str, Any]:
    """The response to a Get15118EVCertificate, with its event."""
    told, failure = answers.certificate(station.version, outside)
    relayed = ContractCertificateRelayed(
        station_id=station.id, station=station.identity, action=asked["action"], status=told["status"],
        reason=failure.reason if failure else None, detail=failure.text if failure else None,
    )  # fmt: skip
    work.event(make(relayed))
    return told


def _status(work: Work, heard: Heard) -> neutral.Reply:
    """M06.FR.01."""
    return neutral.GivenReply(certificate_status(work, heard.station, heard.json, heard.answers.outside))


def certificate_status(work: Work, station: Station, asked: dict[str, Any], outside: object) -> dict[str, Any]:
    """The response to a GetCertificateStatus; a failure is a line of what stations tell."""
    told, failure = answers.certificate_status(station.version, outside)
    if failure is not None:
        _keep(work, station, "GetCertificateStatus", asked, failure)
    return told


def _chain_status(work: Work, heard: Heard) -> neutral.Reply:
    """M07.FR.08."""
    asked = heard.json
    requests = asked["certificateStatusRequests"]
    found = heard.answers.outside
    for place, its in enumerate(found if isinstance(found, list) else ()):
        if isinstance(its, Failure):
            _keep(work, heard.station, heard.action, requests[place], its)
    return neutral.GivenReply(answers.chain_status(requests, found, work.now))


def _keep(work: Work, station: Station, action: str, asked: dict[str, Any], failure: Failure) -> None:
    work.report(station, action, asked | {"failure": failure.info()})


INCOMING: Final[Incoming] = {
    "Get15118EVCertificate": _certificate,
    "GetCertificateStatus": _status,
    "GetCertificateChainStatus": _chain_status,
}
