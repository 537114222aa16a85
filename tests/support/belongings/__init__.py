"""One of everything a tenant can own, for the tests that look for leaks: a module here for each capability.

A module has `async def fill(api, station, mark) -> Ids`: it inserts rows of the default tenant that hold `mark`, and
says what stands in addresses: by the resource (`"jobs"`: an id for `/jobs/{id}`), by the parameter's name (`"key"`), or
by a whole address (`"/a/{b}"`: `"/a/7"`). `BODIES` may give a request's body by (method, path), `PLAIN` names reading
routes whose answer does not show the mark.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any
from uuid import UUID

from tests.support.api import Api

Ids = dict[str, str]


def _modules() -> list[ModuleType]:
    return [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]


async def fill_all(api: Api, station: UUID, mark: str) -> Ids:
    """Everything of every capability."""
    ids: Ids = {}
    for module in _modules():
        ids |= await module.fill(api, station, mark)
    return ids


def bodies() -> dict[tuple[str, str], Any]:
    """Bodies of requests by (method, path), where the route's example will not do."""
    return {key: body for module in _modules() for key, body in getattr(module, "BODIES", {}).items()}


def plain() -> set[tuple[str, str]]:
    """Reading routes whose answer does not show the mark."""
    return {key for module in _modules() for key in getattr(module, "PLAIN", ())}
