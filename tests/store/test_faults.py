"""Every way a database fails: a plain message, nothing lost, and on again once it is mended."""

import multiprocessing
import os
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from actors.store import Store, StoreError
from tests.store.samples import transaction

SOON = timedelta(milliseconds=100)


def keys(store: Store) -> list[str]:
    with store.reading() as tx:
        return [one.key for one in tx.ledger.transactions()]


def book(store: Store, *numbers: int) -> None:
    with store.transaction() as tx:
        tx.ledger.book([transaction(number) for number in numbers])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one booking in it."""
    path = tmp_path / "books.db"
    store = Store.open(f"sqlite:///{path}")
    book(store, 1)
    store.close()
    return path


# --- URLs and places ---


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not understood"),
        ("books.db", "not understood"),
        ("postgresql://host:port/x", "not understood"),
        ("mysql://localhost/books", "SQLite or PostgreSQL, not in mysql"),
        ("sqlite:////proc/books/books.db", "cannot be made"),
        ("sqlite:////dev/null/books.db", "a file stands where a folder should be"),
        ("sqlite:////dev/null", "cannot be opened|does not read or write|not a SQLite"),
    ],
)
def test_a_useless_url_is_explained(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        Store.open(url)
    assert caught.value.advice


def test_a_folder_or_file_in_the_way_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="a folder stands"):
        Store.open(f"sqlite:///{tmp_path}")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=f"a file stands.*{tmp_path}"):
        Store.open(f"sqlite:///{tmp_path}/file/books.db")


# --- damage ---


def test_what_is_not_a_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(b"Dear diary, today I shorted the perpetual. " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"not a SQLite database.*books\.db.*Name another"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_database_says_so_and_stays_as_it_is(file: Path) -> None:
    pages = bytearray(file.read_bytes())
    pages[4096:] = b"\xa5" * (len(pages) - 4096)
    file.write_bytes(pages)
    with pytest.raises(StoreError, match=r"damaged.*books\.db.*\.recover"):
        Store.open(f"sqlite:///{file}")
    assert file.read_bytes() == pages


def test_damage_further_in_is_told_when_it_is_met(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_entries'"
        ).fetchone()[0]
    connection.close()
    pages = bytearray(file.read_bytes())
    pages[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    file.write_bytes(pages)
    store = Store.open(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=r"damaged.*\.recover"):
        keys(store)
    with pytest.raises(StoreError, match="damaged"):
        book(store, 2)
    store.close()


# --- locks ---


def test_a_lock_of_another_program_is_waited_for_and_then_told(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}", wait=SOON)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked by another program.*books\.db.*runs twice"):
        book(store, 2)
    with pytest.raises(StoreError, match="locked by another program"):
        Store.open(f"sqlite:///{file}", wait=SOON)
    assert keys(store) == ["fill:paper:1"]
    other.execute("COMMIT")
    other.close()
    book(store, 2)
    assert keys(store) == ["fill:paper:1", "fill:paper:2"]
    store.close()


@pytest.mark.postgres
def test_a_lock_in_postgresql_is_waited_for_and_then_told(postgres_url: str) -> None:
    store = Store.open(postgres_url, wait=SOON)
    holder = Store.open(postgres_url)
    with holder.transaction() as tx:
        tx.ledger.book([transaction(1)])
        with pytest.raises(StoreError, match="locked by another program"):
            book(store, 2)
    book(store, 2)
    assert keys(store) == ["fill:paper:1", "fill:paper:2"]
    store.close()
    holder.close()


# --- rights ---


def as_nobody(act: Callable[[], object]) -> str:
    """What comes of it for a user without any rights: ``StoreError: ...``, or ``fine``."""

    def report(end: Connection) -> None:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            act()
        except BaseException as error:
            end.send(f"{type(error).__name__}: {error}")
        else:
            end.send("fine")

    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=report, args=(there,))
    child.start()
    answer: str = here.recv()
    child.join()
    return answer


@pytest.fixture
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that everybody may reach."""
    folder = tmp_path_factory.mktemp("public")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    return folder


def test_a_folder_that_may_not_be_written_is_explained(public: Path) -> None:
    public.chmod(0o555)
    answer = as_nobody(lambda: Store.open(f"sqlite:///{public}/books.db"))
    assert answer.startswith("StoreError: the database file cannot be made")
    assert "Make the folder writable" in answer
    answer = as_nobody(lambda: Store.open(f"sqlite:///{public}/deep/books.db"))
    assert answer.startswith("StoreError: the database file cannot be made")
    public.chmod(0o755)


@pytest.mark.parametrize("folder_writable", [True, False])
def test_a_file_that_may_not_be_written_is_explained(public: Path, folder_writable: bool) -> None:
    file = public / "books.db"
    Store.open(f"sqlite:///{file}").close()
    file.chmod(0o444)
    public.chmod(0o777 if folder_writable else 0o555)
    answer = as_nobody(lambda: Store.open(f"sqlite:///{file}"))
    assert answer.startswith("StoreError: the database ")
    assert "writ" in answer
    public.chmod(0o755)


def test_a_file_that_may_not_be_read_is_explained(public: Path) -> None:
    file = public / "books.db"
    Store.open(f"sqlite:///{file}").close()
    file.chmod(0o000)
    if os.geteuid() != 0:
        pytest.skip("its owner cannot try this on itself")
    answer = as_nobody(lambda: Store.open(f"sqlite:///{file}"))
    assert answer.startswith("StoreError: the database file cannot be opened")


# --- a full disk ---


def test_a_full_disk_loses_nothing_acknowledged(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    with store.reading() as tx:
        pages = int(tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
    booked = fill_up(store)
    assert keys(store) == [f"fill:paper:{number}" for number in range(1, booked + 1)]
    with store.reading() as tx:
        tx.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    book(store, booked + 1)
    store.close()
    again = Store.open(f"sqlite:///{file}")
    assert keys(again) == [f"fill:paper:{number}" for number in range(1, booked + 2)]
    again.close()


def test_a_really_full_disk_loses_nothing_acknowledged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or not mounted(disk):
        pytest.skip("may not mount a small disk here")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(400_000))
        store = Store.open(f"sqlite:///{disk}/books.db")
        booked = fill_up(store, first=1)
        assert keys(store) == [f"fill:paper:{number}" for number in range(1, booked + 1)]
        with pytest.raises(StoreError, match="disk is full"):
            Store.open(f"sqlite:///{disk}/another.db")
        ballast.unlink()
        book(store, booked + 1)
        store.close()
        again = Store.open(f"sqlite:///{disk}/books.db")
        assert len(keys(again)) == booked + 1
        again.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def mounted(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def fill_up(store: Store, first: int = 2) -> int:
    """Book until the disk is full; the number of the last booking that was acknowledged."""
    number, problem = first - 1, None
    while problem is None and number < 10_000:
        try:
            book(store, number + 1)
            number += 1
        except StoreError as error:
            problem = error
    assert "disk is full" in str(problem)
    assert "Free some space" in str(problem)
    assert number > first
    return number


# --- PostgreSQL ---


def test_a_server_that_is_not_there_is_explained_without_the_password() -> None:
    with pytest.raises(StoreError, match="does not answer") as caught:
        Store.open("postgresql://anna:s3cret@127.0.0.1:1/books", wait=SOON)
    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert "See that it runs" in caught.value.advice


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_explained(postgres_server: Any) -> None:
    with pytest.raises(StoreError, match=r"no such database|does not exist"):
        Store.open(postgres_server.get_uri(database="nowhere"))


@pytest.mark.postgres
def test_a_user_without_rights_is_told_so(postgres_server: Any, postgres_url: str) -> None:
    admin = create_engine(
        postgres_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS guest"))
        connection.execute(text("CREATE ROLE guest LOGIN"))
    with pytest.raises(StoreError, match="may not do that"):
        Store.open(postgres_url.replace("postgres:@", "guest:@"))
    admin.dispose()


@pytest.mark.postgres
def test_a_connection_that_is_cut_loses_only_what_was_not_acknowledged(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    book(store, 1)
    admin = create_engine(
        postgres_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )

    def cut() -> None:
        with admin.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    def cut_half_way() -> None:
        with store.transaction() as tx:
            tx.ledger.book([transaction(2)])
            cut()
            tx.ledger.book([transaction(3)])

    with pytest.raises(StoreError):
        cut_half_way()
    assert keys(store) == ["fill:paper:1"]
    # Between two transactions nobody even notices.
    cut()
    book(store, 4)
    assert keys(store) == ["fill:paper:1", "fill:paper:4"]
    store.close()
    admin.dispose()
