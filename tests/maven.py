"""Java archives from Maven Central for single tests, each set in a folder of ~/.cache that is made once."""

import os
import pathlib
import shutil
import subprocess


def folder_of(name):
    return pathlib.Path(os.path.expanduser(f"~/.cache/{name}"))


def is_installed(name, pom):
    mark = folder_of(name) / "installed"
    return mark.exists() and mark.read_bytes() == pom.read_bytes()


def installed(name, pom):
    """Fetches what `pom` names and needs, if it is missing. Returns the folder of the archives."""
    folder = folder_of(name)
    if not is_installed(name, pom):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(pom, folder / "pom.xml")
        subprocess.run(["mvn", "-q", "-B", "-ntp", "dependency:copy-dependencies",
                        f"-DoutputDirectory={folder / 'lib'}", "-DincludeScope=runtime"],
                       cwd=folder, check=True)
        (folder / "installed").write_bytes(pom.read_bytes())
    return folder / "lib"
