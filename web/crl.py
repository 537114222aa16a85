"""/crl: lists of revoked certificates of our own authorities, for whoever has to check one; no token is asked.

A list is signed by its authority, so whoever reads it can trust it wherever it was fetched (RFC 5280, 5).
"""

from uuid import UUID

from quart import Response
from quart_trio import QuartTrio

from storage.web.authorities import get_authority
from web.context import Context
from web.problems import ApiProblem

_MEDIA_TYPE = "application/pkix-crl"
_ENDING = ".crl"


def add_crl(app: QuartTrio, context: Context) -> None:
    """`/crl/{tenant}/{authority}.crl`, both ids."""

    async def crl(tenant: str, name: str) -> Response:
        missing = ApiProblem("not_found", "there is no such list")
        try:
            tenant_id, authority_id = UUID(tenant), UUID(name.removesuffix(_ENDING))
        except ValueError:
            raise missing from None
        row = await context.reads.run_as_tenant(
            tenant_id, lambda connection: get_authority(connection, authority_id)
        )
        if row is None or row.crl is None or not name.endswith(_ENDING):
            raise missing
        headers = {"Cache-Control": "public, max-age=300"}
        return Response(row.crl, content_type=_MEDIA_TYPE, headers=headers)

    app.add_url_rule(
        "/crl/<segment:tenant>/<segment:name>", "crl", crl, methods=["GET"], provide_automatic_options=False
    )
