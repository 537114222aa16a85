"""Why a connection or a frame was refused, in words, and what to do about it.

The one table that the API, the doctor and the guide read.

Keys are the stable reasons of a refusal (protocol/ocpp/handshake.py, address.py, client_certificate.py and the
gateway's TLS) and the error codes of OCPP-J. Pure.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from protocol.ocpp.errors import ErrorCode, recognise


@attrs.frozen
class Reason:
    """`why`: what happened; `advice`: what an operator does about it. Sentences for people."""

    why: str
    advice: str


HANDSHAKE: Final[Mapping[str, Reason]] = {
    # what came is not what is spoken here
    "not_http": Reason(
        "what came is not an HTTP request; a station that begins TLS on a plain port looks like this",
        "use ws:// in the station's URL for this port, or wss:// with the port of a TLS listener"),
    "not_tls": Reason(
        "the station spoke without TLS on a port that takes TLS only",
        "let the station's URL begin with wss://, or give it the port of a plain listener"),
    "not_a_websocket": Reason(
        "it was an ordinary web request, not the beginning of a WebSocket",
        "let the station's URL begin with ws:// or wss://; a proxy in between must pass on Upgrade and Connection"),
    "websocket_version": Reason(
        "the station speaks another WebSocket version than 13", "update the station's firmware"),
    "websocket_key": Reason(
        "the header Sec-WebSocket-Key is missing or unusable",
        "look for a proxy that drops headers; else update the station's firmware"),
    "method": Reason(
        "the request was no GET", "correct what sends it: a WebSocket begins with GET"),
    "header_invalid": Reason(
        "a header holds a line break or NUL",
        "look for blanks or line ends in the station's URL, identity or password"),
    "header_repeated": Reason(
        "a header came twice with different values",
        "look for a proxy that adds headers which the station sends itself"),
    "proxy_header": Reason(
        "the PROXY header in front of the request cannot be read",
        "let the load balancer send PROXY version 1 or 2, or take its address out of VOLTYARD_TRUSTED_PROXIES"),
    "handshake_timeout": Reason(
        "the connection was opened and no whole request came in time",
        "look at the network between (packet size, modem, proxy); health checks of a load balancer also look so"),
    # the address
    "identity_missing": Reason(
        "the path has no identity", "let the station's URL end in /ocpp/ and the identity"),
    "identity_not_utf8": Reason(
        "the identity in the path is no UTF-8", "use letters, digits and - _ . in the identity, or percent-encode it"),
    "identity_too_long": Reason(
        "the identity is longer than this version allows",
        "shorten it: 48 characters for OCPP 2.x, 255 for 1.6"),
    "identity_not_printable": Reason(
        "the identity holds a character that cannot be seen",
        "type the identity again in the station's settings: one was probably pasted with it"),
    "identity_with_colon": Reason(
        "the identity holds a colon, which OCPP 2.x does not allow, and the station is treated strictly",
        "take the colon out of the identity, or turn `strict` off for the station"),
    "unknown_station": Reason(
        "no station of this identity is known to this tenant",
        "admit it (POST /refusals/{id}/admit), or correct identity or tenant in the station's URL"),
    # passwords and profiles
    "password_missing": Reason(
        "a password is required and the station sent none",
        "set it in the station (AuthorizationKey in 1.6, BasicAuthPassword in 2.x); some want hexadecimal digits"),
    "password_wrong": Reason(
        "the password or the user name does not fit",
        "set a new password here and the same one in the station; the user name must be the identity"),
    "password_not_set": Reason(
        "a password is required for this station, but none has been set here",
        "PATCH the station with a password (`generate` makes one), and set it in the station"),
    "profile_too_low": Reason(
        "the station used a lower security profile than is required for it; once raised it is never lowered by itself",
        "give the station the URL, password or certificate of its profile, or make a new station of it"),
    "profile_too_high": Reason(
        "the station is strict and used a higher security profile than it is set to",
        "PATCH the station's `security_profile` to the one it used, or POST to its /security-profile to move it up"),
    "profile_not_here": Reason(
        "this listener does not take the security profile that the station used",
        "give the station the port of a listener for its profile, or add the profile to VOLTYARD_OCPP_LISTEN"),
    "no_common_version": Reason(
        "the station offers no OCPP version that it may use here",
        "choose ocpp1.6, ocpp2.0.1 or ocpp2.1 in the station, or take `ocpp_version` off the station here"),
    # TLS
    "tls_version": Reason(
        "the station offers no TLS version from 1.2 on", "update its firmware"),
    "tls_no_cipher": Reason(
        "station and listener have no cipher suite in common",
        "give the listener an ECDSA and an RSA certificate; if it has both, update the station's firmware"),
    "tls_renegotiation": Reason(
        "the station wanted to negotiate TLS again, which is not allowed", "update its firmware"),
    "tls_failed": Reason(
        "the TLS handshake failed",
        "read the detail; a connection cut in the middle is the network, or the station giving up"),
    "certificate_not_taken": Reason(
        "the station does not take our certificate",
        "it must be valid, name the host of the station's URL, and be signed by a root that the station has: install "
        "that as CSMSRootCertificate; and the station's clock must be right"),
    "certificate_missing": Reason(
        "the station showed no certificate where security profile 3 is required",
        "install one (`sign-certificate`), or give the station the port of a listener for profile 2"),
    "certificate_too_large": Reason(
        "the station's certificates are longer than 100 kB", "install its own certificate and its chain alone"),
    "certificate_self_signed": Reason(
        "the station's certificate is signed by itself", "install one that your authority signed"),
    "certificate_unknown_issuer": Reason(
        "the authority that signed the station's certificate is not trusted here",
        "add it to the listener's client authorities, or let the station send the certificates in between"),
    "certificate_key": Reason(
        "a key or signature in the station's chain is too weak",
        "install a certificate with an ECDSA key of 224 bits or more, or an RSA key of 2048 or more"),
    "certificate_chain": Reason(
        "the station's certificate chain cannot be used", "read the detail, and install the certificate anew"),
    "certificate_expired": Reason(
        "the station's certificate has expired",
        "let it in once with `accept_expired_certificate` (as Pending) and renew it, or install a new one by hand"),
    "certificate_not_yet_valid": Reason(
        "the station's certificate does not count yet",
        "wait, or sign another one; if it should count already, set the clock of this machine"),
    "certificate_revoked": Reason(
        "the station's certificate was revoked", "install a new one; the old one is never taken again"),
    "certificate_of_another": Reason(
        "the certificate is for another station",
        "install the right one, or add its name to the station's `certificate_names`"),
    "certificate_of_another_owner": Reason(
        "the certificate names none of the operators that are set here",
        "sign one with your name as its organization, or add that name to the operators of the security policy"),
    "certificate_of_another_tenant": Reason(
        "the certificate was signed by an authority of another tenant",
        "sign one with this tenant's authority, or move the station to the other tenant's URL"),
    # not the station's doing
    "held_off": Reason(
        "frames of this station made us fail again and again, so it is kept away for a while",
        "report its last frames as a fault of ours; it may come back when the time is over"),
    "too_often": Reason(
        "it was refused so often that it must wait", "put right what it was refused for; then it is let in at once"),
    "too_busy": Reason(
        "more stations were connecting than could be served", "nothing: it comes back; if this stays, add a node"),
    "store_unavailable": Reason(
        "the database gave no answer", "nothing at the station: look at the database, `voltyard doctor`"),
}  # fmt: skip
UNKNOWN: Final = Reason("the connection was refused", "read the detail")

FRAMES: Final[Mapping[ErrorCode, Reason]] = {
    ErrorCode.FORMAT_VIOLATION: Reason(
        "the frame is not built as OCPP wants it, or has a field that is not known",
        "if the maker cannot correct it, turn `strict` off for the station, or add a rule to its model profile"),
    ErrorCode.GENERIC_ERROR: Reason("the frame cannot be processed", "read the message"),
    ErrorCode.INTERNAL_ERROR: Reason(
        "we failed while working on the frame", "report it as a fault of ours, with this frame"),
    ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED: Reason(
        "the first number of the frame is no message type of this version", "update the station's firmware"),
    ErrorCode.NOT_IMPLEMENTED: Reason(
        "the action is not one of this version", "look which version the station should speak; pin `ocpp_version`"),
    ErrorCode.NOT_SUPPORTED: Reason(
        "the action is known but not answered here", "turn the function off in the station"),
    ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION: Reason(
        "a field is missing, or there are too many of it",
        "report the path to the maker; if `strict` is on for the station, turn it off"),
    ErrorCode.PROPERTY_CONSTRAINT_VIOLATION: Reason(
        "a value is not one of those allowed: too long, out of range, or unknown",
        "report path and value to the maker; if `strict` is on for the station, turn it off"),
    ErrorCode.PROTOCOL_ERROR: Reason(
        "the payload is incomplete or has what is not known",
        "report the path to the maker; if `strict` is on for the station, turn it off"),
    ErrorCode.RPC_FRAMEWORK_ERROR: Reason(
        "the frame is no OCPP message: no JSON list, or not of the right parts", "update the station's firmware"),
    ErrorCode.SECURITY_ERROR: Reason(
        "the station may not send this now: it is not accepted yet, or not allowed",
        "look at its boot status: while it is pending or rejected it may send BootNotification only"),
    ErrorCode.TYPE_CONSTRAINT_VIOLATION: Reason(
        "a value is of the wrong type, a text for a number for instance",
        "report path and value to the maker; if `strict` is on for the station, turn it off"),
}  # fmt: skip

OUTCOMES: Final[Mapping[str, Reason]] = {
    "refused": Reason("the frame was answered with an error", "read the answer that follows it"),
    "violated": Reason("what came is no OCPP message", "look at the text: a proxy, a wrong address or a broken modem"),
    "late": Reason("the answer came after its command had ended", "give the command more time, or look at the network"),
    "duplicate": Reason("the answer had come before", "nothing: it was not heard again"),
    "unknown": Reason("the answer names no command of ours", "nothing, unless it repeats: then restart the station"),
    "result_error": Reason("the station could not read our answer", "look at the frame before it"),
    "ignored": Reason("nothing was done with the frame", "nothing"),
    "quarantined": Reason("the frame could not be stored", "look at the log of the node for the reason"),
}


def of_refusal(reason: str) -> Reason:
    """The words for a reason of a refused connection; UNKNOWN for one of a newer version."""
    return HANDSHAKE.get(reason, UNKNOWN)


def of_frame(outcome: str, code: str | None) -> Reason | None:
    """The words for a frame's outcome, by the error code it was answered with where there is one.

    None for what went well. `code` in any version's spelling.
    """
    meant = None if code is None else recognise(code)
    return FRAMES[meant] if meant is not None else OUTCOMES.get(outcome)
