"""Certificates for tests of TLS, made by the openssl program: an authority, a server with two keys, a station."""

import ssl
import subprocess
from pathlib import Path

import attrs

_KEYS = {"ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-newkey", "rsa:2048"]}


@attrs.frozen
class Certificates:
    """`folder` holds ca.pem, server-ec.pem, server-rsa.pem, station.pem, stranger.pem and their .key files."""

    folder: Path

    def client(self, name: str | None = None) -> ssl.SSLContext:
        """A station's context that trusts the authority and shows the named certificate."""
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        if name is not None:
            context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context


def make_certificates(folder: Path) -> Certificates:
    """Makes them; a second or so, most of it for the RSA key."""
    _self_signed(folder, "ca", "/CN=Test authority")
    for kind in _KEYS:
        _signed(folder, f"server-{kind}", "/CN=127.0.0.1", kind, "subjectAltName=IP:127.0.0.1")
    _signed(folder, "station", "/O=Operator/CN=CP1", "ec", "extendedKeyUsage=clientAuth")
    _self_signed(folder, "stranger", "/O=Operator/CN=CP1")
    return Certificates(folder)


def _self_signed(folder: Path, name: str, subject: str) -> None:
    _openssl("req", "-x509", *_KEYS["ec"], "-nodes", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
             "-subj", subject, "-days", "2")  # fmt: skip


def _signed(folder: Path, name: str, subject: str, kind: str, extension: str) -> None:
    _openssl("req", "-x509", *_KEYS[kind], "-nodes", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
             "-subj", subject, "-days", "2", "-addext", extension, "-addext", "basicConstraints=critical,CA:FALSE",
             "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key")  # fmt: skip


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)
