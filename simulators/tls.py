"""What stations trust when they dial wss://, as the command line says it."""

import ssl
from pathlib import Path


def tls_context(url: str, ca: Path | None, *, insecure: bool) -> ssl.SSLContext | None:
    """For wss:// only; None for ws://. Raises ValueError for files without a certificate, and both ways at once."""
    if not url.startswith("wss://"):
        if ca is not None or insecure:
            raise ValueError("--ca and --insecure belong to a wss:// address")
        return None
    if ca is not None and insecure:
        raise ValueError("give --ca or --insecure, not both")
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    except ssl.SSLError as error:
        raise ValueError(f"{ca} has no certificates: {error.reason}") from error
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
