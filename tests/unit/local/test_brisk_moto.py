"""The quicker ways of moto give the answers that its own ways give."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.dynamodb.models.dynamo_type import DynamoType

from tracelode_local.cloud.brisk_moto import regular_json, weight

_OWN = {"size": DynamoType.size, "to_regular_json": DynamoType.to_regular_json}
"""moto's own ways; nothing in this process replaces them."""

binary = st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode())
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)).map(str)
texts = st.text(max_size=8)
leaves = st.one_of(
    st.fixed_dictionaries({"S": texts}),
    st.fixed_dictionaries({"N": numbers}),
    st.fixed_dictionaries({"B": binary}),
    st.fixed_dictionaries({"BOOL": st.booleans()}),
    st.fixed_dictionaries({"SS": st.lists(texts, min_size=1, max_size=3, unique=True)}),
    st.fixed_dictionaries({"NS": st.lists(numbers, min_size=1, max_size=3, unique=True)}),
    st.fixed_dictionaries({"BS": st.lists(binary, min_size=1, max_size=3, unique=True)}),
)
attributes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"M": st.dictionaries(texts, inner, max_size=3)}),
    ),
    max_leaves=12,
)


@given(attributes)
def test_an_attribute_weighs_the_same(attribute):
    assert weight(DynamoType(attribute)) == _OWN["size"](DynamoType(attribute))


@given(attributes)
def test_an_attribute_is_printed_the_same(attribute):
    assert regular_json(DynamoType(attribute)) == _OWN["to_regular_json"](DynamoType(attribute))


def test_what_is_printed_shares_no_list_of_attributes_with_the_item():
    # GIVEN
    kept = DynamoType({"L": [{"M": {"name": {"S": "smelter"}}}]})
    # WHEN
    regular_json(kept)["L"].append({"S": "another"})
    # THEN
    assert regular_json(kept) == {"L": [{"M": {"name": {"S": "smelter"}}}]}


def test_an_item_that_is_too_large_is_refused(toy):
    # GIVEN
    toy.table()
    toy.start()
    # WHEN / THEN
    with pytest.raises(toy.clients.dynamodb.exceptions.ClientError, match="size"):
        toy.clients.dynamodb.put_item(
            TableName=toy.stack.tables["Ledger"].name,
            Item={"pk": {"S": "p"}, "sk": {"S": "a"}, "data": {"L": [{"S": "x" * 1000}] * 410}},
        )
