/** Shares a piece of knowledge with a room of the user, where it becomes a message. */
import { useState } from "preact/hooks";

import { call } from "../api";
import type { Knowledge, Room } from "../model";
import { KNOWLEDGE } from "../store/knowledge";
import { rooms } from "../store/store";
import { t } from "../text";
import { Dialog } from "./dialog";
import { useSearchBox } from "./find";
import { Link } from "./link";
import { Audience, Icon } from "./marks";
import { Wrong, useAction } from "./ui";

const MOST = 12; // rooms that are shown

export function ShareInRoom({ piece, onClose }: { piece: Knowledge; onClose: () => void }) {
  const [searchBox, text] = useSearchBox(t("find-room"));
  const [shared, setShared] = useState<Room | null>(null);
  const [share, isBusy, refusal] = useAction(async (room: Room) => {
    setShared(null);
    await call("POST", `${KNOWLEDGE}/${piece.id}/share`, { room_id: room.id });
    setShared(room);
  });
  const found = rooms.value
    .filter(({ is_closed }) => !is_closed)
    .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <Dialog title={t("share-in-room")} onClose={onClose}>
      <p class="muted">{t("share-in-room-text")}</p>
      {searchBox}
      {found.length === 0 && (
        <p class="muted">{text ? t("nothing-found", { text }) : t("no-rooms")}</p>
      )}
      <ul class="list">
        {found.slice(0, MOST).map((room) => (
          <li key={room.id}>
            <button
              type="button"
              class="person pick"
              aria-disabled={isBusy}
              onClick={() => share(room)}
            >
              <Icon name="House" />
              <span class="clip">
                <bdi>{room.name}</bdi>
              </span>
              <Audience reach={room.is_public ? 2 : 1}>
                {t("people-count", { count: room.current_participants })}
              </Audience>
            </button>
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
      {shared && (
        <p class="state" role="status">
          <Icon name="Check" />
          <Link href={`/rooms/${shared.id}`}>{t("is-shared", { room: shared.name })}</Link>
        </p>
      )}
    </Dialog>
  );
}
