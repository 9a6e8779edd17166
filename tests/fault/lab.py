"""The deployed functions on moto in this process, with the delivery of every event in the test's hand.

Functions, their environment, filters and batch sizes are the template's. What would be queues and a stream with its
readers are lists of what is still to be delivered; nothing is ever delivered by itself.
"""

import contextlib
import copy
import io
import json
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock
from urllib.parse import quote_plus

import boto3
import botocore.session
from moto import backend_index, backends, mock_aws
from moto.backends import get_backend
from moto.moto_api._internal import mock_random
from moto.s3.models import FakeKey, _VersionedKeyStore

from tests.factories.stores import TEMPLATE
from tests.fault.injection import DiedError, Wire
from tracelode.entry.resources import Resources
from tracelode.ledger import keys as ledger_keys
from tracelode.storage.objects import ObjectEvent
from tracelode_local.cloud.account import ACCOUNT, REGION
from tracelode_local.delivery.environments import variables
from tracelode_local.delivery.filters import matches
from tracelode_local.delivery.handlers import LambdaContext, load_handler
from tracelode_local.template.stack import Stack, read_stack
from tracelode_local.template.translation import translate

YEAR = 2016
FUNCTIONS = ("intake", "reference", "tally", "publish")
POINTER = f"{YEAR}/latest.json"
SEED = 20_160_101
_KNOW_AWS = ("tracelode.flow.", "tracelode.ledger.", "tracelode.notices.", "tracelode.queues.", "tracelode.storage.")
_TRIES = 150
"""Deliveries of one drain; more would be a system that does not come to rest."""

Record = Mapping[str, Any]


class RestlessError(AssertionError):
    """Deliveries go on and on."""


class _Nowhere(io.TextIOBase):
    """Where logs and metrics go."""

    def write(self, text: str) -> int:
        return len(text)


class InOrder:
    """Delivers what came first first, upstream before downstream, in the batches of the template."""

    def which(self, waiting: Sequence[str]) -> str:
        """The function that is to be invoked next, of those that something waits for."""
        return waiting[0]

    def batch(self, pending: list[Record], largest: int) -> tuple[list[Record], list[Record]]:
        """What to deliver at once, and what waits on."""
        return pending[:largest], pending[largest:]


@dataclass(frozen=True)
class State:
    """The whole system at a moment: table, buckets, what is still to be delivered."""

    items: dict[str, dict[str, Any]]
    streamed: list[Any]
    read: int
    objects: dict[str, dict[str, list[Any]]]
    pending: dict[str, list[Record]]
    dice: object


@cache
def stack() -> Stack:
    """What the template describes."""
    return read_stack(translate(TEMPLATE, {}), {}, "http://localhost")


@dataclass
class Lab:
    """One system. `wire` injects the faults.

    `its` are its table and buckets for those who look on, `wired` the same by way of the wire.
    """

    wire: Wire
    s3: Any
    dynamodb: Any
    handlers: dict[str, Any]
    pending: dict[str, list[Record]] = field(default_factory=lambda: {name: [] for name in FUNCTIONS})
    invocations: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    read: int = 0

    # ---- from outside ------------------------------------------------------------------------------------------

    def __post_init__(self) -> None:
        names = stack().functions["ReconcileFunction"].environment
        self.table = names["TABLE_NAME"]
        self.buckets = {name: names[f"{name.upper()}_BUCKET"] for name in ("inbox", "reference", "results")}
        self.wire.rival = self._rival
        self.its, self.wired = self._resources(), self._resources()

    def _resources(self) -> Resources:
        environment = stack().functions["ReconcileFunction"].environment
        return Resources(environment, needs=("TABLE_NAME", "INBOX_BUCKET", "REFERENCE_BUCKET", "RESULTS_BUCKET"))

    def upload(self, key: str, body: bytes, at: str) -> ObjectEvent:
        """Put an object into the inbox; its notice waits for intake."""
        return self._put("inbox", "intake", key, body, at)

    def refer(self, file: str, body: bytes, at: str) -> ObjectEvent:
        """Put a reference file; its notice waits for reference."""
        return self._put("reference", "reference", f"{YEAR}/{file}", body, at)

    def delete(self, key: str, at: str) -> ObjectEvent:
        """Put a delete marker into the inbox; its notice waits for intake."""
        # moto makes no marker where no version is left; S3 does.
        version = self.s3.delete_object(Bucket=self.buckets["inbox"], Key=key).get("VersionId", "marker")
        return self._notify("intake", "ObjectRemoved:DeleteMarkerCreated", key, version, at)

    def erase(self, key: str, version_id: str, at: str) -> ObjectEvent:
        """Erase one version of an object for good; its notice waits for intake."""
        self.s3.delete_object(Bucket=self.buckets["inbox"], Key=key, VersionId=version_id)
        return self._notify("intake", "ObjectRemoved:Delete", key, version_id, at)

    def _put(self, bucket: str, function: str, key: str, body: bytes, at: str) -> ObjectEvent:
        version = self.s3.put_object(Bucket=self.buckets[bucket], Key=key, Body=body)["VersionId"]
        return self._notify(function, "ObjectCreated:Put", key, version, at)

    def _notify(self, function: str, name: str, key: str, version: str, at: str) -> ObjectEvent:
        notice = {
            "eventName": name,
            "eventTime": at,
            "s3": {"object": {"key": quote_plus(key, safe="/"), "versionId": version}},
        }
        number = sum(self.invocations.values()) * 1000 + len(self.pending[function])
        message = {
            "messageId": f"{function}-{at}-{number}",
            "eventSource": "aws:sqs",
            "body": json.dumps({"Records": [notice]}),
        }
        self.pending[function].append(message)
        deleted = name.startswith("ObjectRemoved")
        return ObjectEvent(key, "" if name.endswith("Created") and deleted else version, at, deleted)

    def latest(self) -> dict[str, bytes]:
        """The files of `latest/` but for `sources.json`."""
        prefix = f"{YEAR}/latest/"
        return {
            key.removeprefix(prefix): versions[-1].value
            for key, versions in sorted(self._objects("results").lists())
            if key.startswith(prefix) and not key.endswith("/sources.json")
        }

    def result(self, key: str) -> bytes | None:
        """An object of the results bucket as it stands, None where there is none."""
        versions = self._objects("results").getlist(key)
        return versions[-1].value if versions and hasattr(versions[-1], "value") else None

    def announced(self) -> int:
        """How often it was said that something which a report is made of has changed."""
        item = self._table().items.get(f"YEAR#{YEAR}", {}).get(ledger_keys.CHANGED)
        return int(item.attrs["changed"].value) if item else 0

    # ---- delivery ----------------------------------------------------------------------------------------------

    def drain(self, delivery: InOrder | None = None) -> None:
        """Deliver until nothing waits. What fails is delivered again. Raises RestlessError if that has no end."""
        delivery = delivery or InOrder()
        for _ in range(_TRIES):
            if not self.step(delivery):
                return
        raise RestlessError({name: len(waiting) for name, waiting in self.pending.items()} | self.failures)

    def step(self, delivery: InOrder) -> bool:
        """Deliver one batch; says whether anything waited."""
        waiting = [name for name in FUNCTIONS if self.pending[name]]
        if not waiting:
            return False
        function = delivery.which(waiting)
        batch, self.pending[function] = delivery.batch(self.pending[function], _batch_size(function))
        failed = self._invoke(function, batch)
        self.pending[function] += [record for record in batch if _identifier(record) in failed]
        self._collect()
        return True

    def reconcile(self, *, full: bool) -> None:
        """Let the time of a schedule come; a run that fails is made up for by the next."""
        self._called("reconcile", {"full": full})
        self._collect()

    def _invoke(self, function: str, batch: Sequence[Record]) -> set[str]:
        """Which records of a batch are to be delivered again."""
        answer = self._called(function, {"Records": json.loads(json.dumps(list(batch)))})
        if answer is None:
            return {_identifier(record) for record in batch}
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        if failed:
            self.failures[f"{function}: reported"] += 1
        return failed

    def _called(self, function: str, event: Mapping[str, Any]) -> Any:
        """What a function answers, None if it died or raised."""
        self.invocations[function] += 1
        self.forget_what_a_process_remembers()
        number = sum(self.invocations.values())
        context = LambdaContext(function, 128, f"{number:08}", time.monotonic() + 600)
        try:
            with contextlib.redirect_stdout(_Nowhere()), warnings.catch_warnings():
                # Metrics of an invocation that failed before it had any.
                warnings.filterwarnings("ignore", "No application metrics")
                return self.handlers[function](event, context)
        except DiedError:
            self.deaths += 1
        except Exception as error:  # noqa: BLE001  whatever a function raises has its batch tried again
            self.failures[f"{function}: {type(error).__name__}"] += 1
        return None

    def forget_what_a_process_remembers(self) -> None:
        """Let the next invocation be a cold one, so that every run makes the same calls."""
        for name, module in sorted(sys.modules.items()):
            for kept in vars(module).values() if name.startswith(_KNOW_AWS) else ():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()

    def _collect(self) -> None:
        streamed = self._table().stream_shard.items
        for record in streamed[self.read :]:
            keys = dict(_keys_of(record))
            change = {
                "eventID": record.record["eventID"],
                "eventName": record.record["eventName"],
                "eventSource": "aws:dynamodb",
                "dynamodb": {"Keys": keys, "SequenceNumber": str(record.record["dynamodb"]["SequenceNumber"])},
            }
            for mapping in stack().stream_mappings:
                if matches(mapping.filters, change):
                    self.pending[_short(mapping.function.name)].append(change)
        self.read = len(streamed)

    # ---- moments -----------------------------------------------------------------------------------------------

    def remember(self) -> State:
        """The system as it is now."""
        return State(
            items=_copied(self._table().items),
            streamed=list(self._table().stream_shard.items),
            read=self.read,
            objects={name: {key: list(held) for key, held in self._objects(name).lists()} for name in self.buckets},
            pending={name: list(waiting) for name, waiting in self.pending.items()},
            dice=mock_random.getstate(),
        )

    def restore(self, state: State) -> None:
        """Make the system as it was."""
        table = self._table()
        table.items.clear()
        table.items.update(_copied(state.items))
        table.stream_shard.items[:] = state.streamed
        self.read = state.read
        for name, held in state.objects.items():
            store = _VersionedKeyStore()
            for key, versions in held.items():
                dict.__setitem__(store, key, list(versions))
            self._bucket(name).keys = store
        self.pending = {name: list(waiting) for name, waiting in state.pending.items()}
        mock_random.setstate(state.dice)

    def forget_results(self) -> None:
        """Empty the ledger and the results bucket; what was dropped stays."""
        self._table().items.clear()
        self._bucket("results").keys = _VersionedKeyStore()
        self.pending = {name: [] for name in FUNCTIONS}
        self.read = len(self._table().stream_shard.items)

    def seed(self, number: int) -> None:
        """Let the version ids to come be those that they are after any other seeding with the number."""
        mock_random.seed(SEED + number)

    def fingerprint(self) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
        """What two moments have to have in common so that all that follows is the same."""
        items = {
            (str(pk), str(sk)): {name: value.to_json() for name, value in item.attrs.items()}
            for pk, held in self._table().items.items()
            for sk, item in held.items()
        }
        objects = {
            (name, key): (held[-1].version_id, getattr(held[-1], "etag", ""))
            for name in ("inbox", "reference")
            for key, held in self._objects(name).lists()
        }
        made = {key: getattr(held[-1], "etag", "") for key, held in self._objects("results").lists()}
        # How often changes were announced, and how often a run was found right, is all that nothing follows from.
        for (_, sk), item in items.items():
            if sk == ledger_keys.CHANGED:
                item["changed"] = 0
        if pointer := self.result(POINTER):
            made[POINTER] = json.loads(pointer) | {"confirmed": 0}
        pending = {
            name: sorted(_meaning(record) for record in waiting) for name, waiting in self.pending.items() if waiting
        }
        return items, objects, made, pending

    def _table(self) -> Any:
        return get_backend("dynamodb")[ACCOUNT][REGION].tables[self.table]

    def _bucket(self, name: str) -> Any:
        return get_backend("s3")[ACCOUNT]["aws"].buckets[self.buckets[name]]

    def _objects(self, name: str) -> Any:
        return self._bucket(name).keys

    def _rival(self, asked: Mapping[str, Any]) -> None:
        """Another tally, or another intake, writes the same item once more just before."""
        item = asked.get("Item", {})
        key = {name: item[name] for name in ("pk", "sk")}
        if "version" in item and self.its.ledger._client.get_item(TableName=self.table, Key=key).get("Item"):
            self.its.ledger._client.update_item(
                TableName=self.table,
                Key=key,
                UpdateExpression="SET #version = #version + :one",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues={":one": {"N": "1"}},
            )


@contextlib.contextmanager
def new_lab() -> Iterator[Lab]:
    """A system of its own while the context lasts, empty, with clients that never really wait."""
    described = stack()
    environment = variables(described.functions["ReconcileFunction"], "http://localhost")
    del environment["AWS_ENDPOINT_URL"]
    quiet = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_NAMESPACE": "Tracelode"}
    with contextlib.ExitStack() as entered:
        entered.enter_context(mock.patch.dict(os.environ, environment | quiet))
        entered.enter_context(mock_aws())
        # An object that is gone from one moment may still be there in another.
        entered.enter_context(mock.patch.object(FakeKey, "dispose"))
        entered.enter_context(mock.patch("botocore.endpoint.time.sleep"))
        _hurry_moto(entered)
        mock_random.seed(SEED)
        session = botocore.session.Session()
        wire = Wire()
        wire.connect(session)
        outside = boto3.Session(region_name=REGION)
        entered.enter_context(mock.patch.object(boto3, "DEFAULT_SESSION", outside))
        s3, dynamodb = outside.client("s3"), outside.client("dynamodb")
        for bucket in described.buckets.values():
            s3.create_bucket(Bucket=bucket.name)
            status = "Enabled" if bucket.versioned else "Suspended"
            s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": status})
        for table in described.tables.values():
            dynamodb.create_table(**table.definition)
        for topic in described.topics.values():
            outside.client("sns").create_topic(Name=topic.name)
        lab = Lab(wire, s3, dynamodb, {})
        assert lab.its.ledger
        assert lab.its.results
        boto3.DEFAULT_SESSION = boto3.Session(botocore_session=session, region_name=REGION)
        assert lab.wired.ledger
        assert lab.wired.results
        lab.handlers.update(_loaded())
        yield lab


def _hurry_moto(entered: contextlib.ExitStack) -> None:
    """Spare moto the search for the service of each request; the wire lets it have one request at a time."""
    modules = tuple(backends.list_of_moto_modules())
    served = [
        (name, pattern) for name, pattern in backend_index.backend_url_patterns if name in ("dynamodb", "s3", "sns")
    ]
    entered.enter_context(mock.patch.object(backends, "list_of_moto_modules", return_value=modules))
    entered.enter_context(mock.patch.object(backend_index, "backend_url_patterns", served))


def _loaded() -> dict[str, Any]:
    with contextlib.redirect_stdout(_Nowhere()):
        return {
            _short(function.name): load_handler(f"fault-{function.name}", function.folder, function.handler)
            for function in stack().functions.values()
        }


def _short(function_name: str) -> str:
    """The function's own word out of the name that the stack gives it."""
    return next(name for name in (*FUNCTIONS, "reconcile") if name in function_name.lower())


def _batch_size(function: str) -> int:
    mappings = (*stack().queue_mappings, *stack().stream_mappings)
    return next(mapping.batch_size for mapping in mappings if _short(mapping.function.name) == function)


def _identifier(record: Record) -> str:
    return str(record["messageId"] if "messageId" in record else record["dynamodb"]["SequenceNumber"])


def _meaning(record: Record) -> str:
    return str(record["body"]) if "body" in record else json.dumps(record["dynamodb"]["Keys"])


def _keys_of(record: Any) -> Mapping[str, Any]:
    return record.record["dynamodb"]["Keys"]


def _copied(items: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    # A put makes a new item; what is updated in place are two counts of the year, and the rival's version.
    in_place = {"dealt", "changed", "version"}
    return {
        pk: {sk: copy.deepcopy(item) if in_place & set(item.attrs) else item for sk, item in held.items()}
        for pk, held in items.items()
    }
