"""Programs from PyPI for single tests, each in a venv that is made once.

A venv has a name in ~/.cache, a file of requirements, and a variable of the environment that may
name another folder.
"""

import os
import pathlib
import subprocess
import sys


def folder_of(name, variable):
    return pathlib.Path(os.environ.get(variable) or os.path.expanduser(f"~/.cache/{name}"))


def is_installed(name, requirements, variable):
    """Whether the venv has the versions of the requirements."""
    mark = folder_of(name, variable) / "installed"
    return mark.exists() and mark.read_bytes() == requirements.read_bytes()


def installed(name, requirements, variable):
    """Installs what is missing. Returns the folder of the venv's programs."""
    folder = folder_of(name, variable)
    if not is_installed(name, requirements, variable):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "-q", "-r", requirements], check=True)
        (folder / "installed").write_bytes(requirements.read_bytes())
    return folder / "bin"
