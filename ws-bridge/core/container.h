/* From a part of a struct to the whole. */
#ifndef WS_BRIDGE_CORE_CONTAINER_H
#define WS_BRIDGE_CORE_CONTAINER_H

#include <stddef.h>

#define container_of(pointer, type, member)                                                        \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
