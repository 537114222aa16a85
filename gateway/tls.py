"""TLS of listeners, as stations want it: the server's side of security profiles 2 and 3 (OCPP 2.0.1 Part 2, A00)."""

import ssl
from collections.abc import Sequence

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting
from gateway.tls_chain import ChainFault, check_chain

# A00.FR.318, A00.FR.421: ECDHE-ECDSA and RSA key exchange with AES-GCM are what small stations have; Python's own list
# leaves the latter out. TLS 1.3 brings suites of its own. Nothing here is unfit for use (A00.FR.320, A00.FR.423).
_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384"
)
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python has no name for
_TICKETS = 1  # a station that comes back needs one; each costs us a signature's worth of bytes


def make_context(setting: str, address: ListenAddress, authorities: Sequence[str] = ()) -> ssl.SSLContext | None:
    """The context of a listener, None without TLS. Raises InvalidSetting naming the file that cannot be used.

    We are the server and show our own certificate (A00.FR.306, A00.FR.307, A00.FR.409, A00.FR.410).
    `authorities`: PEM certificates that may have signed stations' ones, beside those of the client-ca file. The
    validity of stations' certificates is not checked by it: that is judged after every handshake, resumed ones
    included, so that an expired one can be taken where an operator wants it (A00.FR.429).
    """
    if not address.tls:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # A00.FR.313, A00.FR.315, A00.FR.416, A00.FR.418
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION  # A00.FR.321, A00.FR.424
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    context.num_tickets = _TICKETS
    context.set_ciphers(_CIPHERS)
    for chain, key in address.certificates:
        try:
            check_chain(chain)
            context.load_cert_chain(chain, key)
        except ChainFault as fault:
            raise InvalidSetting(setting, str(address), f"cannot use cert={chain}: {fault}") from None
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise InvalidSetting(setting, str(address), f"cannot use cert={chain} with key={key}: {error}") from None
    if 3 in address.profiles:
        _trust(context, setting, address, authorities)
    return context


def _trust(context: ssl.SSLContext, setting: str, address: ListenAddress, authorities: Sequence[str]) -> None:
    try:
        if address.client_ca is not None:
            context.load_verify_locations(address.client_ca)
    except (OSError, ValueError) as error:
        raise InvalidSetting(setting, str(address), f"cannot use client-ca={address.client_ca}: {error}") from None
    for pem in authorities:
        context.load_verify_locations(cadata=pem)
    context.verify_mode = ssl.CERT_REQUIRED if address.profiles == {3} else ssl.CERT_OPTIONAL
    context.verify_flags |= _NO_CHECK_TIME
