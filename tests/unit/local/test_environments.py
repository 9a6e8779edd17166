"""Execution environments: what a handler sees, and what becomes of one that fails."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracelode_local.delivery.environments import ChildProcesses, InProcess
from tracelode_local.template.stack import Function


@pytest.fixture
def function(tmp_path):
    def make(source, *, timeout=10.0, name="toy", **environment):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "app.py").write_text(source)
        return Function(name, folder, "app.handler", timeout, 256, environment)

    return make


@pytest.fixture(params=["in process", "child process"])
def environments(request, tmp_path):
    endpoint = "http://127.0.0.1:9"
    made = InProcess(endpoint) if request.param == "in process" else ChildProcesses(endpoint, tmp_path, {})
    yield made
    made.close()


@pytest.fixture
def children(tmp_path):
    made = ChildProcesses("http://127.0.0.1:9", tmp_path, {})
    yield made
    made.close()


def test_a_handler_gets_the_event_and_its_answer_comes_back(environments, function):
    doubling = function("def handler(event, context): return {'twice': event['n'] * 2}")
    assert environments.invoke(doubling, {"n": 21}).answer == {"twice": 42}


def test_a_handler_sees_its_own_environment_and_nothing_of_ours(environments, function, monkeypatch):
    # GIVEN
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("PRIVATE", "ours")
    toy = function("import os\ndef handler(event, context): return dict(os.environ)", TABLE_NAME="ledger")
    # WHEN
    seen = environments.invoke(toy, {}).answer
    # THEN
    assert seen["TABLE_NAME"] == "ledger"
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert not {"AWS_PROFILE", "HTTPS_PROXY", "PRIVATE"} & set(seen)
    assert os.environ["PRIVATE"] == "ours"


def test_the_context_tells_who_is_called_and_how_long_it_may_take(environments, function):
    # GIVEN
    toy = function(
        "def handler(event, context):\n"
        "    return [context.function_name, context.memory_limit_in_mb, context.aws_request_id,\n"
        "            context.get_remaining_time_in_millis()]"
    )
    # WHEN
    name, memory, first, remaining = environments.invoke(toy, {}).answer
    second = environments.invoke(toy, {}).answer[2]
    # THEN
    assert (name, memory) == ("toy", 256)
    assert 5000 < remaining <= 10000
    assert (int(first[-12:]), int(second[-12:])) == (1, 2)


def test_two_functions_may_both_be_called_app(environments, function):
    one = function("def handler(event, context): return 1", name="one")
    two = function("def handler(event, context): return 2", name="two")
    assert [environments.invoke(toy, {}).answer for toy in (one, two, one)] == [1, 2, 1]


def test_a_cold_start_happens_once(environments, function):
    counting = function("calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)")
    assert [environments.invoke(counting, {}).answer for _ in range(3)] == [1, 2, 3]


def test_an_exception_is_a_failed_invocation_with_its_text(environments, function):
    # GIVEN
    toy = function("def handler(event, context):\n    print('so far')\n    raise ValueError('of no use')")
    # WHEN
    outcome = environments.invoke(toy, {})
    # THEN
    assert outcome.failed
    assert outcome.error == "ValueError: of no use"
    assert "so far" in outcome.log


def test_an_answer_that_is_no_json_is_a_failed_invocation(environments, function):
    assert environments.invoke(function("def handler(event, context): return {1, 2}"), {}).failed


def test_a_module_that_cannot_be_loaded_is_a_failed_invocation(environments, function):
    assert environments.invoke(function("import nothing_of_that_name"), {}).failed


def test_a_missing_handler_is_a_failed_invocation(environments, function):
    assert environments.invoke(function("def other(event, context): pass"), {}).failed


def test_what_a_handler_prints_is_no_part_of_its_answer(children, function, tmp_path):
    # GIVEN
    toy = function(
        "import os\n"
        "def handler(event, context):\n"
        "    os.system('echo shout')\n"
        "    print('{\"answer\": 1}')\n"
        "    return 2"
    )
    # WHEN
    outcome = children.invoke(toy, {})
    # THEN
    assert outcome.answer == 2
    assert "shout" in outcome.log
    assert "shout" in (tmp_path / "toy-1.log").read_text()


def test_a_crash_is_a_failed_invocation_and_the_next_one_starts_cold(children, function):
    # GIVEN
    toy = function(
        "import os\ncalls = []\n"
        "def handler(event, context):\n"
        "    calls.append(1)\n"
        "    if event.get('die'): os._exit(7)\n"
        "    return len(calls)"
    )
    # WHEN
    outcomes = [children.invoke(toy, event) for event in ({}, {}, {"die": True}, {})]
    # THEN
    assert [outcome.answer for outcome in outcomes] == [1, 2, None, 1]
    assert outcomes[2].failed


def test_a_handler_that_takes_too_long_is_cut_off(children, function):
    # GIVEN
    toy = function(
        "import time\ndef handler(event, context):\n    time.sleep(event['for'])\n    return 'done'", timeout=0.5
    )
    # WHEN
    slow, quick = children.invoke(toy, {"for": 30}), children.invoke(toy, {"for": 0})
    # THEN
    assert slow.error == "Task timed out after 0.50 seconds"
    assert quick.answer == "done"


def test_a_large_event_and_a_large_answer_pass(children, function):
    toy = function("def handler(event, context): return event")
    event = {"Records": ["x" * 1000] * 3000}
    assert children.invoke(toy, event).answer == event


def test_no_process_is_left_when_the_environments_are_closed(children, function):
    # GIVEN
    toy = function("import os\ndef handler(event, context): return os.getpid()")
    process = children.invoke(toy, {}).answer
    # WHEN
    children.close()
    # THEN
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_the_children_end_with_the_process_that_started_them(function, tmp_path):
    # GIVEN a parent that prints its child's process id and dies without a word
    toy = function("import os\ndef handler(event, context): return os.getpid()")
    program = (
        "import os\nfrom pathlib import Path\n"
        "from tracelode_local.delivery.environments import ChildProcesses\n"
        "from tracelode_local.template.stack import Function\n"
        f"function = Function('toy', Path({str(toy.folder)!r}), 'app.handler', 10.0, 256, {{}})\n"
        f"children = ChildProcesses('http://127.0.0.1:9', Path({str(tmp_path)!r}), {{}})\n"
        "print(children.invoke(function, {}).answer, flush=True)\n"
        "os._exit(1)\n"
    )
    # WHEN
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    process = json.loads(done.stdout)
    # THEN
    deadline = time.monotonic() + 300
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{process}").exists()


def test_each_environment_has_its_own_variables_and_its_own_state(children, function):
    # GIVEN
    source = "import os\nseen = []\ndef handler(event, context):\n    seen.append(os.environ['NAME'])\n    return seen"
    one, two = function(source, name="one", NAME="first"), function(source, name="two", NAME="second")
    # WHEN
    children.prepare(one, two)
    # THEN
    assert [children.invoke(toy, {}).answer for toy in (one, two, one)] == [["first"], ["second"], ["first", "first"]]


def test_what_a_handler_imports_is_there_before_it_is_loaded_and_what_lies_beside_it_is_not(children, function):
    # GIVEN two functions, each with a module of the same name beside its handler
    source = (
        "import sys\nloaded = set(sys.modules)\nimport colorsys, beside\n"
        "def handler(event, context): return ['colorsys' in loaded, 'beside' in loaded, beside.WHOSE]"
    )
    toys = [function(source, name=name) for name in ("one", "two")]
    for toy in toys:
        (toy.folder / "beside.py").write_text(f"WHOSE = {toy.name!r}")
    # WHEN
    children.prepare(*toys)
    # THEN
    assert [children.invoke(toy, {}).answer for toy in toys] == [[True, False, "one"], [True, False, "two"]]


def test_an_environment_that_died_unasked_is_replaced_without_a_failure(children, function):
    # GIVEN
    toy = function("import os\ndef handler(event, context): return os.getpid()")
    first = children.invoke(toy, {}).answer
    # WHEN
    os.kill(first, signal.SIGKILL)
    while Path(f"/proc/{first}/stat").read_text().split()[2] != "Z":
        time.sleep(0.01)
    second = children.invoke(toy, {})
    # THEN
    assert not second.failed
    assert second.answer != first


def test_a_handler_sees_no_file_and_no_descriptor_of_another_environment(children, function):
    # GIVEN
    source = "import os\ndef handler(event, context): return sorted(map(int, os.listdir('/proc/self/fd')))"
    toys = [function(source, name=name) for name in ("one", "two", "three")]
    # WHEN
    children.prepare(*toys)
    # THEN the three standard streams, where answers go, and the listing's own
    assert [len(children.invoke(toy, {}).answer) for toy in toys] == [5, 5, 5]
