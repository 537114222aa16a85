"""NotifyDisplayMessages: what lies on the displays, in parts (OCPP 2.0.1 Part 2, O03 and O04)."""

from typing import Final

from actors.display.objects import KIND, asks_for_all, from_ocpp, keys, to_data
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.ocpp import neutral

_ACTION: Final = "NotifyDisplayMessages"


def _messages(work: Work, heard: Heard) -> neutral.Reply:
    """Parts carry no number: they count as they come. The whole list sweeps what it does not name."""
    told = heard.json
    work.report(heard.station, _ACTION, told, told=False)
    found = [from_ocpp(info) for info in told.get("messageInfo") or ()]
    for message in found:
        work.object(heard.station, KIND, str(message.id), to_data(message), "installed")
    before = work.state.assemblies.get(f"{_ACTION}/{told['requestId']}")
    number = len(before.seen) if before is not None else 0
    whole = work.part(_ACTION, told["requestId"], number, bool(told.get("tbc")), keys(found))
    if whole.complete and asks_for_all(told["requestId"]):
        work.only(KIND, whole.keys)
    return EMPTY


INCOMING: Final[Incoming] = {_ACTION: _messages}
