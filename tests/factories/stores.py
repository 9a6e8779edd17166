"""The ledger's table as template.yaml describes it, made on whatever stands in for DynamoDB."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracelode_local.template.stack import read_stack
from tracelode_local.template.translation import translate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def create_ledger_table(client: "DynamoDBClient", name: str) -> None:
    """Create the ledger's table, with its keys and its index and without its stream."""
    client.create_table(TableName=name, **ledger_table())


@lru_cache(maxsize=1)
def ledger_table() -> dict[str, Any]:
    """What CreateTable takes for the ledger, but for the name and the stream."""
    (table,) = read_stack(translate(TEMPLATE, {}), {}, "http://localhost").tables.values()
    return {name: value for name, value in table.definition.items() if name not in ("TableName", "StreamSpecification")}
