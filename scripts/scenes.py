"""The scenes of scripts/demo: one evening in the realm that `aeonctl demo` has filled."""

API = "/api/v1"


async def arrive(stage):
    """People come in, and see each other."""
    await stage.cast("leo", "bashir", "esme", "otis")
    guest = stage.people["guest"]
    for name in ("General", "Kitchen Table", "Night Sky", "Twins in Conversation"):
        guest.call("POST", f"/rooms/{stage.room(guest, name)}/join")
        stage.tell(f"The guest joins {name}.")
        await stage.pace.think()
    there = guest.get("/social/active-users")
    names = [user["username"] for user in there if user["user_id"] != guest.id]
    stage.tell(f"These people are here: {', '.join(sorted(names))}.")


async def talk(stage):
    """People talk in two rooms at once."""
    cook, baker, nurse, keeper = await stage.cast("leo", "bashir", "esme", "otis")
    stars, maps = await stage.cast("nadia", "dmitri")
    kitchen, sky = stage.room(baker, "Kitchen Table"), stage.room(stars, "Night Sky")

    async def said(someone, room, text, **more):
        ack = await someone.say(room, text, **more)
        stage.tell(f"{someone.first_name} writes: {text}")
        return ack["message_id"]

    loaf = await said(baker, kitchen, "Today's loaf: 24 degrees, nine hours. It rose, and then it sighed.")
    await said(stars, sky, "Saturn is up, and the air does not move. Who has a view to the south?")
    question = await said(cook, kitchen, "Nine hours is long at that warmth. What did it **smell** like?",
                          reply_to=loaf)
    await said(maps, sky, "I do. The old water tower hides Jupiter, as it has since 1974.")
    await said(baker, kitchen, "Like cider.", reply_to=question)
    await said(cook, kitchen, "Then it was ready at seven. Your nose knows before the clock does.")
    await nurse.send("react", room_id=kitchen, message_id=loaf, key="❤️", on=True)
    await keeper.send("react", room_id=kitchen, message_id=loaf, key="❤️", on=True)
    stage.tell("Esme and Otis react to the loaf.")
    await said(keeper, kitchen, "Mine fell, too. I called it flat bread, and everybody asked for more.")
    await stage.pace.think()
    await baker.send("edit_message", room_id=kitchen, message_id=loaf, content=(
        "Today's loaf: 24 degrees, nine hours. It rose, and then it sighed. (It is in my notebook now.)"))
    stage.tell("Bashir corrects the first message.")


async def know(stage):
    """Leo writes down what was learned. Others vote for it, find it and pass it on."""
    cook, baker, nurse, keeper, letters = await stage.cast("leo", "bashir", "esme", "otis", "zoe")
    learned = cook.call("POST", "/knowledge", {
        "content": "A dough is ready when it smells of cider and keeps the dent of a finger. "
                   "The clock only tells you when to look.",
        "knowledge_type": "insight", "tags": ["bread", "fermentation", "cooking"]})
    stage.tell("Leo shares as knowledge that a dough is ready when it smells of cider.")
    stage.people["guest"].call("POST", "/knowledge", {
        "content": "On Friday I bring a soup of lentils and lemon.", "knowledge_type": "plan",
        "visibility": "public", "tags": ["cooking"]})
    stage.tell("The guest notes which soup to bring on Friday.")
    for someone in (baker, nurse, keeper):
        await stage.pace.think()
        someone.call("POST", f"/knowledge/{learned['id']}/upvote")
    score = cook.get(f"/knowledge/{learned['id']}")
    stage.tell(f"Bashir, Esme and Otis vote for it; it now has {score['upvotes']} votes.")
    found = letters.get("/knowledge", q="dough cider")
    if learned["id"] not in [hit["id"] for hit in found]:
        stage.tell("Zoe searches for it; the search will know it in a moment.")
    else:
        stage.tell("Zoe searches for “dough cider” and finds it.")
    await stage.pace.think()
    cook.call("POST", f"/knowledge/{learned['id']}/share", {"room_id": stage.room(cook, "Kitchen Table")})
    stage.tell("Leo shares it with the Kitchen Table.")


async def meet(stage):
    """People become friends, and the realm knows who has something in common."""
    baker, stars = await stage.cast("bashir", "nadia")
    guest = stage.people["guest"]
    for one, other in ((guest, baker), (baker, guest)):
        one.call("POST", "/relationships", {
            "related_user_id": other.id, "relationship_type": "friend", "strength": 0.6,
            "shared_interests": ["bread"]})
        await stage.pace.think()
    stage.tell("The guest and Bashir are friends now.")
    network = baker.get("/social/network")
    stage.tell(f"Bashir's network has a strength of {network['network_strength']:.2f}.")
    alike = baker.get("/social/similar-users")
    if alike:
        stage.tell(f"Bashir shares most topics with {alike[0]['username']}.")
    await stage.pace.think()


async def bond(stage):
    """A relationship becomes stronger with each contact."""
    cook, baker = await stage.cast("leo", "bashir")
    kitchen = stage.room(baker, "Kitchen Table")
    before = baker.get(f"/relationships/{cook.id}")
    await baker.say(kitchen, "Leo, will you show me the dent of the finger on Sunday?")
    await cook.say(kitchen, "Bring the dough. I bring the finger.")
    stage.tell("Bashir and Leo agree to bake on Sunday.")
    after = baker.get(f"/relationships/{cook.id}")
    stage.tell(f"Their relationship: {before['interaction_count']} contacts before, "
               f"{after['interaction_count']} now; its strength is {after['strength']:.2f}.")


async def twins(stage):
    """Twins write to each other, answer in their room, and draft what their people shall approve."""
    cook, baker, words = await stage.cast("leo", "bashir", "ines")
    guest = stage.people["guest"]
    letter = baker.call("POST", "/aeon/interactions", {
        "target_aeon_user_id": cook.id, "interaction_type": "question", "is_public": True,
        "content": "My person asks when yours looks at a dough."})
    stage.tell("Bashir's twin writes to Leo's twin: My person asks when yours looks at a dough.")
    await stage.pace.think()
    cook.call("POST", f"/aeon/interactions/{letter['id']}/respond", {
        "response_content": "When it smells of cider. He has written that down, so I may tell you."})
    stage.tell("Leo's twin answers: When it smells of cider. He has written that down, so I may tell you.")

    room = stage.room(guest, "Twins in Conversation")
    asked = await guest.say(room, "How often should one restore a backup?")
    stage.tell("The guest asks in Twins in Conversation: How often should one restore a backup?")
    answer = await guest.hear("chat_message", room_id=room, is_aeon_message=True, reply_to=asked["message_id"])
    stage.tell(f"The twin of {answer['sender_name']} answers: {answer['content']}")

    guest.call("PUT", API + "/aeon/twin", {"autopilot": "draft"})
    words.call("POST", "/aeon/interactions", {
        "target_aeon_user_id": guest.id, "interaction_type": "question",
        "content": "Which soup do you bring on Friday?"})
    stage.tell("Inês asks the guest's twin which soup the guest brings on Friday.")
    await guest.hear("draft_waiting")
    stage.tell("The guest's twin has drafted an answer. It waits until the guest approves it.")


async def belong(stage):
    """The community invites the guest in."""
    owner, letters = await stage.cast("ada", "zoe")
    guest = stage.people["guest"]
    general = stage.room(owner, "General")
    welcome = await owner.say(general, "Friday, seven o'clock, at my place: soup, bread and stars. "
                                       "React with 🍲 if you come.")
    owner.call("PUT", f"/rooms/{general}/pins/{welcome['message_id']}")
    stage.tell("Ada invites everybody to soup on Friday.")
    for name in ("leo", "bashir", "esme", "nadia", "zoe"):
        someone = await stage.person(name)
        someone.call("POST", f"/rooms/{general}/join")
        someone.call("PUT", f"/rooms/{general}/messages/{welcome['message_id']}/reactions/%F0%9F%8D%B2")
    stage.tell("Leo, Bashir, Esme, Nadia and Zoe will come.")
    owner.call("POST", f"/rooms/{stage.room(owner, 'Keepers')}/invitations", {"user_id": guest.id})
    stage.tell("Ada invites the guest to the private room Keepers.")
    direct = letters.call("PUT", f"/direct/{guest.id}")
    await letters.say(direct["id"], "Shall I save you the seat by the window?")
    stage.tell("Zoe writes to the guest alone: Shall I save you the seat by the window?")


SCENES = (arrive, talk, know, meet, bond, twins, belong)
