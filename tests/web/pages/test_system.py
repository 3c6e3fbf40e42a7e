"""The system page: the tree, one actor and its restart, dead letters, the event log."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from actors.gateway.messages import VenueHealth
from actors.journal.messages import (
    CommandAccepted,
    Event,
    EventRecorded,
    GetCommand,
    Severity,
    SubmitCommand,
)
from actors.runtime import ActorView, DeadLetter, ProcessUse, Rejected
from actors.store import StoreHealth
from actors.views.messages import DeadLetters, Events, GetDeadLetters, GetEvents
from tests.builders import NOON
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site

PROCESS = ProcessUse(93_784.5, 234_192_896, 0.076, 18)
STORE = StoreHealth(
    "SQLite 3.40.1", "/var/lib/perpcarry/book.db", 1_284_368, "0001", 1_081, 0, None
)
VENUE = VenueHealth("binance", 92, NOON - 17 * data.HOUR, 0, None, None, 72.0, 1_800.0, 2, 3)
FARING = replace(
    data.SYSTEM,
    process=PROCESS,
    versions=(("perpcarry", "1.0"), ("Python", "3.13.1")),
    store=STORE,
    venues=(VENUE,),
)
MANY = 1_200
ROWS = "#actors tbody.rows tr"


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site, "system")
    made.expect("#actors", "orchestrator")
    yield made
    made.page.close()


def event(seq: int, text: str, severity: Severity = Severity.INFO, detail: str = "") -> Any:
    at = NOON + seq * data.HOUR
    return EventRecorded(seq, Event(at, "test.event", severity, "root/market", text, detail))


def row(visit: Visit, name: str) -> Locator:
    button = visit.page.get_by_role("button", name=name, exact=True)
    return visit.page.locator(ROWS).filter(has=button)


def house_of(strategies: int, **changes: object) -> tuple[ActorView, ...]:
    alike = (
        data.actor(f"root/strategies/C{n:04}-USDT", dispatch="pool", **changes)
        for n in range(strategies)
    )
    return (*(one for one in data.ACTORS if "strategies/" not in one.address), *alike)


def test_the_tree_shows_how_each_actor_is(visit: Visit) -> None:
    visit.expect("#actors-aside", "17 of 18 running")
    expect(row(visit, "execution")).to_contain_text("OpenPair")
    expect(row(visit, "market").locator(".badge")).to_have_text("restarting")
    expect(row(visit, "market")).to_contain_text("ValueError: boom")
    cells = row(visit, "binance").locator("td")
    expect(cells.nth(2)).to_have_text("2")
    expect(cells.nth(6)).to_have_text("1.1")
    names = visit.page.locator(f"{ROWS} td:first-child").all_inner_texts()
    assert names[:5] == ["root", "config", "execution", "gateways", "binance"]
    unknown = row(visit, "BTC-USDT").locator("td").nth(5)
    expect(unknown).to_have_text("–")
    expect(unknown).to_have_attribute("title", "no letter was timed yet")
    visit.is_clean()


def test_process_store_and_venue_say_how_they_fare(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    process, store, venue = (
        page.get_by_role("region", name=name)
        for name in ("Process and versions", "Store", "Venue binance")
    )
    expect(store.locator(".badge")).to_have_text("not known")
    house.change(system=FARING)
    expect(process.locator("dd:not(.aside)")).to_have_text(
        ["1 d 2 h", "234 MB", "8%", "18"], timeout=SOON
    )
    expect(process).to_contain_text("perpcarry 1.0 · Python 3.13.1")
    expect(store.locator(".badge")).to_have_text("writes")
    expect(store.locator("dd:not(.aside)")).to_have_text(
        ["SQLite 3.40.1", "1.3 MB", "1,081", "0001", "book.db"]
    )
    expect(venue.locator(".badge")).to_have_text("answers")
    # Real time: the replay's clock runs 3600 times as fast.
    expect(venue.locator("dd:not(.aside)")).to_have_text(["17 s ago", "92", "20 ms", "500 ms", "2"])
    expect(venue).to_contain_text("3 wait to be sent")

    failing = replace(STORE, failures_in_a_row=2, last_failure="the disk is full")
    down = replace(VENUE, failures_in_a_row=1, last_failure="503", last_failure_at=NOON - data.HOUR)
    house.change(system=replace(FARING, store=failing, venues=(down,)))
    expect(store.locator(".badge")).to_have_text("2 times not written", timeout=SOON)
    expect(store).to_contain_text("Last failure: the disk is full")
    expect(venue.locator(".badge")).to_have_text("once no answer")
    expect(venue).to_contain_text("Last failure, 1 s ago: 503")
    house.change(system=replace(FARING, store=None, store_problem="it is locked"))
    expect(store.locator(".badge")).to_have_text("does not answer", timeout=SOON)
    expect(store).to_contain_text("it is locked")
    visit.is_clean()


def test_sorted_searched_or_filtered_it_is_a_list(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Restarts").click()
    expect(page.locator(ROWS).first).to_contain_text("root/gateways/binance")
    page.get_by_role("button", name="Actor", exact=True).click()
    expect(page.locator(ROWS).first.locator("button")).to_have_text("root")
    page.get_by_label("Find an actor").fill("USDT")
    expect(page.locator(ROWS)).to_have_count(6)
    page.get_by_label("Find an actor").fill("nobody")
    visit.expect("#actors .empty", "No actor is like that.")
    page.get_by_label("Find an actor").fill("")
    page.get_by_text("Not well").click()
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_label("Busy", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("root/execution")


def test_many_alike_are_one_line_that_opens_and_only_what_is_seen_is_drawn(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    crowd = house_of(MANY, depth=2, work_p99=0.5)
    sick = data.actor("root/strategies/SICK-USDT", last_error="KeyError: 1", last_error_at=NOON)
    house.change(system=replace(data.SYSTEM, actors=(*crowd, sick)))
    fold = page.get_by_role("button", name="1,200 alike")
    expect(fold).to_have_attribute("aria-expanded", "false", timeout=SOON)
    expect(row(visit, "SICK-USDT")).to_contain_text("KeyError: 1")
    line = page.locator(ROWS).filter(has=fold).locator("td")
    expect(line.nth(3)).to_have_text("2,400")
    expect(line.nth(8)).to_have_text("500")
    fold.press("Enter")
    expect(row(visit, "C0003-USDT")).to_be_visible()
    assert page.locator(ROWS).count() < 100
    house.change(system=replace(data.SYSTEM, actors=house_of(MANY, depth=3)))
    expect(line.nth(3)).to_have_text("3,600", timeout=SOON)
    expect(fold).to_be_focused()
    page.locator("#actors .scroll").evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(row(visit, "C1199-USDT")).to_be_visible()
    visit.is_clean()


def test_one_actor_in_full_lives_on_in_its_drawer(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="binance", exact=True).click()
    visit.expect("#drawer-title", "root/gateways/binance")
    visit.expect("#drawer-body", "The connection to one venue")
    visit.expect("#drawer-body .trace", "Traceback (most recent call last): ...")
    figure = page.locator("#drawer-body .figures div").filter(has_text="Turned away").locator("dd")
    expect(figure.first).to_have_text("0")
    changed = replace(data.actor("root/gateways/binance"), rejected=7)
    others = (one for one in data.ACTORS if one.address != changed.address)
    visit.site.house.change(system=replace(data.SYSTEM, actors=(*others, changed)))
    expect(figure.first).to_have_text("7", timeout=SOON)
    visit.expect("#drawer-body", "None since the bot was started.")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()

    page.get_by_role("button", name="market", exact=True).click()
    visit.site.house.answers[GetEvents] = Events(data.EVENTS.events[:1])
    page.get_by_role("button", name="Its events").click()
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.get_by_label("Search the events")).to_have_value("root/market")
    expect(page.locator("#events li")).to_have_count(1)


def test_a_restart_is_explained_confirmed_and_followed(visit: Visit) -> None:
    page, commands = visit.page, visit.site.house.commands
    page.get_by_role("button", name="execution", exact=True).click()
    restart = page.locator("#drawer").get_by_role("button", name="Restart")
    restart.click()
    visit.expect("#confirm-text", "once it has dealt with OpenPair")
    visit.expect("#confirm-text", "2 letters wait in its mailbox now")
    visit.expect("#confirm-text", "never sent again")
    page.keyboard.press("Escape")
    assert commands == []
    restart.click()
    page.locator("#confirm-yes").click()
    visit.expect("#notices", "Restart root/execution: done")
    assert [(one.name, one.argument) for one in commands] == [("restart-actor", "root/execution")]

    page.keyboard.press("Escape")
    page.get_by_role("button", name="strategies", exact=True).click()
    page.locator("#drawer").get_by_role("button", name="Restart").click()
    visit.expect("#confirm-text", "So are the 6 below it.")
    page.locator("#confirm-no").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="root", exact=True).click()
    expect(page.locator("#drawer").get_by_role("button", name="Restart")).to_be_hidden()


def test_a_dead_letter_is_read_and_sent_again(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    visit.expect("#letters", "3 attempts")
    expect(page.locator("#letters pre").first).to_be_hidden()
    page.locator("#letters summary").press("Enter")
    expect(page.locator("#letters pre").first).to_have_text("TakeSnapshot(cycle=4)")
    page.get_by_role("button", name="Send again").click()
    visit.expect("#confirm-text", "handed to root/market as if it were new")
    house.answers[GetDeadLetters] = DeadLetters(())
    page.locator("#confirm-yes").click()
    visit.expect("#notices", "Letter 4 to root/market: done")
    visit.expect("#no-letters", "None: every letter could be read.")
    expect(page.locator("#letters li")).to_have_count(0)
    assert [(one.name, one.argument) for one in house.commands] == [("resend-letter", "4")]


def test_a_dead_letter_is_dropped(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    page.get_by_role("button", name="Drop").click()
    visit.expect("#confirm-text", "What it asked of root/market is then never done")
    house.answers[GetDeadLetters] = DeadLetters(())
    page.locator("#confirm-yes").click()
    visit.expect("#no-letters", "None: every letter could be read.")
    assert [(one.name, one.argument) for one in house.commands] == [("drop-letter", "4")]


def test_refusals_are_shown(visit: Visit) -> None:
    def refuse(actor: Any, message: object) -> bool:
        if isinstance(message, SubmitCommand) and message.name == "restart-actor":
            raise Rejected("unknown_command", "nobody here does restart-actor")
        if isinstance(message, GetCommand):
            outcome = "no_such_letter: 4"
            actor.context.reply(CommandAccepted(1, "resend-letter", False, "refused", outcome))
            return True
        return False

    page = visit.page
    visit.site.house.trouble = refuse
    page.get_by_role("button", name="Send again").click()
    page.locator("#confirm-yes").click()
    visit.expect("#notices p", "Letter 4 to root/market: refused: no_such_letter: 4")
    page.get_by_role("button", name="market", exact=True).click()
    page.locator("#drawer").get_by_role("button", name="Restart").click()
    page.locator("#confirm-yes").click()
    visit.expect("#notices p:last-child", "Restart root/market: nobody here does restart-actor")


def test_a_letter_that_dies_now_comes_by_itself(visit: Visit) -> None:
    visit.expect("#letters", "TakeSnapshot")
    page, house = visit.page, visit.site.house
    page.locator("#letters summary").click()
    letters = data.LETTERS.letters
    new = DeadLetter(5, NOON, "root/pnl", "Marked()", "KeyError: 2", "", 3)
    house.answers[GetDeadLetters] = DeadLetters((new, *letters), 2)
    buried = replace(event(50, "root/pnl buried").event, kind="actor.buried")
    house.change(new_events=(EventRecorded(50, buried),))
    expect(page.locator("#letters li")).to_have_count(2, timeout=SOON)
    visit.expect("#letters li", "root/pnl")
    expect(page.locator("#letters details[open]")).to_contain_text("TakeSnapshot")


def test_the_log_is_filtered_and_searched_as_far_back_as_it_goes(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    lines = page.locator("#events li")
    expect(lines).to_have_count(2)
    house.answers[GetEvents] = Events((event(7, "All was lost", Severity.ALARM),))
    page.get_by_text("Alarms", exact=True).click()
    expect(lines).to_have_text(["2025-03-01 19:00:00alarmAll was lost"])
    new = (event(61, "All is well"), event(60, "All is lost again", Severity.ALARM))
    house.change(new_events=new)
    expect(lines).to_have_count(2, timeout=SOON)
    visit.expect("#events", "All is lost again")
    house.answers[GetEvents] = Events(())
    page.get_by_label("Search the events").fill(" lost again ")
    expect(lines).to_have_count(1)
    asked = house.told("views", GetEvents)[-1]
    assert (asked.severity, asked.text) == (Severity.ALARM, "lost again")
    page.get_by_label("Search the events").fill("nothing")
    visit.expect("#no-events", "No event is like that.")
    house.answers[GetEvents] = Events((*new, *data.EVENTS.events))
    page.locator("#events-severity").get_by_text("All").click()
    page.get_by_label("Search the events").fill("")
    expect(lines).to_have_count(4)
    house.trouble = lambda actor, message: isinstance(message, GetEvents)
    page.get_by_text("Warnings", exact=True).click()
    visit.expect("#events-problem", "The events could not be read")


def test_older_events_are_fetched_and_new_ones_move_nothing(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    house.change(new_events=tuple(event(seq, f"event {seq}") for seq in range(400, 200, -1)))
    page.reload()
    visit.expect("#events", "event 400")
    house.answers[GetEvents] = Events(tuple(event(seq, f"event {seq}") for seq in (200, 199)))
    page.get_by_role("button", name="Older events").click()
    expect(page.locator("#events li").last).to_contain_text("event 199")
    assert house.told("views", GetEvents)[-1].before_seq == 201
    expect(page.get_by_role("button", name="Older events")).to_be_hidden()

    log = page.locator("#events")
    log.evaluate("node => { node.scrollTop = 1000; }")
    place = page.locator("#events li").nth(40).bounding_box()
    house.change(new_events=(event(402, "event 402"), event(401, "event 401")))
    new = page.get_by_role("button", name="2 new")
    expect(new).to_be_visible(timeout=SOON)
    kept = page.locator("#events li").nth(42).bounding_box()
    assert place is not None
    assert kept is not None
    assert abs(kept["y"] - place["y"]) < 1
    new.click()
    expect(page.locator("#events li").first).to_be_in_viewport()
    expect(new).to_be_hidden()
    visit.is_clean()


def test_a_viewer_sees_all_and_can_do_nothing(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        "document.onreadystatechange = () => { document.body.dataset.role = 'viewer'; };"
    )
    page.reload()
    page.get_by_role("button", name="binance", exact=True).click()
    visit.expect("#drawer-body", "VenueDown: 503")
    expect(page.locator("#drawer").get_by_role("button", name="Restart")).to_be_hidden()
    page.keyboard.press("Escape")
    visit.expect("#letters", "TakeSnapshot")
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)
    expect(page.locator("#controls")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_and_its_log_is_found_from_elsewhere(
    browser: Any, own_site: Site, width: int
) -> None:
    size = {"width": width, "height": 900}
    visit = Visit(browser, own_site, "system#events", viewport=size)
    expect(visit.page.locator("#events-title")).to_be_in_viewport(timeout=SOON)
    visit.expect("#actors", "orchestrator")
    expect(visit.page.locator("#events-title")).to_be_in_viewport()
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    visit.is_clean()
    visit.page.close()
