/** About a room: its pins, notifications and settings, and leaving it. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { API, PHASE3, call } from "../api";
import { full } from "../format";
import type { Pin, Room } from "../model";
import { Confirm, Dialog } from "../parts/dialog";
import { Icon } from "../parts/marks";
import { Notify } from "../parts/notify";
import { Report } from "../parts/report";
import { type Openness, RoomName, WhoReads } from "../parts/room-fields";
import { Area, Field, Form, IconButton, SavingForm, Wrong, useAction } from "../parts/ui";
import { apply, isAdministrator, leaveRoom, loadRoom, muteRoom, pin, state } from "../store/store";
import { t } from "../text";

export const moderates = ({ kind = "room", my_role }: Room) =>
  kind === "room" && my_role !== null && my_role !== "member";

// --- pins --------------------------------------------------------------------------------------------

export function Pins({
  room,
  mayUnpin,
  onJump,
}: {
  room: Room;
  mayUnpin: boolean;
  onJump: (pin: Pin) => void;
}) {
  const [unpin, , refusal] = useAction((message_id: string) =>
    pin({ room_id: room.id, message_id }, false),
  );
  const pins = state.value.pins[room.id] ?? [];
  if (pins.length === 0) return null;
  return (
    <section class="stack s">
      <h2>{t("pinned")}</h2>
      <ul class="stack s">
        {pins.map((pinned) => (
          <li key={pinned.message_id} class="row top">
            <button type="button" class="shared grow" onClick={() => onJump(pinned)}>
              <span class="lines small">{pinned.content}</span>
              <span class="xs muted">
                <bdi>{pinned.sender_name}</bdi>
              </span>
            </button>
            {mayUnpin && (
              <IconButton
                icon="X"
                label={t("unpin")}
                class="s"
                onClick={() => unpin(pinned.message_id)}
              />
            )}
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

// --- muting ------------------------------------------------------------------------------------------

const HOUR = 3600e3;
const AS_LONG_AS_IT_TAKES = 50 * 365 * 24 * HOUR;
const SPANS = [
  ["mute-hour", HOUR],
  ["mute-day", 24 * HOUR],
  ["mute-week", 7 * 24 * HOUR],
  ["mute-ever", AS_LONG_AS_IT_TAKES],
] as const;

function Mute({ room }: { room: Room }) {
  const [mute, isBusy, refusal] = useAction((span: number | null) =>
    muteRoom(room.id, span === null ? null : new Date(Date.now() + span)),
  );
  const until = room.muted_until;
  const isForEver = until !== null && Date.parse(until) - Date.now() > AS_LONG_AS_IT_TAKES / 2;
  return (
    <section class="stack s">
      <h3>{t("mute")}</h3>
      <p class="small muted" role="status">
        {until === null
          ? t("mute-text")
          : isForEver
            ? t("is-muted")
            : t("is-muted-until", { time: full(until) })}
      </p>
      <div class="row wrap">
        {until === null ? (
          SPANS.map(([name, span]) => (
            <button
              key={name}
              type="button"
              class="btn s"
              aria-disabled={isBusy}
              onClick={() => mute(span)}
            >
              {t(name)}
            </button>
          ))
        ) : (
          <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => mute(null)}>
            {t("unmute")}
          </button>
        )}
      </div>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

// --- for moderators ------------------------------------------------------------------------------------

function RoomSettings({ room }: { room: Room }) {
  const [openness, setOpenness] = useState<Openness>(room.is_public ? "public" : "invited");
  const save = async (values: Record<string, string>) => {
    await call("PATCH", `${PHASE3}/rooms/${room.id}`, {
      name: values["name"],
      topic: values["topic"] || null,
      description: values["description"] || null,
      max_participants: Number(values["max_participants"]),
      is_public: openness === "public",
    });
    await loadRoom(room.id);
  };
  return (
    <SavingForm onSave={save}>
      {(refusal) => (
        <>
          <h3>{t("room-settings")}</h3>
          <RoomName room={room} refusal={refusal} />
          <Area
            label={t("room-description")}
            name="description"
            defaultValue={room.description ?? ""}
            maxLength={1000}
            wrong={refusal.of("description")}
          />
          <Field
            label={t("room-most")}
            name="max_participants"
            type="number"
            min={2}
            max={10000}
            defaultValue={String(room.max_participants)}
            wrong={refusal.of("max_participants")}
          />
          <WhoReads value={openness} onChoose={setOpenness} />
        </>
      )}
    </SavingForm>
  );
}

/** An administrator of the realm closes a room with a reason, which stands in the audit log. */
export function CloseRoom({ room, onDone }: { room: Room; onDone: () => void }) {
  const path = `${API}/admin/rooms/${room.id}/close`;
  const [run, isBusy, refusal] = useAction(async ({ reason }: Record<string, string>) => {
    await (room.is_closed ? call("DELETE", path) : call("POST", path, { reason }));
    onDone();
  });
  return (
    <Form class="stack s" onSend={run}>
      <h3>{t("close-room")}</h3>
      <p class="small muted">{t(room.is_closed ? "room-closed" : "close-room-text")}</p>
      {!room.is_closed && (
        <Field label={t("reason")} name="reason" wrong={refusal.of("reason")} required />
      )}
      <Wrong>{refusal.message}</Wrong>
      <div>
        <button class="btn s" aria-disabled={isBusy}>
          {t(room.is_closed ? "open-room" : "close-room")}
        </button>
      </div>
    </Form>
  );
}

// --- the dialog ------------------------------------------------------------------------------------------

export function RoomAbout({
  room,
  onJump,
  onClose,
}: {
  room: Room;
  onJump: (pin: Pin) => void;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<"leave" | "delete" | null>(null);
  const isRoom = (room.kind ?? "room") === "room";
  const leave = async (isForAll: boolean) => {
    if (isForAll) {
      await call("DELETE", `${PHASE3}/rooms/${room.id}`);
      apply("room_removed", { room_id: room.id });
    } else await leaveRoom(room.id);
    navigate("/");
  };
  return (
    <Dialog title={room.name} onClose={onClose}>
      <div class="stack l">
        {room.description && <p class="muted">{room.description}</p>}
        <Pins room={room} mayUnpin={moderates(room)} onJump={onJump} />
        <Mute room={room} />
        <Notify room={room} />
        {moderates(room) && <RoomSettings room={room} />}
        {isRoom && isAdministrator() && (
          <CloseRoom room={room} onDone={() => void loadRoom(room.id)} />
        )}
        <div class="row wrap">
          <Report kind="room" id={room.id} />
          <button type="button" class="btn quiet s" onClick={() => setAsking("leave")}>
            <Icon name="LogOut" /> {t("leave-room")}
          </button>
          {isRoom && room.my_role === "owner" && (
            <button type="button" class="btn quiet s" onClick={() => setAsking("delete")}>
              <Icon name="Trash2" /> {t("delete-room")}
            </button>
          )}
        </div>
      </div>
      {asking && (
        <Confirm
          title={t(`${asking}-room-title`)}
          text={isRoom ? t(`${asking}-room-text`) : t("leave-direct-text")}
          button={t(asking === "leave" ? "leave-room" : "delete-room")}
          onDo={() => leave(asking === "delete")}
          onClose={() => setAsking(null)}
        />
      )}
    </Dialog>
  );
}
