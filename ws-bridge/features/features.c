/* The table of features, through which the core reaches them. Their order does not matter. */
#include "ws-bridge/features/features.h"

#include <stddef.h>

const struct feature *const features[] = {
	&auth_feature,
	&changes_feature,
	&chat_feature,
	&delta_feature,
	&hello_feature,
	&join_feature,
	&lease_feature,
	&member_list_feature,
	&ping_feature,
	&presence_feature,
	&read_marker_feature,
	&resume_feature,
	&settings_feature,
	&typing_feature,
	NULL,
};
