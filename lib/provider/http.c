/*
 * Requests by libcurl's multi interface: see http.h.
 *
 * libcurl says which sockets and which time it waits for, and libuv waits. Within a callback of
 * libcurl no handle may be added or removed, so that is done after the callback (http_settle).
 */
#include "provider/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/memory.h"
#include "provider/timer.h"

#define MOST_HEADER_BYTES 32768
#define MOST_IDLE_CONNECTIONS 16L
#define CONNECT_MS 10000L

struct http {
	uv_loop_t *loop;
	uv_loop_t own_loop;
	CURLM *multi;
	struct timer *timer; /* the time that libcurl waits for */
	LIST_HEAD(, http_call) calls;
	bool in_curl, is_settled;
};

struct http_call {
	LIST_ENTRY(http_call) entry;
	struct http *http;
	struct http_request request;
	struct http_ports ports;
	void *context;
	CURL *easy;
	struct curl_slist *headers, *recipients;
	size_t body_read; /* of a mail */
	struct timer *timer;
	struct http_answer answer;
	size_t header_bytes, body_bytes;
	int64_t progress_at;
	bool is_added, is_cancelled;
	char error[CURL_ERROR_SIZE];
};

/* --- sockets and libcurl's timer ---------------------------------------------------------------
 */

struct watch {
	uv_poll_t poll;
	struct http *http;
	curl_socket_t fd;
};

static void http_settle(struct http *http);

static void http_act(struct http *http, curl_socket_t fd, int events)
{
	int running;
	http->in_curl = true;
	curl_multi_socket_action(http->multi, fd, events, &running);
	http->in_curl = false;
	http_settle(http);
}

static void watch_ready(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;
	flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	http_act(watch->http, watch->fd, flags);
}

static void watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static struct watch *watch_new(struct http *http, curl_socket_t fd)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));
	watch->http = http;
	watch->fd = fd;
	uv_poll_init_socket(http->loop, &watch->poll, fd);
	watch->poll.data = watch;
	curl_multi_assign(http->multi, fd, watch);
	return watch;
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *of_socket)
{
	struct http *http = context;
	struct watch *watch = of_socket;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			curl_multi_assign(http->multi, fd, NULL);
			uv_close((uv_handle_t *)&watch->poll, watch_closed);
		}
		return 0;
	}
	if (!watch)
		watch = watch_new(http, fd);
	uv_poll_start(&watch->poll,
		      (what & CURL_POLL_IN ? UV_READABLE : 0) |
			      (what & CURL_POLL_OUT ? UV_WRITABLE : 0),
		      watch_ready);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *context)
{
	struct http *http = context;
	(void)multi;
	if (ms < 0)
		timer_stop(http->timer);
	else
		timer_set(http->timer, clock_monotonic() + ms * 1000);
	return 0;
}

static void http_timer_fired(void *context)
{
	http_act(context, CURL_SOCKET_TIMEOUT, 0);
}

struct http *http_new(struct uv_loop_s *loop)
{
	struct http *http = xcalloc(1, sizeof(*http));
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->loop = loop;
	if (!loop) {
		http->loop = &http->own_loop;
		uv_loop_init(http->loop);
	}
	http->timer = timer_new(http->loop, http_timer_fired, http);
	http->multi = curl_multi_init();
	if (!http->multi)
		out_of_memory();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, MOST_IDLE_CONNECTIONS);
	return http;
}

void http_free(struct http **http)
{
	struct http *old = *http;
	*http = NULL;
	if (!old)
		return;
	curl_multi_cleanup(old->multi);
	timer_free(&old->timer);
	if (old->loop == &old->own_loop) {
		uv_run(old->loop, UV_RUN_DEFAULT);
		uv_loop_close(old->loop);
	}
	curl_global_cleanup();
	free(old);
}

struct uv_loop_s *http_loop(struct http *http)
{
	return http->loop;
}

void http_run(struct http *http, bool (*done)(void *context), void *context)
{
	while (!done(context))
		uv_run(http->loop, UV_RUN_ONCE);
}

/* --- URLs ---------------------------------------------------------------------------------------
 */

/* A part of the URL, for curl_free(), or NULL. */
static char *url_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	return curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static const char *url_fault(CURLU *url)
{
	static const struct {
		CURLUPart part;
		const char *fault;
	} unwanted[] = {
		{CURLUPART_USER, "it must have no user name; the key has a setting of its own"},
		{CURLUPART_PASSWORD, "it must have no password; the key has a setting of its own"},
		{CURLUPART_QUERY, "it must have no query"},
		{CURLUPART_FRAGMENT, "it must have no fragment"},
	};
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
		char *part = url_part(url, unwanted[i].part);
		curl_free(part);
		if (part)
			return unwanted[i].fault;
	}
	char *scheme = url_part(url, CURLUPART_SCHEME);
	bool good = scheme && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
	curl_free(scheme);
	return good ? NULL : "it must begin with http:// or https://";
}

int http_check_url(const char *url, struct problem *why)
{
	CURLU *parsed = curl_url();
	if (!parsed)
		out_of_memory();
	CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
	const char *fault = code ? curl_url_strerror(code) : url_fault(parsed);
	curl_url_cleanup(parsed);
	return fault ? problem_say(why, PROBLEM_CONFIG,
				   "This is no URL such as https://example.org/v1: %s", fault)
		     : 0;
}

static bool host_is_local(const char *host)
{
	struct ip ip;
	return strcasecmp(host, "localhost") == 0 ||
	       (ip_parse(host, strlen(host), &ip) && ip_is_in(&ip, "127.0.0.0/8 ::1"));
}

bool http_is_local(const char *url, char *host, size_t size)
{
	CURLU *parsed = curl_url();
	if (!parsed)
		out_of_memory();
	curl_url_set(parsed, CURLUPART_URL, url, 0);
	char *name = url_part(parsed, CURLUPART_HOST), *port = url_part(parsed, CURLUPART_PORT);
	snprintf(host, size, "%s%s%s", name ? name : "", port ? ":" : "", port ? port : "");
	bool is_local = name && host_is_local(name);
	curl_free(name);
	curl_free(port);
	curl_url_cleanup(parsed);
	return is_local;
}

/* --- one call ------------------------------------------------------------------------------------
 */

static void call_free(struct http_call *call)
{
	if (call->is_added)
		curl_multi_remove_handle(call->http->multi, call->easy);
	curl_easy_cleanup(call->easy);
	for (struct curl_slist *header = call->headers; header; header = header->next)
		explicit_bzero(header->data, strlen(header->data)); /* one has the key */
	curl_slist_free_all(call->headers);
	curl_slist_free_all(call->recipients);
	timer_free(&call->timer);
	LIST_REMOVE(call, entry);
	free(call);
}

static void read_retry_after(struct http_call *call)
{
	curl_off_t seconds = 0;
	if (curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK &&
	    seconds > 0)
		call->answer.failure.retry_after_us =
			(seconds < 86400 ? seconds : 86400) * CLOCK_SECOND;
}

static void read_status(struct http_call *call)
{
	long status = 0;
	char *type = NULL;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
	call->answer.status = call->answer.failure.status = (int)status;
	call->answer.content_type = type ? type : "";
}

/* Whether a connection was there, so that the provider may have read the request. */
static bool was_sent(const struct http_call *call)
{
	curl_off_t at = 0;
	curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &at);
	return at > 0;
}

static void call_finish(struct http_call *call)
{
	read_status(call);
	read_retry_after(call);
	call->answer.was_sent = was_sent(call);
	/* Removed before done(), in which the caller may free everything else. */
	if (call->is_added)
		curl_multi_remove_handle(call->http->multi, call->easy);
	call->is_added = false;
	call->ports.done(call->context, &call->answer);
	call_free(call);
}

/* Says in words what libcurl reports. */
static void read_result(struct http_call *call, CURLcode result)
{
	struct failure *failure = &call->answer.failure;
	char host[100];
	http_is_local(call->request.url, host, sizeof(host));
	const char *why = call->error[0] ? call->error : curl_easy_strerror(result);
	long error = 0;
	switch (result) {
	case CURLE_OK:
		return;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		failure_say(failure, FAILURE_UNREACHABLE, "The name %s is not known", host);
		return;
	case CURLE_COULDNT_CONNECT:
		curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &error);
		failure_say(failure, FAILURE_UNREACHABLE, "Cannot connect to %s: %s", host,
			    error ? strerror((int)error) : why);
		return;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
		failure_say(failure, FAILURE_UNTRUSTED, "No secure connection to %s: %.150s", host,
			    why);
		return;
	case CURLE_LOGIN_DENIED:
		failure_say(failure, FAILURE_UNAUTHORIZED, "%s does not accept the login", host);
		return;
	case CURLE_OPERATION_TIMEDOUT: /* of connecting; the other deadlines are not libcurl's */
		failure_say(failure, FAILURE_UNREACHABLE, "Cannot connect to %s in time", host);
		return;
	default:
		failure_say(failure, was_sent(call) ? FAILURE_CUT : FAILURE_UNREACHABLE,
			    "The connection to %s broke: %.150s", host, why);
	}
}

static int64_t call_deadline(const struct http_call *call)
{
	int64_t at = call->progress_at +
		     (call->body_bytes ? call->request.stall_us : call->request.first_byte_us);
	return at < call->request.end_at ? at : call->request.end_at;
}

/* Bytes do not set the timer, so it may fire before the deadline. */
static void call_timer_fired(void *context)
{
	struct http_call *call = context;
	int64_t now = clock_monotonic(), deadline = call_deadline(call);
	if (now < deadline) {
		timer_set(call->timer, deadline);
		return;
	}
	failure_say(&call->answer.failure, FAILURE_TOO_SLOW, "%s",
		    now >= call->request.end_at ? "The answer was not complete in time"
		    : call->body_bytes          ? "The answer stopped in the middle"
						: "No answer began in time");
	call_finish(call);
}

/* Adds, finishes and removes what the callbacks of libcurl could not. */
static void http_settle(struct http *http)
{
	int left;
	CURLMsg *message;
	while ((message = curl_multi_info_read(http->multi, &left))) {
		struct http_call *call;
		CURLcode result = message->data.result; /* the message goes with the handle */
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		curl_multi_remove_handle(http->multi, call->easy);
		call->is_added = false;
		if (!call->is_cancelled) {
			read_result(call, result);
			call_finish(call);
		}
	}
	while (!http->is_settled) {
		struct http_call *call, *next;
		http->is_settled = true;
		for (call = LIST_FIRST(&http->calls); call; call = next) {
			next = LIST_NEXT(call, entry);
			if (call->is_cancelled) {
				call_free(call);
			} else if (!call->is_added) {
				call->is_added = true;
				curl_multi_add_handle(http->multi, call->easy);
			}
		}
	}
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_call *call = context;
	(void)bytes;
	call->header_bytes += size * count;
	if (!call->is_cancelled && call->header_bytes <= MOST_HEADER_BYTES)
		return size * count;
	failure_set(&call->answer.failure, FAILURE_TOO_BIG);
	return 0;
}

static size_t receive_body(char *bytes, size_t size, size_t count, void *context)
{
	struct http_call *call = context;
	if (call->is_cancelled)
		return 0;
	bool is_first = call->body_bytes == 0;
	call->body_bytes += size * count;
	call->progress_at = clock_monotonic();
	if (is_first) {
		read_status(call);
		timer_set(call->timer, call_deadline(call));
	}
	enum failure_code code =
		call->body_bytes > call->request.most_bytes
			? FAILURE_TOO_BIG
			: call->ports.receive(call->context, &call->answer, bytes, size * count);
	if (call->is_cancelled)
		return 0;
	if (code == FAILURE_NONE)
		return size * count;
	failure_set(&call->answer.failure, code);
	return 0;
}

static void add_header(struct http_call *call, const char *line)
{
	struct curl_slist *longer = curl_slist_append(call->headers, line);
	if (!longer)
		out_of_memory();
	call->headers = longer;
}

static void set_headers(struct http_call *call)
{
	struct buf line = {0};
	add_header(call, "Content-Type: application/json");
	add_header(call, "Accept: application/json, text/event-stream");
	add_header(call, "Expect:"); /* else libcurl waits a second before a body of 1 MiB */
	if (call->request.key[0] && !call->request.user[0]) {
		buf_printf(&line, "Authorization: Bearer %s", call->request.key);
		add_header(call, line.data);
		explicit_bzero(line.data, line.len);
	}
	buf_free(&line);
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
}

static void set_method(CURL *easy, const struct http_request *request)
{
	if (strcmp(request->method, "GET") == 0) {
		curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static size_t read_mail(char *to, size_t size, size_t count, void *context)
{
	struct http_call *call = context;
	size_t left = call->request.body_bytes - call->body_read;
	size_t bytes = left < size * count ? left : size * count;
	memcpy(to, call->request.body + call->body_read, bytes);
	call->body_read += bytes;
	return bytes;
}

/* A login never goes to another machine without encryption. */
static void set_mail(struct http_call *call)
{
	const struct http_request *request = &call->request;
	char host[100];
	CURL *easy = call->easy;
	bool is_exposed = request->user[0] && !http_is_local(request->url, host, sizeof(host));
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
			 (long)(is_exposed ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	if (!request->to) {
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
		return;
	}
	call->recipients = curl_slist_append(NULL, request->to);
	if (!call->recipients)
		out_of_memory();
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, request->from);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, call->recipients);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_bytes);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_mail);
	curl_easy_setopt(easy, CURLOPT_READDATA, call);
}

static void set_options(struct http_call *call)
{
	const struct http_request *request = &call->request;
	char host[100];
	CURL *easy = call->easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "aeon-realm");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	if (request->user[0]) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, request->key);
	}
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Else the end of a call waits for the resolver's thread, and the loop with it. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	if (http_is_local(request->url, host, sizeof(host)))
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

struct http_call *http_start(struct http *http, const struct http_request *request,
			     const struct http_ports *ports, void *context)
{
	struct http_call *call = xcalloc(1, sizeof(*call));
	call->http = http;
	call->request = *request;
	call->ports = *ports;
	call->context = context;
	call->answer.content_type = "";
	call->progress_at = clock_monotonic();
	call->easy = curl_easy_init();
	if (!call->easy)
		out_of_memory();
	set_options(call);
	if (request->from) {
		set_mail(call);
	} else {
		set_method(call->easy, request);
		set_headers(call);
	}
	call->timer = timer_new(http->loop, call_timer_fired, call);
	timer_set(call->timer, call_deadline(call));
	LIST_INSERT_HEAD(&http->calls, call, entry);
	http->is_settled = false;
	if (!http->in_curl)
		http_settle(http);
	return call;
}

void http_expect_end(struct http_call *call, int64_t us)
{
	int64_t at = clock_monotonic() + us;
	if (at >= call->request.end_at)
		return;
	call->request.end_at = at;
	timer_set(call->timer, call_deadline(call));
}

void http_cancel(struct http_call **call)
{
	struct http_call *old = *call;
	*call = NULL;
	if (!old)
		return;
	if (!old->http->in_curl) {
		call_free(old);
		return;
	}
	old->is_cancelled = true;
	old->http->is_settled = false;
}
