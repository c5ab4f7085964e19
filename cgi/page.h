/* Pages that the program shows itself: without a style, and without a script. */
#ifndef CGI_PAGE_H
#define CGI_PAGE_H

#define HTML "text/html; charset=utf-8"

#define PAGE(body)                                                                                 \
	"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"                          \
	"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"                  \
	"<title>AEON Realm</title></head><body><h1>AEON Realm</h1>" body "</body></html>\n"

#endif
