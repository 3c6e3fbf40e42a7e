"""Everything there is to say about one setting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldSpec:
    key: str
    """``section.name``."""
    attribute: str
    """The name in code where it differs (``from`` is a word of Python)."""
    kind: str
    """decimal, integer, number (not exact), boolean, duration, time, choice, text, secret, pairs (a
    list of them), pair_amounts (pairs with an amount each), list, map (of anything).
    """
    default: str
    description: str
    unit: str
    minimum: str | None
    maximum: str | None
    choices: tuple[tuple[str, str], ...]
    """Each with what it means."""
    editable: bool
    """May change while the bot runs."""

    @property
    def secret(self) -> bool:
        return self.kind == "secret"

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable: ``TRADING_SCAN_INTERVAL``."""
        return self.key.replace(".", "_").upper()

    @property
    def percent(self) -> bool:
        """A fraction, which people read in percent: 0.0003 per 8 h is 0.03 % per 8 h."""
        return self.unit.startswith("fraction")

    @property
    def shown_unit(self) -> str:
        """The unit as people read it: ``% per 8 h`` for a ``fraction per 8 h``."""
        return f"%{self.unit.removeprefix('fraction')}" if self.percent else self.unit

    @property
    def explanation(self) -> str:
        """The description, and every choice's."""
        choices = [f"`{choice}`: {meaning}" for choice, meaning in self.choices]
        return " ".join([self.description, *choices])

    @property
    def right(self) -> str:
        """In words, what a value must look like."""
        text = _RIGHT.get(self.key) or _KIND_IN_WORDS.get(self.kind, "")
        if self.choices:
            text = "one of " + ", ".join(choice for choice, _ in self.choices)
        if self.minimum is not None and self.maximum is not None:
            text += f" from {self.minimum} to {self.maximum}"
        return f"{text} ({self.unit})" if self.unit else text


_KIND_IN_WORDS = {
    "decimal": "a number",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "text": "text",
    "secret": "text",
    "pairs": "a list of pairs like BTC-USDT, ETH-USDT",
    "pair_amounts": "pairs with numbers like BTC-USDT: 5000, DOGE-USDT: 2000",
    "list": "a list like A, B",
    "map": "names with values",
    "duration": "a duration like 30s, 5m, 1h, 2d",
    "time": "a date like 2025-01-31, or an ISO 8601 time",
}
_RIGHT = {
    "exchange.id": "an exchange's short name like binance or bybit",
    "historical.data": "a folder",
    "historical.speed": "a number from 1 to 1000000, or max",
    "dashboard.host": "an address like 127.0.0.1, ::1, 192.168.1.20 or 0.0.0.0",
    "dashboard.tokens": "NAME ROLE DIGEST, NAME ROLE DIGEST",
    "dashboard.access_file": "a file",
    "dashboard.session_file": "a file",
    "dashboard.allowed_hosts": "a list of names like bot.lan, bot.lan:8443",
    "dashboard.public_url": "like https://bot.example.org, without a path",
    "store.url": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
}
