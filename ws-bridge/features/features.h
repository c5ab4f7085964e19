/* What the bridge can do: a feature for each command or subject. */
#ifndef WS_BRIDGE_FEATURES_FEATURES_H
#define WS_BRIDGE_FEATURES_FEATURES_H

#include "ws-bridge/core/feature.h"

extern const struct feature auth_feature, changes_feature, chat_feature, delta_feature,
	hello_feature, join_feature, lease_feature, member_list_feature, ping_feature,
	presence_feature, read_marker_feature, resume_feature, settings_feature, typing_feature;

#endif
