"""M (certificates) and C07 (contracts) of OCPP 2.x, with a simulated pool, OCSP responder and contract authority."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
import trio

from simulators.contract_pool.pool import Pool
from simulators.http import serve
from simulators.ocsp.authority import Authority, make_authority
from simulators.ocsp.responder import Responder
from tests.support.node import Node
from tests.support.walking import Cases, Json, Stand

pytestmark = [pytest.mark.server, pytest.mark.slow]
CASES = Cases()
CONTRACT = "DE8AA1A2B3C4D5"
STRANGER = "DE8AA1A2B3C4D6"
FILES: dict[str, Path] = {}


class Ports(Protocol):
    """The fixture of conftest.py."""

    pool: int
    ocsp: int


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_certificates_and_contracts(walked: Node, partners: Ports, version: str, tmp_path: Path) -> None:
    authority = make_authority(f"http://127.0.0.1:{partners.ocsp}", datetime.now(UTC))
    responder = Responder(authority, lambda: datetime.now(UTC))
    _files(authority, responder, tmp_path)
    with walked.api() as api:
        for use, issued in (("MORoot", authority.root), ("SubCA", authority.sub)):
            trusted = {"use": use, "name": f"{use} {version}", "pem": issued.pem}
            assert api.post("/contract-roots", json=trusted).status_code == 201
        made = api.post("/tokens", json={"uid": CONTRACT, "type": "eMAID"})
        assert made.status_code in (201, 409), made.text
    async with trio.open_nursery() as nursery:
        await nursery.start(serve, Pool().handle, "127.0.0.1", partners.pool)
        await nursery.start(serve, responder.handle, "127.0.0.1", partners.ocsp)
        await CASES.walk(walked, version)
        nursery.cancel_scope.cancel()


def _files(authority: Authority, responder: Responder, folder: Path) -> None:
    """A contract that is good and one that is revoked."""
    FILES["root"] = folder / "root.pem"
    FILES["root"].write_text(authority.root.pem)
    for name in (CONTRACT, STRANGER):
        issued = authority.contract(name)
        FILES[name] = folder / f"{name}.pem"
        FILES[name].write_text(authority.chain(issued))
        if name == STRANGER:
            responder.revoked.add(issued.certificate.serial_number)


@CASES("C07")
async def contract(at: Stand) -> None:
    """Its chain is sent, checked and asked about (C07.FR.04, C07.FR.05)."""
    await at.do(f"plug 1; act contract {CONTRACT} 1 {FILES[CONTRACT]}; until charging 1 within 300s")
    session = await at.session(lambda s: s["status"] == "active")
    assert session["token_type"] == "eMAID"
    await at.event("contract.checked", certificate_status="Accepted", token_status="accepted")


@CASES("C07")
async def contract_by_hash(at: Stand) -> None:
    await at.do(f"plug 1; act contract {CONTRACT} 1 {FILES[CONTRACT]} {FILES['root']}; until charging 1 within 300s")
    await at.session(lambda s: s["status"] == "active")


@CASES("C07")
async def contract_revoked(at: Stand) -> None:
    await at.do(f"plug 1; act contract {STRANGER} 1 {FILES[STRANGER]}")
    await at.event("contract.checked", certificate_status="CertificateRevoked", token_status="invalid")
    assert (await at.get("/sessions", station=at.identity))["items"] == []


@CASES("M01")
async def contract_installed(at: Stand) -> None:
    await at.do("act contract-certificate Install")
    await at.event("contract.certificate_relayed", action="Install", status="Accepted")


@CASES("M01", "2.1")
async def contracts_installed(at: Stand) -> None:
    await at.do("act contract-certificate Install 3")
    await at.event("contract.certificate_relayed", status="Accepted")


@CASES("M02")
async def contract_updated(at: Stand) -> None:
    await at.do("act contract-certificate Update")
    await at.event("contract.certificate_relayed", status="Accepted")


async def root_installed(at: Stand) -> Json:
    authority = make_authority("http://127.0.0.1:1", datetime.now(UTC))
    await at.command("install-certificate", use="csms_root", certificate=authority.root.pem)
    await at.command("installed-certificates")
    shown: Json = await at.see(f"/stations/{at.identity}/certificates", lambda held: bool(held["installed"]))
    return shown


@CASES("M03")
async def certificates_listed(at: Stand) -> None:
    shown = await root_installed(at)
    assert shown["installed"][0]["use"] == "csms_root"


@CASES("M04")
async def certificate_deleted(at: Stand) -> None:
    shown = await root_installed(at)
    await at.command("delete-certificate", certificate=shown["installed"][0]["key"])
    await at.see(f"/stations/{at.identity}/certificates", lambda held: held["installed"] == [])


@CASES("M05")
async def root_given(at: Stand) -> None:
    await root_installed(at)
    wrong = await at.api.post(f"/stations/{at.identity}/commands/install-certificate",
                              json={"use": "csms_root", "certificate": "garbage"})  # fmt: skip
    assert wrong.status_code == 422


@CASES("M06")
async def certificate_status(at: Stand) -> None:
    await at.do(f"act certificate-status {FILES[CONTRACT]} {FILES['root']}")
    await at.heard("GetCertificateStatus")
    await at.see(f"/stations/{at.identity}/frames", lambda f: "ocspResult" in f["text"], direction="out")


@CASES("M07", "2.1")
async def chain_status(at: Stand) -> None:
    await at.do(f"act chain-status {FILES[STRANGER]} {FILES['root']}")
    await at.heard("GetCertificateChainStatus")
    await at.see(f"/stations/{at.identity}/frames", lambda f: "Revoked" in f["text"], direction="out")
