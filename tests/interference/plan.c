/* The plan of a realm: see plan.h. */
#include "tests/interference/plan.h"

#include <string.h>

#include "tests/unit/random.h"

static void draw_words(char text[120], int most, bool marked)
{
	static const char *const words[] = {"bread",  "river", "lamp",   "stone",
					    "garden", "train", "winter", "paper"};
	text[0] = '\0';
	if (marked)
		strcat(text, MARK " ");
	for (int i = 1 + draw(most); i > 0; i--) {
		strcat(text, words[draw(8)]);
		strcat(text, i > 1 ? " " : "");
	}
}

static void draw_thing(struct plan *plan, int i)
{
	struct thing *thing = &plan->things[i];
	*thing = (struct thing){.kind = draw(KINDS), .author = draw(USERS), .parent = -1};
	thing->other = (thing->author + 1 + draw(USERS - 1)) % USERS;
	thing->openness = thing->kind == INTERACTION ? draw(3) / 2 * PRIVATE : draw(3);
	thing->is_local = thing->kind == MEMORY && draw(3) == 0;
	thing->room = draw(ROOMS);
	if (thing->kind == MESSAGE && !plan->is_in[thing->room][thing->author])
		thing->author = 0; /* is in all rooms */
	int parent = draw(i + 1) - 1;
	bool is_side = parent >= 0 && plan->things[parent].kind == INTERACTION &&
		       (plan->things[parent].author == thing->author ||
			plan->things[parent].other == thing->author);
	if (thing->kind == INTERACTION && is_side)
		thing->parent = parent;
	draw_words(thing->text, 5, i == plan->hidden);
	draw_words(thing->response, 4, false);
}

void plan_draw(struct plan *plan)
{
	*plan = (struct plan){.count = 8 + draw(THINGS - 8), .thread = -1};
	plan->hidden = draw(plan->count);
	for (int r = 0; r < ROOMS; r++) {
		plan->is_public[r] = draw(3) == 0;
		for (int u = 0; u < USERS; u++)
			plan->is_in[r][u] = u == 0 || draw(2);
	}
	for (int from = 0; from < USERS; from++)
		for (int to = 0; to < USERS; to++)
			if (from != to && plan->bonds[to][from] != BLOCKED)
				plan->bonds[from][to] = draw(6) == 0 ? BLOCKED
							: draw(2)    ? FRIEND
								     : NO_BOND;
	for (int u = 0; u < USERS; u++)
		plan->has_twin[u] = draw(2);
	for (int i = 0; i < plan->count; i++)
		draw_thing(plan, i);
	/* Else it would decide whether other texts of its author may be embedded. */
	const struct thing *hidden = &plan->things[plan->hidden];
	plan->has_twin[hidden->author] |= hidden->kind == MEMORY || hidden->kind == CHAT;
	plan->to = draw(5);
	plan->owner = draw(USERS);
	plan->reader = (plan->owner + 1 + draw(USERS - 1)) % USERS;
	plan->room = draw(ROOMS);
	int thread = draw(plan->count);
	if (thread != plan->hidden && plan->things[thread].kind == INTERACTION)
		plan->thread = thread;
	draw_words(plan->question, 3, draw(2));
}

/* --- what users may see
 * ------------------------------------------------------------------------------- */

static bool are_apart(const struct plan *plan, int one, int other)
{
	return plan->bonds[one][other] == BLOCKED || plan->bonds[other][one] == BLOCKED;
}

bool user_sees(const struct plan *plan, int user, const struct thing *thing)
{
	bool own = thing->author == user;
	if (are_apart(plan, user, thing->author))
		return false;
	if (thing->kind == CHAT)
		return own;
	if (thing->kind == MESSAGE)
		return plan->is_public[thing->room] || plan->is_in[thing->room][user];
	if (thing->kind != INTERACTION)
		return own || thing->openness == PUBLIC ||
		       (thing->openness == FRIENDS && plan->bonds[thing->author][user] == FRIEND);
	return !are_apart(plan, user, thing->other) &&
	       (own || thing->other == user || thing->openness == PUBLIC);
}

static bool both_see(const struct plan *plan, const struct thing *thing)
{
	return user_sees(plan, plan->owner, thing) &&
	       (plan->to == ANSWER_TO_OWNER || user_sees(plan, plan->reader, thing));
}

static bool in_thread(const struct plan *plan, const struct thing *thing)
{
	for (int i = plan->thread; i >= 0; i = plan->things[i].parent) {
		if (&plan->things[i] == thing)
			return true;
		if (!both_see(plan, &plan->things[i]))
			return false;
	}
	return false;
}

bool may_draw_on(const struct plan *plan, const struct thing *thing)
{
	if (!both_see(plan, thing))
		return false;
	if (thing->kind == MEMORY && thing->author != plan->owner)
		return false;
	if (plan->to == ANSWER_TO_OWNER)
		return true;
	if (plan->to == ANSWER_TO_TWIN)
		return thing->kind == MEMORY;
	if (thing->kind == MESSAGE)
		return plan->is_public[thing->room] || plan->to == ANSWER_TO_PAIR ||
		       (plan->to == ANSWER_TO_ROOM && thing->room == plan->room);
	if (thing->kind == KNOWLEDGE || thing->kind == MEMORY)
		return plan->to == ANSWER_TO_PAIR || thing->openness == PUBLIC;
	return thing->kind == INTERACTION && in_thread(plan, thing) &&
	       (plan->to == ANSWER_TO_PAIR ||
		(plan->to == ANSWER_TO_ALL && thing->openness == PUBLIC));
}

/* --- what may be embedded ----------------------------------------------------------------------
 */

static bool is_for_everyone(const struct plan *plan, const struct thing *thing)
{
	if (thing->kind == MESSAGE)
		return plan->is_public[thing->room];
	return thing->kind != CHAT && thing->openness == PUBLIC;
}

static bool uses_twin(const struct plan *plan, int user)
{
	bool uses = plan->has_twin[user];
	for (int i = 0; i < plan->count; i++)
		uses |= plan->things[i].author == user &&
			(plan->things[i].kind == MEMORY || plan->things[i].kind == CHAT);
	return uses;
}

enum leaving least_leaving(const struct plan *plan, const struct thing *thing, bool is_response)
{
	if (thing->is_local || (is_response && thing->kind != INTERACTION))
		return LEAVE_NEVER;
	if (is_for_everyone(plan, thing))
		return LEAVE_PUBLIC;
	return uses_twin(plan, is_response ? thing->other : thing->author) ? LEAVE_OWN : LEAVE_ALL;
}
