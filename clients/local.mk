# Clients of the realm. They are not installed: a program copies the files that it needs.

EXTRA_DIST += clients/js/README.md clients/js/aeon-realm.d.ts clients/js/aeon-realm.js \
	clients/js/handlers.js \
	clients/js/kept-outbox.d.ts clients/js/kept-outbox.js clients/js/ledger.js clients/js/outbox.js \
	clients/js/package.json clients/js/poll.js clients/js/reads.js clients/js/rest.js \
	clients/js/signals.js
