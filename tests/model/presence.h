/*
 * What clients believe of the presence of others. When nothing changes any more, it is what REST
 * says.
 */
#ifndef TESTS_MODEL_PRESENCE_H
#define TESTS_MODEL_PRESENCE_H

#include <jansson.h>

#include "tests/model/client.h"

/* The user changes by REST how others see the presence: a friendship, a block, the privacy, a
 * request. */
void presence_act(int user);

/* For a new connection everybody is offline, until it is told. */
void presence_forget(struct client *client);

void presence_receive(struct client *client, const json_t *data);
void presence_receive_members(struct client *client, const json_t *data);

/* Whether all clients believe what REST says; if not, `text_r` names the first difference. */
bool presence_agrees(char text_r[128]);

#endif
