"""Compares what the model expects with what the realm answers."""

import datetime
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from registry import VIEWS


class Unsaid:
    """Equal to what the model cannot know: a time, or a text whose words do not matter."""

    def __init__(self, kind):
        self.kind = kind

    def __repr__(self):
        return f"<a {self.kind}>"


TIME, TEXT, ANYTHING = Unsaid("time"), Unsaid("text"), Unsaid("anything")


def time_if(happened):
    return TIME if happened else None


def iso_time(microseconds):
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=microseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def same(expected, found, where=""):
    """None, or a text that says where and how the two differ."""
    if isinstance(expected, Unsaid):
        equal = expected is ANYTHING or isinstance(found, str)
        return None if equal else f"{where}: {expected} expected, not {found!r}"
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() != found.keys():
            return f"{where}: only one has {sorted(expected.keys() ^ found.keys())}"
        pairs = ((key, expected[key], found[key]) for key in expected)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{where}: {len(expected)} rows expected, not {len(found)}: " \
                   f"{expected} / {found}"
        pairs = ((i, *pair) for i, pair in enumerate(zip(expected, found)))
    elif isinstance(expected, float) and isinstance(found, (int, float)):
        equal = math.isclose(expected, found, abs_tol=2e-4)
        return None if equal else f"{where}: {expected} expected, not {found}"
    else:
        equal = expected == found and type(expected) is type(found)
        return None if equal else f"{where}: {expected!r} expected, not {found!r}"
    return next(filter(None, (same(a, b, f"{where}.{key}") for key, a, b in pairs)), None)


def check(expected, found, where=""):
    difference = same(expected, found, where)
    assert not difference, difference


@dataclass
class Expected:
    """What a GET must answer. A view yields these."""
    path: str
    body: object = None
    status: int = 200
    order: Callable = None  # brings both bodies into one order, or leaves out what is not compared
    fetch: Callable = None  # reads the body, where one request does not suffice


def if_visible(path, visible, show, order=None):
    """A single thing: `show` makes the body. An invisible thing is answered like a missing one."""
    return Expected(path, show(), order=order) if visible else Expected(path, status=404)


def compare_views(world, viewer):
    """Fails at the first difference between what the viewer sees and what the model says."""
    # Views have dice of their own: a new view leaves the actions of a seed as they are.
    world.view_dice = random.Random(world.dice.random())
    world.arrive(viewer)
    for view in VIEWS:
        for expected in view(world, viewer):
            compare_one(world, viewer, expected)


def compare_one(world, viewer, expected):
    if expected.fetch:
        found = expected.fetch()
    else:
        answer = world.ask(viewer, "GET", expected.path)
        assert answer.status == expected.status, \
            f"{viewer} GET {expected.path}: {expected.status} expected, not {answer}"
        if expected.body is None:
            return
        found = answer.json
    order = expected.order or (lambda body: body)
    check(order(expected.body), order(found), f"{viewer} GET {expected.path}")
