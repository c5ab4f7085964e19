/** The first steps of a realm's owner, until somebody has said something. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { API, call } from "../api";
import { nameOf } from "../format";
import type { Room, User } from "../model";
import { t } from "../text";
import { InviteLink } from "./invite-link";
import { Link } from "./link";
import { Icon } from "./marks";
import { Empty, Wrong, useAction } from "./ui";

export const isNew = (user: User, rooms: Room[]) =>
  user.role === "owner" && rooms.every(({ last }) => last === null);

const Step = ({
  number,
  title,
  text,
  isDone = false,
  children,
}: {
  number: number;
  title: string;
  text: string;
  isDone?: boolean;
  children: ComponentChildren;
}) => (
  <li class={isDone ? "done" : ""}>
    <span class="n" aria-hidden="true">
      {isDone ? <Icon name="Check" /> : number}
    </span>
    <div>
      <b>{title}</b>
      <p class="small muted">{text}</p>
    </div>
    {children}
  </li>
);

export function FirstSteps({
  user,
  rooms,
  onCreate,
}: {
  user: User;
  rooms: Room[];
  onCreate: () => void;
}) {
  const [code, setCode] = useState<string | null>(null);
  const [invite, isBusy, refusal] = useAction(async () =>
    setCode((await call<{ code: string }>("POST", `${API}/invites`, { uses: 1 })).code),
  );
  const room = rooms[0];
  return (
    <section class="stack">
      <Empty title={t("quiet-title")}>
        <p>{t("first-here", { person: nameOf(user) })}</p>
        <p>{t("quiet-text")}</p>
      </Empty>
      <ol class="card steps">
        <Step
          number={1}
          title={t("step-account")}
          text={t("step-account-text", { username: user.username })}
          isDone
        >
          <span class="small muted">{t("done")}</span>
        </Step>
        <Step
          number={2}
          title={t("step-room")}
          text={room ? t("step-room-text", { room: room.name }) : t("no-rooms-text")}
        >
          {room ? (
            <Link class="btn go s" href={`/rooms/${room.id}`}>
              {t("come-in")}
            </Link>
          ) : (
            <button type="button" class="btn go s" onClick={onCreate}>
              {t("make-room")}
            </button>
          )}
        </Step>
        <Step number={3} title={t("step-people")} text={t("step-people-text")}>
          <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => invite()}>
            <Icon name="Link" /> {t("make-link")}
          </button>
        </Step>
        <Step number={4} title={t("your-twin")} text={t("step-twin-text")}>
          <Link class="btn s" href="/twin">
            {t("meet-it")}
          </Link>
        </Step>
      </ol>
      <Wrong>{refusal.message}</Wrong>
      {code && <InviteLink code={code} />}
    </section>
  );
}
