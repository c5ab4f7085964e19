# AEON_WARNINGS: the project's warnings; --enable-werror makes them errors.
AC_DEFUN([AEON_WARNINGS], [
	AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [make warnings errors])])
	WARNING_CFLAGS="-Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wformat=2"
	AS_IF([test "$enable_werror" = yes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
	AC_SUBST([WARNING_CFLAGS])
])

# AEON_SANITIZER: --enable-sanitizer=address,undefined or thread.
AC_DEFUN([AEON_SANITIZER], [
	AC_ARG_ENABLE([sanitizer],
		[AS_HELP_STRING([--enable-sanitizer=LIST],
			[build with sanitizers, e.g. address,undefined or thread])])
	AS_CASE([$enable_sanitizer],
		[''|no], [],
		[yes], [AC_MSG_ERROR([--enable-sanitizer needs a list, e.g. address,undefined])],
		[SANITIZER_CFLAGS="-fsanitize=$enable_sanitizer -fno-sanitize-recover=all -fno-omit-frame-pointer"
		 AC_MSG_CHECKING([whether $CC accepts -fsanitize=$enable_sanitizer])
		 save_CFLAGS=$CFLAGS
		 CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
		 AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])
			 AC_MSG_ERROR([$CC cannot build with -fsanitize=$enable_sanitizer])])
		 CFLAGS=$save_CFLAGS])
	AC_SUBST([SANITIZER_CFLAGS])
])

# AEON_LIBRARY(VARIABLE, MODULE, DEBIAN-PACKAGE): finds a library by pkg-config.
AC_DEFUN([AEON_LIBRARY], [
	PKG_CHECK_MODULES([$1], [$2], [],
		[AC_MSG_ERROR([$2 is missing. On Debian, run: apt-get install $3])])
])

# AEON_MUTANTS: builds in the mutants, which can be switched on and which tests must find.
AC_DEFUN([AEON_MUTANTS], [
	AC_ARG_ENABLE([mutants],
		[AS_HELP_STRING([--enable-mutants],
			[build in the mutants of lib/base/mutant.h, only to test the tests])],
		[], [enable_mutants=no])
	AS_IF([test "$enable_mutants" = yes],
		[MUTANT_CPPFLAGS=-DMUTANTS])
	AC_SUBST([MUTANT_CPPFLAGS])
	AM_CONDITIONAL([MUTANTS], [test "$enable_mutants" = yes])
])
