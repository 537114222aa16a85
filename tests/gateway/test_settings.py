"""Settings: where they come from, what is refused and how it is said."""

from pathlib import Path

import pytest

from gateway.settings import InvalidSetting, Settings
from gateway.settings_load import load


def test_defaults_are_the_documented_ones(tmp_path: Path) -> None:
    loaded = load({}, tmp_path)
    assert loaded.settings == Settings()
    assert [str(address) for address in loaded.settings.ocpp_listen] == ["ws://127.0.0.1:9000"]
    assert loaded.settings.ocpp_listen[0].profiles == {0, 1}
    assert (loaded.settings.store_deadline, loaded.settings.heartbeat_interval) == (20, 300)
    assert loaded.settings.idle_window == 900


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    lines = 'store_deadline = "5s"\nlog_level = "debug"\ntrusted_proxies = ["10.0.0.0/8"]'
    (tmp_path / "voltyard.toml").write_text(lines)
    loaded = load({"VOLTYARD_STORE_DEADLINE": "PT1M30S"}, tmp_path)
    assert loaded.settings.store_deadline == 90
    assert loaded.settings.log_level == "debug"
    assert str(loaded.settings.trusted_proxies[0]) == "10.0.0.0/8"
    assert loaded.sources["store_deadline"] == "environment"
    assert loaded.sources["log_level"].endswith("voltyard.toml")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("VOLTYARD_STORE_DEADLINE", "20", "20s"),
        ("VOLTYARD_STORE_DEADLINE", "0s", "above zero"),
        ("VOLTYARD_OCPP_LISTEN", "ws://127.0.0.1:99999", "ws://HOST:PORT"),
        ("VOLTYARD_OCPP_LISTEN", "wss://0.0.0.0:9443", "cert="),
        ("VOLTYARD_OCPP_LISTEN", "wss://0.0.0.0:9443?cert=a&key=b&client-ca=c", "client-ca"),
        ("VOLTYARD_OCPP_LISTEN", "ws://0.0.0.0:9000?profiles=2", "profiles"),
        ("VOLTYARD_OCPP_LISTEN", "ws://[::1]:9000,ws://[::1]:9000", "twice"),
        ("VOLTYARD_ROLES", "ocpp,cook", "ocpp, web, worker"),
        ("VOLTYARD_TRUSTED_PROXIES", "10.0.0.0/99", "networks"),
        ("VOLTYARD_MESSAGE_LIMIT", "much", "1MiB"),
        ("VOLTYARD_COMPRESSION", "maybe", "true, false"),
        ("VOLTYARD_DATABASE_URL", "mysql://x", "postgres"),
        ("VOLTYARD_HTTP_LISTEN", "http://127.0.0.1:9000", "VOLTYARD_OCPP_LISTEN"),
        ("VOLTYARD_HANDSHAKE_PATIENCE", "2m", "below 60s"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(tmp_path: Path, name: str, value: str, allowed: str) -> None:
    with pytest.raises(InvalidSetting) as caught:
        load({name: value}, tmp_path)
    assert name in str(caught.value)
    assert allowed in str(caught.value)


def test_listeners_may_name_profiles_with_commas(tmp_path: Path) -> None:
    text = "ws://[::1]:9000?profiles=1, wss://h:443?cert=a&key=b&cert=c&key=d,wss://h:444?cert=a&key=b&profiles=2,3&client-ca=e"
    first, second, third = load({"VOLTYARD_OCPP_LISTEN": text}, tmp_path).settings.ocpp_listen
    assert first.profiles == {1}
    assert (first.host, first.port, str(first)) == ("::1", 9000, "ws://[::1]:9000")
    assert [str(chain) for chain, _ in second.certificates] == ["a", "c"]
    assert third.profiles == {2, 3}
    assert third.client_ca == Path("e")


def test_secrets_come_from_files_and_are_shown_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("very-hidden\n")
    loaded = load({"VOLTYARD_ADMIN_TOKEN_FILE": str(secret)}, tmp_path)
    assert loaded.settings.admin_token == "very-hidden"
    assert "very-hidden" not in repr(loaded.settings)
    row = next(row for row in loaded.rows() if row.variable == "VOLTYARD_ADMIN_TOKEN")
    assert row.value == "(secret)"
    assert row.source == f"file {secret}"


def test_a_wrong_secret_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting) as caught:
        load({"VOLTYARD_DATABASE_URL": "mysql://user:hidden@host/db"}, tmp_path)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    "content", ['store_deadlin = "5s"', "store_deadline = {}", "store_deadline = ", "log_level = 3"]
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "voltyard.toml").write_text(content)
    with pytest.raises(InvalidSetting, match=r"voltyard\.toml"):
        load({}, tmp_path)


def test_a_named_file_must_exist_and_a_secret_has_one_source(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="no such file"):
        load({"VOLTYARD_CONFIG": str(tmp_path / "none.toml")}, tmp_path)
    with pytest.raises(InvalidSetting, match="not both"):
        load({"VOLTYARD_ADMIN_TOKEN": "a", "VOLTYARD_ADMIN_TOKEN_FILE": "b"}, tmp_path)
    with pytest.raises(InvalidSetting, match="cannot be read"):
        load({"VOLTYARD_ADMIN_TOKEN_FILE": str(tmp_path / "none")}, tmp_path)


def test_variables_that_mean_nothing_are_named(tmp_path: Path) -> None:
    assert load({"VOLTYARD_OCCP_LISTEN": "x", "VOLTYARD_LOG_LEVEL": ""}, tmp_path).unknown == ["VOLTYARD_OCCP_LISTEN"]


def test_every_setting_has_a_meaning_and_a_default_that_parses() -> None:
    rows = load({}, Path("/nonexistent")).rows()
    assert len(rows) > 30
    assert all(row.meaning for row in rows)
