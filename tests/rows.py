"""The rows of a realm's database, for tests that read or change them without the programs.

No other file of the tests knows the database engine. Foreign keys are not checked here, so that a
test can also write what no program writes.
"""

import contextlib
import sqlite3

import idset

WAIT = 60  # seconds for the write lock, as long as a busy machine may need


class Rows:
    """The rows of one database file, which need not exist yet. Nothing stays open between calls."""

    def __init__(self, database):
        self.database = database

    @contextlib.contextmanager
    def connection(self):
        """A connection on which each statement is a transaction of its own."""
        db = idset.register(
            sqlite3.connect(self.database, timeout=WAIT, isolation_level=None))
        with contextlib.closing(db):
            db.execute("PRAGMA wal_autocheckpoint = 0")  # only one process of a realm checkpoints
            yield db

    @contextlib.contextmanager
    def transaction(self):
        """A connection in a write transaction, which is rolled back when the block fails."""
        with self.connection() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    def select(self, statement, *values):
        with self.connection() as db:
            return db.execute(statement, values).fetchall()

    def change(self, statement, *values):
        """The number of rows that were changed."""
        with self.connection() as db:
            return db.execute(statement, values).rowcount

    @contextlib.contextmanager
    def locked(self):
        """Nobody else can write during this block."""
        with self.connection() as db:
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")

    @contextlib.contextmanager
    def without(self, table):
        """Every statement that needs this table fails during this block."""
        def rename(old, new):
            with self.transaction() as db:
                db.execute("PRAGMA legacy_alter_table = ON")  # or the triggers are renamed with it
                db.execute(f"ALTER TABLE {old} RENAME TO {new}")
        rename(table, "lost")
        try:
            yield
        finally:
            rename("lost", table)

    def set_last_id(self, table, last):
        """The next row of the table gets the id after this one."""
        with self.transaction() as db:
            db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))

    # --- a large population -----------------------------------------------------------------------

    @contextlib.contextmanager
    def bulk(self):
        """A transaction that is fast, but leaves no database behind when the block fails.

        No other process may have the database open.
        """
        connection = idset.register(sqlite3.connect(self.database, isolation_level=None))
        with contextlib.closing(connection) as db:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000",
                            "temp_store = MEMORY", "foreign_keys = OFF"):
                db.execute("PRAGMA " + setting)
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")
            db.execute("PRAGMA journal_mode = WAL")

    @staticmethod
    def drop_triggers_and_indexes(db):
        """Drops those that can be created after filling. Returns their (name, statement).

        The unique indexes of users and the triggers of the search indexes stay.
        """
        dropped = db.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND (type = 'trigger' "
            "OR (type = 'index' AND name NOT LIKE '%by_username' AND name NOT LIKE '%by_email')) "
            "AND tbl_name NOT LIKE '%\\_text%' ESCAPE '\\'").fetchall()
        for kind, name, _ in dropped:
            db.execute(f"DROP {kind} {name}")
        return [(name, statement) for _, name, statement in dropped]

    # --- the schema -------------------------------------------------------------------------------

    def version(self):
        """The number of the newest migration that the database has had."""
        return self.select("PRAGMA user_version")[0][0]

    def set_version(self, number):
        self.change(f"PRAGMA user_version = {number}")

    def tables(self):
        """The names of the tables, without the search indexes."""
        return [name for name, in self.select(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")]

    def all(self, table):
        """Every row of a table, as a dictionary."""
        names = [name for name, in self.select("SELECT name FROM pragma_table_xinfo(?)", table)]
        return [dict(zip(names, row))
                for row in self.select(f"SELECT {', '.join(names)} FROM {table}")]

    def references(self, table):
        """(table, column) of every foreign key to this table."""
        return {(name, column) for name in self.tables() for column, in self.select(
            'SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = ?', name, table)}
