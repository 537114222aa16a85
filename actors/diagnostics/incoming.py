"""What stations tell of uploads, and of customers. Pure.

OCPP 2.0.1 Part 2, N01.FR.07 to N01.FR.13, N01.FR.20; N09.FR.05, N09.FR.06 (parts); 1.6, 4.4, and the security
whitepaper, LogStatusNotification.
"""

from typing import Final

from actors.diagnostics import ranks
from actors.diagnostics.objects import CUSTOMER, LOG
from actors.records import CustomerReportRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.steps import changed, said_before, step
from actors.station.work import Work
from protocol.events.types import LogProgressed, make
from protocol.ocpp import neutral


def _status(work: Work, heard: Heard) -> neutral.Reply:
    told, station = heard.json, heard.station
    status, number = told["status"], told.get("requestId")
    if said_before(work, f"{LOG}/{number}", status):  # quirk 33
        return EMPTY
    work.report(station, heard.action, told, told=False)
    if status == "Idle":
        return EMPTY  # nothing goes on (N01.FR.13)
    key = None if number is None else str(number)
    made = step(
        LOG, key, status, ranks.of_status(status), work.received(), info=told.get("statusInfo"),
        otherwise=f"unasked-{work.new_id()}",
    )  # fmt: skip
    work.records.append(made)
    work.event(make(LogProgressed(station_id=station.id, station=station.identity, status=status, request_id=key)))
    work.records.append(changed(made, station, work.new_id))
    return EMPTY


def _customer(work: Work, heard: Heard) -> neutral.Reply:
    """The text goes where it can be deleted; what is said of it elsewhere has no word of it."""
    told, station = heard.json, heard.station
    number, seq_no = told["requestId"], told["seqNo"]
    at = work.received()
    work.records.append(CustomerReportRecord(work.new_id(), number, seq_no, told["data"], at))
    whole = work.part(heard.action, number, seq_no, bool(told.get("tbc", False)))
    status = "Reported" if whole.complete else "Reporting"
    data = {"parts": len(whole.seen), "complete": whole.complete}
    work.object(station, CUSTOMER, str(number), data, status)
    return EMPTY


INCOMING: Final[Incoming] = {
    "LogStatusNotification": _status,
    "DiagnosticsStatusNotification": _status,
    "NotifyCustomerInformation": _customer,
}
