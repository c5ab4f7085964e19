/** Where the user writes: it keeps a draft for each room, and says who will read the message. */
import type { ComponentChildren } from "preact";
import { forwardRef } from "preact/compat";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Member, Message } from "../model";
import { draftOf, keepDraft } from "../store/drafts";
import { edit, restAt, send, typing } from "../store/store";
import { t } from "../text";
import { begunName, completed, useCompletion } from "./completion";
import { Audience, Icon, type Reach } from "./marks";
import { Countdown, Wrong, sentence } from "./ui";

const MOST = 4000;
const COUNTED_FROM = 3800;
const TYPING_EVERY = 3000; // milliseconds

export interface ComposerHandle {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  focus: () => void;
}

interface Props {
  room_id: string;
  me: number;
  reach: Reach;
  audience: string;
  members: Member[];
  isModerator: boolean;
  nameOf: (message: Message) => string;
  find: (message_id: string) => Message | undefined;
  lastOwn: () => Message | undefined;
  onSent: () => void;
}

export const Composer = forwardRef<ComposerHandle, Props>(function Composer(props, handle) {
  const { room_id, me } = props;
  const [draft] = useState(() => draftOf(localStorage, me, room_id));
  const [text, setText] = useState(draft.text);
  const [replyTo, setReplyTo] = useState<string | null>(draft.reply_to ?? null);
  const [edited, setEdited] = useState<Message | null>(null);
  const [wrong, setWrong] = useState<ComponentChildren>(null);
  const [isKept, setKept] = useState(draft.text !== "");
  const area = useRef<HTMLTextAreaElement>(null);
  const lastTyping = useRef(0);
  const [caret, setCaret] = useState(0);
  const begun = begunName(text, caret);
  const completion = useCompletion(begun, props.members, me, props.isModerator, (username) => {
    const now = completed(text, caret, begun!, username);
    setText(now.text);
    setCaret(now.caret);
    requestAnimationFrame(() => area.current?.setSelectionRange(now.caret, now.caret));
  });
  const length = [...text].length;

  useLayoutEffect(() => {
    if (edited) return;
    setKept(keepDraft(localStorage, me, room_id, { text, reply_to: replyTo }) && text !== "");
  }, [text, replyTo, edited]);

  const say = (isTyping: boolean) => {
    const now = Date.now();
    if (isTyping && now - lastTyping.current < TYPING_EVERY) return;
    if (!isTyping && lastTyping.current === 0) return;
    if (typing(room_id, isTyping) || !isTyping) lastTyping.current = isTyping ? now : 0;
  };
  useEffect(() => () => say(false), []);

  const focus = () => area.current?.focus();
  const beginEdit = (message: Message) => {
    setEdited(message);
    setText(message.content);
    focus();
  };
  useImperativeHandle(
    handle,
    () => ({
      reply: (message) => {
        setReplyTo(message.message_id);
        focus();
      },
      edit: beginEdit,
      focus,
    }),
    [],
  );

  const cancel = () => {
    setWrong(null);
    if (edited) setText(draftOf(localStorage, me, room_id).text);
    else setReplyTo(null);
    setEdited(null);
  };

  const submit = () => {
    const content = text.trim();
    if (!content || length > MOST) return;
    setWrong(null);
    say(false);
    if (edited) {
      edit(edited, content).then(cancel, (error: unknown) => setWrong(sentence(error)));
      return;
    }
    void send(room_id, content, replyTo);
    setText("");
    setReplyTo(null);
    props.onSent();
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || completion.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (edited || replyTo)) {
      event.preventDefault();
      cancel();
    } else if (event.key === "ArrowUp" && text === "") {
      const last = props.lastOwn();
      if (!last) return;
      event.preventDefault();
      beginEdit(last);
    }
  };

  const original = replyTo ? props.find(replyTo) : undefined;
  return (
    <div class="composer">
      <div class="box">
        {(edited || replyTo) && (
          <div class="ctx">
            <Icon name={edited ? "Pencil" : "Reply"} />
            <span class="grow clip">
              {edited
                ? t("editing")
                : original
                  ? t("replying-to", { person: props.nameOf(original) })
                  : t("replying")}
            </span>
            <button type="button" class="btn quiet s" onClick={cancel}>
              {t("cancel")} <kbd class="wide-only">Esc</kbd>
            </button>
          </div>
        )}
        {completion.list}
        <textarea
          ref={area}
          {...completion.attributes}
          class="text"
          rows={1}
          value={text}
          aria-label={t("message")}
          placeholder={t("write-here")}
          aria-describedby="who-reads"
          onKeyDown={onKey}
          onBlur={() => say(false)}
          onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setCaret(event.currentTarget.selectionEnd);
            if (!edited) say(event.currentTarget.value !== "");
          }}
        />
        <span class="sr" role="status">
          {completion.said}
        </span>
        <div class="foot">
          <span class="grow" />
          {length > COUNTED_FROM && (
            <span class={`num small ${length > MOST ? "state bad" : "faint"}`} role="status">
              {t("letters-left", { count: MOST - length })}
            </span>
          )}
          <button
            type="button"
            class="btn go s"
            aria-disabled={text.trim() === "" || length > MOST}
            onClick={submit}
          >
            <Icon name={edited ? "Check" : "ArrowUp"} />
            <span>{edited ? t("save") : t("send")}</span>
          </button>
        </div>
      </div>
      <Wrong>{wrong}</Wrong>
      {restAt.value !== null && (
        <p class="state" role="status">
          <Icon name="Clock" />
          <Countdown key={restAt.value} until={restAt.value} text="sent-later" end="sent-now" />
        </p>
      )}
      <div class="under" id="who-reads">
        <Audience reach={props.reach}>{props.audience}</Audience>
        <span class="wide-only faint">{isKept && !edited ? t("draft-kept") : ""}</span>
      </div>
    </div>
  );
});
