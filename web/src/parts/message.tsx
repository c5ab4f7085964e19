/** One message: who says it, whether a person or a twin composed it, and what can be done with it. */
import { memo } from "preact/compat";
import { useState } from "preact/hooks";

import { clock, full } from "../format";
import { Markdown, type Names } from "../markdown";
import type { Message, Pending } from "../model";
import { lineOf } from "../store/state";
import { discard, pin, react, remove, sendAgain } from "../store/store";
import { t } from "../text";
import { Confirm, Dialog } from "./dialog";
import { FormerTexts } from "./former-texts";
import { Disc, Icon, Ring } from "./marks";
import { ReportDialog } from "./report";
import { SharedCard } from "./shared-card";
import { Wrong, useAction } from "./ui";

export const REACTIONS = ["👍", "❤️", "😄", "🎉", "🙏", "👀", "🌱", "💡", "😢", "🤔", "✅", "🔥"];

export interface Doing {
  stopAt: (key: string) => void;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  jump: (message_id: string) => void;
  why: (message: Message) => void;
}

interface Props {
  message: Message;
  rowKey: string;
  sender: string;
  isStop: boolean; // of the tab key
  isFirst: boolean;
  isMine: boolean;
  isAt: boolean;
  isNamed: boolean;
  isPinned: boolean;
  usernames: Names;
  mayModerate: boolean;
  original: Message | undefined;
  originalSender: string;
  doing: Doing;
}

export const isShare = ({ message_type }: Message) => message_type === "knowledge";

/** The message in a line; a deleted one has none. */
export const textOf = (message: Message, letters?: number) =>
  lineOf(message, letters) ||
  (isShare(message) && !message.deleted_at ? t("shares-knowledge") : "");

/** The name that a screen reader says: "Marram, twin of Mara, 18:21". */
export const labelOf = ({ twin, is_aeon_message, timestamp }: Message, sender: string) =>
  is_aeon_message
    ? t("twin-label", { twin: twin?.name ?? sender, person: sender, time: clock(timestamp) })
    : t("person-label", { person: sender, time: clock(timestamp) });

function Head({ message, sender, isMine }: Pick<Props, "message" | "sender" | "isMine">) {
  const { is_aeon_message: isTwin, twin, timestamp, edited_at } = message;
  return (
    <div class="head">
      <span class="name">
        <bdi>{isTwin ? (twin?.name ?? sender) : isMine ? t("you") : sender}</bdi>
      </span>
      {isTwin && (
        <span class="chip twin">{t("twin-of", { person: isMine ? t("you-object") : sender })}</span>
      )}
      <time dateTime={timestamp} title={full(timestamp)}>
        {clock(timestamp)}
      </time>
      {edited_at && !message.deleted_at && (
        <span class="meta">{t("edited", { time: clock(edited_at) })}</span>
      )}
    </div>
  );
}

function Reactions({ message }: { message: Message }) {
  const keys = Object.entries(message.reactions ?? {});
  if (keys.length === 0) return null;
  return (
    <div class="reacts">
      {keys.map(([key, count]) => {
        const isOn = message.my_reactions?.includes(key) ?? false;
        return (
          <button
            key={key}
            type="button"
            class="react"
            aria-pressed={isOn}
            tabIndex={-1}
            aria-label={t("reaction", { key, count })}
            onClick={() => void react(message, key, !isOn).catch(() => {})}
          >
            <span aria-hidden="true">{key}</span> {count}
          </button>
        );
      })}
    </div>
  );
}

function Picker({ message, onClose }: { message: Message; onClose: () => void }) {
  const [run, , refusal] = useAction(async (key: string) => {
    await react(message, key, true);
    onClose();
  });
  return (
    <Dialog title={t("react")} onClose={onClose}>
      <div class="row wrap">
        {REACTIONS.map((key) => (
          <button key={key} type="button" class="btn quiet icon emoji" onClick={() => run(key)}>
            {key}
          </button>
        ))}
      </div>
      <Wrong>{refusal.message}</Wrong>
    </Dialog>
  );
}

function Tools({
  message,
  isMine,
  isPinned,
  mayModerate,
  doing,
}: Pick<Props, "message" | "isMine" | "isPinned" | "mayModerate" | "doing">) {
  const [open, setOpen] = useState<"react" | "history" | "delete" | "report" | null>(null);
  const close = () => setOpen(null);
  const isTwin = message.is_aeon_message;
  // The realm keeps no former texts of a twin.
  const hasHistory = (isMine || mayModerate) && !isTwin && message.edited_at !== null;
  const tool = (name: string, icon: string, act: () => void) => (
    <button type="button" tabIndex={-1} aria-label={t(name)} title={t(name)} onClick={act}>
      <Icon name={icon} />
    </button>
  );
  return (
    <>
      <div class="tools" role="toolbar" aria-label={t("message-tools")}>
        {tool("react", "SmilePlus", () => setOpen("react"))}
        {tool("reply", "Reply", () => doing.reply(message))}
        {isMine && !isTwin && !isShare(message) && tool("edit", "Pencil", () => doing.edit(message))}
        {hasHistory && tool("former-texts", "History", () => setOpen("history"))}
        {mayModerate &&
          tool(
            isPinned ? "unpin" : "pin",
            isPinned ? "PinOff" : "Pin",
            () => void pin(message, !isPinned).catch(() => {}),
          )}
        {!isMine && tool("report", "Flag", () => setOpen("report"))}
        {(isMine || mayModerate) && tool("delete", "Trash2", () => setOpen("delete"))}
      </div>
      {open === "react" && <Picker message={message} onClose={close} />}
      {open === "history" && <FormerTexts message={message} onClose={close} />}
      {open === "report" && <ReportDialog kind="message" id={message.message_id} onClose={close} />}
      {open === "delete" && (
        <Confirm
          title={t("delete-title")}
          text={t("delete-text")}
          button={t("delete")}
          keep={t("keep-it")}
          onDo={() => remove(message)}
          onClose={close}
        />
      )}
    </>
  );
}

function Provenance({
  message,
  sender,
  doing,
}: {
  message: Message;
  sender: string;
  doing: Doing;
}) {
  return (
    <div class="prov">
      {message.approved_by !== null && (
        <span>
          <Icon name="Check" /> {t("approved", { person: sender })}
        </span>
      )}
      <button type="button" tabIndex={-1} onClick={() => doing.why(message)}>
        {t("why")}
      </button>
    </div>
  );
}

function Reply({
  message,
  original,
  sender,
  doing,
}: {
  message: Message;
  original: Message | undefined;
  sender: string;
  doing: Doing;
}) {
  const { reply } = message;
  const name = original ? (original.twin?.name ?? sender) : reply?.sender_name;
  const excerpt = reply?.excerpt || (original ? textOf(original, 90) : t("earlier-message"));
  const isTwin = original?.is_aeon_message ?? reply?.is_aeon;
  return (
    <button type="button" class="reply" tabIndex={-1} onClick={() => doing.jump(message.reply_to!)}>
      <Icon name="CornerDownRight" />
      {name && (
        <b class={`clip ${isTwin ? "twin-voice" : ""}`}>
          <bdi>{name}</bdi>
        </b>
      )}
      <span class={`clip ${isTwin ? "twin-voice" : ""}`}>{excerpt}</span>
    </button>
  );
}

function Said(props: Props & { hasTools: boolean }) {
  const { message, sender, isFirst, isMine, isAt, isNamed, isPinned } = props;
  const { original, originalSender, doing } = props;
  const { is_aeon_message: isTwin, deleted_at, removed } = message;
  const isGone = deleted_at !== null || removed;
  const owner = { id: message.sender_id, name: sender };
  const body = isShare(message) ? (
    <SharedCard shared={message.shared ?? null} />
  ) : (
    <div class="body">
      <Markdown text={message.content} names={props.usernames} />
    </div>
  );
  return (
    <div
      class={`msg ${isFirst ? "first" : ""} ${isTwin ? "twin" : ""} ${isAt ? "at" : ""} ${isNamed ? "named" : ""}`}
    >
      {!isFirst ? (
        <span />
      ) : isTwin ? (
        <Ring name={message.twin?.name ?? sender} owner={owner} />
      ) : (
        <Disc {...owner} />
      )}
      <div class="grow">
        {isFirst && <Head message={message} sender={sender} isMine={isMine} />}
        {message.reply_to && !isGone && (
          <Reply message={message} original={original} sender={originalSender} doing={doing} />
        )}
        {isGone ? (
          <p class="gone">{removed ? t("message-removed") : t("message-deleted")}</p>
        ) : isTwin ? (
          <div class="said">{body}</div>
        ) : (
          body
        )}
        {isPinned && !isGone && (
          <span class="meta small faint row">
            <Icon name="Pin" /> {t("is-pinned")}
          </span>
        )}
        {!isFirst && message.edited_at && !isGone && (
          <span class="meta small faint">{t("edited", { time: clock(message.edited_at) })}</span>
        )}
        {isTwin && !isGone && <Provenance message={message} sender={sender} doing={doing} />}
        {!isGone && <Reactions message={message} />}
      </div>
      {props.hasTools && !isGone && <Tools {...props} />}
    </div>
  );
}

export const MessageView = memo(function MessageView(props: Props) {
  const { message, rowKey, sender, isStop, doing } = props;
  // Most messages are only read, and the tools have more elements than the message.
  const [hasTools, setTools] = useState(false);
  return (
    <article
      tabIndex={isStop ? 0 : -1}
      aria-label={labelOf(message, sender)}
      onPointerEnter={() => setTools(true)}
      onFocusIn={() => {
        setTools(true);
        doing.stopAt(rowKey);
      }}
    >
      <Said {...props} hasTools={hasTools} />
    </article>
  );
});

export function PendingView({
  pending,
  isFirst,
  me,
  isOffline,
}: {
  pending: Pending;
  isFirst: boolean;
  me: { id: number; name: string };
  isOffline: boolean;
}) {
  const { failed, content, at } = pending;
  return (
    <div class={`msg ${isFirst ? "first" : ""} ${failed ? "failed" : ""}`}>
      {isFirst ? <Disc {...me} /> : <span />}
      <div class="grow">
        {isFirst && (
          <div class="head">
            <span class="name">{t("you")}</span>
            <time dateTime={at}>{clock(at)}</time>
          </div>
        )}
        <div class="body">
          <Markdown text={content} />
        </div>
        {failed ? (
          <span class="state bad">
            <Icon name="CircleAlert" /> {t("not-sent")} {failed}{" "}
            <button type="button" class="link" onClick={() => void sendAgain(pending)}>
              {t("try-again")}
            </button>{" "}
            <button type="button" class="link" onClick={() => discard(pending)}>
              {t("discard")}
            </button>
          </span>
        ) : (
          isOffline && (
            <span class="state">
              <Icon name="Clock" /> {t("waiting-to-be-sent")}
            </span>
          )
        )}
      </div>
    </div>
  );
}
