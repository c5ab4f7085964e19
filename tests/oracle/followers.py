"""The web client in a world: the events after a snapshot must lead to the next snapshot (web/tests/worlds.test.ts)."""

import json
import socket

from realm import NODE, PATIENCE, TOP, VITEST


class Followers:
    """The clients of all users, in one process. They reach the realm's only pool through nginx."""

    def __init__(self, realm, stack):
        for pool in ("fast", "slow"):
            (realm.run / f"{pool}.sock").symlink_to("all.sock")
        realm.start_nginx()
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        path = str(realm.run / "followers.sock")
        listener.bind(path)
        listener.listen()
        listener.settimeout(PATIENCE)
        realm.start("followers", NODE, VITEST, "run", "tests/worlds.test.ts", cwd=TOP / "web",
                    env={"AEON_URL": realm.url, "SOCKET": path})
        connection = stack.enter_context(listener.accept()[0])
        connection.settimeout(4 * PATIENCE)
        self.lines = stack.enter_context(connection.makefile("rw"))

    def do(self, world, step, users):
        """Fails with the difference that the clients find."""
        for user in users:
            world.arrive(user)
        people = [{"id": user, "username": world.model.users[user].name, "token": world.realm.tokens[user]} for user in users]
        self.lines.write(json.dumps({"step": step, "people": people}) + "\n")
        self.lines.flush()
        difference = json.loads(self.lines.readline())
        assert not difference, difference
