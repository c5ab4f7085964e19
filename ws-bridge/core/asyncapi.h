/* The live contract as a document: the tables of commands, messages, events and close codes. */
#ifndef WS_BRIDGE_CORE_ASYNCAPI_H
#define WS_BRIDGE_CORE_ASYNCAPI_H

struct buf;

/* Appends the contract as AsyncAPI 3.0
 * (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
void asyncapi_put(struct buf *out);

#endif
