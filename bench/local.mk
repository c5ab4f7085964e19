# Benchmarks, built and run only by "make bench": see docs/benchmarks.md.

EXTRA_PROGRAMS += bench/load/wsload
bench_load_wsload_SOURCES = bench/load/load.h bench/load/main.c \
	bench/load/figures.c bench/load/loop.c bench/load/peer.c bench/load/text.c \
	bench/load/chat.c bench/load/churn.c bench/load/idle.c bench/load/reconnect.c \
	bench/load/stuck.c

# The search for sources of a twin.
EXTRA_PROGRAMS += bench/recall/recall
bench_recall_recall_SOURCES = bench/recall/beside.c bench/recall/beside.h bench/recall/recall.c \
	tests/unit/words.c tests/unit/words.h
bench_recall_recall_LDADD = $(LIBAEON_LIBS)

CLEANFILES += bench/load/wsload$(EXEEXT) bench/recall/recall$(EXEEXT)
BENCHMARKS = bench/abuse bench/calls bench/day bench/indexes bench/recall/measure bench/twins bench/rest bench/ws bench/idle bench/reconnect bench/soak bench/social bench/stores bench/stuck bench/web/measure
EXTRA_DIST += $(BENCHMARKS) bench/chat.py bench/flood.py bench/peers.py bench/population.py bench/stack.py \
	bench/worst.py bench/wrk.lua \
	bench/peers/nchan.conf bench/peers/nginx.conf bench/peers/proxy.conf \
	bench/peers/social-fastapi/requirements.txt bench/peers/social-fastapi/server.py \
	bench/peers/ws-fastapi/requirements.txt bench/peers/ws-fastapi/server.py \
	bench/peers/ws-node/server.js bench/web/measure.mjs bench/web/tools.mjs bench/web/package.json \
	bench/web/package-lock.json docs/benchmarks.md

.PHONY: bench
bench: all bench/load/wsload$(EXEEXT)
	$(srcdir)/bench/rest
	$(srcdir)/bench/ws --build $(abs_top_builddir)
