"""Where settings come from, which place counts, and what is said of a wrong one."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.config.loading import settings_from
from actors.config.settings import Settings
from actors.config.sources import Place, Source, Variables
from tests.config.places import Places

MINUTE = timedelta(minutes=1)


def test_without_anything_the_defaults_hold(places: Places) -> None:
    loaded = places.load()
    assert loaded.settings == Settings()
    assert loaded.places == {}


def test_each_place_counts_more_than_the_next(places: Places) -> None:
    """One setting in all places, another in all but the first, and so on."""
    names = ("leverage", "min_hold_settlements", "max_simultaneous_positions", "min_volume_24h")

    def lines(value: int, count: int) -> str:
        return "trading:\n" + "".join(f"  {name}: {value}\n" for name in names[:count])

    places.settings(lines(1, 4) + "  max_position_size_usd: 11\n")
    first = places.settings(lines(2, 4), "first.yaml")
    second = places.settings(lines(3, 3), "second.yaml")
    places.dotenv("TRADING_LEVERAGE=4\nTRADING_MIN_HOLD_SETTLEMENTS=4\n")
    places.environ["TRADING_LEVERAGE"] = "5"
    trading = places.load(first, second).settings.trading
    assert trading.leverage == 5
    assert trading.min_hold_settlements == 4
    assert trading.max_simultaneous_positions == 3
    assert trading.min_volume_24h == 2
    assert trading.max_position_size_usd == 11
    loaded = places.load(first, second, options={"trading.leverage": "6"})
    assert loaded.settings.trading.leverage == 6
    assert loaded.places["trading.leverage"] == "the command line"
    assert loaded.places["trading.min_hold_settlements"].startswith("TRADING_MIN_HOLD_SETTLEMENTS")
    assert loaded.places["trading.max_simultaneous_positions"].endswith("second.yaml, line 4")


def test_a_list_and_a_map_are_taken_as_a_whole(places: Places) -> None:
    places.settings("trading:\n  max_position_size_per_pair: {BTC-USDT: 5, ETH-USDT: 6}\n")
    places.environ["TRADING_MAX_POSITION_SIZE_PER_PAIR"] = "SOL-USDT: 7.5"
    caps = places.load().settings.trading.max_position_size_per_pair
    assert caps == {"SOL-USDT": Decimal("7.5")}


@pytest.mark.parametrize("text", ["btc/usdt, ETH-USDT", '["BTC/USDT:USDT", "eth-usdt"]'])
def test_a_list_may_be_written_in_a_line(places: Places, text: str) -> None:
    places.environ["TRADING_ALLOW_PAIRS"] = text
    assert places.load().settings.trading.allow_pairs == ("BTC-USDT", "ETH-USDT")


def test_numbers_stay_as_they_were_written(places: Places) -> None:
    places.settings("trading:\n  min_funding_rate: 0.00031\n  exit_funding_rate: 1e-5\n")
    trading = places.load().settings.trading
    assert str(trading.min_funding_rate) == "0.00031"
    assert trading.exit_funding_rate == Decimal("0.00001")


def test_empty_variables_count_as_not_given(places: Places) -> None:
    places.environ["TRADING_LEVERAGE"] = ""
    places.dotenv("TRADING_LEVERAGE=3\n")
    assert places.load().settings.trading.leverage == 3


def test_other_programs_variables_are_left_alone(places: Places) -> None:
    places.environ |= {"EXCHANGE_RATE_API": "x", "STORE": "y", "PAPER_SIZE": "a4", "PATH": "z"}
    assert places.load().settings == Settings()


def test_a_misspelt_variable_is_not(places: Places) -> None:
    places.environ["TRADING_LEVERGE"] = "3"
    (problem,) = places.problems()
    assert problem == (
        "TRADING_LEVERGE in the environment: there is no such setting; "
        "did you mean TRADING_LEVERAGE?"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "trading:\n  leverag: 3\n",
            "line 2: trading.leverag: there is no such setting; did you mean trading.leverage?",
        ),
        (
            "tradng:\n  leverage: 3\n",
            "line 2: tradng.leverage: there is no such setting; did you mean trading.leverage?",
        ),
        (
            "risk:\n  leverage: 3\n",
            "line 2: risk.leverage: there is no such setting; did you mean trading.leverage?",
        ),
        (
            "trading:\n  leverage: 3\n  leverage: 4\n",
            "line 3: trading.leverage: stands here twice, first in line 2",
        ),
        ("risk: {}\ntrading: {}\nrisk: {}\n", "line 3: risk: stands here twice, first in line 1"),
        (
            "trading:\n  leverage: .nan\n",
            "line 2: trading.leverage: nan is not a number; right is a number from 1 to 10 (x)",
        ),
        (
            "trading:\n  leverage: -2\n",
            "line 2: trading.leverage: -2 is too small; right is a number from 1 to 10 (x)",
        ),
        ("trading:\n  leverage: .inf\n", "line 2: trading.leverage: inf is not a number; "),
        ("trading:\n  leverage: yes\n", "line 2: trading.leverage: true is not a number; "),
        (
            "trading:\n  max_simultaneous_positions: yes\n",
            "line 2: trading.max_simultaneous_positions: true is not a number; ",
        ),
        (
            "trading:\n  min_volume_24h: 1e-30\n",
            'line 2: trading.min_volume_24h: "1e-30" has too many decimal places; ',
        ),
        ("trading:\n  leverage: [2]\n", "line 2: trading.leverage: 2 is not a number; "),
        ("trading:\n  leverage:\n", "line 2: trading.leverage: an empty value is of no use; "),
        ("trading:\n  min_funding_rate: 0\n", "line 2: trading.min_funding_rate: 0 is too small; "),
        (
            "trading:\n  scan_interval: 1 fortnight\n",
            'line 2: trading.scan_interval: "1 fortnight" '
            "is not a duration; right is a duration like 30s, 5m, 1h, 2d from 1s to 1d",
        ),
        (
            "trading:\n  policy: greed\n",
            'line 2: trading.policy: "greed" is not known; right is one of carry, threshold',
        ),
        (
            "trading:\n  mode: live\n",
            "line 2: trading.mode: real money is not traded by this version; use paper or replay",
        ),
        (
            "trading:\n  allow_pairs: [BTC]\n",
            'line 2: trading.allow_pairs: in BTC, "BTC" is not a pair like BTC-USDT; ',
        ),
        (
            "trading:\n  max_position_size_per_pair: {BTC-USDT: -1}\n",
            'trading.max_position_size_per_pair: in {"BTC-USDT": -1}, -1 is too small; ',
        ),
        ("historical:\n  from: 2025-02-31\n", "line 2: historical.from: cannot be read: day"),
        ("historical:\n  speed: fast\n", 'line 2: historical.speed: "fast" is no speed'),
        (
            "dashboard:\n  host: 0.0.0.0\n",
            "line 2: dashboard.host: 0.0.0.0 would open the dashboard to other machines, "
            "which needs a password",
        ),
        ("store:\n  url: mysql://x\n", 'line 2: store.url: "mysql://x" is not a store'),
        ("exchange:\n  ccxt_config: {apiKey: x}\n", "line 2: exchange.ccxt_config: "),
        ("trading: 3\n", "line 1: section trading must hold lines of the form name: value"),
        ("- 1\n", "line 1: the file must hold lines of the form name: value"),
        ("trading:\n  leverage: [1, 2\n", "settings.yaml, line 3, column 1: is not valid YAML: "),
        ("trading:\n\tleverage: 2\n", "settings.yaml, line 2, column 1: is not valid YAML: "),
        ("a: &x 1\nb: *x\n", "settings.yaml, line 2, column 4: is not valid YAML: references"),
        ("a: \x01\n", "settings.yaml, line 1, column 4: holds a character that YAML does not"),
        (
            "trading:\n  leverage: !!python/object:os.system x\n",
            "line 2: trading.leverage: cannot be read: could not determine a constructor",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(places: Places, text: str, said: str) -> None:
    places.settings(text)
    problems = places.problems()
    assert any(said in problem for problem in problems), problems


def test_sections_without_lines_are_fine(places: Places) -> None:
    places.settings("# nothing yet\ntrading:\nrisk: {}\n")
    assert places.load().settings == Settings()
    places.settings("")
    assert places.load().settings == Settings()


def test_all_that_is_wrong_is_told_at_once(places: Places) -> None:
    places.settings("trading:\n  leverage: 0\n  scan: 1\nrisk:\n  max_spread_bp: -1\n")
    other = places.settings("fees: [\n", "other.yaml")
    places.dotenv("this is not a line\n")
    places.environ["SIGNAL_HORIZON"] = "soon"
    problems = places.problems(other, places.folder / "none.yaml")
    assert len(problems) == 7
    assert "none.yaml: cannot be read: No such file or directory" in problems


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("trading: {min_funding_rate: 0.0001, exit_funding_rate: 0.0001}", "exit_funding_rate"),
        ("trading: {max_position_size_usd: 200000}", "trading.max_position_size_usd"),
        ("trading: {allow_pairs: [BTC-USDT], deny_pairs: [BTC-USDT]}", "trading.deny_pairs"),
        ("risk: {max_daily_loss_fraction: 0.2}", "risk.max_daily_loss_fraction"),
        ("signal: {fast_half_life: 21d}", "signal.fast_half_life"),
        (
            "signal: {entry_margin_round_trips: 0, exit_margin_round_trips: 0}",
            "signal.entry_margin_round_trips",
        ),
        ("historical: {from: 2025-02-01, until: 2025-02-01}", "historical.until"),
    ],
)
def test_settings_that_do_not_fit_together(places: Places, text: str, key: str) -> None:
    places.settings(text)
    (problem,) = places.problems()
    assert "settings.yaml, line 1" in problem
    assert key in problem


@pytest.mark.parametrize(
    ("latency", "speed", "longest"),
    [
        ("4s", "max", ""),
        ("5s", "max", "4s"),
        ("5s", "1", "4s"),
        ("4m", "60", ""),
        ("5m", "60", "4m"),
    ],
)
def test_a_latency_that_nobody_would_wait_for(
    places: Places, latency: str, speed: str, longest: str
) -> None:
    places.settings(f"paper: {{latency: {latency}}}\nhistorical: {{speed: {speed}}}\n")
    said = [f"at most {longest}" in one for one in places.problems()]
    assert said == ([True] if longest else [])


def test_half_a_pair_of_keys_is_not_enough(places: Places) -> None:
    places.environ["EXCHANGE_API_KEY"] = "sesame"
    (problem,) = places.problems()
    assert problem == "exchange.api_secret: is missing beside its other half"


SECRETS = "exchange:\n  api_key: sesame-key\n  api_secret: sesame-secret\n"


def test_secrets_are_read_from_a_file_of_their_owner_alone(places: Places) -> None:
    places.settings(SECRETS, mode=0o600)
    exchange = places.load().settings.exchange
    assert exchange.api_secret is not None
    assert exchange.api_secret.get_secret_value() == "sesame-secret"
    assert "sesame" not in repr(places.load().settings)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_with_secrets_that_others_may_read_is_refused(places: Places, mode: int) -> None:
    places.settings(SECRETS, mode=mode)
    (problem,) = places.problems()
    assert f"others may read it ({mode:04o}); chmod 600" in problem
    assert "sesame" not in problem


def test_so_is_an_env_file_and_a_database_password(places: Places) -> None:
    places.dotenv("EXCHANGE_API_KEY=sesame\nEXCHANGE_API_SECRET=sesame\n", mode=0o644)
    places.settings("store:\n  url: postgresql://me:sesame@host/db\n", mode=0o644)
    problems = places.problems()
    assert ["store.url" in one or "api_key" in one for one in problems] == [True, True]
    assert "sesame" not in " ".join(problems)


def test_a_secret_on_the_command_line_is_refused(places: Places) -> None:
    problems = places.problems(options={"store.url": "postgresql://me:sesame@host/db"})
    assert "a command line can be read by others" in problems[0]
    assert "sesame" not in problems[0]


def test_a_wrong_secret_is_not_shown(places: Places) -> None:
    places.environ |= {"EXCHANGE_CCXT_CONFIG": "http://me:sesame@proxy"}
    (problem,) = places.problems()
    assert "sesame" not in problem


def test_maps_of_two_files_are_not_merged(places: Places) -> None:
    places.settings("trading:\n  max_position_size_per_pair: {BTC-USDT: 5, ETH-USDT: 6}\n")
    other = places.settings("trading: {max_position_size_per_pair: {SOL-USDT: 7}}", "other.yaml")
    caps = places.load(other).settings.trading.max_position_size_per_pair
    assert caps == {"SOL-USDT": Decimal(7)}


def test_a_reading_is_nothing_but_settings(places: Places) -> None:
    """The settings that come of it read no place again, whatever is made from them."""
    places.environ["TRADING_LEVERAGE"] = "3"
    settings = places.load().settings
    assert type(settings) is Settings
    assert settings == settings_from({"trading.leverage": "3"})


def test_the_order_is_that_of_pydantic_settings(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked in this order, each source sees what those before it have said."""
    seen: list[tuple[str, set[str]]] = []

    def note(source: Source) -> None:
        seen.append((type(source).__name__, set(source.current_state.get("trading", {}))))

    for kind in (Place, Variables):
        monkeypatch.setattr(kind, "__call__", noting(kind.__call__, note))
    places.environ["TRADING_LEVERAGE"] = "3"
    places.dotenv("TRADING_AUTOSTART=false\n")
    places.settings("trading: {policy: carry}\n")
    other = places.settings("trading: {min_hold_settlements: 2}\n", "other.yaml")
    places.load(other, options={"trading.scan_interval": "1m"})
    assert seen == [
        ("CommandLine", set()),
        ("Environment", {"scan_interval"}),
        ("DotenvFile", {"scan_interval", "leverage"}),
        ("YamlFile", {"scan_interval", "leverage", "autostart"}),
        ("YamlFile", {"scan_interval", "leverage", "autostart", "min_hold_settlements"}),
    ]


def noting(call: Callable[..., Any], note: Callable[[Source], None]) -> Callable[..., Any]:
    def noted(source: Source) -> Any:
        note(source)
        return call(source)

    return noted
