/*
 * A breaker: a provider that fails again and again gets a pause.
 *
 * After BREAKER_FAILURES failures in a row it opens: nothing is sent. After the pause one request,
 * the probe, may try. If it fails, the next pause is twice as long. It knows no clock: all times
 * are arguments, in microseconds.
 */
#ifndef PROVIDER_BREAKER_H
#define PROVIDER_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_FAILURES 5
#define BREAKER_PAUSE INT64_C(5000000) /* the first */
#define BREAKER_LONGEST_PAUSE INT64_C(300000000)

struct breaker {      /* zeroed: closed */
	int failures; /* in a row */
	int64_t pause, open_until;
	bool is_probing;
};

/*
 * Whether a request may be sent now. If so, one of the other three functions must follow for it.
 */
bool breaker_admit(struct breaker *breaker, int64_t now);

void breaker_succeeded(struct breaker *breaker);
void breaker_failed(struct breaker *breaker, int64_t now);
/* The request was cancelled, and said nothing about the provider. */
void breaker_forget(struct breaker *breaker);

/* How long nothing is sent yet; 0 when a request may be sent. */
int64_t breaker_wait(const struct breaker *breaker, int64_t now);

#endif
