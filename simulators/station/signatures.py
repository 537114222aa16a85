"""Signatures of firmware images, as simulated stations check them (OCPP 2.0.1 Part 2, L01.FR.04, L01.FR.12)."""

import base64
import binascii

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)


def is_certificate(text: str) -> bool:
    """True for one X.509 certificate in PEM, line breaks or not."""
    return _read(text) is not None


def holds(image: bytes, signature: str, certificate: str) -> bool:
    """True when the certificate's key signed the image: RSA (PSS or PKCS#1, quirk 34) or ECDSA, over SHA-256."""
    read = _read(certificate)
    try:
        raw = base64.b64decode(signature, validate=False)
    except binascii.Error:
        return False
    if read is None:
        return False
    key = read.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _verified(lambda: key.verify(raw, image, ec.ECDSA(hashes.SHA256())))
    if isinstance(key, rsa.RSAPublicKey):
        return any(
            _verified(lambda pad=pad: key.verify(raw, image, pad, hashes.SHA256()))
            for pad in (_PSS, padding.PKCS1v15())
        )
    return False


def _verified(check: object) -> bool:
    try:
        check()  # type: ignore[operator]
    except InvalidSignature:
        return False
    return True


def _read(text: str) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        return None
