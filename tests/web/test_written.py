"""The same answer is written once, another one never taken for it."""

from dataclasses import replace

from tests.web import sample_data as data
from web.serialise import to_json
from web.written import ANSWERS_KEPT, WORTH_KEEPING, Written

LARGE = replace(data.PNL, problems=("x" * WORTH_KEEPING,))


def test_an_equal_answer_is_the_same_text() -> None:
    written = Written()
    first = written.json("q", LARGE)
    assert first == to_json(LARGE)
    assert written.json("q", replace(LARGE)) is first


def test_a_changed_answer_is_written_anew() -> None:
    written = Written()
    before = written.json("q", LARGE)
    changed = replace(LARGE, total_net_usdt=data.D("1"))
    assert written.json("q", changed) == to_json(changed) != before
    assert written.json("q", LARGE) == before


def test_only_a_few_are_kept() -> None:
    written = Written()
    texts = [written.json(number, LARGE) for number in range(ANSWERS_KEPT + 1)]
    assert written.json(1, LARGE) is texts[1]
    assert written.json(0, LARGE) is not texts[0]
