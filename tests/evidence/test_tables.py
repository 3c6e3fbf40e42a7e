"""The tables of docs/evidence.md are what the bot does, and add up."""

from pathlib import Path

import pytest

from tests.evidence.books import Outcome
from tests.evidence.tables import Span, report, run, verify

DOCS = Path(__file__).parents[2] / "docs/evidence.md"
CENT = 0.01


def test_what_positions_earned_is_what_the_account_gained(tmp_path: Path) -> None:
    """Positions closed and held, at the last prices; dust is the only difference."""
    books = tmp_path / "books.db"
    run(Span("six days", "2024-11-10", "2024-11-16"), "threshold", books)
    verify(books)
    outcome = Outcome.read(books)
    assert outcome.finished, "nothing was closed"
    assert outcome.held, "nothing is held"
    gained = outcome.last.equity_usdt - outcome.first.equity_usdt
    assert float(outcome.net) == pytest.approx(float(gained), abs=CENT)
    for stay in outcome.stays:
        assert stay.pnl.net == stay.pnl.funding + stay.pnl.fees + stay.pnl.price


@pytest.mark.soak
def test_the_docs_show_what_the_bot_does(tmp_path: Path) -> None:
    shown = set(DOCS.read_text().splitlines())
    assert [line for line in report(tmp_path) if line not in shown] == []
