"""`ETag` and `If-Match`: a change is made to what its author has seen (RFC 9110, 13.1.1)."""

from web.problems import ApiProblem


def etag(revision: int) -> str:
    """The revision as a strong entity tag."""
    return f'"{revision}"'


def check_match(if_match: str | None, revision: int) -> None:
    """Raises ApiProblem `precondition_failed` when `If-Match` is given and names another revision."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(revision) not in (tag.strip() for tag in if_match.split(",")):
        raise ApiProblem(
            "precondition_failed", f"the current ETag is {etag(revision)}; read it again and repeat the change",
            headers={"ETag": etag(revision)},
        )
