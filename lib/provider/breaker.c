/* A breaker: see breaker.h. */
#include "provider/breaker.h"

static bool is_closed(const struct breaker *breaker)
{
	return breaker->failures < BREAKER_FAILURES;
}

bool breaker_admit(struct breaker *breaker, int64_t now)
{
	if (is_closed(breaker))
		return true;
	if (breaker->is_probing || now < breaker->open_until)
		return false;
	breaker->is_probing = true;
	return true;
}

void breaker_succeeded(struct breaker *breaker)
{
	*breaker = (struct breaker){0};
}

void breaker_failed(struct breaker *breaker, int64_t now)
{
	bool was_closed = is_closed(breaker), was_probing = breaker->is_probing;
	breaker->failures += was_closed;
	breaker->is_probing = false;
	/* Requests that were sent before the breaker opened do not prolong the pause. */
	if (is_closed(breaker) || (!was_closed && !was_probing))
		return;
	breaker->pause = was_closed ? BREAKER_PAUSE : breaker->pause * 2;
	if (breaker->pause > BREAKER_LONGEST_PAUSE)
		breaker->pause = BREAKER_LONGEST_PAUSE;
	breaker->open_until = now + breaker->pause;
}

void breaker_forget(struct breaker *breaker)
{
	breaker->is_probing = false;
}

int64_t breaker_wait(const struct breaker *breaker, int64_t now)
{
	if (is_closed(breaker) || (now >= breaker->open_until && !breaker->is_probing))
		return 0;
	return now < breaker->open_until ? breaker->open_until - now : BREAKER_PAUSE;
}
