"""Every reason for which a connection or a frame is refused has words and advice."""

import re
from pathlib import Path

import pytest

from protocol.ocpp import reasons
from protocol.ocpp.errors import ErrorCode, spelling
from protocol.ocpp.version import Version

ROOT = Path(__file__).parents[2]
SOURCES = [
    "protocol/ocpp/handshake.py", "protocol/ocpp/address.py", "protocol/ocpp/client_certificate.py",
    "gateway/handshake.py", "gateway/tls_errors.py",
]  # fmt: skip
# How reasons stand in those sources: as an argument after a status, or as the first of a pair with a sentence.
_GIVEN = (
    r'(?:Reject|BadAddress)\(\s*[\w.]+,\s*"([a-z_]+)"', r'_challenge\("([a-z_]+)"', r'unavailable\("([a-z_]+)"',
    r'\(\s*"((?:tls|not|certificate)_[a-z_]+)",\s', r'return "([a-z_]+)", f', r'known = "([a-z_]+)",',
    r'"(identity_[a-z_]+)" if', r'else "(identity_[a-z_]+)"', r'_STATUS, "([a-z_]+)"',
)  # fmt: skip


def used() -> set[str]:
    text = "\n".join((ROOT / name).read_text() for name in SOURCES)
    return {found for pattern in _GIVEN for found in re.findall(pattern, text)}


def test_every_reason_in_the_code_has_words_and_every_word_a_reason() -> None:
    assert len(used()) > 35
    assert used() - {"certificate_names"} <= set(reasons.HANDSHAKE)  # which is a setting
    text = "\n".join((ROOT / name).read_text() for name in SOURCES)
    assert [each for each in reasons.HANDSHAKE if f'"{each}"' not in text] == []


def test_words_are_sentences_and_tell_what_to_do() -> None:
    for each in (*reasons.HANDSHAKE.values(), *reasons.FRAMES.values(), *reasons.OUTCOMES.values()):
        assert len(each.why) > 15
        assert each.advice
        assert not each.why.endswith(".")


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_code_in_the_spelling_of_each_version_has_words(version: Version, code: ErrorCode) -> None:
    found = reasons.of_frame("refused", spelling(version, code))
    assert found in reasons.FRAMES.values()


def test_what_went_well_needs_none() -> None:
    assert reasons.of_frame("accepted", None) is None
    assert reasons.of_frame("refused", "NoSuchCode") == reasons.OUTCOMES["refused"]
    assert reasons.of_refusal("of another version") == reasons.UNKNOWN
