#!/bin/sh
# Fuzzes a running bridge for five seconds. tests/fuzz/live SECONDS does it for longer.
command -v python3 >/dev/null || { echo "1..0 # SKIP not installed: python3"; exit 0; }
exec "$(dirname "$0")/fuzz/live" 5
