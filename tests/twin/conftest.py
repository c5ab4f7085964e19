"""Each file has a realm with one process of aeon-twin; each test has users of its own."""

import itertools
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent)]

from doubles.openai.double import OpenAI  # noqa: E402
from twins import KEY, twins  # noqa: E402

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def service():
    """A double of OpenAI, for the realms of one file."""
    with OpenAI(KEY) as double:
        yield double


@pytest.fixture(scope="module")
def realm():
    with twins() as made:
        yield made


@pytest.fixture
def name():
    """Makes the full name of a user of this test."""
    number = next(numbers)
    return lambda who: f"{who}{number}"
