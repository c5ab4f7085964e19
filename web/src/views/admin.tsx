/** The realm for its administrators: one tab for each kind of work. */
import type { ComponentType } from "preact";

import { AuditLog } from "../admin/audit";
import { HealthReport } from "../admin/health";
import { Invites } from "../admin/invites";
import { Reports } from "../admin/reports";
import { AdminRooms } from "../admin/rooms";
import { AdminSettings } from "../admin/settings";
import { Users } from "../admin/users";
import { Empty, Tabs } from "../parts/ui";
import { Bar } from "../shell";
import { isAdministrator } from "../store/store";
import { t } from "../text";

const TABS: Record<string, [name: string, view: ComponentType]> = {
  health: ["health", HealthReport],
  reports: ["reports", Reports],
  users: ["people", Users],
  rooms: ["rooms", AdminRooms],
  invites: ["invites", Invites],
  audit: ["audit", AuditLog],
  settings: ["settings", AdminSettings],
};

export function AdminView({ tab }: { tab: string }) {
  const View = TABS[tab]?.[1];
  const isAllowed = isAdministrator();
  return (
    <main class="main" id="main">
      <Bar title={t("the-realm")} back="/settings">
        {isAllowed && (
          <Tabs
            label={t("the-realm")}
            tabs={Object.entries(TABS).map(([name, [text]]) => [`/admin/${name}`, t(text)])}
          />
        )}
      </Bar>
      <div class="scroll">
        <div class="page stack l">
          {isAllowed && View ? <View /> : <Empty title={t("not-for-you")} />}
        </div>
      </div>
    </main>
  );
}
