/*
 * Commands: what a client can send, as rows of a type, its fields and a function.
 *
 * Each feature offers its commands in its row of the features. A command that needs the database
 * turns the request into a job; the others are done at once.
 */
#ifndef WS_BRIDGE_CORE_COMMANDS_H
#define WS_BRIDGE_CORE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fields.h"
#include "ws-bridge/core/message.h"

struct arena;
struct conn;
struct job;
struct job_kind;
struct problem;

#define REQUEST_ID_MAX 64 /* characters of an id */

/* A message on its way to its command. */
struct request {
	struct conn *conn;
	struct arena *arena; /* of all of this; NULL once a job owns it */
	size_t bytes;        /* of its text */
	const json_t *json;
	const char *room_id;    /* as sent, or NULL */
	struct subject subject; /* what an error names, as sent */
	const void *input;      /* the struct that the command's fields decode to */
};

struct command {
	const char *type;
	const struct fields *fields; /* NULL: none */
	bool takes_room;             /* requires room_id */
	bool open;                   /* allowed before authentication */
	bool v1;                     /* only for clients of aeon.v1 */
	int weight;                  /* in the user's budget, besides the text's; 0: 1 */
	bool reaches;                /* counts in the second one: realm/budget.h */
	const char *help;
	void (*run)(struct request *request);
};

/* The field room_id of the commands that take a room. */
extern const struct fields request_room_fields;

/* Takes one whole text message. */
void command_take(struct conn *conn, const char *text, size_t bytes);

/* Answers a message that cannot be taken: it is not UTF-8, or these bytes are only its beginning.
 */
void command_refuse(struct conn *conn, const char *text, size_t bytes, const struct problem *why);

/* Turns the request into a job, which owns its arena and refers to its connection. */
void *request_job(struct request *request, size_t size, const struct job_kind *kind);

/* Whether too many jobs wait for the database. Then the request has been refused. */
bool request_is_too_much(const struct request *request);

/* Answers with an error. */
void request_refuse(const struct request *request, const struct problem *why);

/* The same with the problem of the job that a command has become. */
void request_failed(const struct job *job);

#endif
