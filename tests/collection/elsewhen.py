"""A pytest plugin that sets the clocks of its process to another time and writes down which tests it finds.

The surroundings say when (ELSEWHEN, seconds since 1970) and where to write (COLLECTED). Loaded with `-p`, it stands
before every test and all that tests import.
"""

import ctypes
import gc
import os
import time
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

_now, _now_ns, _localtime, _gmtime, _strftime = time.time, time.time_ns, time.localtime, time.gmtime, time.strftime
_shift = float(os.environ["ELSEWHEN"]) - _now()


def pytest_collection_finish(session: pytest.Session) -> None:
    """One line for each test, in the order in which they would run."""
    names = "".join(f"{item.nodeid}\n" for item in session.items)
    Path(os.environ["COLLECTED"]).write_text(names, encoding="utf-8")


def _set_clocks() -> None:
    time.time = lambda: _now() + _shift
    time.time_ns = lambda: _now_ns() + int(_shift * 1e9)
    time.localtime = lambda seconds=None: _localtime(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: _gmtime(time.time() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: _strftime(form, time.localtime() if moment is None else moment)
    _teach(date, today=_today)
    _teach(datetime, now=_moment, utcnow=_moment_in_utc)


def _today(cls: type[date]) -> date:
    return cls.fromtimestamp(time.time())


def _moment(cls: type[datetime], tz: tzinfo | None = None) -> datetime:
    return cls.fromtimestamp(time.time(), tz)


def _moment_in_utc(cls: type[datetime]) -> datetime:
    return cls.fromtimestamp(time.time(), UTC).replace(tzinfo=None)


def _teach(kind: type, **methods: Any) -> None:
    """Give a class of the interpreter other class methods. A class that inherits from it would not be the same one."""
    (names,) = gc.get_referents(vars(kind))
    names |= {name: classmethod(method) for name, method in methods.items()}
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


_set_clocks()
