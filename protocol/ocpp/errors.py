"""The RPC error codes: one name each inside Voltyard, every version's own spelling on the wire.

What belongs here: which code exists in which version, how it is written there, how what peers write is
recognised, and which code answers which fault of a payload.
"""

import enum
from types import MappingProxyType
from typing import Final

from protocol.ocpp.version import Version

DESCRIPTION_LIMIT: Final = 255
"""Characters of errorDescription (OCPP 2.0.1 Part 4, 4.2.3; 1.6 names no limit, its stations expect this one)."""


class ErrorCode(enum.StrEnum):
    """An RPC error code under its OCPP 2.1 name (OCPP 2.1 Part 4, 4.3)."""

    FORMAT_VIOLATION = "FormatViolation"
    GENERIC_ERROR = "GenericError"
    INTERNAL_ERROR = "InternalError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    OCCURRENCE_CONSTRAINT_VIOLATION = "OccurrenceConstraintViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    PROTOCOL_ERROR = "ProtocolError"
    RPC_FRAMEWORK_ERROR = "RpcFrameworkError"
    SECURITY_ERROR = "SecurityError"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"


# 1.6 misspells two codes and keeps them so (OCPP-J 1.6 errata, 5.1 and 5.2: a correction would break peers).
# It has no code for a frame that is no RPC message; "syntactically incorrect or not conform the PDU structure"
# comes nearest. An unknown message type is ignored in 1.6, so its entry only serves callers who ask for it.
_V16_SPELLING: Final = MappingProxyType(
    {
        ErrorCode.FORMAT_VIOLATION: "FormationViolation",
        ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION: "OccurenceConstraintViolation",
        ErrorCode.RPC_FRAMEWORK_ERROR: "FormationViolation",
        ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED: "GenericError",
    }
)

_ALIASES: Final = MappingProxyType(
    {
        **{code.lower(): code for code in ErrorCode},
        "formationviolation": ErrorCode.FORMAT_VIOLATION,
        "occurenceconstraintviolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "occurrencyconstraintviolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "occurencyconstraintviolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "occuranceconstraintviolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "propertyconstrainviolation": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
        "rpcframeworkexception": ErrorCode.RPC_FRAMEWORK_ERROR,
        "unknownmessagetype": ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED,
    }
)

# What is wrong with a field → what to answer. 1.6 calls an incomplete payload ProtocolError, 2.x an occurrence fault;
# 2.x kept ProtocolError for what does not fit the structure, which 1.6 calls FormationViolation.
_V16_KINDS: Final = MappingProxyType(
    {
        "missing": ErrorCode.PROTOCOL_ERROR,
        "unknown": ErrorCode.FORMAT_VIOLATION,
        "type": ErrorCode.TYPE_CONSTRAINT_VIOLATION,
        "constraint": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
        "format": ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
        "occurrence": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
    }
)
_V2_KINDS: Final = MappingProxyType(
    {
        **_V16_KINDS,
        "missing": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "unknown": ErrorCode.PROTOCOL_ERROR,
    }
)


def spelling(version: Version, code: ErrorCode) -> str:
    """How `version` writes `code` on the wire; a code it does not have becomes its nearest one."""
    return _V16_SPELLING.get(code, code.value) if version is Version.V16 else code.value


def recognise(text: str) -> ErrorCode | None:
    """The code a peer meant, whatever the version, case or known misspelling; None when it is none of them."""
    return _ALIASES.get(text.strip().lower())


def for_field(version: Version, kind: str) -> ErrorCode:
    """The code that answers a payload whose field is wrong in the way `kind` names (see `catalogue.FieldProblem`)."""
    kinds = _V2_KINDS if version.is_v2 else _V16_KINDS
    return kinds.get(kind, ErrorCode.FORMAT_VIOLATION)
