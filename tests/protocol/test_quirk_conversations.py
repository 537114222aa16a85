"""The corpus, kind `conversation`: what we answer, what is stored, what must not be sent."""

from typing import Any

import pytest

from tests.support.conversation import play
from tests.support.corpus import cases


@pytest.mark.parametrize("case", cases("conversation"))
async def test_a_conversation_goes_as_it_should(case: dict[str, Any], autojump_clock: Any) -> None:
    await play(case)
