"""Who asks, and for which tenant. One admin token for now; sign-in and roles will answer the same two questions."""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from actors.ports import DEFAULT_TENANT
from storage.web.tenants import Tenant
from web.api.call import Principal
from web.problems import ApiProblem

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_MOST_TENANTS = 1000
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="voltyard"'}

DEFAULT = Tenant(DEFAULT_TENANT, "default")
ADMIN = Principal("admin", None)


def principal_of(authorization: str | None, admin_token: str) -> Principal:
    """Raises ApiProblem `unauthorized`. Compares hashes, in constant time, whatever was sent."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() == "bearer" and _same(token.strip(), admin_token):
        return ADMIN
    detail = "the token is not valid" if authorization else "send `Authorization: Bearer …`"
    raise ApiProblem("unauthorized", detail, headers=_CHALLENGE)


def check_permission(principal: Principal, permission: str) -> None:
    """Raises ApiProblem `forbidden`."""
    if not principal.may(permission):
        raise ApiProblem("forbidden", f"this needs the permission {permission}", extra={"permission": permission})


class Tenants:
    """Tenants by slug. A slug keeps its tenant, so those found are remembered; unknown ones are asked for each time."""

    def __init__(self, find: Callable[[str], Awaitable[Tenant | None]]) -> None:
        self._find = find
        self._known: OrderedDict[str, Tenant] = OrderedDict()

    async def named(self, slug: str | None) -> Tenant:
        """The default tenant without a slug. Raises ApiProblem `unknown_tenant`, StoreUnavailable."""
        if slug is None or slug == DEFAULT.slug:
            return DEFAULT
        known = self._known.get(slug)
        if known is not None:
            self._known.move_to_end(slug)
            return known
        found = await self._find(slug) if _SLUG.fullmatch(slug) else None
        if found is None:
            raise ApiProblem("unknown_tenant", f"no tenant has the slug {slug[:64]!r}")
        self._known[slug] = found
        if len(self._known) > _MOST_TENANTS:
            self._known.popitem(last=False)
        return found


def _same(given: str, wanted: str) -> bool:
    """Hashed first, so that neither content nor length shows in the time it takes."""
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest() for text in (given, wanted)]
    return bool(wanted) and hmac.compare_digest(*hashes)
