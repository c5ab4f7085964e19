# Benchmarks: built and run only by "make bench"; docs/benchmarks.md says how to read them.

EXTRA_PROGRAMS += bench/wsload
bench_wsload_SOURCES = bench/wsload.c

CLEANFILES += bench/wsload$(EXEEXT)
EXTRA_DIST += bench/rest bench/ws bench/stack.py bench/wrk.lua bench/peers/nginx.conf \
	bench/peers/ws-node/package.json bench/peers/ws-node/package-lock.json \
	bench/peers/ws-node/server.js docs/benchmarks.md

.PHONY: bench
bench: all bench/wsload$(EXEEXT)
	$(srcdir)/bench/rest
	$(srcdir)/bench/ws --build $(abs_top_builddir)
