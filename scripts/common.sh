# Shared by scripts/up and scripts/test: messages, Debian packages, the build. To be sourced. Exit
# codes are those of sysexits.h.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${AEON_BUILD:-$top/build}
me=${0##*/}
install=yes
PATH=$PATH:/usr/sbin:/sbin # Debian has nginx there, which ordinary users do not have in PATH

build_packages=(
	autoconf automake gcc libc6-dev libcurl4-openssl-dev libfcgi-dev libjansson-dev liboath-dev libsodium-dev libsqlite3-dev
	libutf8proc-dev libuv1-dev libwebsockets-dev libwebsockets-evlib-uv make pkg-config
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

# Prints the given packages that are not installed.
missing_packages() {
	comm -23 <(printf '%s\n' "$@" | sort) \
		<(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
			sed -n 's/ installed$//p' | sort)
}

# Installs missing packages. On other systems than Debian, configure reports what is missing.
need_packages() {
	command -v dpkg-query >/dev/null || return 0
	local missing
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ $install = no ]; then
		say "these packages are missing: ${missing[*]}"
		return 0
	fi
	say "installing packages: ${missing[*]}"
	local root=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die 69 "there is no sudo; run as root: apt-get install ${missing[*]}"
		root=(sudo)
	fi
	{
		"${root[@]}" apt-get update -q &&
			"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
				apt-get install -qy --no-install-recommends "${missing[@]}"
	} >&2 || die 69 "cannot install the packages: ${missing[*]}"
	rm -f "$build/Makefile" # so that configure runs again
}

# Root builds as the owner of the source tree.
owner=()
if [ "$(id -u)" = 0 ] && [ "$(stat -c %u "$top")" != 0 ]; then
	owner=(setpriv --reuid "$(stat -c %u "$top")" --regid "$(stat -c %g "$top")" --clear-groups)
fi

# build_in DIRECTORY [CONFIGURE ARGUMENT...]: builds there, unless AEON_BUILD names a finished build.
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
