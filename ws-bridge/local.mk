# The bridge: WebSocket connections, and the store thread behind them.
#
#	features  what a client can do: a file for each command or subject, and their table
#	core      connections, rooms, jobs and the log; it knows no socket, no thread, no feature
#	io        the program: event loop, sockets, threads
#
# Features use the core, and so does io. The core uses neither: it reaches features through
# core/feature.h, and io through its ports socket.h, store_thread.h and peers.h.

BRIDGE_CORE = \
	ws-bridge/core/asyncapi.c ws-bridge/core/asyncapi.h \
	ws-bridge/core/batch.c ws-bridge/core/batch.h \
	ws-bridge/core/bridge.c ws-bridge/core/bridge.h \
	ws-bridge/core/catchup.c ws-bridge/core/catchup.h \
	ws-bridge/core/chunk.c ws-bridge/core/chunk.h \
	ws-bridge/core/commands.c ws-bridge/core/commands.h \
	ws-bridge/core/conn.c ws-bridge/core/conn.h \
	ws-bridge/core/container.h \
	ws-bridge/core/engine.c ws-bridge/core/engine.h \
	ws-bridge/core/feature.c ws-bridge/core/feature.h \
	ws-bridge/core/frame.c ws-bridge/core/frame.h \
	ws-bridge/core/hub.c ws-bridge/core/hub.h \
	ws-bridge/core/job.c ws-bridge/core/job.h \
	ws-bridge/core/limit.c ws-bridge/core/limit.h \
	ws-bridge/core/live.c ws-bridge/core/live.h \
	ws-bridge/core/map.c ws-bridge/core/map.h \
	ws-bridge/core/message.c ws-bridge/core/message.h \
	ws-bridge/core/peers.c ws-bridge/core/peers.h \
	ws-bridge/core/receive.c ws-bridge/core/receive.h \
	ws-bridge/core/socket.h \
	ws-bridge/core/store_thread.h \
	ws-bridge/core/subscription.c ws-bridge/core/subscription.h \
	ws-bridge/core/wheel.c ws-bridge/core/wheel.h
BRIDGE_FEATURES = \
	ws-bridge/features/ack.c ws-bridge/features/ack.h \
	ws-bridge/features/auth.c \
	ws-bridge/features/changes.c \
	ws-bridge/features/chat.c \
	ws-bridge/features/delta.c \
	ws-bridge/features/features.c ws-bridge/features/features.h \
	ws-bridge/features/hello.c ws-bridge/features/hello.h \
	ws-bridge/features/join.c \
	ws-bridge/features/lease.c \
	ws-bridge/features/member_list.c ws-bridge/features/member_list.h \
	ws-bridge/features/ping.c \
	ws-bridge/features/presence.c ws-bridge/features/presence.h \
	ws-bridge/features/presence_list.c ws-bridge/features/presence_list.h \
	ws-bridge/features/read_marker.c \
	ws-bridge/features/resume.c \
	ws-bridge/features/settings.c \
	ws-bridge/features/typing.c ws-bridge/features/typing.h
BRIDGE_IO = \
	ws-bridge/io/credentials.c ws-bridge/io/credentials.h \
	ws-bridge/io/listen.c ws-bridge/io/listen.h \
	ws-bridge/io/loop.c ws-bridge/io/loop.h \
	ws-bridge/io/main.c \
	ws-bridge/io/maintenance.c ws-bridge/io/maintenance.h \
	ws-bridge/io/peers.c ws-bridge/io/peers.h \
	ws-bridge/io/store_thread.c ws-bridge/io/store_thread.h

bin_PROGRAMS += aeon-ws
aeon_ws_SOURCES = $(BRIDGE_CORE) $(BRIDGE_FEATURES) $(BRIDGE_IO)
aeon_ws_CFLAGS = $(AM_CFLAGS) $(LWS_CFLAGS) $(UV_CFLAGS) -pthread
aeon_ws_LDADD = $(LIBAEON_LIBS) $(LWS_LIBS) $(UV_LIBS)

dist_man_MANS += ws-bridge/aeon-ws.8
