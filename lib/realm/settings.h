/* What an operator can set: one struct for all programs, filled from aeon.conf and AEON_…. */
#ifndef REALM_SETTINGS_H
#define REALM_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/problem.h"

struct store;

#define BRIDGES_MAX 16
#define TWINS_MAX 16   /* processes of aeon-twin */
#define WORKERS_MAX 64 /* worker processes of a pool */

/* What a visitor needs to register; see registration.h. */
enum registration_mode {
	REGISTRATION_OPEN,
	REGISTRATION_INVITE,
	REGISTRATION_APPROVAL,
	REGISTRATION_CLOSED,
};

struct settings {
	const char *database;
	const char *run_dir;
	int log_level;    /* enum log_level */
	int registration; /* enum registration_mode */
	int totp_required_for_admins;
	int64_t registrations_per_network;
	int64_t pending_days;
	int64_t session_days;
	int64_t store_wait_ms;
	int64_t request_ms;
	int64_t events_hours;
	int64_t messages_days;
	int64_t audit_days;
	int64_t turns_days;
	int64_t removed_days;
	const char *origins;
	const char *health_from;
	const char *metrics_from;
	const char *security_contact;
	const char *realm_name, *welcome_file, *contact;
	const char *cors_origins;
	const char *trusted_proxies; /* as ip_is_in() takes it */
	int64_t user_rate;
	int64_t user_burst;
	int64_t network_rate;
	int64_t network_burst;
	int64_t reach_rate;
	int64_t reach_burst;
	int64_t workers;
	int64_t user_requests;
	int64_t user_parked;
	int64_t votes_ms;
	int64_t quota_rooms;
	int64_t quota_invitations;
	int64_t quota_knowledge;
	int64_t quota_relationships;
	int64_t quota_memories;
	int64_t quota_conversations;
	int64_t quota_direct;
	int64_t quota_bytes;
	int64_t twins;
	int64_t tokens_per_day;
	int64_t tokens_per_twin;
	int64_t tokens_per_asker;
	int twin_learning;
	const char *twin_models;
	int twin_texts; /* enum leaving */
	int64_t ws_bridges;
	int64_t ws_connections;
	int64_t ws_user_connections;
	int64_t ws_frame_bytes;
	int64_t ws_queue_bytes;
	int64_t ws_stuck_seconds;
	int64_t ws_ping_seconds;
	int64_t ws_auth_seconds;
	const char *openai_base_url;
	const char *openai_api_key;
	const char *openai_model;
	const char *openai_embedding_base_url;
	const char *openai_embedding_api_key;
	const char *openai_embedding_model;
	const char *openai_embedding_query_model;
	const char *openai_embedding_passage_prefix;
	const char *openai_embedding_query_prefix;
	int64_t model_calls;
	int64_t model_first_byte_seconds;
	int64_t model_stall_seconds;
	int64_t model_total_seconds;
	const char *smtp_url; /* "": the realm sends no mail */
	const char *smtp_user;
	const char *smtp_password;
	const char *mail_from;
	const char *site_url;
	const char *chroma_host; /* "": there is no ChromaDB */
	int64_t chroma_port;
	const char *chroma_token;
	const char *neo4j_uri; /* "": there is no Neo4j */
	const char *neo4j_user;
	const char *neo4j_password;
};

/* `file` NULL: the one that AEON_CONFIG names, if any. */
int settings_load(const char *file, struct settings *settings, struct problem *why);

/* Gives the database handle what it keeps of the settings. */
void settings_apply(const struct settings *settings, struct store *store);

struct option;

/* The table of all keys. */
const struct option *settings_options(size_t *count_r);

/* All keys with their presets and help, as a configuration file. */
void settings_print(struct buf *out);

#endif
