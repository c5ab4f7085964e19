/** An invitation's link, right after it was made, and making one into a room. */
import { useState } from "preact/hooks";

import { API, call } from "../api";
import type { Room } from "../model";
import { t } from "../text";
import { Copy } from "./copy";
import { Icon } from "./marks";
import { Wrong, useAction } from "./ui";

const USES_OF_ROOM_LINK = 10;

const linkOf = (code: string) => `${location.origin}/join/${code}`;

export const InviteLink = ({ code }: { code: string }) => (
  <div class="row wrap" role="status">
    <span class="grow">
      {t("invite-made")} <code>{linkOf(code)}</code>
    </span>
    <Copy text={linkOf(code)} />
  </div>
);

/** For administrators who moderate the room. */
export function RoomLinkMaker({ room }: { room: Room }) {
  const [code, setCode] = useState<string | null>(null);
  const [make, isBusy, refusal] = useAction(async () => {
    const body = { room_id: room.id, uses: USES_OF_ROOM_LINK };
    setCode((await call<{ code: string }>("POST", `${API}/invites`, body)).code);
  });
  return (
    <div class="stack s">
      <p class="small muted">{t("room-link-text", { count: USES_OF_ROOM_LINK })}</p>
      <div>
        <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => make()}>
          <Icon name="Link" /> {t("make-link")}
        </button>
      </div>
      <Wrong>{refusal.message}</Wrong>
      {code && <InviteLink code={code} />}
    </div>
  );
}
