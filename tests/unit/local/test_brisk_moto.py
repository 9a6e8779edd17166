"""The quicker ways of moto give the answers that its own ways give."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def table(toy):
    toy.table()
    toy.start()
    return toy


def query(toy, condition, **values):
    answer = toy.clients.dynamodb.query(
        TableName=toy.stack.tables["Ledger"].name,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
    )
    return [item["sk"]["S"] for item in answer["Items"]]


def test_a_query_sees_its_own_partition_in_order(table):
    # GIVEN
    table.put("b", "a", "c", pk="one")
    table.put("z", pk="two")
    # WHEN / THEN
    assert query(table, "pk = :p", p="one") == ["a", "b", "c"]
    assert query(table, "pk = :p AND sk > :s", p="one", s="a") == ["b", "c"]
    assert query(table, "pk = :p AND begins_with(sk, :s)", p="one", s="z") == []
    assert query(table, "pk = :p", p="nobody") == []


def test_a_query_leaves_the_other_partitions_where_they_are(table):
    # GIVEN
    table.put("a", pk="one")
    table.put("z", pk="two")
    # WHEN
    query(table, "pk = :p", p="one")
    # THEN
    assert query(table, "pk = :p", p="two") == ["z"]


def test_an_item_that_is_too_large_is_refused(table):
    with pytest.raises(ClientError, match="size"):
        table.clients.dynamodb.put_item(
            TableName=table.stack.tables["Ledger"].name,
            Item={"pk": {"S": "p"}, "sk": {"S": "a"}, "data": {"S": "x" * 410_000}},
        )
