"""The account that a cloud on this machine stands for; without a library, for those who only need its names."""

from typing import Final

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
"""The account that moto calls its own."""
ACCESS_KEY: Final = "local"
SECRET_KEY: Final = "local"  # noqa: S105  not a secret: moto asks for none
