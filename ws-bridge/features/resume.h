/* `resume`: a client that was here before goes on where it was. */
#ifndef WS_BRIDGE_FEATURES_RESUME_H
#define WS_BRIDGE_FEATURES_RESUME_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct command;
struct conn;

extern const struct command resume_command;

/* Tells how it went: `resumed`. */
void resume_answer(struct conn *conn, int64_t pos, int64_t replayed, const struct buf *gaps,
		   bool epoch_changed);

#endif
