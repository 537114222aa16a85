"""Who settles a payment when a transaction ends (OCPP 2.1 Part 2, C21, C24, C25). Pure.

A kiosk or a web page has taken it for a remote start: then it is ours to settle (C24.FR.10, C25.FR.40). A terminal at
the station settles by itself and tells (NotifySettlement), unless the station leaves that to us (C21.FR.05: its
PaymentCtrlr.SettlementByCSMS, our setting `settlement_by_csms`). Whoever speaks with the payment provider hears it by
the event.
"""

from actors.session.model import Session
from actors.session.notices import whole_wh
from actors.station.who import Station
from actors.station.work import Work
from protocol.events.costs import SettlementDue
from protocol.events.types import make
from protocol.ocpp.version import Version

_PAID_DIRECTLY = "DirectPayment"


def settlement_due(work: Work, station: Station, session: Session) -> None:
    """An event when the ended session's payment is ours to settle."""
    if station.version is not Version.V21 or session.token is None or session.token_type != _PAID_DIRECTLY:
        return
    if session.remote_start_id is None and not work.state.settings.get("settlement_by_csms"):
        return
    work.event(
        make(
            SettlementDue(
                station_id=station.id, station=station.identity, session_id=session.id, psp_ref=session.token,
                total_cost=session.details.total_cost, energy_wh=whole_wh(session.imported.total),
                remote_start_id=session.remote_start_id, transaction_id=session.transaction_id,
            )
        )
    )  # fmt: skip
