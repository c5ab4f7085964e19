/** A room of the user in a list: its name, what was said last, and whether there is something new. */
import { when } from "../format";
import type { Room } from "../model";
import { me } from "../store/store";
import { t } from "../text";
import { Link } from "./link";
import { Icon } from "./marks";

/** A muted room has unread messages, but says nothing of them. */
const isUnread = (room: Room) => room.unread > 0 && room.muted_until === null;

function Count({ room }: { room: Room }) {
  if (room.mentions > 0)
    return (
      <span class="count">
        <span class="sr">{t("mentions", { count: room.mentions })}</span>
        <span aria-hidden="true">{room.mentions}</span>
      </span>
    );
  if (isUnread(room))
    return (
      <span class="dotmark">
        <span class="sr">{t("unread")}</span>
      </span>
    );
  return <span />;
}

export function RoomLink({ room, isHere = false }: { room: Room; isHere?: boolean }) {
  const { id, name, topic, last } = room;
  const isMuted = room.muted_until !== null;
  const from =
    last &&
    (last.is_aeon
      ? t("twin-of", { person: last.sender_name })
      : last.sender_id === me.value?.id
        ? t("you")
        : last.sender_name);
  return (
    <Link
      href={`/rooms/${id}`}
      class={`roomlink ${isUnread(room) ? "unread" : ""} ${isMuted ? "muted-room" : ""}`}
      aria-current={isHere ? "page" : undefined}
    >
      <span class="row">
        <span class="name clip">
          <bdi>{name}</bdi>
        </span>
        {!room.is_public && room.kind !== "direct" && <Icon name="Lock" class="faint" />}
        {room.is_aeon_room && <Icon name="Twin" class="faint" />}
        {isMuted && <Icon name="BellOff" class="faint" />}
      </span>
      <span class="when">{last && when(last.at)}</span>
      <span class="last clip">
        {last ? (
          <>
            {from}:{" "}
            <span class={last.is_aeon ? "twin-voice" : ""}>
              {last.excerpt || t("shares-knowledge")}
            </span>
          </>
        ) : (
          (topic ?? t("nothing-said"))
        )}
      </span>
      <Count room={room} />
    </Link>
  );
}
