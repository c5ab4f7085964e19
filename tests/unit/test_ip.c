/* base/ip and realm/caller: the address of a request, which its headers cannot forge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "realm/caller.h"
#include "realm/settings.h"
#include "tests/unit/test.h"

static const char *printed(const char *text)
{
	static char result[IP_TEXT];
	struct ip ip;
	if (!ip_parse(text, strlen(text), &ip))
		return "none";
	ip_print(&ip, result);
	return result;
}

static const char *network_of(const char *text)
{
	static char result[IP_TEXT];
	struct ip ip;
	assert_true(ip_parse(text, strlen(text), &ip));
	ip_print_network(&ip, result);
	return result;
}

static bool is_in(const char *text, const char *networks)
{
	struct ip ip;
	assert_true(ip_parse(text, strlen(text), &ip));
	return ip_is_in(&ip, networks);
}

static void an_address_has_one_form(void **state)
{
	(void)state;
	assert_string_equal(printed("192.0.2.1"), "192.0.2.1");
	assert_string_equal(printed("192.0.2.1:65535"), "192.0.2.1");
	assert_string_equal(printed("::ffff:192.0.2.1"), "192.0.2.1");
	assert_string_equal(printed("[::ffff:192.0.2.1]:80"), "192.0.2.1");
	assert_string_equal(printed("2001:DB8:0:0::7"), "2001:db8::7");
	assert_string_equal(printed("[2001:db8::7]"), "2001:db8::7");
	assert_string_equal(printed("[2001:db8::7]:443"), "2001:db8::7");
	assert_string_equal(printed("fe80::1%eth0"), "fe80::1");
	assert_string_equal(printed("[fe80::1%25eth0]:443"), "fe80::1");
}

static void junk_is_no_address(void **state)
{
	(void)state;
	const char *const junk[] = {
		"",
		" ",
		"unknown",
		"1",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.256",
		"01.2.3.4",
		"1.2.3.4:",
		"1.2.3.4:123456",
		"1.2.3.4:x",
		"1.2.3.4%eth0",
		" 1.2.3.4",
		"[1.2.3.4]",
		"[::1",
		"::1]",
		"[::1]x",
		"[::1]:",
		"[]",
		"[]:1",
		":",
		"::g",
		"1:2:3:4:5:6:7:8:9",
		"unix:",
		"1.2.3.4\n5.6.7.8",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	for (size_t i = 0; i < sizeof(junk) / sizeof(*junk); i++)
		assert_string_equal(printed(junk[i]), "none");
	struct ip ip;
	assert_false(ip_parse("1.2.3.4\0", 8, &ip));
}

static void a_network_is_a_24_or_a_64(void **state)
{
	(void)state;
	assert_string_equal(network_of("192.0.2.77"), "192.0.2.0/24");
	assert_string_equal(network_of("::ffff:192.0.2.77"), "192.0.2.0/24");
	assert_string_equal(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
	assert_string_equal(network_of("::1"), "::/64");
}

static void a_list_has_addresses_and_networks(void **state)
{
	(void)state;
	const char *list = " 192.0.2.1  10.0.0.0/9 2001:db8::/33\t::1 ";
	assert_true(is_in("192.0.2.1", list));
	assert_true(is_in("::ffff:192.0.2.1", list));
	assert_true(is_in("10.127.255.255", list));
	assert_true(is_in("2001:db8:7fff::1", list));
	assert_true(is_in("::1", list));
	assert_false(is_in("192.0.2.2", list));
	assert_false(is_in("10.128.0.0", list));
	assert_false(is_in("2001:db8:8000::1", list));
	assert_false(is_in("::2", list));
	assert_false(is_in("192.0.2.1", ""));
	assert_true(is_in("203.0.113.9", "0.0.0.0/0"));
	assert_false(is_in("2001:db8::1", "0.0.0.0/0"));
	assert_true(is_in("2001:db8::1", "::/0"));
}

static void a_wrong_list_is_refused_and_the_entry_named(void **state)
{
	(void)state;
	const char *const wrong[] = {"10.0.0.0/33", "10.0.0.0/",   "10.0.0.0/x",   "10.0.0.0/8/8",
				     "::1/129",     "proxy",       "10.0.0.1:80",  "[::1]",
				     "10.0.0.0/-1", "10.0.0.0/8,", "10.0.0.0/1234"};
	size_t bytes;
	assert_null(ip_check_networks("", &bytes));
	assert_null(ip_check_networks("::1 10.0.0.0/8 192.0.2.1", &bytes));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char list[64];
		snprintf(list, sizeof(list), "10.0.0.0/8 %s ::1", wrong[i]);
		assert_ptr_equal(ip_check_networks(list, &bytes), list + strlen("10.0.0.0/8 "));
		assert_int_equal(bytes, strlen(wrong[i]));
	}
	struct settings settings;
	struct problem why = {0};
	setenv("AEON_TRUSTED_PROXIES", "::1 proxy.example", 1);
	assert_int_equal(settings_load(NULL, &settings, &why), -1);
	assert_int_equal(why.code, PROBLEM_CONFIG);
	assert_non_null(strstr(why.detail, "environment AEON_TRUSTED_PROXIES: trusted_proxies"));
	assert_non_null(strstr(why.detail, "\"proxy.example\""));
	unsetenv("AEON_TRUSTED_PROXIES");
}

/* The address that a request with such a peer and such a header comes from. */
static const char *caller(const char *peer, const char *forwarded)
{
	static char result[IP_TEXT];
	struct settings settings = {.trusted_proxies = "10.0.0.0/8 2001:db8::/32"};
	struct arena *arena = arena_new();
	struct caller found;
	caller_find(arena, &settings, peer, forwarded, NULL, &found);
	assert_null(found.client);
	snprintf(result, sizeof(result), "%s", found.address);
	assert_int_equal(*found.address == '\0', *found.network == '\0');
	arena_free(&arena);
	return result;
}

static void a_client_cannot_choose_its_address(void **state)
{
	(void)state;
	assert_string_equal(caller("192.0.2.1", NULL), "192.0.2.1");
	assert_string_equal(caller("192.0.2.1", "203.0.113.9"), "192.0.2.1");
	assert_string_equal(caller("192.0.2.1", "203.0.113.9, 10.0.0.1"), "192.0.2.1");
	/* The client has written all entries before the address that the proxy saw. */
	assert_string_equal(caller("10.0.0.1", "203.0.113.9, 192.0.2.1"), "192.0.2.1");
	assert_string_equal(caller("10.0.0.1", "10.0.0.9, 192.0.2.1"), "192.0.2.1");
	assert_string_equal(caller("10.0.0.1", ", ,, 192.0.2.1"), "192.0.2.1");
	assert_string_equal(caller("", "192.0.2.1"), "");
	assert_string_equal(caller("unix:", "192.0.2.1"), "");
}

static void proxies_that_are_trusted_are_walked_over(void **state)
{
	(void)state;
	assert_string_equal(caller("10.0.0.1", "192.0.2.1"), "192.0.2.1");
	assert_string_equal(caller("10.0.0.1", "192.0.2.1,10.0.0.2 ,\t[2001:db8::9]:443"),
			    "192.0.2.1");
	assert_string_equal(caller("2001:db8::1", "2001:f00::5%eth0"), "2001:f00::5");
	assert_string_equal(caller("10.0.0.1", NULL), "10.0.0.1");
	assert_string_equal(caller("10.0.0.1", "10.0.0.2"), "10.0.0.2");
	/* The other end of a local socket is trusted with every setting. */
	assert_string_equal(caller(NULL, "203.0.113.9, 192.0.2.1"), "192.0.2.1");
	assert_string_equal(caller(NULL, "192.0.2.1, 10.0.0.2"), "192.0.2.1");
	assert_string_equal(caller(NULL, NULL), "");
}

static void junk_in_the_header_names_the_proxy(void **state)
{
	(void)state;
	assert_string_equal(caller("10.0.0.1", ""), "10.0.0.1");
	assert_string_equal(caller("10.0.0.1", "unknown"), "10.0.0.1");
	assert_string_equal(caller("10.0.0.1", "192.0.2.1, _hidden"), "10.0.0.1");
	assert_string_equal(caller("10.0.0.1", "192.0.2.1, junk, 10.0.0.2"), "10.0.0.2");
	assert_string_equal(caller("10.0.0.1", "192.0.2.1,"), "10.0.0.1");
	assert_string_equal(caller(NULL, "\xff\xfe"), "");
	char huge[9 * 7000];
	memset(huge, ',', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	assert_string_equal(caller("10.0.0.1", huge), "10.0.0.1");
	for (size_t i = 0; i < sizeof(huge); i += 9)
		memcpy(huge + i, "10.0.0.3,", 9);
	huge[sizeof(huge) - 1] = '\0';
	assert_string_equal(caller("10.0.0.1", huge), "10.0.0.3");
}

static void the_name_of_a_client_is_bounded_and_valid_or_unknown(void **state)
{
	(void)state;
	struct settings settings = {.trusted_proxies = ""};
	struct arena *arena = arena_new();
	struct caller found;
	char longest[1000];
	caller_find(arena, &settings, "::1", NULL, "bad \xff", &found);
	assert_null(found.client);
	caller_find(arena, &settings, "::1", NULL, "", &found);
	assert_null(found.client);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	caller_find(arena, &settings, "::1", NULL, longest, &found);
	assert_int_equal(strlen(found.client), 200);
	struct caller *copy = caller_copy(&found);
	arena_free(&arena);
	assert_string_equal(copy->address, "::1");
	assert_string_equal(copy->network, "::/64");
	assert_int_equal(strlen(copy->client), 200);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_one_form),
		cmocka_unit_test(junk_is_no_address),
		cmocka_unit_test(a_network_is_a_24_or_a_64),
		cmocka_unit_test(a_list_has_addresses_and_networks),
		cmocka_unit_test(a_wrong_list_is_refused_and_the_entry_named),
		cmocka_unit_test(a_client_cannot_choose_its_address),
		cmocka_unit_test(proxies_that_are_trusted_are_walked_over),
		cmocka_unit_test(junk_in_the_header_names_the_proxy),
		cmocka_unit_test(the_name_of_a_client_is_bounded_and_valid_or_unknown),
	};
	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
