#!/bin/sh
# Fuzzes a running bridge for five seconds. tests/fuzz/live SECONDS does it for longer.
here=$(cd "$(dirname "$0")" && pwd)
: "${PYTEST=/usr/bin/python3 -m pytest}"
"${PYTEST%% *}" -c 'import fastjsonschema' 2>/dev/null ||
	{ echo "1..0 # SKIP not installed: python3-fastjsonschema"; exit 0; }
exec "${PYTEST%% *}" -B "$here/fuzz/live" 5 "${AEON_SEED:-1}"
