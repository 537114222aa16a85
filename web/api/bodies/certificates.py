"""Commands about certificates: what a station trusts, and its own."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from msgspec import UNSET, Meta, UnsetType

from actors.certificates import pem
from actors.certificates.objects import hash_of
from web.api.bodies.base import Command, Commands, Examples
from web.api.fields import PositiveEvse
from web.validation import NotValid

RootUse = Literal["csms_root", "manufacturer_root", "v2g_root", "mo_root", "oem_root"]
ListedUse = Literal["csms_root", "manufacturer_root", "v2g_root", "mo_root", "oem_root", "v2g_chain"]
_Pem = Annotated[
    str, Meta(min_length=1, max_length=20_000, description="One certificate in PEM; line breaks may be \\n")
]
_Key = Annotated[str, Meta(min_length=1, max_length=400, description="`key` of an installed certificate")]


class InstallCertificate(Command, frozen=True, kw_only=True):
    """Puts a root certificate into the station's trust store."""

    use: RootUse
    certificate: _Pem

    def arguments(self) -> dict[str, Any]:
        """The certificate with its usual line breaks. Raises NotValid for what no station could take."""
        try:
            text = pem.single(self.certificate, pem.CERTIFICATE)
            found = x509.load_pem_x509_certificate(text.encode())
            ends = found.not_valid_after_utc
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
            raise NotValid([("/certificate", f"is not one certificate: {error}")]) from None
        if ends <= datetime.now(UTC):
            raise NotValid([("/certificate", f"expired on {ends:%Y-%m-%d}; install one that is valid")])
        return super().arguments() | {"certificate": text}


class DeleteCertificate(Command, frozen=True, kw_only=True):
    """Takes a certificate out of the station's trust store; it is named as the station itself has told."""

    certificate: _Key

    def arguments(self) -> dict[str, Any]:
        if hash_of(self.certificate) is None:
            why = "is no key of an installed certificate: GET /stations/{station}/certificates"
            raise NotValid([("/certificate", why)])
        return super().arguments()


class InstalledCertificates(Command, frozen=True, kw_only=True):
    """Asks what the station's trust store holds; without `use`: all of it (1.6: `csms_root`)."""

    use: ListedUse | UnsetType = UNSET


class RenewCertificate(Command, frozen=True, kw_only=True):
    """Asks the station to make a new key and to have it signed."""

    use: Literal["station", "v2g", "v2g20", "combined"] | UnsetType = UNSET
    evse: PositiveEvse | UnsetType = UNSET


COMMANDS: Commands = {
    "install-certificate": InstallCertificate,
    "delete-certificate": DeleteCertificate,
    "installed-certificates": InstalledCertificates,
    "renew-certificate": RenewCertificate,
}

_EXAMPLE = """-----BEGIN CERTIFICATE-----
MIIBVjCB/aADAgECAgIP/zAKBggqhkjOPQQDAjApMRAwDgYDVQQKDAdFeGFtcGxl
MRUwEwYDVQQDDAxFeGFtcGxlIFJvb3QwIBcNMjYwMTAxMDAwMDAwWhgPMjEyNTAx
MDEwMDAwMDBaMCkxEDAOBgNVBAoMB0V4YW1wbGUxFTATBgNVBAMMDEV4YW1wbGUg
Um9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOuI6ZBb4uhi5V73duOrFX9Y
hCcH6aP5FQ4ZPvALqxTEFmCIqcYRDB0HK+EBg8rZpAoVcjRQCiAEBxrtepS9xlyj
EzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgedBToDwNDs8/
+aDS590J2voJ09ibW7mYi6VhmlFvjtQCIQDxJlNIN8yLs70RfYLgseRGTWABABsO
HFIjoIw0dIaT0A==
-----END CERTIFICATE-----
"""

EXAMPLES: Examples = {
    "install-certificate": {"use": "csms_root", "certificate": _EXAMPLE},
    "delete-certificate": {"certificate": "csms_root:SHA256:1f3a…:77b0…:5f2a09"},
    "installed-certificates": {},
    "renew-certificate": {},
}
