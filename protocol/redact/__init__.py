"""What must not be kept or shown: one redactor for frames, commands, events, refusals and log lines.

Passwords and keys (`BasicAuthPassword`, `AuthorizationKey`, the APN's and VPN's, whatever a vendor names alike),
credentials inside addresses, `Authorization` headers and private keys become `***`. Certificates and public keys are
no secrets. What holds none comes out as it went in, the very same text.

`names.py` says which names are secret, `text.py` reads prose and broken frames, `payload.py` decoded JSON, `frame.py`
whole frames.
"""

from protocol.redact.frame import frame_secrets, redact_frame
from protocol.redact.headers import redact_headers
from protocol.redact.names import HIDDEN, is_secret_name
from protocol.redact.payload import redact_payload, secrets_in
from protocol.redact.text import redact_text

__all__ = [
    "HIDDEN",
    "frame_secrets",
    "is_secret_name",
    "redact_frame",
    "redact_headers",
    "redact_payload",
    "redact_text",
    "secrets_in",
]
