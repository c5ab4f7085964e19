"""Direct rooms and groups: the room of the same users is always the same."""

from compare import check
from registry import action
from rooms import Room


@action(6, "PUT /direct/{user_id}", "PUT /direct", events=("user_joined",))
def open_room(w, user):
    m = w.model
    group = w.dice.sample([other for other in m.users if other != user], 2)
    others = group if w.chance(0.3) else [w.pick_user(user)]
    call = ("/direct", {"user_ids": others}) if len(others) > 1 else (f"/direct/{others[0]}", None)
    key = sorted({user, *others})
    if len(key) == 1:
        return w.must(422, user, "PUT", *call)
    room = next((room for room in m.rooms.values() if room.key == key), None)
    brought = [one for one in key if room is None or
               not room.has(one) and (one == user or len(key) == 2)]
    status = refusal(m, user, key, room, brought)
    if status:
        return w.must(status, user, "PUT", *call)
    shown = w.must(200 if room else 201, user, "PUT", *call)
    if room is None:
        room = m.rooms[shown["id"]] = Room(
            shown["id"], "-", None, False, False, len(key), user,
            kind="direct" if len(key) == 2 else "group", key=key)
    for one in brought:
        m.join(one, room)
    return check(m.show_room(user, room), shown)


def refusal(m, user, key, room, brought):
    if room and (room.deleted or room.closed):
        return 403
    for other in key:
        if other == user:
            continue
        if not (m.user_visible(user, other) if room else m.user_known(user, other)):
            return 404
        if other in brought and not m.allows(other, user, "contact"):
            return 403
    return None
