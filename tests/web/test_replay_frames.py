"""Frames read over the API and played to another instance."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import trio
import uuid_utils.compat as uuids
from click.testing import CliRunner

from simulators.replay.__main__ import replay
from simulators.replay.conversation import read
from simulators.replay.play import CannotPlay, Player, Target
from simulators.replay.stored import CannotRead, Source, read_frames
from tests.support.api import NOW, TOKEN, Api
from tests.support.tiny_csms import open_csms, usual_answers

TALK: list[tuple[str, Any]] = [
    ("in", [2, "1", "BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}]),
    ("out", [3, "1", {"currentTime": "2026-03-01T12:00:00Z", "interval": 60, "status": "Accepted"}]),
    ("out", [2, "a", "ChangeAvailability", {"connectorId": 1, "type": "Operative"}]),
    ("in", [3, "a", {"status": "Scheduled"}]),
    ("in", [2, "2", "StartTransaction", {"connectorId": 1, "idTag": "***", "meterStart": 0}]),
    ("out", [3, "2", {"transactionId": 900, "idTagInfo": {"status": "Accepted"}}]),
    ("in", [2, "3", "StopTransaction", {"transactionId": 900, "meterStop": 5}]),
    ("out", [3, "3", {}]),
]


@pytest.mark.server
async def test_frames_of_a_node_are_played_to_another_instance(served_api: Api) -> None:
    station = UUID((await served_api.station("CP1", ocpp_version="1.6"))["id"])
    texts = [orjson.dumps(frame).decode() for _, frame in TALK]
    for number, (way, _) in enumerate(TALK):
        await served_api.insert("frames", {
            "id": uuids.uuid7(), "station_id": station, "direction": way, "outcome": "accepted",
            "received_at": NOW + timedelta(seconds=number), "text": texts[number],
        })  # fmt: skip
    url = str(served_api.client.base_url).rstrip("/").removesuffix("/api/v1")
    version, frames = await read_frames(Source(url, TOKEN), "CP1", NOW, None)
    assert (version, [frame.text for frame in frames]) == ("1.6", texts)
    with pytest.raises(CannotRead, match="404"):
        await read_frames(Source(url, TOKEN), "CP2", NOW, None)
    with pytest.raises(CannotRead, match="no node answers"):
        await read_frames(Source("http://127.0.0.1:1", TOKEN), "CP1", NOW, None)

    answers = usual_answers(interval=300)
    told: list[str] = []
    async with open_csms(answers) as csms:
        player = Player(read(frames), 1000, told.append)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(player.run, Target(csms.url, "CP1", "ocpp1.6", "word"))
            await csms.until(lambda: "StartTransaction" in csms.actions())
            answer = await csms.ask("CP1", "ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    assert answer[2] == {"status": "Scheduled"}
    assert csms.actions() == ["BootNotification", "StartTransaction", "StopTransaction"]
    assert csms.calls[2][2]["transactionId"] == 1
    assert told == ["BootNotification /interval: then 60, now 300"]
    assert (player.played.said, player.played.answered, player.played.asked, player.played.hidden) == (3, 3, 1, 1)
    with pytest.raises(CannotPlay, match="does not let the station in"):
        await Player(read(frames), 1, told.append).run(Target("ws://127.0.0.1:1/ocpp", "CP1", "ocpp1.6"))


@pytest.mark.parametrize(("words", "said"), [
    (["--against", "http://x"], "begins with ws://"), (["--from", "soon"], "'soon': a time as"),
    (["--url", "http://127.0.0.1:1"], "no node answers at http://127.0.0.1:1"), (["--token", ""], "no token"),
])  # fmt: skip
def test_what_cannot_be_played_is_said_plainly(words: list[str], said: str) -> None:
    usual = ["--station", "CP1", "--from", "2026-03-01T12:00:00Z", "--against", "ws://127.0.0.1:1/ocpp", "--token", "t"]
    done = CliRunner().invoke(replay, [*usual, *words])
    assert done.exit_code in (1, 2)
    assert said in done.output
