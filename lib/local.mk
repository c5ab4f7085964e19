# The libraries: base, store, realm, in one archive.

LIBAEON = lib/libaeon.a
LIBAEON_LIBS = $(LIBAEON) $(SQLITE_LIBS) $(JANSSON_LIBS) $(SODIUM_LIBS) $(UTF8PROC_LIBS) $(OATH_LIBS) -lm

noinst_LIBRARIES += lib/libaeon.a
lib_libaeon_a_SOURCES = \
	lib/base/arena.c lib/base/arena.h \
	lib/base/buf.c lib/base/buf.h \
	lib/base/children.c lib/base/children.h \
	lib/base/clock.c lib/base/clock.h \
	lib/base/config.c lib/base/config.h \
	lib/base/faults.c lib/base/faults.h \
	lib/base/fields.c lib/base/fields.h \
	lib/base/ip.c lib/base/ip.h \
	lib/base/json_in.c lib/base/json_in.h \
	lib/base/json_out.c lib/base/json_out.h \
	lib/base/log.c lib/base/log.h \
	lib/base/memory.c lib/base/memory.h \
	lib/base/problem.c lib/base/problem.h \
	lib/base/mutant.h \
	lib/base/origin.c lib/base/origin.h \
	lib/base/process.c lib/base/process.h \
	lib/base/shared.c lib/base/shared.h \
	lib/base/utf8.c lib/base/utf8.h \
	lib/base/uuid.c lib/base/uuid.h \
	lib/base/vector.c lib/base/vector.h \
	lib/store/backup.c lib/store/backup.h \
	lib/store/check.c lib/store/check.h \
	lib/store/gaps.c lib/store/gaps.h \
	lib/store/ids.c lib/store/ids.h \
	lib/store/internal.h lib/store/schema.h \
	lib/store/json_rows.c lib/store/json_rows.h \
	lib/store/json_schema.c lib/store/json_schema.h \
	lib/store/lead.c lib/store/lead.h \
	lib/store/names.c lib/store/names.h \
	lib/store/rank.c lib/store/rank.h \
	lib/store/shape.c lib/store/shape.h \
	lib/store/snippet.c lib/store/snippet.h \
	lib/store/statement.c lib/store/statement.h \
	lib/store/store.c lib/store/store.h \
	lib/store/transaction.c \
	lib/store/tokenizer.c lib/store/tokenizer.h \
	lib/store/vectors.c lib/store/vectors.h \
	lib/store/words.c lib/store/words.h \
	lib/realm/account_changed.c lib/realm/account_changed.h \
	lib/realm/accounts.c lib/realm/accounts.h \
	lib/realm/answers.c lib/realm/answers.h \
	lib/realm/attempts.c lib/realm/attempts.h \
	lib/realm/codes.c lib/realm/codes.h \
	lib/realm/invites.c lib/realm/invites.h \
	lib/realm/new_password.c lib/realm/new_password.h \
	lib/realm/registration.c lib/realm/registration.h \
	lib/realm/audit.c lib/realm/audit.h \
	lib/realm/bridges.c lib/realm/bridges.h \
	lib/realm/budget.c lib/realm/budget.h \
	lib/realm/caller.c lib/realm/caller.h \
	lib/realm/causes.c lib/realm/causes.h \
	lib/realm/changes.c lib/realm/changes.h \
	lib/realm/taken.c lib/realm/taken.h \
	lib/realm/collect.c lib/realm/collect.h \
	lib/realm/conversations.c lib/realm/conversations.h \
	lib/realm/digest.c lib/realm/digest.h \
	lib/realm/direct.c lib/realm/direct.h \
	lib/realm/drafts.c lib/realm/drafts.h \
	lib/realm/epoch.c lib/realm/epoch.h \
	lib/realm/erase.c lib/realm/erase.h \
	lib/realm/events.c lib/realm/events.h \
	lib/realm/experts.c lib/realm/experts.h \
	lib/realm/export.c lib/realm/export.h \
	lib/realm/feed.c lib/realm/feed.h \
	lib/realm/forget.c lib/realm/forget.h \
	lib/realm/graph.c lib/realm/graph.h \
	lib/realm/guess.c lib/realm/guess.h \
	lib/realm/health.c lib/realm/health.h \
	lib/realm/held_back.c lib/realm/held_back.h \
	lib/realm/home.c lib/realm/home.h \
	lib/realm/idempotency.c lib/realm/idempotency.h \
	lib/realm/indexing.c lib/realm/indexing.h \
	lib/realm/maintenance.c lib/realm/maintenance.h \
	lib/realm/interactions.c lib/realm/interactions.h \
	lib/realm/knowledge.c lib/realm/knowledge.h \
	lib/realm/knowledge_list.c lib/realm/knowledge_list.h \
	lib/realm/knowledge_nearest.c lib/realm/knowledge_nearest.h \
	lib/realm/event_shapes.c lib/realm/event_shapes.h \
	lib/realm/leaving.c lib/realm/leaving.h \
	lib/realm/exchange.c lib/realm/exchange.h \
	lib/realm/facts.c lib/realm/facts.h \
	lib/realm/ledger.c lib/realm/ledger.h \
	lib/realm/lessons.c lib/realm/lessons.h \
	lib/realm/live.c lib/realm/live.h \
	lib/realm/live_settings.c lib/realm/live_settings.h \
	lib/realm/mail_settings.c lib/realm/mail_settings.h \
	lib/realm/mail_text.c lib/realm/mail_text.h \
	lib/realm/mails.c lib/realm/mails.h \
	lib/realm/memories.c lib/realm/memories.h \
	lib/realm/mention_list.c lib/realm/mention_list.h \
	lib/realm/mentions.c lib/realm/mentions.h \
	lib/realm/messages.c lib/realm/messages.h \
	lib/realm/message_search.c lib/realm/message_search.h \
	lib/realm/message_history.c lib/realm/message_history.h \
	lib/realm/metrics.c lib/realm/metrics.h \
	lib/realm/minutes.c lib/realm/minutes.h \
	lib/realm/moderation.c lib/realm/moderation.h \
	lib/realm/muting.c lib/realm/muting.h \
	lib/realm/named.c lib/realm/named.h \
	lib/realm/notes.c lib/realm/notes.h \
	lib/realm/password.c lib/realm/password.h \
	lib/realm/people.c lib/realm/people.h \
	lib/realm/person.c lib/realm/person.h \
	lib/realm/path.c lib/realm/path.h \
	lib/realm/path_questions.c lib/realm/path_questions.h \
	lib/realm/presence.c lib/realm/presence.h \
	lib/realm/programs.c lib/realm/programs.h \
	lib/realm/quota.c lib/realm/quota.h \
	lib/realm/recall.c lib/realm/recall.h \
	lib/realm/recovery.c lib/realm/recovery.h \
	lib/realm/realm.c lib/realm/realm.h \
	lib/realm/removal.c lib/realm/removal.h \
	lib/realm/reports.c lib/realm/reports.h \
	lib/realm/suspension.c lib/realm/suspension.h \
	lib/realm/relationships.c lib/realm/relationships.h \
	lib/realm/rooms.c lib/realm/rooms.h \
	lib/realm/search.c lib/realm/search.h \
	lib/realm/search_vectors.c lib/realm/search_vectors.h \
	lib/realm/session.h \
	lib/realm/sentences.c lib/realm/sentences.h \
	lib/realm/session_cookie.c lib/realm/session_cookie.h \
	lib/realm/sessions.c lib/realm/sessions.h \
	lib/realm/settings.c lib/realm/settings.h \
	lib/realm/similar.c lib/realm/similar.h \
	lib/realm/social.c lib/realm/social.h \
	lib/realm/source_search.c lib/realm/source_search.h \
	lib/realm/source_kinds.c lib/realm/source_kinds.h \
	lib/realm/places.c lib/realm/places.h \
	lib/realm/posting.c lib/realm/posting.h \
	lib/realm/source_scope.h \
	lib/realm/sources.c lib/realm/sources.h \
	lib/realm/stats.c lib/realm/stats.h \
	lib/realm/providers.c lib/realm/providers.h \
	lib/realm/projection.c lib/realm/projection.h \
	lib/realm/prune.c lib/realm/prune.h \
	lib/realm/telling.c lib/realm/telling.h \
	lib/realm/thread.c lib/realm/thread.h \
	lib/realm/totp.c lib/realm/totp.h \
	lib/realm/turn_list.c lib/realm/turn_list.h \
	lib/realm/twins.c lib/realm/twins.h \
	lib/realm/turn_rules.c lib/realm/turn_rules.h \
	lib/realm/user_settings.c lib/realm/user_settings.h \
	lib/realm/turns.c lib/realm/turns.h \
	lib/realm/users.c lib/realm/users.h \
	lib/realm/vector_search.c lib/realm/vector_search.h \
	lib/realm/vector_batch.c lib/realm/vector_batch.h \
	lib/realm/vector_work.c lib/realm/vector_work.h \
	lib/realm/vectors.c lib/realm/vectors.h \
	lib/realm/votes.c lib/realm/votes.h \
	lib/realm/word_search.c lib/realm/word_search.h
nodist_lib_libaeon_a_SOURCES = \
	lib/store/queries.c lib/store/queries.h lib/store/migrations.c

# Only for tests of the tests; see lib/base/mutant.h.
if MUTANTS
lib_libaeon_a_SOURCES += lib/base/mutant.c
endif

# SQL is a source language of its own; fragments come first because queries use them.
SQL_QUERIES = \
	sql/fragments.sql \
	sql/twin_fragments.sql \
	sql/queries/audit.sql \
	sql/queries/counts.sql \
	sql/queries/direct.sql \
	sql/queries/erase.sql \
	sql/queries/events.sql \
	sql/queries/knowledge.sql \
	sql/queries/export.sql \
	sql/queries/idempotency.sql \
	sql/queries/interactions.sql \
	sql/queries/mails.sql \
	sql/queries/learning.sql \
	sql/queries/messages.sql \
	sql/queries/paths.sql \
	sql/queries/people.sql \
	sql/queries/presence.sql \
	sql/queries/projection.sql \
	sql/queries/registration.sql \
	sql/queries/quotas.sql \
	sql/queries/relationships.sql \
	sql/queries/removals.sql \
	sql/queries/reports.sql \
	sql/queries/rooms.sql \
	sql/queries/mentions.sql \
	sql/queries/digests.sql \
	sql/queries/sessions.sql \
	sql/queries/settings.sql \
	sql/queries/social.sql \
	sql/queries/sources.sql \
	sql/queries/suspensions.sql \
	sql/queries/maintenance.sql \
	sql/queries/totp.sql \
	sql/queries/turns.sql \
	sql/queries/twins.sql \
	sql/queries/users.sql \
	sql/queries/vectors.sql
# In order. The files of one folder are one migration.
SQL_MIGRATIONS = \
	sql/migrations/0001_realm/realm.sql \
	sql/migrations/0001_realm/users.sql \
	sql/migrations/0001_realm/sessions.sql \
	sql/migrations/0001_realm/presence.sql \
	sql/migrations/0001_realm/relationships.sql \
	sql/migrations/0001_realm/rooms.sql \
	sql/migrations/0001_realm/messages.sql \
	sql/migrations/0001_realm/knowledge.sql \
	sql/migrations/0001_realm/tags.sql \
	sql/migrations/0001_realm/interactions.sql \
	sql/migrations/0001_realm/events.sql \
	sql/migrations/0002_audit.sql \
	sql/migrations/0003_settings.sql \
	sql/migrations/0004_guesses.sql \
	sql/migrations/0005_entry.sql \
	sql/migrations/0006_contact.sql \
	sql/migrations/0007_moderation.sql \
	sql/migrations/0008_unindexed.sql \
	sql/migrations/0009_first_status.sql \
	sql/migrations/0010_totp.sql \
	sql/migrations/0011_votes.sql \
	sql/migrations/0012_text_bytes.sql \
	sql/migrations/0013_twins/twins.sql \
	sql/migrations/0013_twins/forgetting.sql \
	sql/migrations/0014_texts.sql \
	sql/migrations/0015_kept.sql \
	sql/migrations/0016_learning.sql \
	sql/migrations/0017_vectors.sql \
	sql/migrations/0018_leaving.sql \
	sql/migrations/0019_providers.sql \
	sql/migrations/0020_projected.sql \
	sql/migrations/0021_graph.sql \
	sql/migrations/0022_useful.sql \
	sql/migrations/0023_exchange.sql \
	sql/migrations/0025_forgotten.sql \
	sql/migrations/0026_found.sql \
	sql/migrations/0027_tellers.sql \
	sql/migrations/0030_taken_changes.sql \
	sql/migrations/0033_names.sql \
	sql/migrations/0034_former_texts.sql \
	sql/migrations/0036_direct.sql \
	sql/migrations/0037_said.sql \
	sql/migrations/0038_user_settings.sql \
	sql/migrations/0040_mail.sql \
	sql/migrations/0041_linked_vectors.sql \
	sql/migrations/0042_titles.sql \
	sql/migrations/0043_minutes.sql \
	sql/migrations/0044_invites_to_rooms.sql \
	sql/migrations/0045_mentions.sql \
	sql/migrations/0046_shares.sql \
	sql/migrations/0047_digest.sql \
	sql/migrations/0048_asking_users.sql \
	sql/migrations/0049_twins_messages.sql \
	sql/migrations/0050_spare_bytes.sql \
	sql/migrations/0051_public_words.sql

EMBED_SQL = lib/store/embed.awk
EXTRA_DIST += $(EMBED_SQL) $(SQL_QUERIES) $(SQL_MIGRATIONS) sql/schema.sql
BUILT_SOURCES += lib/store/queries.h
CLEANFILES += lib/store/queries.h lib/store/queries.c lib/store/migrations.c

# embed MODE FILES: into the target, which appears only when the whole went well.
embed = $(AM_V_GEN)$(MKDIR_P) lib/store && \
	files= && for file in $(2); do files="$$files $(srcdir)/$$file"; done && \
	$(AWK) -v mode=$(1) -f $(srcdir)/$(EMBED_SQL) $$files >$@.new && mv $@.new $@

lib/store/queries.h: $(SQL_QUERIES) $(EMBED_SQL)
	$(call embed,header,$(SQL_QUERIES))
lib/store/queries.c: $(SQL_QUERIES) $(EMBED_SQL)
	$(call embed,queries,$(SQL_QUERIES))
lib/store/migrations.c: $(SQL_MIGRATIONS) $(EMBED_SQL)
	$(call embed,migrations,$(SQL_MIGRATIONS))

# The list of common passwords as the initializer of an array of bytes.
COMMON_PASSWORDS = lib/realm/common_passwords.txt
EXTRA_DIST += $(COMMON_PASSWORDS) lib/realm/common_passwords.LICENSE
CLEANFILES += lib/realm/common_passwords.inc
lib/realm/common_passwords.inc: $(COMMON_PASSWORDS)
	$(AM_V_GEN)$(MKDIR_P) lib/realm && \
	od -An -v -tx1 $(srcdir)/$(COMMON_PASSWORDS) | sed 's/ \(..\)/0x\1,/g' >$@.new && mv $@.new $@
lib/realm/new_password.$(OBJEXT): lib/realm/common_passwords.inc
