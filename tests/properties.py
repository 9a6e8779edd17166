"""How much is tried of each property; hypothesis's profiles are registered in one place, so no test says more.

A daily run tries the same examples every time, so that a failure is one for everybody. A thorough run tries many more,
others every time: `make thorough`.
"""

from typing import Final

from hypothesis import HealthCheck, settings

QUICK: Final = "quick"
DAILY: Final = "daily"
_SLOW_ON_A_BUSY_MACHINE: Final = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)


def register_profiles(name: str = DAILY) -> None:
    """Make the profiles known. This one holds until another is asked for with `--hypothesis-profile`."""
    common = settings(deadline=None, print_blob=True, suppress_health_check=_SLOW_ON_A_BUSY_MACHINE)
    settings.register_profile(QUICK, common, max_examples=20, derandomize=True, database=None)
    settings.register_profile(DAILY, common, max_examples=50, derandomize=True, database=None)
    settings.register_profile("thorough", common, max_examples=1_000)
    settings.load_profile(name)


def times(share: float) -> int:
    """A share of the examples that the profile tries of a property, at least one."""
    return max(1, round(share * settings.default.max_examples))


def every(step: int) -> int:
    """Of many that cost much, how far on the next that is tried lies: `step` in a daily run, 1 in a thorough one."""
    return step if settings.default.derandomize else 1


def examples(share: float) -> settings:
    """For a property that costs more or less than most: a share of the examples that the profile tries of others."""
    return settings(max_examples=times(share))
