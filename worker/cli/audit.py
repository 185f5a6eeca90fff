"""Does everything add up?"""

from __future__ import annotations

from producers import Producer, flows
from worker.cli import answers
from worker.cli.answered import AnsweredError


def examine(*, as_json: bool) -> None:
    """Audit every campaign and message, and say what was found and repaired.

    Raises:
        AnsweredError: Something doesn't add up.
    """
    with Producer.from_env() as producer:
        found = producer.store.drive(flows.audit_all())
    unsound = [item for item in found if not item.sound]
    repaired = [name for item in found for name in item.repaired]
    answer = {
        "audited": len(found),
        "unsound": [
            {
                "id": item.id,
                "differences": [
                    {"state": state, "recorded": recorded, "counted": counted}
                    for state, recorded, counted in item.differences
                ],
                "missing": list(item.missing),
            }
            for item in unsound
        ],
        "repaired": repaired,
    }
    if not as_json or unsound:
        lines = [f"{len(found)} campaigns and messages audited, {len(unsound)} don't add up"]
        lines += [f"put back on the timer: {name}" for name in repaired]
        for item in unsound:
            lines += [
                f"{item.id}: {state}: {recorded} recorded, {counted} counted"
                for state, recorded, counted in item.differences
            ]
            lines += [f"{item.id}: batch {batch} is missing" for batch in item.missing]
        if not as_json:
            answers.write_lines(*lines)
    if unsound:
        raise AnsweredError(
            f"{len(unsound)} campaigns or messages don't add up",
            hint="batches are missing when Redis lost data: compare with the provider's own history",
            code="unsound",
            answer=answer,
        )
    if as_json:
        answers.write_json(answer)
