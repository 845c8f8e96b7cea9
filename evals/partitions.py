"""The journal's tables as hash partitions by user: ``python -m evals.partitions 64`` prints the statements.

They are for a PostgreSQL database whose tables were brought up and are empty. Nothing but their making differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from coach.journal.schema import Base

WHOLE = {"erasures"}
"""What stays one table: the few erasures that are not finished, of whoever."""


async def partition(url: str, many: int) -> None:
    """Put partitioned tables in the place of the journal's, which are there and empty."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for statement in statements(many):
                await connection.execute(statement)
    finally:
        await connection.close()


def statements(many: int) -> Iterator[str]:
    """Yield the statements, in their order."""
    apart, dialect = MetaData(naming_convention=Base.metadata.naming_convention), postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = [each.to_metadata(apart) for each in Base.metadata.sorted_tables if each.name not in WHOLE]
    yield f"DROP TABLE {', '.join(each.name for each in tables)}"
    for table in tables:
        table.dialect_options["postgresql"]["partition_by"] = f"HASH ({_key(table)})"
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
        for n in range(many):
            of = f"FOR VALUES WITH (MODULUS {many}, REMAINDER {n})"
            yield f"CREATE TABLE {table.name}_{n} PARTITION OF {table.name} {of}"


def _key(table: Table) -> str:
    return "user_id" if "user_id" in table.c else "id"


if __name__ == "__main__":
    print(";\n".join(statements(int(sys.argv[1]))) + ";")
