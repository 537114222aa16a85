"""Was this signed by that key? For the kinds of keys that certificates of ISO 15118 and of responders have. Pure."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes


def signed_by(
    key: CertificatePublicKeyTypes, signature: bytes, content: bytes, algorithm: hashes.HashAlgorithm | None
) -> bool:
    """False also for keys that sign nothing and algorithms that are not supported. RSA: PKCS#1 v1.5 or PSS."""
    try:
        if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, content)
            return True
        if algorithm is None or isinstance(algorithm, hashes.SHA1 | hashes.MD5):
            return False
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(algorithm))
            return True
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return isinstance(key, rsa.RSAPublicKey) and _rsa(key, signature, content, algorithm)


def _rsa(key: rsa.RSAPublicKey, signature: bytes, content: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    pss = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)
    for scheme in (padding.PKCS1v15(), pss):
        try:
            key.verify(signature, content, scheme, algorithm)
        except (InvalidSignature, UnsupportedAlgorithm):
            continue
        return True
    return False


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """True when it names that issuer and carries its signature. Says nothing of what the issuer may sign."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
