"""Whoever folds what is pushed has, at every moment, what a newcomer is given."""

from dataclasses import fields, replace
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from actors.journal.messages import EventRecorded
from actors.views.messages import Changes, FundingRates, FundingRateView
from tests.builders import D
from tests.web import sample_data as data
from web.picture import NEWS_KEPT, TOPICS, Picture
from web.serialise import to_json

RATE = data.RATES.rates[0]
NOTHING: dict[str, Any] = {
    one.name: () if one.name.startswith("new_") else None for one in fields(Changes)
}


def changes(revision: int, **topics: object) -> Changes:
    return Changes(**{**NOTHING, "revision": revision, **topics})


def rate(pair_key: str, percent: int) -> FundingRateView:
    return replace(RATE, pair_key=pair_key, rate=D(percent) / 100)


def rates(by_pair: dict[str, int]) -> FundingRates:
    lines = tuple(rate(*one) for one in sorted(by_pair.items()))
    return replace(data.RATES, cycle=len(lines), rates=lines)


def fold(known: dict[str, Any], members: bytes) -> None:
    """What a page does with a message."""
    message = orjson.loads(b"{%b}" % members)
    known.update(message["topics"])
    for topic, patch in message["patches"].items():
        by_key = {row[patch["key"]]: row for row in known[topic][patch["list"]]}
        for key in patch["gone"]:
            del by_key[key]
        for row in patch["rows"]:
            by_key[row[patch["key"]]] = by_key.get(row[patch["key"]], {}) | row
        known[topic] = known[topic] | patch["set"] | {patch["list"]: list(by_key.values())}


TABLES = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 2), max_size=5)


@given(st.lists(TABLES, min_size=1, max_size=8), st.integers(0, 7))
def test_folding_the_patches_leads_to_the_whole(tables: list[dict[str, int]], joined: int) -> None:
    wanted = frozenset({"funding_rates"})
    picture = Picture()
    picture.follow(wanted, changes(1, funding_rates=rates(tables[0])))
    early: dict[str, Any] = {}
    late: dict[str, Any] = {}
    fold(early, picture.whole(wanted))
    for number, table in enumerate(tables):
        if number == joined:
            fold(late, picture.whole(wanted))
        update = picture.update(changes(number + 2, funding_rates=rates(table)))
        for page in (early, late):
            if page:
                fold(page, update.members(wanted))
    whole = orjson.loads(to_json(rates(tables[-1])))
    for page in filter(None, (early, late)):
        page["funding_rates"]["rates"].sort(key=lambda row: row["pair_key"])
        assert page["funding_rates"] == whole


def test_only_what_changed_is_sent() -> None:
    wanted = frozenset({"funding_rates"})
    picture = Picture()
    first = rates({"A": 1, "B": 1, "C": 1})
    picture.follow(wanted, changes(1, funding_rates=first))
    second = replace(rates({"A": 1, "B": 2, "D": 1}), cycle=first.cycle)
    update = picture.update(changes(2, funding_rates=second))
    message = orjson.loads(b"{%b}" % update.members(wanted))
    assert message["topics"] == {}
    assert message["patches"]["funding_rates"] == {
        "list": "rates",
        "key": "pair_key",
        "set": {},
        "rows": [{"pair_key": "B", "rate": "0.02"}, orjson.loads(to_json(rate("D", 1)))],
        "gone": ["C"],
    }
    third = replace(second, cycle=99)
    update = picture.update(changes(3, funding_rates=third))
    message = orjson.loads(b"{%b}" % update.members(wanted))
    assert message["patches"]["funding_rates"]["set"] == {"cycle": 99}
    assert message["patches"]["funding_rates"]["rows"] == []


def test_what_is_not_known_any_more_is_sent_as_null() -> None:
    wanted = frozenset({"funding_rates"})
    picture = Picture()
    picture.follow(wanted, changes(1, funding_rates=rates({"A": 1})))
    unknown = replace(rates({"A": 1}), rates=(replace(rate("A", 1), rate=None),))
    update = picture.update(changes(2, funding_rates=unknown))
    message = orjson.loads(b"{%b}" % update.members(wanted))
    assert message["patches"]["funding_rates"]["rows"] == [{"pair_key": "A", "rate": None}]


def test_a_newcomer_gets_the_newest_of_what_is_new_each_once() -> None:
    def event(number: int) -> EventRecorded:
        return replace(data.EVENTS.events[0], seq=number)

    wanted = frozenset({"new_events"})
    picture = Picture()
    picture.follow(wanted, changes(1, new_events=(event(2), event(1))))
    news = picture.update(changes(2, new_events=(event(3), event(2))))
    assert [one["seq"] for one in _topic(news.members(wanted), "new_events")] == [3, 2]
    assert [one["seq"] for one in _topic(picture.whole(wanted), "new_events")] == [3, 2, 1]
    many = tuple(event(number) for number in range(NEWS_KEPT + 3, 3, -1))
    picture.update(changes(3, new_events=many))
    assert len(_topic(picture.whole(wanted), "new_events")) == NEWS_KEPT


def test_a_message_has_the_topics_that_are_wanted_and_no_others() -> None:
    picture = Picture()
    picture.follow(TOPICS, changes(1, status=data.STATUS, positions=data.POSITIONS))
    whole = orjson.loads(b"{%b}" % picture.whole({"positions", "pnl"}))
    assert whole == {
        "topics": {"positions": orjson.loads(to_json(data.POSITIONS))},
        "patches": {},
    }


def _topic(members: bytes, topic: str) -> Any:
    return orjson.loads(b"{%b}" % members)["topics"][topic]
