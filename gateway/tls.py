"""TLS of listeners, as stations want it: the server's side of security profiles 2 and 3 (OCPP 2.0.1 Part 2, A00)."""

import ssl
from typing import Any

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting
from protocol.ocpp.handshake import TlsFacts

# A00.FR.319, FR.420: ECDHE-ECDSA and RSA key exchange with AES-GCM are what small stations have; Python's own list
# leaves the latter out. TLS 1.3 brings suites of its own.
_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384"
)


def make_context(setting: str, address: ListenAddress) -> ssl.SSLContext | None:
    """The context of a listener, None without TLS. Raises InvalidSetting naming the file that cannot be used."""
    if not address.tls:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    for chain, key in address.certificates:
        try:
            context.load_cert_chain(chain, key)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise InvalidSetting(setting, str(address), f"cannot use cert={chain} with key={key}: {error}") from None
    if address.client_ca is not None:
        try:
            context.load_verify_locations(address.client_ca)
        except (OSError, ValueError) as error:
            raise InvalidSetting(setting, str(address), f"cannot use client-ca={address.client_ca}: {error}") from None
        context.verify_mode = ssl.CERT_REQUIRED if address.profiles == {3} else ssl.CERT_OPTIONAL
    return context


def facts(tls: ssl.SSLObject) -> TlsFacts:
    """What the handshake proved about the other side."""
    parts: Any = (tls.getpeercert() or {}).get("subject", ())  # ((("commonName", "CP1"),), …)
    subject: dict[str, str] = dict(pair for part in parts for pair in part)
    return TlsFacts(subject.get("commonName"), subject.get("organizationName"))
