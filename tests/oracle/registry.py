"""What the subjects register: actions, views, parts of the export, and erasures.

A subject is a file: its data, its part of the model, its actions and its views. The decorators here
are the only way by which the core learns of them, and of their routes and kinds of events.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

API = "/api/v1/phase3"


@dataclass
class Action:
    run: Callable  # (world, user)
    weight: float
    routes: set
    events: set
    with_bridge: bool


ACTIONS = []
VIEWS = []
EXPORTS = {}   # part of the export: function (world, user)
ERASURES = []  # functions (model, user)
ROUTES = set()
ELSEWHERE = set()  # kinds of events


def full_path(path):
    return path if path.startswith("/api") else API + path


def register_routes(texts):
    routes = set()
    for text in texts:
        method, path = text.split(" ")
        routes.add(f"{method} {full_path(path)}")
    ROUTES.update(routes)
    return routes


def action(weight, *routes, events=(), with_bridge=True):
    """An action that is drawn with this weight, asks these routes, and causes these events.

    with_bridge: whether it may happen while a bridge runs.
    """
    def register(run):
        ACTIONS.append(Action(run, weight, register_routes(routes), set(events), with_bridge))
        return run
    return register


def view(route):
    """A generator (world, viewer) of what the route must answer, as compare.Expected."""
    def register(run):
        register_routes([route])
        VIEWS.append(run)
        return run
    return register


def reveals_nothing(*routes):
    """Routes that show a user nothing of other users: the oracle does not ask them."""
    register_routes(routes)


def tested_elsewhere(*kinds):
    """Kinds of events that need what the oracle's realms do not have."""
    ELSEWHERE.update(kinds)


def export(part):
    """A function (world, user) that returns the rows of this part, and an order or None."""
    def register(run):
        EXPORTS[part] = run
        return run
    return register


def erasure(run):
    """A function (model, user) that deletes what an erased user had in this subject."""
    ERASURES.append(run)
    return run


def event_kinds():
    return set().union(*(action.events for action in ACTIONS))


def matching_route(method, path, routes):
    """The route of these that the request goes to, or None."""
    asked = f"{method} {full_path(path.partition('?')[0])}"
    return next((route for route in routes
                 if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), asked)), None)
