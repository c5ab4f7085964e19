/** The notifications of a room: of all messages, of mentions, or of nothing. */
import { PHASE3, call } from "../api";
import type { Notify as Kind, Room } from "../model";
import { apply } from "../store/store";
import { t } from "../text";
import { Choice } from "./choice";
import { Wrong, useAction } from "./ui";

export function Notify({ room }: { room: Room }) {
  const [run, , refusal] = useAction(async (notify: Kind) =>
    apply("room_muted", await call("PUT", `${PHASE3}/rooms/${room.id}/notify`, { notify })),
  );
  return (
    <section class="stack s">
      <h3>{t("notify")}</h3>
      <Choice
        label={t("notify")}
        value={room.notify}
        onChoose={run}
        options={[
          ["all", t("notify-all")],
          ["mentions", t("notify-mentions")],
          ["none", t("notify-none")],
        ]}
      />
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}
