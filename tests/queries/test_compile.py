"""A query is called with what its header declares, or the caller does not compile."""

import os
import pathlib
import re
import shlex
import subprocess

import pytest

BUILD = pathlib.Path(os.environ.get("AEON_BUILD", "build"))

FRAME = """
#include "base/problem.h"
#include "store/queries.h"
#include "store/shape.h"
#include "store/store.h"

int caller(struct store *store, int64_t number, double real, const char *text, struct buf *out,
	   struct page *page, void *context, struct problem *why);
int right(const struct q_graph_edges *row, void *context, struct problem *why);
int other(const struct q_room_for_join *row, void *context, struct problem *why);

int caller(struct store *store, int64_t number, double real, const char *text, struct buf *out,
	   struct page *page, void *context, struct problem *why)
{
	bool yes;
	struct q_room_for_join room;
	struct q_session_by_hash session;
	(void)store, (void)number, (void)real, (void)text, (void)out, (void)page, (void)context;
	(void)why, (void)room, (void)session, (void)yes;
	return %s;
}
"""

LINE = FRAME[:FRAME.index("%s")].count("\n") + 1

RIGHT = {
    "exec": "q_room_count_in(store, text, number, why)",
    "one_row": "q_room_for_join(store, number, text, &room, why)",
    "one_number": "q_room_readable(store, number, text, &number, why)",
    "each": "q_graph_edges(store, number, number, number, right, context, why)",
    "object": "q_room_info(store, number, text, out, why)",
    "page": "q_users_list(store, number, number, 10, page, out, why)",
    "real": "q_relationship_put(store, number, number, text, real, number, text, text, &yes, why)",
}

WRONG = {
    "a number for a text": "q_room_count_in(store, number, number, why)",
    "a text for a number": "q_room_count_in(store, text, text, why)",
    "a number for a real": "q_relationship_put(store, number, number, text, number, number, text, text, &yes, why)",
    "a real for a number": "q_users_list(store, number, real, 10, page, out, why)",
    "two swapped": "q_room_info(store, text, number, out, why)",
    "one missing": "q_room_count_in(store, text, why)",
    "one too many": "q_room_count_in(store, text, number, number, why)",
    "another query's row": "q_room_for_join(store, number, text, &session, why)",
    "a callback for another query's rows":
        "q_graph_edges(store, number, number, number, other, context, why)",
    "no page": "q_users_list(store, number, number, 10, out, why)",
    "another shape": "q_room_info(store, number, text, out, page, why)",
    "no problem": "q_room_count_in(store, text, number)",
}


@pytest.fixture(scope="module")
def compiler():
    """The build's own compiler and flags; a warning is an error, as in .ci/run."""
    make = ["make", "-s", "--no-print-directory", "-C", BUILD, "print-compile"]
    # Without the flags of a make that runs the tests: its "w" prints directories in spite of ours.
    env = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    command = subprocess.run(make, env=env, capture_output=True, text=True, check=True).stdout
    return [*shlex.split(command), "-Werror", "-fsyntax-only", "-x", "c", "-"]


def compiles(compiler, call):
    return subprocess.run(compiler, input=FRAME % call, text=True, cwd=BUILD,
                          capture_output=True, check=False)


@pytest.mark.parametrize("call", RIGHT.values(), ids=RIGHT)
def test_what_the_header_declares_compiles(compiler, call):
    done = compiles(compiler, call)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("call", WRONG.values(), ids=[name.replace(" ", "_") for name in WRONG])
def test_anything_else_does_not_compile(compiler, call):
    done = compiles(compiler, call)
    assert done.returncode != 0
    errors = re.findall(r"^<stdin>:(\d+):\d+: error", done.stderr, re.M)
    assert set(errors) == {str(LINE)}, done.stderr
