"""The settings' form: checked as a whole, applied from the next cycle, never wiped."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from actors.config.messages import ChangeSettings, CheckSettings, FieldChange, SettingsRefused
from tests.web import sample_data as data
from tests.web.pages.visit import SOON, Visit
from tests.web.site import Site

RATE = "trading.min_funding_rate"


@pytest.fixture
def visit(browser: Any, own_site: Site) -> Iterator[Visit]:
    made = Visit(browser, own_site, "settings")
    yield made
    made.page.close()


def changes(**fields: Any) -> Any:
    """The settings with other fields of the funding rate."""
    first, *others = data.SETTINGS.fields
    settings = replace(data.SETTINGS, version=8, fields=(replace(first, **fields), *others))
    return replace(data.CONFIG, settings=settings)


def test_a_field_says_what_holds_where_it_comes_from_and_who_changed_it(visit: Visit) -> None:
    field = visit.page.locator(".field", has=visit.page.get_by_label("Min funding rate"))
    expect(visit.page.get_by_role("textbox", name="Min funding rate")).to_have_value("0.03")
    for text in ("% per 8 h", "Overridden by web", "waits for the next cycle", "line 12", "to 2%"):
        expect(field).to_contain_text(text)
    visit.expect("#version", "Version 6 is in force since cycle 4100")
    visit.expect("#version", "Version 7 waits for cycle 4121")
    visit.expect("#changes", "as configured")
    visit.expect("#form", "threshold Plain.")
    visit.is_clean()


def test_changes_are_checked_listed_and_applied_together(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    page.get_by_role("combobox", name="Policy").select_option("threshold")
    page.get_by_role("textbox", name="Min funding rate").fill("0.025")
    visit.expect("#apply-count", "2 changes")
    visit.expect("#apply-list", "Policy: carry → threshold")
    page.get_by_role("button", name="Apply from the next cycle").click()
    visit.expect("#notices", "2 changed, in force from cycle 4121 (version 8)")
    expect(page.locator("#apply")).to_be_hidden()
    (asked,) = house.told("config", ChangeSettings)
    assert set(asked.changes) == {
        FieldChange("trading.policy", '"threshold"'),
        FieldChange(RATE, '"0.00025"'),
    }
    assert asked.based_on == 7
    assert house.told("config", CheckSettings)[-1].changes == asked.changes
    visit.is_clean()


def test_what_is_wrong_is_said_at_its_field_and_cannot_be_applied(visit: Visit) -> None:
    visit.site.house.trouble = find_fault
    box = visit.page.get_by_role("textbox", name="Min funding rate")
    box.fill("abc")
    visit.expect(".field .wrong", "from -2 to 2% per 8 h")
    expect(box).to_have_attribute("aria-invalid", "true")
    visit.expect("#apply-state", "not right yet")
    expect(visit.page.locator("#save")).to_be_disabled()
    visit.page.get_by_role("button", name="Discard").click()
    expect(box).to_have_value("0.03")
    expect(visit.page.locator("#apply")).to_be_hidden()


def find_fault(actor: Any, message: object) -> bool:
    if not isinstance(message, CheckSettings):
        return False
    wrong = ((RATE, "too large"),)
    actor.context.reply(replace(data.CHECKED, acceptable=False, message="no", fields=wrong))
    return True


def test_an_update_does_not_wipe_what_one_types(visit: Visit) -> None:
    page, house = visit.page, visit.site.house
    box = page.get_by_role("textbox", name="Min funding rate")
    box.fill("0.01")
    change = replace(data.CHANGE, version=8, who="eve", after="0.001")
    house.change(config=changes(effective="0.001", override="0.001", last_change=change))
    visit.expect(".field .theirs", "eve has set it to 0.1% per 8 h meanwhile")
    expect(box).to_have_value("0.01")
    expect(box).to_be_focused()
    house.trouble = refuse_as_changed
    visit.expect("#apply-state", "it fits together")
    page.get_by_role("button", name="Apply from the next cycle").click()
    visit.expect("#notices", "eve changed it")
    expect(box).to_have_value("0.01")


def refuse_as_changed(actor: Any, message: object) -> bool:
    if isinstance(message, ChangeSettings):
        raise SettingsRefused("changed_meanwhile", "eve changed it", ((RATE, "eve changed it"),))
    return False


def test_one_field_is_reset(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Reset Min funding rate").click()
    visit.expect("#apply-count", "1 change")
    page.get_by_role("button", name="Apply from the next cycle").click()
    visit.expect("#notices", "1 changed")
    (asked,) = visit.site.house.told("config", ChangeSettings)
    assert asked.changes == (FieldChange(RATE, None),)
    visit.is_clean()


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_every_screen(browser: Any, own_site: Site, width: int) -> None:
    visit = Visit(browser, own_site, "settings", viewport={"width": width, "height": 900})
    visit.expect("#form", "Min funding rate")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    own_site.house.change(config=replace(data.CONFIG, settings=None))
    visit.expect("#no-settings", "are not known yet")
    expect(visit.page.get_by_role("textbox")).to_have_count(0, timeout=SOON)
    visit.page.close()
