/*
 * Which users clients believe to be typing. A trial lets some type, and others stop, send a
 * message, leave or reconnect. What clients believe must follow from that.
 */
#ifndef TESTS_MODEL_TYPING_H
#define TESTS_MODEL_TYPING_H

#include <jansson.h>

#include "tests/model/client.h"

/* The client believes that nobody types there. */
void typing_forget(struct client *client, int room);

void typing_receive(struct client *client, const json_t *data);

/* The steps of a trial. Between two of them, all clients must receive everything. */
void typing_open(void);
void typing_begin(void);
void typing_go_on(void);
void typing_time_out(void);

/* Whether all clients believe what the trial has done; if not, `text_r` names the first difference.
 */
bool typing_agrees(char text_r[128]);

#endif
