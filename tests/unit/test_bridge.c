/* Parts of the bridge without sockets: timing wheel, map, rate limit, origins, frames. */
#include "base/memory.h"
#include "base/origin.h"
#include "tests/unit/test.h"
#include "ws-bridge/core/frame.h"
#include "ws-bridge/core/limit.h"
#include "ws-bridge/core/map.h"
#include "ws-bridge/core/wheel.h"

/* --- the wheel -------------------------------------------------------------------------------- */

static struct wheel wheel;

struct alarm {
	struct timer timer;
	int64_t at;
	int fired;
};

static int64_t now;

static void alarm_fire(struct timer *timer)
{
	struct alarm *alarm = container_of(timer, struct alarm, timer);
	alarm->fired++;
	alarm->at = now;
}

static void turn_wheel_for(int64_t ms)
{
	for (int64_t end = now + ms; now < end;)
		wheel_turn(&wheel, now += 10);
}

static void timers_fire_once_and_not_too_early(void **state)
{
	(void)state;
	static const int64_t delays[] = {0, 1, 99, 100, 101, 1000, 25000, 51200, 51300, 3600000};
	enum { COUNT = sizeof(delays) / sizeof(*delays) };
	struct alarm alarms[COUNT] = {0};
	now = 12345;
	wheel_start(&wheel, now);
	turn_wheel_for(777);
	int64_t start = now;
	for (size_t i = 0; i < COUNT; i++)
		wheel_set(&wheel, &alarms[i].timer, delays[i], alarm_fire);
	turn_wheel_for(3700000);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(alarms[i].fired, 1);
		assert_in_range(alarms[i].at - start, delays[i], delays[i] + 2 * WHEEL_TICK_MS);
	}
}

static void a_cancelled_timer_does_not_fire_and_a_reset_one_fires_at_its_new_time(void **state)
{
	(void)state;
	struct alarm cancelled = {0}, moved = {0}, never = {0};
	now = 0;
	wheel_start(&wheel, now);
	wheel_set(&wheel, &cancelled.timer, 500, alarm_fire);
	wheel_set(&wheel, &moved.timer, 500, alarm_fire);
	wheel_cancel(&cancelled.timer);
	wheel_cancel(&cancelled.timer);
	wheel_cancel(&never.timer);
	turn_wheel_for(300);
	wheel_set(&wheel, &moved.timer, 1000, alarm_fire);
	turn_wheel_for(900);
	assert_int_equal(moved.fired, 0);
	turn_wheel_for(400);
	assert_int_equal(moved.fired, 1);
	assert_int_equal(cancelled.fired, 0);
}

static struct alarm victim, again;

static void alarm_fire_and_change_others(struct timer *timer)
{
	alarm_fire(timer);
	wheel_cancel(&victim.timer);
	wheel_set(&wheel, timer, 100, alarm_fire);
}

static void a_firing_timer_may_change_itself_and_others_of_its_tick(void **state)
{
	(void)state;
	victim = again = (struct alarm){0};
	now = 0;
	wheel_start(&wheel, now);
	wheel_set(&wheel, &again.timer, 100, alarm_fire_and_change_others);
	wheel_set(&wheel, &victim.timer, 100, alarm_fire_and_change_others);
	turn_wheel_for(250);
	assert_int_equal(victim.fired + again.fired, 1);
	turn_wheel_for(300);
	assert_int_equal(victim.fired + again.fired, victim.fired ? 3 : 2);
}

static void a_timer_fires_after_a_pause_of_the_clock(void **state)
{
	(void)state;
	struct alarm alarm = {0};
	now = 0;
	wheel_start(&wheel, now);
	wheel_set(&wheel, &alarm.timer, 60000, alarm_fire);
	wheel_turn(&wheel, 10000000);
	assert_int_equal(alarm.fired, 1);
}

/* --- the map ---------------------------------------------------------------------------------- */

struct item {
	struct link link;
	int64_t id;
};

static struct item *item_of(const struct map *map, int64_t id)
{
	for (struct link *at = map_find(map, hash_int(id)); at; at = map_next(at)) {
		struct item *item = container_of(at, struct item, link);
		if (item->id == id)
			return item;
	}
	return NULL;
}

static int freed;

static void count_and_free(struct link *link)
{
	freed++;
	free(container_of(link, struct item, link));
}

static void a_map_finds_exactly_its_items(void **state)
{
	(void)state;
	struct map map = {0};
	assert_null(item_of(&map, 1));
	for (int64_t id = 1; id <= 10000; id++) {
		struct item *item = xcalloc(1, sizeof(*item));
		item->id = id;
		map_add(&map, &item->link, hash_int(id));
	}
	for (int64_t id = 2; id <= 10000; id += 2) {
		struct item *item = item_of(&map, id);
		map_remove(&map, &item->link);
		free(item);
	}
	for (int64_t id = 0; id <= 10000; id++)
		assert_int_equal(item_of(&map, id) != NULL, id % 2);
	freed = 0;
	map_each(&map, count_and_free);
	assert_int_equal(freed, 5000);
	map_free(&map);
}

static void all_items_of_one_hash_are_found(void **state)
{
	(void)state;
	struct map map = {0};
	struct item items[200] = {0};
	for (size_t i = 0; i < 200; i++)
		map_add(&map, &items[i].link, i % 2);
	int found = 0;
	for (struct link *at = map_find(&map, 1); at; at = map_next(at))
		found++;
	assert_int_equal(found, 100);
	assert_true(hash_text("room a") != hash_text("room b"));
	map_free(&map);
}

/* --- clients that send too much --------------------------------------------------------------- */

#define SECOND INT64_C(1000000)

static void refusals_are_counted_by_consecutive_seconds(void **state)
{
	(void)state;
	struct limit limit = {0};
	for (int64_t second = 10; second < 13; second++)
		for (int i = 0; i < 5; i++)
			assert_int_equal(limit_refused(&limit, second * SECOND + i), second - 9);
	assert_int_equal(limit_refused(&limit, 20 * SECOND), 1);
	assert_int_equal(limit_refused(&limit, 20 * SECOND), 1);
}

/* --- origins ---------------------------------------------------------------------------------- */

static void origins_are_compared_as_a_whole(void **state)
{
	(void)state;
	assert_true(origin_allowed("", "", "a"));
	assert_true(origin_allowed("https://b", "", "a"));
	assert_true(origin_allowed("", "https://a:8", "a:8"));
	assert_false(origin_allowed("", "https://a:8", "a"));
	assert_true(origin_allowed("", "https://a", "A:443"));
	assert_true(origin_allowed("", "http://a:80", "a"));
	assert_false(origin_allowed("", "http://a", "a:443"));
	assert_false(origin_allowed("", "https://a", ""));
	assert_false(origin_allowed("", "null", "null"));
	assert_false(origin_allowed("", "a", "a"));
	const char *two = " https://a.example  https://b.example ";
	assert_true(origin_allowed(two, "https://a.example", "x"));
	assert_true(origin_allowed(two, "HTTPS://B.example", "x"));
	assert_false(origin_allowed(two, "https://a.exampl", "x"));
	assert_false(origin_allowed(two, "https://a.example.org", "x"));
	assert_false(origin_allowed(two, "https://x", "x"));
}

/* --- frames and queues ------------------------------------------------------------------------ */

static void a_frame_header_has_the_length_of_the_payload(void **state)
{
	(void)state;
	static const size_t sizes[] = {2, 125, 126, 65535, 65536, 300000};
	const size_t around = strlen("{\"type\":\"t\",\"data\":}");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t size = sizes[i] < around ? around : sizes[i];
		char *data = xcalloc(1, size);
		memset(data, 'x', size);
		struct frame *frame = frame_message("t", 0, data, size - around);
		const unsigned char *head = frame->data;
		size_t length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8, length = head[1];
		if (length_bytes)
			length = 0;
		for (size_t k = 0; k < length_bytes; k++)
			length = length << 8 | head[2 + k];
		assert_int_equal(head[0], 0x81);
		assert_int_equal(length, size);
		assert_int_equal(frame->bytes, 2 + length_bytes + size);
		assert_memory_equal(head + 2 + length_bytes,
				    "{\"type\":\"t\",\"data\":", around - 1);
		assert_int_equal(head[frame->bytes - 1], '}');
		frame_unref(&frame);
		free(data);
	}
}

static void a_frame_may_have_a_position(void **state)
{
	(void)state;
	struct frame *frame = frame_message("t", INT64_MAX, "{}", 2);
	static const char text[] = "{\"type\":\"t\",\"pos\":9223372036854775807,\"data\":{}}";
	assert_memory_equal(frame->data + 2, text, strlen(text));
	frame_unref(&frame);
	frame = frame_close(4008, "slow");
	assert_memory_equal(frame->data, "\x88\x06\x0f\xa8slow", frame->bytes);
	frame_unref(&frame);
}

static void a_queue_gives_whole_frames_in_order_and_counts_bytes(void **state)
{
	(void)state;
	struct queue queue = {0};
	struct buf out = {0};
	struct frame *small = frame_message("small", 0, "1", 1), *big;
	char *data = xcalloc(1, 100000);
	memset(data, 'x', 100000);
	big = frame_message("big", 0, data, 100000);
	for (int i = 0; i < 100; i++)
		queue_add(&queue, small);
	queue_add(&queue, big);
	queue_add(&queue, small);
	assert_int_equal(small->references, 102);
	assert_int_equal(queue.bytes, 101 * small->bytes + big->bytes);
	queue_take(&queue, &out, 10 * small->bytes + 1);
	assert_int_equal(out.len, 10 * small->bytes);
	queue_take(&queue, &out, 65536);
	assert_int_equal(out.len, 100 * small->bytes);
	queue_take(&queue, &out, 65536);
	assert_int_equal(out.len, 100 * small->bytes + big->bytes);
	queue_clear(&queue);
	assert_int_equal(queue.bytes + queue.count, 0);
	assert_null(queue.ring);
	assert_int_equal(small->references, 1);
	frame_unref(&small);
	frame_unref(&big);
	assert_null(big);
	buf_free(&out);
	free(data);
}

static void consecutive_text_frames_are_joined_and_control_frames_stay_separate(void **state)
{
	(void)state;
	static const char expected[] =
		"\x81\x2b{\"type\":\"a\",\"data\":1}\n{\"type\":\"b\",\"data\":2}"
		"\x89\x01."
		"\x81\x15{\"type\":\"c\",\"data\":3}";
	struct queue queue = {0};
	struct buf out = {0};
	struct frame *frames[] = {frame_message("a", 0, "1", 1), frame_message("b", 0, "2", 1),
				  frame_ping(), frame_message("c", 0, "3", 1)};
	for (size_t i = 0; i < 4; i++) {
		queue_add(&queue, frames[i]);
		frame_unref(&frames[i]);
	}
	while (queue.count > 0)
		queue_take_joined(&queue, &out, 65536);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void a_joined_frame_fits_into_one_write(void **state)
{
	(void)state;
	enum { COUNT = 300 };
	struct queue queue = {0};
	struct buf out = {0};
	char data[1000];
	memset(data, '1', sizeof(data));
	struct frame *frame = frame_message("x", 0, data, sizeof(data));
	size_t head = 4, lines = 0, line = frame->bytes - head + 1;
	for (int i = 0; i < COUNT; i++)
		queue_add(&queue, frame);
	while (queue.count > 0) {
		buf_clear(&out);
		queue_take_joined(&queue, &out, 9999);
		assert_in_range(out.len, 1, 9999);
		unsigned char high = (unsigned char)out.data[2], low = (unsigned char)out.data[3];
		assert_int_equal(high << 8 | low, out.len - head);
		assert_int_equal((out.len - head + 1) % line, 0);
		lines += (out.len - head + 1) / line;
	}
	assert_int_equal(lines, COUNT);
	frame_unref(&frame);
	buf_free(&out);
}

static bool is_answer(const struct frame *frame, void *least)
{
	if (frame->pos && frame->pos < *(int64_t *)least)
		*(int64_t *)least = frame->pos;
	return frame->class == FRAME_ANSWER;
}

static void a_sifted_queue_has_only_the_kept_frames_in_their_order(void **state)
{
	(void)state;
	struct queue queue = {0};
	struct buf out = {0};
	char expected[10 * 40] = "";
	int64_t least = 1000;
	for (int i = 1; i <= 30; i++) {
		struct frame *frame = frame_message("x", i, "1", 1);
		frame->class = i % 3 ? FRAME_EVENT : FRAME_ANSWER;
		queue_add(&queue, frame);
		if (frame->class == FRAME_ANSWER)
			memcpy(expected + strlen(expected), frame->data, frame->bytes);
		frame_unref(&frame);
	}
	queue_sift(&queue, is_answer, &least);
	assert_int_equal(least, 1);
	assert_int_equal(queue.count, 10);
	assert_int_equal(queue.bytes, strlen(expected));
	queue_take(&queue, &out, 65536);
	assert_string_equal(buf_text(&out), expected);
	assert_null(queue.ring);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_fire_once_and_not_too_early),
		cmocka_unit_test(
			a_cancelled_timer_does_not_fire_and_a_reset_one_fires_at_its_new_time),
		cmocka_unit_test(a_firing_timer_may_change_itself_and_others_of_its_tick),
		cmocka_unit_test(a_timer_fires_after_a_pause_of_the_clock),
		cmocka_unit_test(a_map_finds_exactly_its_items),
		cmocka_unit_test(all_items_of_one_hash_are_found),
		cmocka_unit_test(refusals_are_counted_by_consecutive_seconds),
		cmocka_unit_test(origins_are_compared_as_a_whole),
		cmocka_unit_test(a_frame_header_has_the_length_of_the_payload),
		cmocka_unit_test(a_frame_may_have_a_position),
		cmocka_unit_test(a_queue_gives_whole_frames_in_order_and_counts_bytes),
		cmocka_unit_test(
			consecutive_text_frames_are_joined_and_control_frames_stay_separate),
		cmocka_unit_test(a_joined_frame_fits_into_one_write),
		cmocka_unit_test(a_sifted_queue_has_only_the_kept_frames_in_their_order),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bridge", tests, NULL, NULL);
}
