# What scripts/up and scripts/test share: their way to speak, the Debian packages, the build.
# Sourced, not run. Exit codes are those of sysexits.h.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${AEON_BUILD:-$top/build}
me=${0##*/}
install=yes
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx, and ordinary users do not look

build_packages=(
	autoconf automake gcc libc6-dev libfcgi-dev libjansson-dev libsodium-dev libsqlite3-dev
	libuv1-dev libwebsockets-dev libwebsockets-evlib-uv make pkg-config
)

exec {stderr}>&2
say() { printf '%s: %s\n' "$me" "$*" >&"$stderr"; }

# die CODE SENTENCE
die() {
	local code=$1
	shift
	say "$*"
	exit "$code"
}

# Those of the named packages that are not installed.
missing_packages() {
	comm -23 <(printf '%s\n' "$@" | sort) \
		<(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
			sed -n 's/ installed$//p' | sort)
}

# Installs what is missing; elsewhere than on Debian, configure names it.
need_packages() {
	command -v dpkg-query >/dev/null || return 0
	local missing
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ $install = no ]; then
		say "not installed: ${missing[*]}"
		return 0
	fi
	say "installing: ${missing[*]}"
	local root=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die 69 "without sudo, have root run: apt-get install ${missing[*]}"
		root=(sudo)
	fi
	{
		"${root[@]}" apt-get update -q &&
			"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
				apt-get install -qy --no-install-recommends "${missing[@]}"
	} >&2 || die 69 "could not install: ${missing[*]}"
	rm -f "$build/Makefile" # configure looks again
}

# The tree is built as whoever owns it, even when root calls.
owner=()
if [ "$(id -u)" = 0 ] && [ "$(stat -c %u "$top")" != 0 ]; then
	owner=(setpriv --reuid "$(stat -c %u "$top")" --regid "$(stat -c %g "$top")" --clear-groups)
fi

# build_in DIRECTORY [CONFIGURE ARGUMENT...]: what has changed since it was last built there. Whoever
# sets AEON_BUILD has built already.
build_in() {
	[ -z "${AEON_BUILD:-}" ] || return 0
	"${owner[@]}" mkdir -p "$1" 2>/dev/null && "${owner[@]}" test -w "$1" ||
		die 73 "cannot write to $1"
	say "building in $1"
	"${owner[@]}" flock "$1" bash -euc '
		cd "$1"
		[ configure -nt configure.ac ] || ./autogen.sh
		cd "$2"
		[ -f Makefile ] || "$1/configure" -q "${@:3}"
		make -s --no-print-directory -j"$(nproc)"
	' build "$top" "$@" </dev/null >&2 || die 70 "the build failed"
}
