/*
 * /asyncapi.json: the live contract, as aeon-ws prints it.
 *
 * The bridge owns the tables of the contract, and no front end includes another. So the build runs
 * `aeon-ws --asyncapi` and compiles the document into this file.
 */
#include "cgi/request.h"

static const unsigned char document[] = {
#include "cgi/asyncapi.inc"
};

static int do_asyncapi(struct request *rq, struct problem *why)
{
	(void)why;
	buf_add(rq->out, document, sizeof(document));
	return 0;
}

static const struct route routes[] = {
	{
		.name = "asyncapi",
		.method = "GET",
		.path = "/asyncapi.json",
		.access = ACCESS_PUBLIC,
		.weight = 1,
		.tagged = true,
		.status = 200,
		.summary = "Get the description of the WebSocket as AsyncAPI 3.0",
		.handle = do_asyncapi,
	},
};
const struct routes asyncapi_routes = ROUTES("Description", routes);
