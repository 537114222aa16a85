"""Every row of the list of quirks is in the corpus, and what the other kinds of cases say holds."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from actors.certificates import pem
from actors.certificates.csr import Wanted, judge
from actors.device.chunks import plan
from protocol.ocpp.version import Version
from tests.support.corpus import KINDS, cases, rows
from tests.support.memory_world import config
from tests.support.signing import csr, rsa_key
from web.commands.preparing import For, _ftp


def test_all_rows_are_there() -> None:
    found = rows()
    assert sorted(found) == list(range(1, 35))
    for row in found.values():
        assert row["sources"], row["title"]
        assert row["cases"], row["title"]
        assert {case.get("kind", "frame") for case in row["cases"]} <= set(KINDS)


def test_every_case_has_a_name_of_its_own() -> None:
    for row in rows().values():
        names = [case["name"] for case in row["cases"]]
        assert len(names) == len(set(names)), row["title"]


@pytest.mark.parametrize("case", cases("transfer"))
def test_files_go_the_only_way_a_station_knows(case: dict[str, Any]) -> None:
    files = SimpleNamespace(ftp="ftp://127.0.0.1:2121")
    about = For(cast(Any, None), cast(Any, files), config(settings=case["settings"]), "operator", cast(Any, None))
    assert _ftp(dict(case["arguments"]), about) is (case["want"] == "ftp")


@pytest.mark.parametrize("case", cases("signature"))
def test_a_request_for_a_certificate_is_read(case: dict[str, Any]) -> None:
    text = csr(rsa_key(2048), pss=case["pss"])
    for old, new in case["written"]:
        text = text.replace(old, new)
    assert judge(pem.single(text, pem.REQUEST), Wanted(())).key_hash


@pytest.mark.parametrize("case", cases("writes"))
def test_writes_are_cut_to_what_a_station_takes(case: dict[str, Any]) -> None:
    messages = plan(case["items"], "write", Version(case["version"]), case["told"], case.get("overrides", {}))
    assert [len(message.items) for message in messages] == case["want"]
