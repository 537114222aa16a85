"""Reading settings: the environment over an optional voltyard.toml, and the table that `voltyard settings` shows."""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from gateway.settings import PREFIX, InvalidSetting, Settings, Spec, spec_of, variable

_FILE = "_FILE"
_CONFIG = PREFIX + "CONFIG"
_NAMES = tuple(field.name for field in attrs.fields(Settings))


@attrs.frozen
class Row:
    """One line of the table: the value as text (masked when secret), its source, and what it means."""

    variable: str
    value: str
    source: str
    meaning: str
    default: str


@attrs.frozen
class Loaded:
    """Settings with where each came from. `unknown` are variables that begin like ours and mean nothing."""

    settings: Settings
    sources: Mapping[str, str]
    texts: Mapping[str, str]
    unknown: Sequence[str]

    def rows(self) -> list[Row]:
        return [self._row(name, spec_of(name)) for name in _NAMES]

    def _row(self, name: str, spec: Spec) -> Row:
        shown = self.texts.get(name, spec.default)
        if spec.secret and shown is not None:
            shown = "(secret)"
        source = self.sources.get(name, "default")
        return Row(variable(name), shown or "(unset)", source, spec.meaning, spec.default or "(unset)")


def load(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Loaded:
    """The settings of this process. Raises InvalidSetting for the first that cannot be used.

    `environ` and `folder` (where voltyard.toml may lie) are the process's own unless given.
    """
    env = os.environ if environ is None else environ
    texts, sources = _from_file(env, Path.cwd() if folder is None else folder)
    for name in _NAMES:
        found = _from_environment(env, name)
        if found is not None:
            texts[name], sources[name] = found
    values = {name: _parse(name, value, sources[name]) for name, value in texts.items()}
    settings = Settings(**values)
    _check_together(settings, sources)
    return Loaded(settings, sources, texts, _unknown(env))


def _from_environment(env: Mapping[str, str], name: str) -> tuple[str, str] | None:
    key = variable(name)
    given, file = env.get(key), env.get(key + _FILE) if spec_of(name).secret else None
    if given is not None and file is not None:
        raise InvalidSetting(key, None, f"set either {key} or {key}{_FILE}, not both")
    if file is not None:
        try:
            content = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidSetting(key + _FILE, file, f"cannot be read: {error}") from None
        return content, f"file {file}"
    # An empty variable is how compose files and shells say "not set".
    return (given, "environment") if given else None


def _from_file(env: Mapping[str, str], folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    path = Path(env[_CONFIG]) if env.get(_CONFIG) else folder / "voltyard.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if env.get(_CONFIG):
            raise InvalidSetting(_CONFIG, str(path), "there is no such file") from None
        return {}, {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSetting(_CONFIG, str(path), f"cannot be read as TOML: {error}") from None
    for name in content:
        if name not in _NAMES:
            near = difflib.get_close_matches(name, _NAMES, 1)
            raise InvalidSetting(name, None, f"is no setting{f'; did you mean {near[0]}?' if near else ''}", str(path))
    return {name: _as_text(name, value, path) for name, value in content.items()}, dict.fromkeys(content, str(path))


def _as_text(name: str, value: Any, path: Path) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    raise InvalidSetting(name, None, "allowed: a text, a number, true, false or a list of texts", str(path))


def _parse(name: str, value: str, source: str) -> Any:
    spec = spec_of(name)
    try:
        return spec.parse(value)
    except ValueError as error:
        raise InvalidSetting(variable(name), "(secret)" if spec.secret else value, str(error), source) from None


def _check_together(settings: Settings, sources: Mapping[str, str]) -> None:
    """What is wrong only beside another setting."""
    seen: set[tuple[str, int]] = set()
    for address in settings.ocpp_listen:
        place = (address.host, address.port)
        if address.port and place in seen:
            raise InvalidSetting(variable("ocpp_listen"), str(address), "is listed twice", sources.get("ocpp_listen"))
        seen.add(place)
    if "ocpp" in settings.roles and settings.http_listen.port and _place(settings) in seen:
        raise InvalidSetting(
            variable("http_listen"), str(settings.http_listen), f"is also in {variable('ocpp_listen')}"
        )
    if settings.handshake_patience >= 60:
        raise InvalidSetting(variable("handshake_patience"), f"{settings.handshake_patience}s", "allowed: below 60s")


def _place(settings: Settings) -> tuple[str, int]:
    return settings.http_listen.host, settings.http_listen.port


def _unknown(env: Mapping[str, str]) -> list[str]:
    known = {variable(name) for name in _NAMES} | {_CONFIG}
    known |= {variable(name) + _FILE for name in _NAMES if spec_of(name).secret}
    return sorted(key for key in env if key.startswith(PREFIX) and key not in known)
