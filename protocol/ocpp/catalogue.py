"""Which actions each OCPP version has, and their messages: find, decode, encode, and say what is wrong.

The entry to `protocol.ocpp.messages`; other packages import message classes from the modules there, all else from here.
"""

import difflib
import functools
import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import attrs
import msgspec

from protocol.ocpp.messages.base import CustomDataType, Message, decode_custom_data
from protocol.ocpp.messages.checking import check_payload
from protocol.ocpp.messages.encoding import encode, write_time
from protocol.ocpp.messages.problems import FieldProblem, problem
from protocol.ocpp.version import Version

__all__ = [
    "Action",
    "CustomDataType",
    "FieldProblem",
    "Message",
    "actions",
    "check",
    "encode",
    "find",
    "nearest",
    "problem",
    "write_time",
]

Decode = Callable[[bytes | str | msgspec.Raw], Message]

_MODULES = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}


@attrs.frozen
class Action:
    """An action of one version. `response` is None for a SEND (2.1 NotifyPeriodicEventStream).

    The decoders are msgspec's own methods, made when first used. They raise

    - `msgspec.ValidationError`: not this type (`problem` says why),
    - `msgspec.DecodeError` (its parent), `UnicodeDecodeError`: no JSON at all, a lone surrogate escape included,
    - `UnicodeEncodeError`: a `str` with a lone surrogate in it,
    - `RecursionError`: nested about as deep as Python's own limit.
    """

    name: str
    version: Version
    request: type[Message]
    response: type[Message] | None

    @functools.cached_property
    def decode_request(self) -> Decode:
        """JSON text → an instance of `request`."""
        return _decoder(self.request)

    @functools.cached_property
    def decode_response(self) -> Decode:
        """JSON text → an instance of `response`. Reading it raises LookupError for a SEND, which has none."""
        return _decoder(self._answer())

    def _answer(self) -> type[Message]:
        if self.response is None:
            raise LookupError(f"{self.name} of OCPP {self.version} is never answered")
        return self.response


def _decoder(kind: type[Message]) -> Decode:
    return msgspec.json.Decoder(kind, dec_hook=decode_custom_data).decode


@functools.cache
def actions(version: Version) -> Mapping[str, Action]:
    """All actions of a version by name. The version's module is imported on first use (2.1: about 30 ms)."""
    table = importlib.import_module(f"protocol.ocpp.messages.{_MODULES[version]}").ACTIONS
    return MappingProxyType({name: Action(name, version, *messages) for name, messages in table.items()})


def find(version: Version, name: str) -> Action | None:
    """The action of exactly that name, or None."""
    return actions(version).get(name)


def nearest(version: Version, name: str, limit: int = 3) -> list[str]:
    """Names that may have been meant, best first: the same but for case, then containing it, then alike."""
    wanted = name.lower()[:100]
    by_lowered = {known.lower(): known for known in actions(version)}
    exact = [wanted] * (wanted in by_lowered)
    # Two letters are in half of all names.
    containing = [known for known in sorted(by_lowered, key=len) if len(wanted) > 2 and wanted in known]
    alike = difflib.get_close_matches(wanted, by_lowered, n=limit)
    return [by_lowered[known] for known in dict.fromkeys([*exact, *containing, *alike])][:limit]


def check(action: Action, payload: object, *, response: bool = False) -> list[FieldProblem]:
    """What is wrong with an operator's raw payload (plain JSON values); empty exactly when it can be decoded.

    Goes on where msgspec stops: every field is looked at, up to 50 problems. Raises LookupError for the response of a
    SEND.
    """
    return check_payload(action._answer() if response else action.request, payload)
