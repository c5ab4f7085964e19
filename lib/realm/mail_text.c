/* The text of a mail: see mail_text.h. */
#include "realm/mail_text.h"

#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/clock.h"

#define LINE_BYTES 57 /* become 76 letters of base64 */

/* {name}, {site} and {shown} stand for what the mail is about, {end} for the link that ends such
 * mails. */
static const struct {
	const char *subject, *text;
} texts[MAIL_KIND__COUNT] = {
	[MAIL_ADDRESS] = {"Confirm your address",
			  "Hello {name},\n\n"
			  "this address was given for the account {name} at {site}.\n\n"
			  "If it is yours, confirm it there with this code:\n\n    {shown}\n\n"
			  "The code is valid for a day. If you have no account there, ignore this "
			  "mail: nothing else will come.\n"},
	[MAIL_PASSWORD] = {"A new password",
			   "Hello {name},\n\n"
			   "somebody has asked for a new password of the account {name} at "
			   "{site}.\n\n"
			   "If it was you, set one there with this code:\n\n    {shown}\n\n"
			   "The code is valid for an hour, and once. If it was not you, ignore "
			   "this mail: your password stays as it is.\n"},
	[MAIL_DEVICE] = {"A login from another network",
			 "Hello {name},\n\n"
			 "somebody has signed in to the account {name} at {site}, from a network "
			 "from which you have not signed in lately. The program was:\n\n"
			 "    {shown}\n\n"
			 "If it was not you, change your password and end that login.\n"},
	[MAIL_DIGEST] = {"What you have missed",
			 "Hello {name},\n\n"
			 "while you were away from {site}, there came:\n\n{shown}\n"
			 "Such a mail comes at most once an hour. The settings of your account say "
			 "what it may tell. To get none any more, open:\n\n    {end}\n"},
};

static void put_date(struct buf *out, int64_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)(at / CLOCK_SECOND);
	struct tm utc;
	gmtime_r(&seconds, &utc);
	buf_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * utc.tm_wday,
		   utc.tm_mday, months + 3 * utc.tm_mon, utc.tm_year + 1900, utc.tm_hour,
		   utc.tm_min, utc.tm_sec);
}

static void put_base64(struct buf *out, const struct buf *text)
{
	char line[LINE_BYTES * 2];
	for (size_t at = 0; at < text->len; at += LINE_BYTES) {
		size_t bytes = text->len - at < LINE_BYTES ? text->len - at : LINE_BYTES;
		sodium_bin2base64(line, sizeof(line), (const unsigned char *)text->data + at, bytes,
				  sodium_base64_VARIANT_ORIGINAL);
		buf_printf(out, "%s\r\n", line);
	}
}

static void put_link(struct buf *out, const struct mail *mail, const struct mail_origin *origin,
		     const char *path)
{
	size_t bytes = strlen(origin->site);
	while (bytes > 0 && origin->site[bytes - 1] == '/')
		bytes--;
	buf_printf(out, "%.*s%s?token=%s", (int)bytes, origin->site, path, mail->token);
}

static void put_text(struct buf *out, const struct mail *mail, const struct mail_origin *origin,
		     const struct buf *link)
{
	const char *shown = mail->code[0] ? mail->code : mail->detail;
	const struct {
		const char *name, *value;
	} values[] = {{"{name}", mail->username},
		      {"{site}", origin->site},
		      {"{shown}", shown ? shown : "unknown"},
		      {"{end}", link->data}};
	for (const char *at = texts[mail->kind].text; *at;) {
		size_t plain = strcspn(at, "{");
		buf_add(out, at, plain);
		at += plain;
		for (size_t i = 0; i < sizeof(values) / sizeof(*values) && *at; i++) {
			size_t bytes = strlen(values[i].name);
			if (strncmp(at, values[i].name, bytes) == 0) {
				buf_puts(out, values[i].value);
				at += bytes;
				break;
			}
		}
	}
}

void mail_compose(const struct mail *mail, const struct mail_origin *origin, struct buf *out)
{
	struct buf text = {0}, link = {0};
	if (mail->token)
		put_link(&link, mail, origin, MAIL_UNSUBSCRIBE_PAGE);
	put_text(&text, mail, origin, &link);
	buf_printf(out, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n", origin->from, mail->recipient,
		   texts[mail->kind].subject);
	put_date(out, clock_now());
	buf_printf(out, "Message-ID: <%lld.%s%s>\r\n", (long long)mail->id, origin->epoch,
		   strchr(origin->from, '@'));
	if (mail->token) {
		buf_puts(out, "List-Unsubscribe:\r\n <");
		put_link(out, mail, origin, MAIL_UNSUBSCRIBE_PATH);
		buf_puts(out, ">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
	}
	buf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(out, &text);
	if (text.data)
		sodium_memzero(text.data, text.len);
	buf_free(&text);
	buf_free(&link);
}
