"""Authorize with contract certificates: the token's answer becomes that of both. Pure."""

from actors.contract import verdict
from actors.contract.objects import ContractFinding
from actors.station.questions import Answers
from actors.station.who import Station
from actors.station.work import Work
from protocol.events.contract import ContractChecked
from protocol.events.types import make
from protocol.ocpp import neutral

_NOTHING = ContractFinding("missing", "neither a certificate nor hash data is given")


def authorized(
    station: Station, work: Work, message: neutral.AuthorizeAsked, answers: Answers, reply: neutral.Reply
) -> neutral.Reply:
    """`reply` is what the token alone would get. OCPP 2.0.1 Part 2, C07.FR.04."""
    if message.certificate is None and not message.certificate_hashes:
        return reply
    if not isinstance(reply, neutral.AuthorizeReply):
        return reply
    finding = _finding(message, answers)
    answered = verdict.reply(reply.verdict, finding)
    checked = ContractChecked(
        station_id=station.id, station=station.identity, emaid=message.token.uid,
        certificate_status=answered.certificate_status or "", token_status=answered.verdict.status,
        detail=finding.why or None,
    )  # fmt: skip
    work.event(make(checked))
    return answered


def _finding(message: neutral.AuthorizeAsked, answers: Answers) -> ContractFinding:
    if not message.certificate and not message.certificate_hashes:
        return _NOTHING
    return answers.outside if isinstance(answers.outside, ContractFinding) else verdict.UNCHECKED
