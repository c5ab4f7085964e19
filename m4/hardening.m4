# AEON_HARDENING: flags that make a mistake in C harder to use for an attack. Each is used if the
# compiler and the linker know it. --disable-hardening leaves all of them out, and so does
# --enable-sanitizer, whose checks some of them would hide.
AC_DEFUN([AEON_HARDENING], [
	AC_ARG_ENABLE([hardening],
		[AS_HELP_STRING([--disable-hardening],
			[build without stack protectors, checked string functions, PIE and the like])])
	AS_CASE([${enable_sanitizer:-no}], [no], [], [enable_hardening=no])
	HARDENING_CFLAGS=
	HARDENING_LDFLAGS=
	AS_IF([test "$enable_hardening" != no], [
		AEON_HARDENING_CFLAG([-fstack-protector-strong])
		AEON_HARDENING_CFLAG([-fstack-clash-protection])
		AEON_HARDENING_CFLAG([-fcf-protection=full])
		AEON_HARDENING_CFLAG([-mbranch-protection=standard])
		AEON_HARDENING_CFLAG([-ftrivial-auto-var-init=zero])
		AEON_HARDENING_CFLAG([-fPIE])
		AEON_HARDENING_CFLAG([-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3])
		AS_CASE([$HARDENING_CFLAGS], [*FORTIFY*], [],
			[AEON_HARDENING_CFLAG([-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])])
		AEON_HARDENING_LDFLAG([-pie])
		AEON_HARDENING_LDFLAG([-Wl,-z,relro])
		AEON_HARDENING_LDFLAG([-Wl,-z,now])
		AEON_HARDENING_LDFLAG([-Wl,-z,noexecstack])
	])
	AC_SUBST([HARDENING_CFLAGS])
	AC_SUBST([HARDENING_LDFLAGS])
])

# Checked string functions need an optimizing compiler; a C library warns of levels it does not know.
AC_DEFUN([AEON_HARDENING_CFLAG], [
	AC_MSG_CHECKING([whether $CC accepts $1])
	save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror $1"
	AC_COMPILE_IFELSE(
		[AC_LANG_PROGRAM([[
			#include <string.h>
			#if defined _FORTIFY_SOURCE && !defined __OPTIMIZE__
			#error
			#endif
			]], [[char text[16]; strcpy(text, "");]])],
		[AC_MSG_RESULT([yes])
		 AS_VAR_APPEND([HARDENING_CFLAGS], [" $1"])],
		[AC_MSG_RESULT([no])])
	CFLAGS=$save_CFLAGS
])

AC_DEFUN([AEON_HARDENING_LDFLAG], [
	AC_MSG_CHECKING([whether the linker accepts $1])
	save_CFLAGS=$CFLAGS
	save_LDFLAGS=$LDFLAGS
	CFLAGS="$CFLAGS $HARDENING_CFLAGS"
	LDFLAGS="$LDFLAGS -Werror $1"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes])
		 AS_VAR_APPEND([HARDENING_LDFLAGS], [" $1"])],
		[AC_MSG_RESULT([no])])
	CFLAGS=$save_CFLAGS
	LDFLAGS=$save_LDFLAGS
])
