"""Faults at the level of botocore: what may go wrong with one AWS call, seen from the program that makes it.

Every request of a client goes through `Wire.send`, between the SDK and whatever stands in for AWS, so that retries of
the SDK itself, its error classes and its paginators are the real ones.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

Send = Callable[[], AWSResponse]
Action = Callable[[AWSPreparedRequest, Send], AWSResponse]
"""What becomes of a request: `Send` has AWS carry it out."""


class DiedError(BaseException):
    """The function's environment was killed; nothing in it can catch that."""


class Kind(StrEnum):
    """What goes wrong."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    ANSWER_LOST = "answer lost"
    SENT_TWICE = "sent twice"
    CONFLICT = "conflict"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the SDK: its number from 0, and what it asks for. `conditional` tells compare-and-set."""

    number: int
    service: str
    operation: str
    target: str = ""
    conditional: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.operation.startswith(("Put", "Update", "Delete", "Publish"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong at the call of a number.

    A `lasting` one goes wrong for every attempt that the SDK makes of the call, so that the function sees the error;
    another is over after the first attempt.
    """

    at: int
    kind: Kind
    lasting: bool = False

    def applies(self, call: Call) -> bool:
        """Whether AWS could answer this call so."""
        match self.kind:
            case Kind.ANSWER_LOST | Kind.SENT_TWICE:
                return call.writes
            case Kind.CONFLICT:
                return call.conditional
            case Kind.PARTLY:
                return call.operation == "BatchGetItem"
        return True


@dataclass
class Wire:
    """The clients' way to AWS: counts calls, and does to them what was planned.

    One request at a time reaches moto, which knows no locks of its own. `rival` is what another writer does to the item
    of a compare-and-set just before it is sent.
    """

    rival: Callable[[Mapping[str, Any]], None] = lambda _: None
    calls: list[Call] = field(default_factory=list)
    actions: dict[int, tuple[Action, bool]] = field(default_factory=dict)
    observers: list[Callable[[Call], None]] = field(default_factory=list)
    struck: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._one_at_a_time = threading.RLock()
        self._mine = threading.local()

    def connect(self, session: botocore.session.Session) -> None:
        """Lead the requests of every client that is made from the session this way."""
        session.unregister("before-send", botocore_stubber)
        session.register("before-call", self._called)
        session.register("before-send", self._sent)

    def restart(self) -> None:
        """Count from 0 again, and forget what was planned."""
        self.calls.clear()
        self.actions.clear()
        self.struck.clear()

    def plan(self, fault: Fault) -> None:
        """Let a fault happen, if the call of its number can have it."""

        def action(request: AWSPreparedRequest, send: Send) -> AWSResponse:
            call = self._mine.call
            if not fault.applies(call):
                return send()
            self.struck.append(call)
            return _ACTIONS[fault.kind](self, call, request, send)

        self.actions[fault.at] = (action, fault.lasting)

    def interrupt(self, number: int, work: Callable[[], object]) -> None:
        """Have something else done, from beginning to end, just before the call of that number is sent."""

        def action(request: AWSPreparedRequest, send: Send) -> AWSResponse:
            mine = self._mine.call, self._mine.attempts
            work()
            self._mine.call, self._mine.attempts = mine
            return send()

        self.actions[number] = (action, False)

    def _called(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        service, operation = model.service_model.service_name, model.name
        with self._one_at_a_time:
            call = Call(len(self.calls), service, operation, *_asked(service, params))
            self.calls.append(call)
        self._mine.call, self._mine.attempts = call, 0

    def _sent(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        call = self._mine.call
        self._mine.attempts += 1
        action, lasting = self.actions.get(call.number, (None, False))

        def send() -> AWSResponse:
            with self._one_at_a_time:
                request.reset_stream()
                answer = botocore_stubber(event_name, request)
                if answer is None:
                    raise RuntimeError(f"{call.operation} is not answered by moto")
                for observe in self.observers:
                    observe(call)
            return answer

        if action is None or (self._mine.attempts > 1 and not lasting):
            return send()
        return action(request, send)


def _asked(service: str, params: Mapping[str, Any]) -> tuple[str, bool]:
    if service == "s3":
        headers = {name.lower() for name in params["headers"]}
        return params["url_path"], bool(headers & {"if-match", "if-none-match"})
    if service == "sns":
        return params["body"]["TopicArn"], False
    asked = json.loads(params["body"])
    place = asked.get("Item") or asked.get("Key") or {}
    target = "/".join(place[name]["S"] for name in ("pk", "sk") if name in place)
    return target, "ConditionExpression" in asked


def _crash_before(_wire: Wire, _call: Call, _request: AWSPreparedRequest, _send: Send) -> AWSResponse:
    raise DiedError


def _crash_after(_wire: Wire, _call: Call, _request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send()
    raise DiedError


def _throttled(_wire: Wire, call: Call, request: AWSPreparedRequest, _send: Send) -> AWSResponse:
    if call.service == "s3":
        return _s3_error(request, 503, "SlowDown")
    if call.service == "sns":
        body = "<ErrorResponse><Error><Type>Sender</Type><Code>Throttled</Code></Error></ErrorResponse>"
        return _answer(request, 429, body)
    return _dynamodb_error(request, "ProvisionedThroughputExceededException")


def _unreachable(_wire: Wire, _call: Call, request: AWSPreparedRequest, _send: Send) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=request.url)


def _answer_lost(_wire: Wire, _call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send()
    raise ReadTimeoutError(endpoint_url=request.url)


def _sent_twice(_wire: Wire, _call: Call, _request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send()
    return send()


def _conflict(wire: Wire, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    if call.service == "s3":
        return _s3_error(request, 409, "ConditionalRequestConflict")
    wire.rival(json.loads(request.body))
    return send()


def _partly(_wire: Wire, _call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    """The first half of a batch is done, the rest handed back, as DynamoDB does when it is short of capacity."""
    body = json.loads(request.body)
    ((table, asked),) = body["RequestItems"].items()
    half = len(asked["Keys"]) // 2
    done, left = asked["Keys"][:half], asked["Keys"][half:]
    answer: dict[str, Any] = {"Responses": {table: []}}
    if done:
        body["RequestItems"] = {table: {**asked, "Keys": done}}
        request.body = json.dumps(body).encode()
        answer = json.loads(send().raw.read())
    answer["UnprocessedKeys"] = {table: {**asked, "Keys": left}}
    return _answer(request, 200, json.dumps(answer))


def _s3_error(request: AWSPreparedRequest, status: int, code: str) -> AWSResponse:
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
    return _answer(request, status, "" if request.method == "HEAD" else body)


def _dynamodb_error(request: AWSPreparedRequest, code: str) -> AWSResponse:
    name = f"com.amazonaws.dynamodb.v20120810#{code}"
    return _answer(request, 400, json.dumps({"__type": name, "message": code}))


def _answer(request: AWSPreparedRequest, status: int, body: str) -> AWSResponse:
    return AWSResponse(request.url, status, {"Content-Length": str(len(body))}, MockRawResponse(body))


_ACTIONS: Final[Mapping[Kind, Callable[[Wire, Call, AWSPreparedRequest, Send], AWSResponse]]] = {
    Kind.CRASH_BEFORE: _crash_before,
    Kind.CRASH_AFTER: _crash_after,
    Kind.THROTTLED: _throttled,
    Kind.UNREACHABLE: _unreachable,
    Kind.ANSWER_LOST: _answer_lost,
    Kind.SENT_TWICE: _sent_twice,
    Kind.CONFLICT: _conflict,
    Kind.PARTLY: _partly,
}
