/*
 * What clients can send, as a table: a type, its fields, and what it does.
 *
 * A command that needs the database makes a job of the request; the rest is done at once.
 */
#ifndef WS_BRIDGE_CORE_COMMANDS_H
#define WS_BRIDGE_CORE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fields.h"

struct arena;
struct conn;
struct job_kind;

/* A message on its way through its command. */
struct request {
	struct conn *conn;
	struct arena *arena; /* of all of this; NULL once a job has it */
	const json_t *json;
	const char *room_id;   /* as sent, or NULL */
	const char *client_id; /* as sent, or NULL */
	const void *input;     /* what the command's fields decode to */
};

struct command {
	const char *type;
	const struct fields *fields; /* NULL: none */
	bool takes_room;             /* requires room_id */
	bool open;                   /* also before authentication */
	bool v1;                     /* for clients of aeon.v1 alone */
	void (*run)(struct request *request);
};

/* Takes one whole text message. */
void command_take(struct conn *conn, const char *text, size_t bytes);

/* Turns the request into a job, which has its arena and keeps its connection. */
void *request_job(struct request *request, size_t size, const struct job_kind *kind);

/* Whether the database has too much to do for it: then that is answered. */
bool request_is_too_much(const struct request *request);

/* Answers that it cannot be. */
void request_refuse(const struct request *request, const struct problem *why);

#endif
