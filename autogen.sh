#!/bin/sh
# Generates ./configure in a fresh checkout. Release archives contain it already.
set -e
cd "$(dirname "$0")"
for tool in autoreconf automake pkg-config; do
	command -v "$tool" >/dev/null || {
		echo "autogen.sh: $tool is missing; run: apt-get install autoconf automake pkg-config" >&2
		exit 69
	}
done
exec autoreconf --install --warnings=all
