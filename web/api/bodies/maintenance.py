"""Bodies of the commands for firmware, logs and customer information."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples
from web.api.fields import END, Label
from web.validation import NotValid

Moment = Annotated[datetime, Meta(tz=True)]
Address = Annotated[
    str, Meta(min_length=8, max_length=2000, pattern=f"^[A-Za-z][A-Za-z0-9+.-]*://[\\x21-\\x7e]+{END}",
              description="An address that the station can reach: http, https, ftp, ftps or sftp")
]
_Count = Annotated[int, Meta(ge=0, le=1000)]
_Seconds = Annotated[int, Meta(ge=0, le=86_400)]
_Checksum = Annotated[str, Meta(pattern=f"^[0-9a-fA-F]{{32}}{END}", description="MD5 of the image, in hexadecimal")]
Transport = Literal["http", "ftp"]


class Retried(Command, frozen=True, kw_only=True):
    """What a transfer may be told: how often to try again, and after how many seconds."""

    retries: _Count | UnsetType = UNSET
    retry_interval: _Seconds | UnsetType = UNSET


class UpdateFirmware(Retried, frozen=True, kw_only=True):
    """Has the station fetch and install firmware: an image of ours (`firmware`), or from an address (`url`).

    With `firmware`, an address is made for this station and request alone; signature and certificate come from there.
    `signed: false` sends a signed image without its signature, for a 1.6 station without the security extension.
    """

    firmware: UUID | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    retrieve_at: Moment | UnsetType = UNSET
    install_at: Moment | UnsetType = UNSET
    signature: Annotated[str, Meta(max_length=800)] | UnsetType = UNSET
    signing_certificate: Annotated[str, Meta(max_length=5500)] | UnsetType = UNSET
    signed: bool | UnsetType = UNSET
    transport: Transport | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        _one_of(given, "firmware", "url")
        if ("signature" in given) != ("signing_certificate" in given):
            raise NotValid([("", "give `signature` and `signing_certificate` together")])
        if "firmware" in given and "signature" in given:
            raise NotValid([("/signature", "an image of ours has its own signature")])
        _only_ours(given, "transport")
        if "url" in given and given.pop("signed", "signature" in given) != ("signature" in given):
            raise NotValid([("/signed", "says it otherwise than `signature` does: leave it out beside `url`")])
        return given


class PublishFirmware(Retried, frozen=True, kw_only=True):
    """Has a local controller fetch an image and offer it to its stations."""

    firmware: UUID | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    checksum: _Checksum | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        _one_of(given, "firmware", "url")
        if "url" in given and "checksum" not in given:
            raise NotValid([("/checksum", "is required with `url`: the image's MD5")])
        return given


class UnpublishFirmware(Command, frozen=True, kw_only=True):
    """Has a local controller offer an image no longer."""

    checksum: _Checksum


class GetLog(Retried, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Asks for a log; it appears under /logs. Without `url` an address of ours is made for this request alone.

    `plain`: by GetDiagnostics, on 1.6; otherwise by the security extension's GetLog where `type` needs it.
    """

    type: Literal["diagnostics", "security", "data_collector"]
    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    plain: bool | UnsetType = UNSET
    transport: Transport | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "since" in given and "until" in given and given["since"] >= given["until"]:
            raise NotValid([("/from", "must be before `to`")])
        _only_ours(given, "transport")
        for name, theirs in (("since", "from"), ("until", "to")):
            if name in given:
                given[theirs] = given.pop(name)
        return given


class CertificateHash(Command, frozen=True, kw_only=True):
    """Which certificate: with the algorithm it was installed with (N09.FR.08, N10.FR.09)."""

    hashAlgorithm: Literal["SHA256", "SHA384", "SHA512"]  # noqa: N815 - OCPP's own names
    issuerNameHash: Annotated[str, Meta(max_length=128)]  # noqa: N815
    issuerKeyHash: Annotated[str, Meta(max_length=128)]  # noqa: N815
    serialNumber: Annotated[str, Meta(max_length=40)]  # noqa: N815


class CustomerInformation(Command, frozen=True, kw_only=True):
    """Asks what a station holds of a customer (`report`), or has it deleted (`clear`)."""

    report: bool = True
    clear: bool = False
    token: Label | UnsetType = UNSET
    token_type: Label | UnsetType = UNSET
    certificate: CertificateHash | UnsetType = UNSET
    customer: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        _one_of(given, "token", "certificate", "customer")  # N09.FR.04, N10.FR.08
        if not (self.report or self.clear):
            raise NotValid([("", "give `report`, `clear` or both")])
        if "certificate" in given:
            given["certificate"] = {name: getattr(self.certificate, name) for name in CertificateHash.__struct_fields__}
        return given


def _only_ours(given: dict[str, Any], *names: str) -> None:
    """What says something of an address that we make has no meaning beside one of the operator's own."""
    wrong = [(f"/{name}", "is about an address of ours: leave it out beside `url`") for name in names if name in given]
    if "url" in given and wrong:
        raise NotValid(wrong)


def _one_of(given: dict[str, Any], *names: str) -> None:
    if sum(name in given for name in names) != 1:
        listed = ", ".join(f"`{name}`" for name in names)
        raise NotValid([("", f"give exactly one of {listed}")])


COMMANDS: Commands = {
    "update-firmware": UpdateFirmware,
    "publish-firmware": PublishFirmware,
    "unpublish-firmware": UnpublishFirmware,
    "get-log": GetLog,
    "customer-information": CustomerInformation,
}
_URL = "https://files.example.com/twin22-4.2.bin"
EXAMPLES: Examples = {
    "update-firmware": {"url": _URL, "retries": 3},
    "publish-firmware": {"url": _URL, "checksum": "d41d8cd98f00b204e9800998ecf8427e"},
    "unpublish-firmware": {"checksum": "d41d8cd98f00b204e9800998ecf8427e"},
    "get-log": {"type": "diagnostics", "url": "https://files.example.com/logs/"},
    "customer-information": {"token": "04A2B3C4"},
}
