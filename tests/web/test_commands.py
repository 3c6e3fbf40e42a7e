"""Commands and changes of settings: on disk first, told once, whatever the client repeats."""

import threading

import orjson
import pytest

from actors.config.messages import (
    ChangeSettings,
    CheckSettings,
    FieldChange,
    SettingsRefused,
)
from actors.journal.messages import CommandAccepted, SubmitCommand
from actors.runtime import Actor
from tests.web.site import Site
from tests.web.stub_house import refusing

PLAIN = [
    "start",
    "stop",
    "restart",
    "pause",
    "resume",
    "emergency-stop",
    "clear-emergency",
]


@pytest.mark.parametrize("name", PLAIN)
def test_a_command_is_handed_to_the_journal(site: Site, name: str) -> None:
    answer = site.post(name, Idempotency_Key="key-1")
    assert answer.status == 202
    assert answer.json == {
        "command_id": 1,
        "name": name,
        "repeated": False,
        "status": "accepted",
        "outcome": "",
    }
    assert answer.headers["Location"] == "/api/v1/commands/1"
    assert site.house.letters == [("journal", SubmitCommand("key-1", name, "", "web"))]


@pytest.mark.parametrize(
    ("path", "name", "argument"),
    [
        ("positions/BTC-USDT%233/close", "close-position", "BTC-USDT#3"),
        ("system/root/strategies/BTC-USDT/restart", "restart-actor", "root/strategies/BTC-USDT"),
        ("system/root%2Fmarket/restart", "restart-actor", "root/market"),
        ("dead-letters/4/resend", "resend-letter", "4"),
        ("dead-letters/4/drop", "drop-letter", "4"),
    ],
)
def test_what_it_is_about_is_read_from_the_path(
    site: Site, path: str, name: str, argument: str
) -> None:
    assert site.post(path).status == 202
    (command,) = site.house.commands
    assert (command.name, command.argument) == (name, argument)


@pytest.mark.parametrize(
    "path",
    [
        "dead-letters/four/resend",
        "dead-letters/0/resend",
        "dead-letters/9223372036854775808/resend",
        "positions/%00/close",
        "positions//close",
        f"positions/{'x' * 201}/close",
    ],
)
def test_nothing_can_be_called_that(site: Site, path: str) -> None:
    assert site.post(path).error == (404, "not_found")
    assert site.house.letters == []


def test_202_comes_only_after_the_journal_has_it(site: Site) -> None:
    kept = []
    asked = threading.Event()

    def hold(actor: Actor, message: object) -> bool:
        kept.append(actor.context.keep_reply())
        asked.set()
        return True

    site.house.trouble = hold
    answers = []
    client = threading.Thread(target=lambda: answers.append(site.post("stop")))
    client.start()
    assert asked.wait(10)
    assert answers == []
    kept[0].answer(CommandAccepted(9, "stop", False, "accepted"))
    client.join(10)
    assert [(one.status, one.json["command_id"]) for one in answers] == [(202, 9)]


def test_a_key_given_twice_does_nothing_twice(site: Site) -> None:
    first = site.post("start", Idempotency_Key="same")
    again = site.post("start", Idempotency_Key="same")
    assert (first.json["repeated"], again.json["repeated"]) == (False, True)
    assert len(site.house.commands) == 1
    assert site.post("stop", Idempotency_Key="same").error == (409, "key_reused")


def test_without_a_key_each_is_another_command(site: Site) -> None:
    site.post("start")
    site.post("start")
    one, other = site.house.commands
    assert one.idempotency_key != other.idempotency_key


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "\xe9"])
def test_keys_that_are_none(site: Site, key: str) -> None:
    assert site.post("start", Idempotency_Key=key).error == (400, "invalid_idempotency_key")
    assert site.house.letters == []


def test_what_became_of_a_command(site: Site) -> None:
    site.post("start")
    site.house.forget_letters()
    answer = site.get("commands/1")
    assert (answer.status, answer.json["status"]) == (200, "done")
    assert len(site.house.letters) == 1
    assert site.get("commands/2").error == (404, "no_such_command")
    assert site.get("commands/x").error == (404, "not_found")


def test_a_refusal_is_a_conflict(site: Site) -> None:
    site.house.trouble = refusing("not_stopped", "it is running")
    answer = site.post("start")
    assert answer.error == (409, "not_stopped")
    assert answer.json["error"]["message"] == "it is running"


def test_settings_are_changed_as_a_whole(site: Site) -> None:
    body = {
        "trading.min_funding_rate": "0.0004",
        "trading.max_simultaneous_positions": 3,
        "trading.deny_pairs": ["XLM-USDT"],
        "trading.policy": None,
    }
    answer = site.send("PATCH", "config", body, Idempotency_Key="k")
    assert answer.json == {
        "version": 8,
        "changed": list(body),
        "in_force_from": "the next cycle",
        "cycle": 4121,
    }
    (letter,) = site.house.told("config")
    assert letter == ChangeSettings(
        (
            FieldChange("trading.min_funding_rate", '"0.0004"'),
            FieldChange("trading.max_simultaneous_positions", "3"),
            FieldChange("trading.deny_pairs", '["XLM-USDT"]'),
            FieldChange("trading.policy", None),
        ),
        "web",
        "k",
    )


def test_settings_that_cannot_be_used_are_explained_one_by_one(site: Site) -> None:
    answer = site.send("PATCH", "config", {"a.b": 1, "c.d": 2, "trading.policy": "carry"})
    assert answer.error == (422, "invalid_settings")
    assert answer.json["error"]["fields"] == {
        "a.b": "there is no such setting",
        "c.d": "there is no such setting",
    }


def test_a_change_may_say_what_it_was_based_on(site: Site) -> None:
    site.send("PATCH", "config?based_on=7", {"trading.policy": "carry"})
    site.send("PATCH", "config", {"trading.policy": "carry"})
    assert [one.based_on for one in site.house.told("config")] == [7, None]
    for wrong in ("-1", "x", "", "1.0"):
        answer = site.send("PATCH", f"config?based_on={wrong}", {"trading.policy": "carry"})
        assert answer.error == (400, "invalid_query")


def test_what_somebody_else_changed_meanwhile_is_a_conflict(site: Site) -> None:
    def overtaken(actor: Actor, message: object) -> bool:
        fields = (("trading.policy", "ada changed it"),)
        raise SettingsRefused("changed_meanwhile", "trading.policy: ada changed it", fields)

    site.house.trouble = overtaken
    answer = site.send("PATCH", "config?based_on=7", {"trading.policy": "carry"})
    assert answer.error == (409, "changed_meanwhile")
    assert answer.json["error"]["fields"] == {"trading.policy": "ada changed it"}


def test_a_change_can_be_checked_first(site: Site) -> None:
    body = {"trading.policy": "threshold", "trading.leverage": None}
    answer = site.send("POST", "config/check?based_on=7", body)
    assert answer.status == 200
    assert answer.json == {
        "acceptable": True,
        "code": "",
        "message": "",
        "fields": {},
        "outcome": [
            {
                "key": "trading.policy",
                "before": "carry",
                "after": "threshold",
                "override": "threshold",
            }
        ],
        "version": 8,
        "in_force_from": "the next cycle",
        "cycle": 4121,
    }
    changes = (FieldChange("trading.policy", '"threshold"'), FieldChange("trading.leverage", None))
    assert site.house.told("config") == [CheckSettings(changes, 7)]


def test_what_would_be_refused_is_an_answer_and_no_error(site: Site) -> None:
    answer = site.send("POST", "config/check", {"a.b": 1})
    assert (answer.status, answer.json["acceptable"]) == (200, False)
    assert answer.json["fields"] == {"a.b": "there is no such setting"}
    assert site.send("POST", "config/check", {}).error == (400, "nothing_to_change")


def test_one_setting_goes_back_to_the_file(site: Site) -> None:
    assert site.send("DELETE", "config/trading.policy").status == 200
    (letter,) = site.house.told("config")
    assert letter.changes == (FieldChange("trading.policy", None),)
    assert site.send("DELETE", "config/no.such").error == (422, "invalid_settings")


@pytest.mark.parametrize("body", [{}, [], "x", 3, None, [{"trading.policy": "carry"}]])
def test_changes_that_are_none(site: Site, body: object) -> None:
    answer = site.request(
        "PATCH",
        "config",
        b"" if body is None else orjson.dumps(body),
        {"Content-Type": "application/json"},
    )
    assert answer.status == 400
    assert site.house.letters == []
