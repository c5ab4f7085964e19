# The bridge: WebSocket connections, and the store thread behind them.

# What needs no socket, no thread and no event loop; tests have it in a world of their own.
BRIDGE_CORE = \
	ws-bridge/ack.c ws-bridge/ack.h \
	ws-bridge/auth.c ws-bridge/auth.h \
	ws-bridge/batch.c ws-bridge/batch.h \
	ws-bridge/bridge.c ws-bridge/bridge.h \
	ws-bridge/catchup.c ws-bridge/catchup.h \
	ws-bridge/change.c ws-bridge/change.h \
	ws-bridge/chat.c ws-bridge/chat.h \
	ws-bridge/commands.c ws-bridge/commands.h \
	ws-bridge/conn.c ws-bridge/conn.h \
	ws-bridge/frame.c ws-bridge/frame.h \
	ws-bridge/hello.c ws-bridge/hello.h \
	ws-bridge/hub.c ws-bridge/hub.h \
	ws-bridge/job.c ws-bridge/job.h \
	ws-bridge/join.c ws-bridge/join.h \
	ws-bridge/limit.c ws-bridge/limit.h \
	ws-bridge/map.c ws-bridge/map.h \
	ws-bridge/parcel.c ws-bridge/parcel.h \
	ws-bridge/peers.c ws-bridge/peers.h \
	ws-bridge/reading.c ws-bridge/reading.h \
	ws-bridge/resume.c ws-bridge/resume.h \
	ws-bridge/socket.h \
	ws-bridge/status.c ws-bridge/status.h \
	ws-bridge/typing.c ws-bridge/typing.h \
	ws-bridge/wheel.c ws-bridge/wheel.h \
	ws-bridge/worker.h

bin_PROGRAMS += aeon-ws
aeon_ws_SOURCES = $(BRIDGE_CORE) \
	ws-bridge/listen.c ws-bridge/listen.h \
	ws-bridge/loop.c ws-bridge/loop.h \
	ws-bridge/main.c \
	ws-bridge/origin.c ws-bridge/origin.h \
	ws-bridge/maintenance.c ws-bridge/maintenance.h \
	ws-bridge/worker.c
aeon_ws_CFLAGS = $(AM_CFLAGS) $(LWS_CFLAGS) $(UV_CFLAGS) -pthread
aeon_ws_LDADD = $(LIBAEON_LIBS) $(LWS_LIBS) $(UV_LIBS)

dist_man_MANS += ws-bridge/aeon-ws.8
