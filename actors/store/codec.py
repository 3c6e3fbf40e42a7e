"""How values are kept in columns, exactly, in both databases; and rows of flat dataclasses."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column, DateTime, Dialect, Numeric, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Exact(TypeDecorator[Decimal]):
    """A Decimal to its last digit: text in SQLite, NUMERIC without a scale in PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"a Decimal is wanted, not {value!r}")
        if not value.is_finite():
            raise ValueError(f"a finite number is wanted, not {value}")
        # PostgreSQL knows no negative zero; both databases shall keep the same.
        value = value or abs(value)
        return value if dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """An aware time as UTC with microseconds: sortable ISO text in SQLite, timestamptz else."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        own = DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time with its zone is wanted, not {value}")
        value = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return value
        return value.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class Wording(TypeDecorator[str]):
    """Text of people, venues and errors: whatever is in it, both databases can keep it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        # Neither half a surrogate pair nor a NUL can be kept everywhere.
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


class Word(TypeDecorator[E], Generic[E]):
    """One word of a StrEnum, as text: a new word needs no new schema."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


class Nested(TypeDecorator[T], Generic[T]):
    """A frozen dataclass as JSON text; decimals are strings in it and stay exact."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value is None else self._adapter.validate_json(value)


def columns_of(table: Table, kind: type, but: Iterable[str] = ()) -> list[Column[Any]]:
    """The columns named as the dataclass's fields, in their order: ``kind(*row)`` reads a row."""
    return [table.c[name] for name in names_of(kind) if name not in but]


def row_of(value: Any, but: Iterable[str] = ()) -> dict[str, Any]:
    """A flat dataclass as a row, by field names."""
    return {name: getattr(value, name) for name in names_of(type(value)) if name not in but}


def names_of(kind: type) -> Iterable[str]:
    """The dataclass's field names, in their order."""
    names: dict[str, Any] = vars(kind)["__dataclass_fields__"]
    return names
