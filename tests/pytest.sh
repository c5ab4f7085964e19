#!/bin/sh
# Runs the Python tests of the folder $1 for "make check", and prints TAP (tap.py). The source tree may
# be read-only. AEON_BUILD names the directory of the programs.
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here"
: "${PYTEST=/usr/bin/python3 -m pytest}"
suite=$1
shift
missing=$("${PYTEST%% *}" -c '
import importlib.util
modules = ("pytest", "fastjsonschema", "httpx", "websockets")
print(*("python3-" + m for m in modules if not importlib.util.find_spec(m)))') || missing=python3
if ls "$here/$suite"/*.mjs >/dev/null 2>&1; then
	NODE_PATH=${NODE_PATH:-/usr/share/nodejs} "${NODE:-node}" -e 'require("ws")' 2>/dev/null ||
		missing="${missing:+$missing }nodejs node-ws"
fi
if [ -n "$missing" ]; then
	echo "1..0 # SKIP not installed: $missing"
	exit 0
fi
# No test may hang for ever, if the plugin that prevents it is installed.
"${PYTEST%% *}" -c 'import pytest_timeout' 2>/dev/null && set -- --timeout="$((300 * ${AEON_TEST_PATIENCE:-1}))" "$@"
exec $PYTEST -p no:cacheprovider -p tap --rootdir "$here" "$@" "$here/$suite"
