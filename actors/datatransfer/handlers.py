"""What a built-in handler of a vendor's message looks like. Pure."""

from collections.abc import Callable
from typing import Any

import attrs

from actors.ports import Consultation
from actors.station.questions import Answers
from actors.station.state import StationState
from actors.station.who import Station
from actors.station.work import Work
from protocol.ocpp import neutral

Authorize = Callable[[Station, Work, Any, Answers], neutral.Reply]
"""How an AuthorizeAsked is decided (actors/station/decide.py)."""


@attrs.frozen
class Transfer:
    """One message on its way to its handler."""

    station: Station
    message: neutral.DataTransferred
    answers: Answers
    authorize: Authorize


@attrs.frozen
class Handler:
    """`ask`: what has to be known from outside first. `answer`: the reply."""

    answer: Callable[[Work, Transfer], neutral.DataTransferReply]
    ask: Callable[[Station, StationState, neutral.DataTransferred], Consultation | None] = lambda *_: None
