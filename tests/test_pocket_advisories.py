"""The advisories of the pocket page are those of the page: two languages, the same rules."""

from collections.abc import Mapping

import numpy as np
import pytest

from pushpull.catalogue import catalogue
from pushpull.dashboard.components.bundle import bundled
from pushpull.dashboard.compute.indicators import HARMS
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.advisory_rules import RULES
from pushpull.dashboard.pocket.corridor_content import corridor_content
from pushpull.dashboard.pocket.page_content import page_content
from pushpull.dashboard.state.state import State
from tests.cases import failing
from tests.node import node
from tests.verdict_fakes import judged

KNOWN = catalogue()
SCRIPT = f"""
globalThis.Warned = (() => {{ {bundled("pocket_page/advisories.js")} return module_pocket_page_advisories; }})();
globalThis.Levers = (() => {{ {bundled("pocket/settings.js")} return module_pocket_settings; }})();
"""
OPEN = """([known, corridor, harms]) => {
  globalThis.warnings = new Warned.Advisories(known, new Levers.Settings(corridor), corridor, harms);
}"""
FORMS = ({"ramp": {"from": 2028.0, "to": 2031.5, "value": 0.6}}, {"step": {"year": 2045.0, "value": 0.7}})


def drawn_states(corridor, count):
    """Levers at the ends of their ranges and between, for all gateways and for one, some of them by a schedule."""
    dice, plain = np.random.default_rng(3), State.opening(corridor)
    yield plain
    for _ in range(count):
        state = plain
        for name in dice.choice(list(KNOWN.levers), dice.choice([2, 4, 12, 25]), replace=False):
            card, today = KNOWN.levers[name], plain.today[name]
            members = [None, *today] if isinstance(today, Mapping) else [None]
            share = dice.choice([0.0, 0.05, 0.3, 0.75, 0.95, 1.0])
            value = card.low + share * (card.high - card.low)
            state = state.with_value(str(name), float(value), members[dice.integers(len(members))])
        if dice.random() < 0.3:
            state = state.with_schedule("detection_technology", FORMS[dice.integers(len(FORMS))])
        yield state


@pytest.mark.parametrize("corridor", ["g8_2001", "eu_external_border"])
def test_the_same_applies_on_both_pages(corridor):
    known, content, dice = page_content(100)["advisories"], corridor_content(corridor, ()), np.random.default_rng(5)
    provoked = set()
    with node() as process:
        process.add(SCRIPT)
        process.evaluate(OPEN, [known, content, list(HARMS)])

        def holds(state):
            verdicts = judged(**{name: float(dice.choice([-1.0, 0.0, 1.0])) for name in (*HARMS, "smuggled_migrants")})
            told = {
                name: {"word": each.word, "direction": each.direction, "members": each.members}
                for name, each in verdicts.items()
            }
            found = process.evaluate(
                "([policies, verdicts]) => warnings.of(policies, verdicts, false)",
                [state.scenario.to_mapping().get("policies", {}), told],
            )
            wanted = advisories_of(state, verdicts)
            provoked.update(each.key for each in wanted)
            assert found == [
                {
                    "kind": each.kind,
                    "key": each.key,
                    "levers": list(each.levers),
                    "outcomes": list(each.outcomes),
                    "claim": each.claim and {"outcome": each.claim.outcome, "direction": each.claim.direction},
                }
                for each in wanted
            ]

        assert failing(holds, list(drawn_states(corridor, 150))) == []
    assert provoked >= {rule.key for rule in RULES} | {"never_acts", "fewer_smuggled_more_harmed", "many_at_the_edge"}
