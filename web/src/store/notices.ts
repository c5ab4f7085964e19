/**
 * Notices of the browser for what is meant for the user: direct messages and mentions. There are none
 * until the user asks for them by a click, and the texts of private rooms are in none of them unless the
 * user asks for that, too.
 */
import { nameOf } from "../format";
import type { Message, Room } from "../model";
import { t } from "../text";
import { lineOf } from "./state";

export type Notices = "off" | "names" | "texts";
const KEY = "aeon.notices";

export const notices = () => (localStorage.getItem(KEY) ?? "off") as Notices;

/** To be called by a click. Resolves to what holds now: the browser may refuse. */
export async function chooseNotices(wanted: Notices): Promise<Notices> {
  const isAllowed =
    wanted === "off" ||
    ("Notification" in window && (await Notification.requestPermission()) === "granted");
  localStorage.setItem(KEY, isAllowed ? wanted : "off");
  return notices();
}

const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();

/** What a notice of the message says, as the user has chosen. */
export function noticeOf(message: Message, room: Room, chosen: Notices, isMention = true) {
  const person = message.twin?.name ?? nameOf({ ...message, username: message.sender_name });
  const title =
    room.kind === "direct"
      ? t("notice-direct", { person })
      : t(isMention ? "notice-room" : "notice-message", { person, room: room.name });
  const isShown = chosen === "texts" || room.is_public;
  return isShown ? { title, body: lineOf(message) || t("shares-knowledge") } : { title };
}

/** Whether the user wants a notice of the message: direct ones are meant for the user, as mentions are. */
export const isNoticed = (room: Room, isMention: boolean) =>
  room.muted_until === null &&
  room.notify !== "none" &&
  (isMention || room.kind === "direct" || room.notify === "all");

/** Tells of a message, unless the page is looked at. */
export function giveNotice(
  message: Message,
  room: Room,
  isMention: boolean,
  open: (id: string) => void,
) {
  const chosen = notices();
  if (chosen === "off" || isLookedAt() || !isNoticed(room, isMention)) return;
  const { title, ...more } = noticeOf(message, room, chosen, isMention);
  try {
    const notice = new Notification(title, { ...more, tag: room.id }); // one for each room
    notice.onclick = () => {
      window.focus();
      open(room.id);
      notice.close();
    };
  } catch {
    // Some browsers give notices only to a service worker, which this client has not.
  }
}
