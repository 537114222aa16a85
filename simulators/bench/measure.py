"""One measurement: stations in closed loop against a subject, with everybody's processor time and the rows counted."""

import attrs

from simulators.bench.child import BenchError
from simulators.bench.cpu import between, books
from simulators.bench.figures import ratio
from simulators.bench.lab import Lab, Load, Subject
from simulators.bench.rows import TOKEN

_CONNECT_S = 30.0


@attrs.frozen
class Measured:
    """Figures of one measurement. Processor times in µs per answered message; shares are of one core.

    `foreign_share`: of both cores, what others took meanwhile. `rows`: new in the table, None where none are kept.
    """

    subject: str
    together: bool
    messages: int
    per_second: float
    subject_us: float
    database_us: float
    load_us: float
    subject_share: float
    load_share: float
    foreign_share: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    rows: int | None

    @property
    def both_us(self) -> float:
        """Subject and database."""
        return self.subject_us + self.database_us


def connect(load: Load, count: int) -> None:
    """All stations are there and have a transaction open."""
    storm = load.do("storm", deadline_s=_CONNECT_S)
    if not storm["complete"]:
        raise BenchError(f"only {storm['booted']} of {count} stations could boot: {storm['refusals']}")
    begun = load.do("begin", token=TOKEN, deadline_s=_CONNECT_S)["begun"]
    if begun != count:
        raise BenchError(f"only {begun} of {count} stations could begin a transaction")


def closed_loop(lab: Lab, subject: Subject, load: Load, seconds: float, *, together: bool,
                table: tuple[str, str] | None) -> Measured:
    """`table`: database and name of where each acknowledged message must be a row.

    Raises BenchError when a message was lost or refused, or when rows and acknowledgements differ.
    """
    rows = lab.rows.count(*table) if table else 0
    before = books(subject.pid, lab.postmaster if table else None, load.pid, lab.cores)
    result = load.do("closed_loop", seconds=seconds)
    spent = between(before, books(subject.pid, lab.postmaster if table else None, load.pid, lab.cores))
    answered = int(result["answered"])
    if result["errors"] or result["lost"] or not answered:
        raise BenchError(f"{subject.name}: {answered} messages answered, {result['errors']} refused, "
                         f"{result['lost']} lost; its log: {subject.child.last_words()}")
    new = lab.rows.count(*table) - rows if table else None
    if new is not None and new != answered:
        raise BenchError(f"{subject.name}: {answered} messages acknowledged, but {new} rows written to {table}")
    times, each = result["round_trips"], 1e6 / answered
    ours = spent.subject + spent.database + spent.load
    return Measured(
        subject=subject.name, together=together, messages=answered, per_second=float(result["per_second"]),
        subject_us=spent.subject * each, database_us=spent.database * each, load_us=spent.load * each,
        subject_share=ratio(spent.subject, spent.clock), load_share=ratio(spent.load, spent.clock),
        foreign_share=max(0.0, ratio(spent.busy - ours, spent.clock * len(lab.cores))),
        p50_ms=times["p50_ms"], p95_ms=times["p95_ms"], p99_ms=times["p99_ms"], max_ms=times["max_ms"], rows=new)
