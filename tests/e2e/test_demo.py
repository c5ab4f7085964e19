"""scripts/demo: the evening is played to its end, and what it tells is so."""

import os
import re
import subprocess

import httpx

from realm import PASSWORD, PATIENCE, TOP, Realm

DEMO = TOP / "scripts/demo"


def test_the_demo_plays_in_a_realm_and_the_guest_can_look_around():
    with Realm(twins=1) as realm:
        realm.ctl("demo", "--password-stdin", input=PASSWORD + "\n")
        realm.start_all()
        done = subprocess.run([DEMO, "--fast", "--url", realm.url], capture_output=True, text=True,
                              timeout=4 * PATIENCE, env=os.environ | {"AEON_DEMO_PASSWORD": PASSWORD})
        assert done.returncode == 0, done.stderr + done.stdout
        told = done.stdout
        for sentence in ("Bashir writes: Like cider.", "it now has 3 votes",
                         "The guest and Bashir are friends now.", "The evening is over."):
            assert sentence in told, told
        name, password = re.search(r"sign in as (\w+) with the password (\S+)", told).groups()
        with httpx.Client(base_url=realm.url + "/api/v1", timeout=PATIENCE) as client:
            login = client.post("/users/login", json={"username": name, "password": password}).json()
            home = client.get("/phase3/home", headers={
                "Authorization": "Bearer " + login["access_token"]}).json()
        assert {"Kitchen Table", "Night Sky", "General"} <= {room["name"] for room in home["rooms"]}
        assert [invitation["name"] for invitation in home["invitations"]] == ["Keepers"]
        assert home["drafts_waiting"] == 1
        assert sum(room["unread"] for room in home["rooms"] if room["kind"] == "direct") == 1
