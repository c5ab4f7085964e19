"""The built programs have what m4/hardening.m4 asks the compiler and the linker for."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("AEON_BUILD", TOP / "build")).resolve()
MAKEFILE = (BUILD / "Makefile").read_text()
FLAGS = re.search(r"^HARDENING_CFLAGS *= *(.*)", MAKEFILE, re.M)[1].split()
PROGRAMS = ("aeon.fcgi", "aeon-probe", "aeon-twin", "aeon-ws", "aeonctl")



def obstacle():
    """Why nothing can be checked, or None."""
    if not FLAGS:
        return "built without hardening"
    if not shutil.which("readelf"):
        return "readelf is missing"
    object_file, configured = BUILD / "lib/base/arena.o", BUILD / "config.status"
    if object_file.stat().st_mtime < configured.stat().st_mtime:
        return "built before the last configure; 'make clean' first"
    return None


pytestmark = pytest.mark.skipif(obstacle() is not None, reason=f"NOT RUN: {obstacle()}")


def readelf(option, path):
    return subprocess.run(["readelf", option, "--wide", path], capture_output=True, text=True,
                          check=True).stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_loaded_at_a_random_place_and_its_tables_are_read_only(program):
    dynamic, segments = readelf("-d", BUILD / program), readelf("-l", BUILD / program)
    assert "Elf file type is DYN" in segments
    assert re.search(r"\(FLAGS_1\).*\bNOW\b.*\bPIE\b", dynamic)
    assert "GNU_RELRO" in segments
    assert re.search(r"GNU_STACK .* RW +0x", segments)  # and not RWE
    assert not re.search(r"TEXTREL|RPATH|RUNPATH", dynamic)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_checks_its_stack_and_its_string_functions(program):
    symbols = readelf("--dyn-syms", BUILD / program)
    assert "__stack_chk_fail@" in symbols
    if "-U_FORTIFY_SOURCE" in FLAGS:
        assert re.search(r"__(v?snprintf|memcpy|strcpy)_chk@", symbols)


def test_all_code_is_ready_for_the_checks_of_jumps():
    """The linker says so of a program only if the C library's start files are ready, too."""
    if "-fcf-protection=full" not in FLAGS:
        pytest.skip("NOT RUN: this processor has no such checks")
    notes = readelf("-n", BUILD / "lib/libaeon.a").split("\nFile: ")[1:]
    assert len(notes) > 30
    assert [note.splitlines()[0] for note in notes if not re.search("IBT.*SHSTK", note)] == []
