"""Which module understands and answers which version."""

from typing import Final, Protocol

import msgspec

from protocol.ocpp import neutral, v16, v21, v201
from protocol.ocpp.version import Version


class Translator(Protocol):
    """`v16`, `v201` and `v21` are its implementations."""

    def understand(self, action: str, request: msgspec.Struct) -> neutral.Message: ...

    def answer(self, action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct: ...


_TRANSLATORS: Final[dict[Version, Translator]] = {Version.V16: v16, Version.V201: v201, Version.V21: v21}


def translator(version: Version) -> Translator:
    """The translation of that version."""
    return _TRANSLATORS[version]
