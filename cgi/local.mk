# aeon.fcgi: the REST interface.

CGI_SOURCES = \
	cgi/about.c \
	cgi/admin.c \
	cgi/app.c cgi/app.h \
	cgi/asyncapi.c \
	cgi/conditional.c cgi/conditional.h \
	cgi/conversations.c \
	cgi/credentials.c cgi/credentials.h \
	cgi/direct.c \
	cgi/docs.c \
	cgi/events.c \
	cgi/gateway.c cgi/gateway.h \
	cgi/health.c \
	cgi/home.c \
	cgi/input.c cgi/input.h \
	cgi/interactions.c \
	cgi/knowledge.c \
	cgi/mail.c \
	cgi/meaning.c cgi/meaning.h \
	cgi/memories.c \
	cgi/messages.c \
	cgi/nginx.c cgi/nginx.h \
	cgi/metrics.c cgi/metrics.h \
	cgi/openapi.c \
	cgi/page.h \
	cgi/presence.c \
	cgi/registration.c \
	cgi/relationships.c \
	cgi/request.h \
	cgi/reports.c \
	cgi/respond.c cgi/respond.h \
	cgi/rooms.c \
	cgi/route.h \
	cgi/router.c cgi/router.h \
	cgi/settings.c \
	cgi/social.c \
	cgi/totp.c \
	cgi/turns.c \
	cgi/twins.c \
	cgi/url.c cgi/url.h \
	cgi/users.c

bin_PROGRAMS += aeon.fcgi
aeon_fcgi_SOURCES = $(CGI_SOURCES) \
	cgi/inherit.c cgi/inherit.h \
	cgi/main.c \
	cgi/maintainer.c cgi/maintainer.h \
	cgi/master.c cgi/master.h \
	cgi/watch.c cgi/watch.h \
	cgi/worker.c cgi/worker.h
aeon_fcgi_LDADD = $(LIBAEON_LIBS) $(FCGI_LIBS)

# The live contract's document, printed by the bridge, as the initializer of an array of bytes.
cgi/asyncapi.inc: aeon-ws$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) cgi && ./aeon-ws --asyncapi >$@.json && \
	od -An -v -tx1 $@.json | sed 's/ \(..\)/0x\1,/g' >$@.new && rm $@.json && mv $@.new $@
cgi/asyncapi.$(OBJEXT): cgi/asyncapi.inc
CLEANFILES += cgi/asyncapi.inc

dist_man_MANS += cgi/aeon.fcgi.8
