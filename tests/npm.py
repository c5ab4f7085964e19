"""Packages from npm for single tests, each in a folder of ~/.cache that is made once."""

import os
import pathlib
import subprocess


def folder_of(name):
    return pathlib.Path(os.path.expanduser(f"~/.cache/{name}"))


def is_installed(name, package):
    mark = folder_of(name) / "installed"
    return mark.exists() and mark.read_text() == package


def installed(name, package):
    """Installs `package`, such as "ws@8.0.0", if it is missing. Returns the folder of packages."""
    folder = folder_of(name)
    if not is_installed(name, package):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund",
                        "--prefix", folder, package], check=True)
        (folder / "installed").write_text(package)
    return folder / "node_modules"
