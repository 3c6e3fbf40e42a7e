"""One answer for each question that the views are asked: a small book with everything in it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from actors.config.messages import (
    SettingField,
    SettingOutcome,
    SettingsChange,
    SettingsChecked,
    SettingsSection,
    SettingsView,
    VersionInForce,
)
from actors.domain.costs import ClosingCost
from actors.domain.decisions import RoundTrip, Stage
from actors.domain.ledger import EquityPoint
from actors.domain.orders import Fill, Leg, OrderAction, OrderStatus, Side
from actors.domain.periods import Gain, Month, Period
from actors.domain.positions import EntryDecision, Goal, Intent, Position, PositionState
from actors.domain.results import (
    Analytics,
    ClosedTrade,
    Figure,
    OpenPositionPnl,
    PairRecord,
    PnlSplit,
)
from actors.domain.settled_rates import SettledRate
from actors.domain.signals import Trend
from actors.domain.terms import PolicyName, Terms
from actors.execution.messages import Reconciled
from actors.journal.messages import Event, EventRecorded, Severity
from actors.orchestrator.messages import BotState, FunnelStep, StateChanged
from actors.runtime import ActorView, DeadLetter
from actors.views.messages import (
    ActionLabel,
    AnalyticsView,
    BalanceView,
    ClosingAll,
    CoinBalance,
    ConfigView,
    CumulativePoint,
    CurvePoint,
    CycleSummary,
    DeadLetters,
    Equity,
    Events,
    FigureView,
    FundingRates,
    FundingRateView,
    LifeFill,
    LifeFunding,
    LifeStep,
    LifeTotals,
    ModeInfo,
    Opportunities,
    OpportunityView,
    PairMonth,
    PairRateHistory,
    PairTrades,
    Pnl,
    PositionLife,
    Positions,
    PositionView,
    RateHistory,
    RatePrints,
    ResultBin,
    Status,
    SystemView,
    TradeMarker,
    Trades,
    TradeSummary,
    TradeSums,
)
from tests.builders import NOON, account, pair

D = Decimal
HOUR = timedelta(hours=1)

SPLIT = PnlSplit(D("-12.50"), D("13.125"), D("48.03120000"), D("-9.8"), D("-5.4"), D("-1.25"))
FUNNEL = tuple(
    FunnelStep(stage, passed) for stage, passed in zip(Stage, (18, 17, 15, 6, 2, 2, 1), strict=True)
)
REASONS = (
    "expected funding 0.41% over 30 days",
    "the round trip costs 0.35%, half of it more is wanted",
)

FILL = Fill(
    "paper",
    "f1",
    "pcab12-BTCUSDT-3-so1",
    "BTC/USDT",
    pair().long.market,
    Side.BUY,
    D("0.101"),
    D("99000.5"),
    D("0.000101"),
    "BTC",
    NOON - 50 * HOUR,
)
POSITION = Position(
    "BTC-USDT#3",
    pair(),
    Goal.HELD,
    PositionState.OPEN,
    D("0.1"),
    NOON - 50 * HOUR,
    EntryDecision(NOON - 50 * HOUR, "carry", D("99000"), D("99050"), D("41.5"), D("31.2"), REASONS),
    opened_at=NOON - 50 * HOUR,
    intents=(
        Intent(
            "pcab12-BTCUSDT-3-so1",
            "BTC-USDT#3",
            Leg.SPOT,
            OrderAction.OPEN,
            1,
            Side.BUY,
            D("0.101"),
            False,
            NOON - 50 * HOUR,
            OrderStatus.FILLED,
            (FILL,),
            resolved_at=NOON - 50 * HOUR,
        ),
    ),
)
OPEN_PNL = OpenPositionPnl(
    "BTC-USDT#3",
    "BTC-USDT",
    D("0.100899"),
    D("-0.1009"),
    D("-0.000001"),
    D("99000.5"),
    D("99051.25"),
    D("101200"),
    D("101180"),
    D("9989.0504995"),
    NOON - 50 * HOUR,
    SPLIT,
    SPLIT,
)
POSITIONS = Positions(
    NOON,
    (
        PositionView(
            "BTC-USDT",
            PositionState.OPEN,
            POSITION,
            OPEN_PNL,
            NOON + 4 * HOUR,
            D("1.0209062"),
            D("0.62"),
            50 * HOUR,
            basis_entry_bp=D("5.1"),
            basis_now_bp=D("-2"),
            delta=D("-0.000001"),
            notional_now_usdt=D("10210.98"),
            liquidation_price=D("172000"),
            liquidation_distance=D("0.7"),
            closing=ClosingCost(D("15.5"), D("2"), D("1.98")),
            price_unrealised_usdt=D("0.625"),
            price_usdt=D("0.625"),
            funding_usdt=D("48.0312"),
            fees_usdt=D("-15.2"),
            net_usdt=D("33.4562"),
        ),
        PositionView(
            "ETH-USDT",
            PositionState.REPAIRING,
            replace(POSITION, id="ETH-USDT#1", pair=pair("ETH"), state=PositionState.REPAIRING),
            None,
            None,
            None,
            None,
            timedelta(minutes=3),
            "the perpetual leg lacks 0.2 ETH",
        ),
    ),
)

BOT = StateChanged(
    BotState.RUNNING,
    True,
    NOON - 60 * HOUR,
    412,
    NOON + HOUR,
    last_reconciled=Reconciled(True, NOON - 60 * HOUR, 0),
)
EQUITY_POINTS = tuple(
    EquityPoint(NOON - n * HOUR, D(100_000) + 60 - n + (n % 7) * 5, D("90000"), D("12.5"))
    for n in range(120, -1, -1)
)
STATUS = Status(
    NOON,
    "1.0",
    ModeInfo("replay", "binance", 3600.0, NOON - 500 * HOUR, NOON + 500 * HOUR),
    BOT,
    CycleSummary(
        412,
        NOON - timedelta(seconds=1),
        NOON,
        timedelta(milliseconds=38),
        FUNNEL,
        (),
        ("XLM-USDT",),
        (),
        (
            "Of 18 pairs scanned, 17 have complete and fresh data, 1 were entered.",
            "Holding 2 positions: BTC-USDT, ETH-USDT.",
        ),
    ),
    EQUITY_POINTS[-1],
    2,
    ("ETH-USDT is repairing: the perpetual leg lacks 0.2 ETH",),
    11,
    1,
    ClosingAll(2, None, (("ETH-USDT", "its fills are not known yet"),)),
)

TRADE = ClosedTrade(
    "SOL-USDT#1",
    "SOL-USDT",
    "SOL/USDT",
    "SOL/USDT:USDT",
    NOON - 400 * HOUR,
    NOON - 100 * HOUR,
    D("52.1"),
    D("9998.2"),
    D("191.9"),
    D("192.1"),
    D("170.02"),
    D("169.95"),
    SPLIT,
    D("0.0009"),
)
GAIN = Gain(
    NOON - 120 * HOUR,
    NOON,
    D("100000"),
    D("100060"),
    D("66.9124"),
    D("0.000669124"),
    D("96.0624"),
    D("1.25"),
    D("-30.4"),
    D("-2.5"),
)
NO_GAIN = replace(
    GAIN,
    **dict.fromkeys(("net_usdt", "net_fraction", "funding_usdt", "price_usdt", "fees_usdt")),
    slippage_usdt=None,
    unknown=(("net_usdt", "the ledger begins later"),),
)
PNL = Pnl(
    NOON,
    SPLIT,
    SPLIT,
    SPLIT.net * 2,
    (("BTC-USDT", SPLIT), ("SOL-USDT", SPLIT)),
    periods=(
        Period("today", NOON - 12 * HOUR, replace(GAIN, net_usdt=D("1.5"))),
        Period("7 days", NOON - 180 * HOUR, NO_GAIN),
        Period("30 days", NOON - 732 * HOUR, NO_GAIN),
        Period("all", None, GAIN),
    ),
)
OPPORTUNITIES = Opportunities(
    412,
    NOON,
    FUNNEL,
    (
        OpportunityView(
            1,
            "BTC-USDT",
            PositionState.OPEN,
            ActionLabel.HOLD,
            Stage.GRANTED,
            None,
            REASONS[0],
            REASONS,
            D("0.0006"),
            D("0.0041"),
            RoundTrip(D("0.0031"), D("0.0002"), D("0.0002")),
            D(720),
            D("614.6"),
            D("0.1"),
        ),
        OpportunityView(
            None,
            "XLM-USDT",
            PositionState.FLAT,
            ActionLabel.STAY_OUT,
            Stage.SCANNED,
            Stage.DATA,
            "no spot price",
            ("no spot price",),
            *(None,) * 6,
        ),
    ),
    total=2,
)
RATE_HISTORY = RateHistory(
    NOON,
    8,
    (NOON - 20 * HOUR, NOON - 12 * HOUR, NOON - 4 * HOUR),
    (PairRateHistory("BTC-USDT", 2, (0.0001, None, -0.00002)),),
)
RATE_PRINTS = RatePrints(
    "BTC-USDT",
    "BTC/USDT:USDT",
    NOON,
    2,
    (
        SettledRate(NOON - 4 * HOUR, D("0.00005"), 4, D("0.0001"), D("-2.1")),
        SettledRate(NOON - 8 * HOUR, D("0.0001"), 8, D("0.0001"), None),
    ),
)
RATES = FundingRates(
    NOON,
    (
        FundingRateView(
            "BTC-USDT",
            "BTC/USDT:USDT",
            D("0.0001"),
            8,
            D("0.0001"),
            D("0.1095"),
            NOON + 4 * HOUR,
            D("0.00012"),
            0.00011,
            D("1"),
            D("1"),
            D("-2.1"),
            D("1E+9"),
            NOON,
            base="BTC",
            round_trip=D("0.0035"),
            break_even_settlements=77,
            percentile=0.61,
            history_prints=378,
            trend_8h=0.00002,
            trend=Trend.RISING,
            action=ActionLabel.HOLD,
            rank=1,
            held=True,
        ),
        FundingRateView(
            "XLM-USDT",
            "XLM/USDT:USDT",
            *(None,) * 11,
            as_of=None,
            missing=("no ticker",),
            action=ActionLabel.STAY_OUT,
            fell_at=Stage.DATA,
            reason="no ticker",
            unknown=(("round_trip", "no ticker"),),
        ),
    ),
    412,
    PolicyName.CARRY,
    D(720),
    (("rate_cap", "the venue states no limits"),),
)
_N_A = Figure(None, 12, "12 periodic returns, 30 are needed")
ANALYTICS = Analytics(
    NOON - 120 * HOUR,
    NOON,
    timedelta(days=1),
    Figure(0.0006, 121),
    Figure(0.051, 121),
    *(_N_A,) * 2,
    Figure(0.0003, 121),
    *(_N_A,) * 10,
    by_pair=(
        PairRecord("SOL-USDT", 1, 1, _N_A, SPLIT.net, SPLIT.funding, SPLIT.fees, SPLIT.price),
    ),
)
CHANGE = SettingsChange(7, NOON, "web", "trading.min_funding_rate", None, "0.0004")
SETTINGS = SettingsView(
    7,
    True,
    (
        SettingField(
            "trading.min_funding_rate",
            "decimal",
            "0.0003",
            "0.0003",
            "0.0004",
            "0.0003",
            True,
            "fraction per 8 h",
            "-0.02",
            "0.02",
            description="Enter at or above this rate.",
            section="trading",
            source="settings.yaml, line 12",
            variable="TRADING_MIN_FUNDING_RATE",
            right="a number from -0.02 to 0.02 (fraction per 8 h)",
            percent=True,
            shown_unit="% per 8 h",
            pending=True,
            last_change=CHANGE,
        ),
        SettingField(
            "trading.policy",
            "choice",
            "carry",
            "carry",
            None,
            "carry",
            True,
            choices=("carry", "threshold"),
            description="Who decides.",
            section="trading",
            source="default",
            variable="TRADING_POLICY",
            right="one of carry, threshold",
            choices_explained=(("carry", "Slow."), ("threshold", "Plain.")),
        ),
    ),
    (CHANGE,),
    (SettingsSection("trading", "What is traded."),),
    VersionInForce(6, 4100, NOON - HOUR),
    4121,
)
CHECKED = SettingsChecked(
    True,
    "",
    "",
    (),
    (SettingOutcome("trading.policy", "carry", "threshold", "threshold"),),
    8,
    "the next cycle",
    4121,
)


def actor(address: str, **changes: object) -> ActorView:
    plain = ActorView(
        address=address,
        kind="actor",
        state="running",
        epoch=1,
        restarts=0,
        dispatch="thread",
        parent=address.rpartition("/")[0] or None,
        strategy=None,
        depth=0,
        high_water=3,
        capacity=10_000,
        handled=4_120,
        conflated=0,
        rejected=0,
        wait_p50=0.00002,
        wait_p99=0.0011,
        work_p50=0.0004,
        work_p99=0.0121,
        busy_since=None,
        busy_on=None,
        started_at=NOON - 60 * HOUR,
        last_error=None,
        last_trace=None,
        last_error_at=None,
        zombies=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


ACTORS = (
    actor("root", kind="supervisor", strategy="rest_for_one"),
    actor("root/config"),
    actor("root/execution", busy_since=NOON, busy_on="OpenPair", depth=2),
    actor("root/gateways", kind="supervisor", strategy="one_for_one"),
    actor(
        "root/gateways/binance",
        restarts=2,
        epoch=3,
        last_error="VenueDown: 503",
        last_trace="Traceback (most recent call last): ...",
        last_error_at=NOON - HOUR,
    ),
    actor("root/journal"),
    actor("root/market", state="restarting", last_error="ValueError: boom", last_error_at=NOON),
    actor("root/orchestrator"),
    actor("root/pnl"),
    actor("root/strategies", kind="supervisor", strategy="one_for_one"),
    *(
        actor(f"root/strategies/{base}-USDT", dispatch="pool", wait_p50=None, wait_p99=None)
        for base in ("AAVE", "ADA", "BTC", "ETH", "SOL", "XLM")
    ),
    actor("root/views"),
    actor("root/web"),
)
SYSTEM = SystemView(NOON, ACTORS)
LETTERS = DeadLetters(
    (DeadLetter(4, NOON, "root/market", "TakeSnapshot(cycle=4)", "ValueError: boom", "...", 3),)
)
EVENTS = Events(
    (
        EventRecorded(
            41,
            Event(
                NOON,
                "actor.crashed",
                Severity.WARNING,
                "root/market",
                "root/market crashed: ValueError: boom",
                "Traceback (most recent call last): ...",
            ),
        ),
        EventRecorded(
            40,
            Event(
                NOON - 50 * HOUR,
                "position.opened",
                Severity.INFO,
                "root/execution",
                "Opened BTC-USDT: 0.1009 BTC in each leg",
            ),
        ),
    )
)
BALANCE = BalanceView(
    NOON,
    account("90000.25", margin_ratio=D("0.021"), equity_usdt=D("100060")),
    D("9989.0504995"),
    total_usdt=D("100060"),
    available_usdt=D("90000.25"),
    initial_margin_usdt=D("5000"),
    maintenance_margin_usdt=D("51"),
    margin_ratio=D("0.021"),
    coins=(CoinBalance("USDT", D("90000.25"), D("90000.25")), CoinBalance("BTC", D("0.1"), None)),
)
CONFIG = ConfigView(SETTINGS, Terms(max_position_size_per_pair=(("DOGE-USDT", D(2000)),)))
SUMS = TradeSums(1, 1, 0, SPLIT, D("9998.2"), 0)
TRADES = Trades(1, (TRADE,), SUMS)
_ONE = Figure(1.0, 1)
SUMMARY = TradeSummary(
    SUMS,
    _ONE,
    _ONE,
    _N_A,
    (CumulativePoint(NOON - 100 * HOUR, SPLIT.net),),
    (ResultBin(D(0), D(50), 1),),
    (PairTrades("SOL-USDT", SUMS, _ONE, _ONE, _N_A),),
)
TOTALS = LifeTotals(D("0.100899"), D(0), D("0.100899"), D(0), D(0), D("-9.99"), D("-9.99"))
LIFE = PositionLife(
    NOON,
    "BTC-USDT#3",
    "BTC-USDT",
    POSITION.pair,
    PositionState.OPEN,
    Goal.HELD,
    "",
    POSITION.target_quantity,
    POSITION.created_at,
    POSITION.opened_at,
    None,
    POSITION.entry,
    None,
    (
        LifeStep(
            NOON - 50 * HOUR,
            "fill",
            "",
            TOTALS,
            fill=LifeFill(
                FILL.client_id,
                FILL.fill_id,
                Leg.SPOT,
                FILL.side,
                FILL.quantity,
                FILL.price,
                FILL.quantity * FILL.price,
                FILL.fee,
                FILL.fee_coin,
                D("-9.99"),
                None,
            ),
        ),
        LifeStep(
            NOON - 48 * HOUR,
            "funding",
            "",
            TOTALS,
            funding=LifeFunding(
                D("0.0001"), 8, D("0.0001"), D("-0.1"), D(99000), D(9900), D("0.99"), "USDT"
            ),
        ),
    ),
    TOTALS,
    POSITIONS.positions[0],
    None,
)
CURVE = tuple(
    CurvePoint(
        one.at, one.equity_usdt, one.wallet_usdt, one.unrealised_usdt, D("1.5"), D("0.00002")
    )
    for one in EQUITY_POINTS
)
EQUITY = Equity(
    CURVE,
    CURVE[0],
    D("100066"),
    CURVE[40],
    (TradeMarker("SOL-USDT#1", "SOL-USDT", NOON - 400 * HOUR, NOON - 100 * HOUR, SPLIT.net),),
)
ANALYTICS_VIEW = AnalyticsView(
    NOON,
    ANALYTICS,
    (
        FigureView(
            "total_return",
            "Return",
            0.0006,
            "fraction",
            "What it gained.",
            121,
            "equity points",
            "",
            "higher",
        ),
        FigureView(
            "sharpe",
            "Sharpe ratio",
            None,
            "ratio",
            "Mean over spread.",
            12,
            "periods",
            "12 periodic returns, 30 are needed",
            "higher",
        ),
        FigureView(
            "longest_losing_run",
            "Longest losing run",
            1.0,
            "trades",
            "In a row.",
            1,
            "trades",
            "",
            "lower",
        ),
    ),
    (
        Month("2025-01", 31, 31, False, NO_GAIN),
        Month("2025-02", 3, 28, True, GAIN),
    ),
    (PairMonth("2025-02", "SOL-USDT", 1, SPLIT),),
    timedelta(days=1),
)
