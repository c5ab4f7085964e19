/*
 * Conversations: what users and their own twins say to each other. A conversation exists for its
 * owner alone.
 */
#ifndef REALM_CONVERSATIONS_H
#define REALM_CONVERSATIONS_H

#include "store/shape.h"

extern const struct shape conversation_summary_shape, chat_line_shape;

#endif
