/** The rooms that an administrator may see, and removed things that can be restored. */
import { useEffect, useState } from "preact/hooks";

import { API, PHASE3, call, query } from "../api";
import { full } from "../format";
import type { Room } from "../model";
import { useSearchBox } from "../parts/find";
import { Link } from "../parts/link";
import { Audience, Icon } from "../parts/marks";
import { Empty, More, Show, Wrong, useAction, usePages } from "../parts/ui";
import { t } from "../text";
import { CloseRoom } from "../views/room-about";
import { RemoveForm } from "./removal";

interface Removal {
  id: number;
  kind: string;
  object: string;
  author_name: string | null;
  remover_name: string | null;
  removed_at: string;
  reason: string;
}

function RoomRow({ room, onChange }: { room: Room; onChange: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li class="person">
      <Icon name={room.is_public ? "Hash" : "Lock"} class="faint" />
      <div>
        <Link href={`/rooms/${room.id}`}>
          <bdi>{room.name}</bdi>
        </Link>{" "}
        {room.is_closed && <span class="chip warn">{t("is-closed")}</span>}
        <br />
        <span class="small muted row">
          <Audience reach={room.is_public ? 2 : 1}>
            {t(room.is_public ? "visibility-public" : "invited-only")}
          </Audience>
          {t("people-count", { count: room.current_participants })}
        </span>
      </div>
      <button
        type="button"
        class="btn quiet icon s"
        aria-expanded={isOpen}
        aria-label={t("actions-for", { person: room.name })}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="Ellipsis" />
      </button>
      {isOpen && (
        <div class="stack across">
          <CloseRoom room={room} onDone={onChange} />
          <RemoveForm kind="room" id={room.id} onDone={onChange} />
        </div>
      )}
    </li>
  );
}

function Removals({ times }: { times: number }) {
  const list = usePages<Removal>(`${API}/admin/removals?limit=50`);
  useEffect(() => list.again(), [times]);
  const [restore, isBusy, refusal] = useAction(async ({ kind, object }: Removal) => {
    await call("POST", `${API}/admin/restore`, { kind, id: object });
    list.again();
  });
  return (
    <section class="stack s">
      <h2>{t("removed-things")}</h2>
      <Show of={list} lines={3}>
        {(removals) =>
          removals.length === 0 ? (
            <p class="muted">{t("nothing-removed")}</p>
          ) : (
            <>
              <ul class="list">
                {removals.map((removal) => (
                  <li key={removal.id} class="person">
                    <span class="chip line">{t(`kind-${removal.kind}`)}</span>
                    <div>
                      {removal.author_name && <bdi>{removal.author_name}</bdi>}{" "}
                      <span class="small muted">
                        {full(removal.removed_at)} ·{" "}
                        {t("removed-by", { person: removal.remover_name ?? "–" })} ·{" "}
                        {removal.reason}
                      </span>
                    </div>
                    <button
                      type="button"
                      class="btn s"
                      aria-disabled={isBusy}
                      onClick={() => restore(removal)}
                    >
                      {t("restore")}
                    </button>
                  </li>
                ))}
              </ul>
              <Wrong>{refusal.message}</Wrong>
              <More of={list} />
            </>
          )
        }
      </Show>
    </section>
  );
}

export function AdminRooms() {
  const [searchBox, text] = useSearchBox(t("find-room"));
  const [times, setTimes] = useState(0);
  const rooms = usePages<Room>(`${PHASE3}/rooms${query({ q: text, limit: 50 })}`);
  const onChange = () => {
    rooms.again();
    setTimes(times + 1);
  };
  return (
    <>
      {searchBox}
      <p class="small muted">{t("admin-rooms-text")}</p>
      <Show of={rooms} lines={8}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={text ? t("nothing-found", { text }) : t("no-rooms")} />
          ) : (
            <>
              <ul class="list">
                {list.map((room) => (
                  <RoomRow key={room.id} room={room} onChange={onChange} />
                ))}
              </ul>
              <More of={rooms} />
            </>
          )
        }
      </Show>
      <Removals times={times} />
    </>
  );
}
