"""One payload from its raw JSON to a typed message, with what had to be put right on the way."""

from decimal import Decimal
from typing import Final

import msgspec

from protocol.ocpp import catalogue
from protocol.ocpp.catalogue import Action, FieldProblem
from protocol.ocpp.events import Repair
from protocol.ocpp.messages.encoding import encode_value
from protocol.ocpp.repair.walk import Walk
from protocol.ocpp.version import Version

LARGEST: Final = 262_144
"""Bytes above which a payload is not mended: it would hold up every other station for too long."""

# Numbers are read as decimals, so that a value that is not touched goes on exactly as it was written.
_READER: Final = msgspec.json.Decoder(float_hook=Decimal)


def mend(
    action: Action, version: Version, raw: bytes, *, response: bool
) -> tuple[msgspec.Struct, tuple[Repair, ...]] | FieldProblem:
    """The typed message that `raw` was meant to be with its repairs, or what is wrong beyond repair."""
    if len(raw) > LARGEST:
        return FieldProblem("", "format", f"too large to be mended: {len(raw)} bytes")
    kind = action.response if response else action.request
    decode = action.decode_response if response else action.decode_request
    if kind is None:
        return FieldProblem("", "unknown", f"{action.name} is never answered")
    try:
        walk = Walk(version, action.name, response=response)
        value = walk.message(kind, _READER.decode(raw))
        message: msgspec.Struct = decode(encode_value(value))
    except msgspec.ValidationError as error:
        return catalogue.problem(error)
    except (msgspec.DecodeError, UnicodeError) as error:
        return FieldProblem("", "format", str(error))
    except RecursionError:
        return FieldProblem("", "format", "nested too deeply")
    if walk.emptied:
        # The type asks for at least one item, and none could be used: an empty list tells the truth.
        message = msgspec.structs.replace(message, **dict.fromkeys(walk.emptied, ()))
    return message, tuple(walk.repairs)
