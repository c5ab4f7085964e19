/* Shapes and pages: see shape.h. */
#include "store/shape.h"

#include <stdlib.h>

int page_limit(const struct page *page)
{
	return page->limit + 1;
}

int64_t page_int(const struct page *page)
{
	return page->after ? strtoll(page->after, NULL, 10) : INT64_MAX;
}

const char *page_text(const struct page *page)
{
	return page->after ? page->after : "~";
}

int shape_columns(const struct shape *shape)
{
	int columns = 0;
	while (columns < shape->count && shape->properties[columns].type != PROPERTY_LIST &&
	       shape->properties[columns].type != PROPERTY_PART)
		columns++;
	return columns;
}
