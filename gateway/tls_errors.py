"""Why a TLS handshake failed, as an operator should read it: a stable reason, what happened, what to do.

The station is told by its alert alone; the reason is kept as a refusal.
OCPP 2.0.1 Part 2: A00.FR.315, A00.FR.322, A00.FR.407, A00.FR.408, A00.FR.418, A00.FR.425.
"""

import ssl

from protocol.ocpp.handshake import Reject

_STATUS = 400
# OpenSSL's name of the failure → our reason and sentence.
_FAILURES = {
    "UNSUPPORTED_PROTOCOL": ("tls_version", "the station offers no TLS version from 1.2 on; update its firmware"),
    "VERSION_TOO_LOW": ("tls_version", "the station offers no TLS version from 1.2 on; update its firmware"),
    "NO_SHARED_CIPHER": (
        "tls_no_cipher",
        "no cipher suite in common: the listener needs an ECDSA and an RSA certificate, the station one of the suites "
        "of the specification",
    ),
    "HTTP_REQUEST": ("not_tls", "plain HTTP on a TLS address: the station's URL must begin with wss://"),
    "WRONG_VERSION_NUMBER": ("not_tls", "what came is not TLS: the station's URL must begin with wss://"),
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": (
        "certificate_missing", "the station showed no certificate; this listener takes security profile 3"
    ),
    "EXCESSIVE_MESSAGE_SIZE": ("certificate_too_large", "the station's certificates are longer than 100 kB"),
    "NO_RENEGOTIATION": ("tls_renegotiation", "the station wanted to negotiate again, which is not allowed"),
}  # fmt: skip
# X.509's number of the failure → the same, for a station's certificate.
_CHAINS = {
    18: ("certificate_self_signed", "the station's certificate is signed by itself; install one of your authority"),
    19: ("certificate_unknown_issuer", "the station's chain ends in an authority that is not trusted here"),
    20: ("certificate_unknown_issuer", "the authority that signed the station's certificate is not trusted here, or "
         "the station does not send the certificates in between"),
    21: ("certificate_unknown_issuer", "the station sends its certificate alone, and its issuer is not known here"),
    66: ("certificate_key", "a key in the station's chain is too short"),
    67: ("certificate_key", "a key of an authority in the station's chain is too short"),
    68: ("certificate_key", "a signature in the station's chain is too weak"),
}  # fmt: skip
_OURS = (
    "the station does not take our certificate: it must be valid, name the host in the station's URL, and be signed by "
    "a root that the station has (InstallCertificate, CSMSRootCertificate)"
)
_ALERTS = {
    "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN", "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "TLSV1_ALERT_ACCESS_DENIED",
}  # fmt: skip


def explained(error: ssl.SSLError) -> Reject:
    """What to keep of a failed handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _CHAINS.get(error.verify_code)
        if known is None:
            known = "certificate_chain", f"the station's certificate cannot be used: {error.verify_message}"
        return Reject(_STATUS, *known)
    name = error.reason or ""
    if name in _ALERTS:
        return Reject(_STATUS, "certificate_not_taken", f"{_OURS} ({name.lower().replace('_', ' ')})")
    found = _FAILURES.get(name)
    if found is not None:
        return Reject(_STATUS, *found)
    return Reject(_STATUS, "tls_failed", f"TLS failed: {name.lower().replace('_', ' ') or error}")
