/*
 * The audit log: logins, changes of accounts and rights, exports and erasures, moderation and
 * settings; who did it, from where, with what and when.
 *
 * The log only grows. Triggers of the database refuse every change of it, except: the count of a
 * repeated entry grows; erasing a user empties addresses and texts of that user's entries, so that
 * the id of an erased user is all that stays; and maintenance deletes the oldest entries after
 * `audit_days`.
 *
 * Each entry is also a line of the program's log, written after the commit:
 *
 *	event=audit action=login_failed address=192.0.2.7 actor=- kind=user object=4 times=2
 *
 * conf/fail2ban reads these lines.
 */
#ifndef REALM_AUDIT_H
#define REALM_AUDIT_H

#include "base/fields.h"
#include "realm/caller.h"
#include "store/shape.h"

struct session;

/* X(constant, name, help): every action, once. */
#define AUDIT_ACTIONS(X)                                                                           \
	X(LOGIN, "login", "A user signed in.")                                                     \
	X(LOGIN_FAILED, "login_failed",                                                            \
	  "A login failed, or a user was asked for the password again and it was wrong. One "      \
	  "entry counts the attempts of ten minutes on one account from one "                      \
	  "network.")                                                                              \
	X(LOGOUT, "logout", "A user signed out.")                                                  \
	X(SESSION_ENDED, "session_ended", "Sessions of a user were ended.")                        \
	X(PASSWORD_CHANGED, "password_changed", "A password was changed.")                         \
	X(PASSWORD_RESET, "password_reset", "A code for a new password of a user was made.")       \
	X(EMAIL_CHANGED, "email_changed", "An email address was changed.")                         \
	X(EMAIL_VERIFIED, "email_verified", "A user has confirmed an email address.")              \
	X(ROLE_CHANGED, "role_changed", "A user got another role in the realm.")                   \
	X(DISABLED, "user_disabled", "An account was disabled.")                                   \
	X(ENABLED, "user_enabled", "An account was enabled.")                                      \
	X(EXPORTED, "user_exported", "All data about a user was exported.")                        \
	X(ERASED, "user_erased", "An account was erased.")                                         \
	X(SUSPENDED, "user_suspended", "A user was suspended.")                                    \
	X(UNSUSPENDED, "user_unsuspended", "A suspension was ended.")                              \
	X(REMOVED, "removed", "A room, message, knowledge or interaction was removed.")            \
	X(RESTORED, "restored", "Something that was removed was restored.")                        \
	X(CONTENT_REMOVED, "content_removed", "Everything that a user said was removed.")          \
	X(ROOM_CLOSED, "room_closed", "A room was closed.")                                        \
	X(ROOM_OPENED, "room_opened", "A closed room was opened.")                                 \
	X(REPORT_HANDLED, "report_handled", "A report was taken, decided or opened again.")        \
	X(TOTP_ON, "totp_on", "A user switched the second factor on.")                             \
	X(TOTP_OFF, "totp_off", "The second factor of a user was switched off.")                   \
	X(REGISTERED, "user_registered",                                                           \
	  "A user registered with an invitation or as the owner, or the operator added one.")      \
	X(APPROVED, "user_approved", "An account that waited for approval was approved.")          \
	X(INVITED, "invite_made", "An invitation to the realm was made.")                          \
	X(INVITE_ENDED, "invite_ended", "An invitation to the realm was deleted.")                 \
	X(SETTING_CHANGED, "setting_changed", "A setting was changed, or returned to aeon.conf.")

#define AUDIT_ENUM(constant, ...) AUDIT_##constant,
enum audit_action { AUDIT_ACTIONS(AUDIT_ENUM) AUDIT__COUNT };
#undef AUDIT_ENUM

struct audit_entry {
	enum audit_action action;
	const struct caller *caller; /* NULL: the operator on this machine (aeonctl) */
	int64_t actor;               /* the user who did it; 0: none */
	const char *kind, *object;   /* what it is about: the kind of thing and its id; or NULL */
	const char *detail;          /* at most 1000 code points, or NULL; never a secret */
};

/* Appends the entry. Within store_write(). */
int audit(struct store *store, const struct audit_entry *entry, struct problem *why);

/* The same for what the user of the session did with a user. */
int audit_user(struct store *store, const struct session *by, enum audit_action action,
	       int64_t user_id, const char *detail, struct problem *why);

/*
 * The same for an action that strangers can cause as often as they like, such as a failed login:
 * equal ones of one network are one entry for ten minutes, and beyond a number of entries all
 * others are one. So the log grows by a bounded rate.
 */
int audit_merged(struct store *store, const struct audit_entry *entry, struct problem *why);

struct audit_filter {
	int64_t actor;
	const char *action;
	int64_t since;
};
extern const struct fields audit_filter_fields;
extern const struct shape audit_entry_shape;

/* Newest first. For administrators: PROBLEM_FORBIDDEN. */
int audit_list(struct store *store, const struct session *viewer, const struct audit_filter *filter,
	       struct page *page, struct buf *out, struct problem *why);

#endif
