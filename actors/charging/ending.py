"""What a transaction's end takes with it: its profiles, its vehicle's needs and plans, its priority. Pure.

OCPP 1.6, 3.13.1; OCPP 2.1 Part 2, K: a TxProfile is valid for its transaction only.
"""

from actors.charging import objects
from actors.session.model import Session
from actors.station.work import Work
from protocol.ocpp.version import Version


def transaction_ended(work: Work, version: Version, session: Session) -> None:
    """Marks as gone what belonged to it. A profile of a remote start may not have its transaction's id yet."""
    own = {"purpose": "TxProfile", "transaction_id": session.transaction_id}
    work.matching(objects.PROFILE, own)
    if session.transaction_id is not None:
        work.matching(objects.PROFILE, own | {"transaction_id": None, "evse": session.evse})
    if version is Version.V16:
        return
    for kind in (objects.NEEDS, objects.EV_SCHEDULE, objects.PRIORITY):
        work.matching(kind, {"transaction_id": session.transaction_id})
