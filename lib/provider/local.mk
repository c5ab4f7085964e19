# Providers: services that are asked over HTTP. An archive of its own, so that only programs that ask
# one are linked with libcurl.

LIBPROVIDER = lib/libprovider.a
LIBPROVIDER_LIBS = $(LIBPROVIDER) $(CURL_LIBS) $(UV_LIBS)

noinst_LIBRARIES += lib/libprovider.a
lib_libprovider_a_SOURCES = \
	lib/provider/breaker.c lib/provider/breaker.h \
	lib/provider/chroma.h \
	lib/provider/chroma_collections.c \
	lib/provider/chroma_rows.c \
	lib/provider/chroma_work.c lib/provider/chroma_work.h \
	lib/provider/completion.c lib/provider/completion.h \
	lib/provider/configured.c lib/provider/configured.h \
	lib/provider/dialect.c lib/provider/dialect.h \
	lib/provider/embedder.c lib/provider/embedder.h \
	lib/provider/embedding.c lib/provider/embedding.h \
	lib/provider/failure.c lib/provider/failure.h \
	lib/provider/http.c lib/provider/http.h \
	lib/provider/json_call.c lib/provider/json_call.h \
	lib/provider/llm.c lib/provider/llm.h \
	lib/provider/mail_server.c lib/provider/mail_server.h \
	lib/provider/neo4j.c lib/provider/neo4j.h \
	lib/provider/provider.c lib/provider/provider.h \
	lib/provider/sse.c lib/provider/sse.h \
	lib/provider/timer.c lib/provider/timer.h
lib_libprovider_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(UV_CFLAGS)
