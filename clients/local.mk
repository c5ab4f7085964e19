# Clients of the realm: installed nowhere, to be copied by whoever makes something of them.

EXTRA_DIST += clients/js/README.md clients/js/aeon-realm.js clients/js/ledger.js \
	clients/js/outbox.js clients/js/package.json
