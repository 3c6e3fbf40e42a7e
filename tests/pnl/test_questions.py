"""Which payments are asked for, and whose answer is whose."""

from datetime import timedelta

from actors.pnl.questions import OVERLAP, PaymentQuestions
from tests.pnl.world import HOUR, START

NOW = START + 100 * HOUR


def test_it_asks_again_for_what_may_have_been_posted_late_but_never_from_before_the_ledger() -> (
    None
):
    questions = PaymentQuestions(epoch=1)
    first = questions.ask(START, None, START + HOUR)
    assert START - timedelta(seconds=1) < first <= START
    questions.answered()
    assert questions.complete_until == START + HOUR
    questions.ask(START, START + 90 * HOUR, NOW)
    questions.answered()
    again = questions.ask(START, START + 90 * HOUR, NOW + HOUR)
    assert NOW - OVERLAP - timedelta(seconds=1) < again <= NOW - OVERLAP


def test_an_answer_is_not_taken_for_that_to_another_question() -> None:
    questions = PaymentQuestions(epoch=1)
    first = questions.ask(START, None, NOW)
    questions.given_up()
    assert not questions.is_open(first)
    second = questions.ask(START, None, NOW)
    assert questions.is_open(second)
    assert not questions.is_open(first)
    after_a_crash = PaymentQuestions(epoch=2)
    after_a_crash.ask(START, None, NOW)
    assert not after_a_crash.is_open(first)
    assert not after_a_crash.is_open(second)
