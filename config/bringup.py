"""Brings database, schema and encoder up before a command runs, so that none needs a set-up."""

import sys
from collections.abc import Callable

from config import database

# Commands that work on the schema or on nothing at all: they must not wait for it.
BARE = {
    "help",
    "version",
    "--help",
    "--version",
    "makemigrations",
    "migrate",
    "sqlmigrate",
    "showmigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "spectacular",
    "test",
}


def say(line: str) -> None:
    print(f"· {line}", file=sys.stderr, flush=True)


def for_command(argv: list[str]) -> None:
    """Run the management command in `argv`; what it stands on is there first."""
    name = argv[1] if len(argv) > 1 else "help"
    if name not in {"help", "version", "--help", "--version"}:
        database.hold(say)
    from django.core.management import execute_from_command_line

    if name not in BARE:
        schema_and_encoder(say)
    execute_from_command_line(argv)


def schema_and_encoder(tell: Callable[[str], None]) -> None:
    """Migrate when something waits, sync the roles, have the encoder's files. Safe at any time."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from evidence import encoder

    with connection.cursor() as cursor:
        # Waiting for another command's migration, or migrating a large desk, takes as long as it takes.
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        # One at a time: two commands started together must not migrate twice.
        cursor.execute("SELECT pg_advisory_lock(7270)")
        try:
            executor = MigrationExecutor(connection)
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
            missing = {"cache", "cache_pages"} - set(connection.introspection.table_names())
            if database.is_embedded() and (waiting or missing):
                tell("bringing the schema up to date")
                call_command("migrate", verbosity=0, interactive=False)
                call_command("sync_roles", verbosity=0)
                call_command("createcachetable", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7270)")
    connection.close()
    encoder.prepare(tell)
