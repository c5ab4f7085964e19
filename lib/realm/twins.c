/* The settings of twins: see twins.h. */
#include "realm/twins.h"

static const struct property twin_properties[] = {
	PROPERTY("name", TEXT, .help = "Name of the twin; by default your name."),
	PROPERTY("persona", TEXT, .nullable = true, .help = "How the twin speaks. It is public."),
	PROPERTY("traits", OBJECT, .help = "Any JSON object about the twin. It is public."),
	PROPERTY("autopilot", TEXT,
		 .help = "off: the twin answers nobody but you; draft: its answers wait for you; "
			 "on: "
			 "it answers by itself."),
	PROPERTY("answers_to", TEXT, .help = "everyone, friends or nobody."),
	PROPERTY("only_when_away", BOOL,
		 .help = "Whether the twin answers only while you are not connected."),
	PROPERTY("quiet_hours", OBJECT, .nullable = true,
		 .help = "`from` and `to` as HH:MM, and `utc_offset` in minutes east of UTC."),
	PROPERTY("model", TEXT, .nullable = true, .help = "null: the realm's."),
	PROPERTY("max_replies_per_day", INT),
	PROPERTY("max_replies_per_person", INT,
		 .help = "A day; by default half of max_replies_per_day."),
};
const struct shape twin_shape = SHAPE("Twin", twin_properties);
