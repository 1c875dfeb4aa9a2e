"""Of the sweep over all pairs of systems: how many projects verify and dry-run without a finding.

python -m tests.bench.dry_runs [SEED [COUNT]]
"""

import random
import re
import sys
from collections import defaultdict

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.verify import verify
from pipeline.simulation.dry_run import dry_run
from tests.codegen.sweep import Outcome, requests, tried

_COUNT = 40
_SHOWN = 160  # characters of a finding
_SITUATION = re.compile(r"^With [^,]+(?:, [^,]+)??, ")


def main(seed: int | None = None, count: int = _COUNT) -> None:
    seed = random.SystemRandom().randrange(10_000) if seed is None else seed
    known = Catalogue.load()
    analyst, deno = OfflineAnalyst(known), Deno(timeout=300)
    asked = list(requests(known))
    random.Random(seed).shuffle(asked)
    run, causes = [], defaultdict(list)
    while asked and len(run) < count:
        outcome = tried(asked.pop(), known, analyst)
        if outcome.reasons:
            continue
        run.append(outcome)
        for finding in dict.fromkeys(_findings(outcome, known, deno)):
            causes[finding].append(outcome.request)
    failed = {text for texts in causes.values() for text in texts}
    print(f"seed {seed}: {len(run) - len(failed)} of {len(run)} projects without a finding")
    for cause, texts in sorted(causes.items(), key=lambda one: -len(one[1])):
        print(f"{len(texts):4} {cause}, as with “{texts[0]}”")


def _findings(outcome: Outcome, known: Catalogue, deno: Deno) -> list[str]:
    """What stops the project, without the situation that shows it."""
    assert outcome.plan is not None
    checked = verify(outcome.files, Cancellation(), deno).findings
    played = dry_run(outcome.plan, known, outcome.files, [], Cancellation(), deno=deno)
    findings = [*checked, *played.findings]
    said = [_SITUATION.sub("", one.message)[:_SHOWN] for one in findings]
    return said if said or played.validated else ["no request was validated"]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
