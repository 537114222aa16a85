"""Bodies of the commands that send vendors' own messages, plug and charge for OCPP 1.6 among them."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples

Action = Literal[
    "CertificateSigned", "DeleteCertificate", "GetInstalledCertificateIds", "InstallCertificate", "TriggerMessage"
]


class DataTransfer(Command, frozen=True, kw_only=True):
    """Sends a vendor's own message. `data`: any JSON; to OCPP 1.6 what is no text goes as its JSON text."""

    vendor: Annotated[str, Meta(min_length=1, max_length=255)]
    message: Annotated[str, Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    data: Any = UNSET


class PlugAndCharge(Command, frozen=True, kw_only=True):
    """Sends a message about ISO 15118 certificates, written as in OCPP 2.0.1; 1.6 gets it inside a DataTransfer."""

    message: Action
    payload: dict[str, Any]


COMMANDS: Commands = {"data-transfer": DataTransfer, "plug-and-charge": PlugAndCharge}

EXAMPLES: Examples = {
    "data-transfer": {"vendor": "com.example", "message": "Greeting", "data": {"hello": True}},
    "plug-and-charge": {"message": "GetInstalledCertificateIds", "payload": {"certificateType": ["MORootCertificate"]}},
}
