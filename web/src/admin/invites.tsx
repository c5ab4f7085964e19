/** Invitations to the realm: links with which people make accounts. */
import { useState } from "preact/hooks";

import { API, call } from "../api";
import { full } from "../format";
import { InviteLink } from "../parts/invite-link";
import { Icon } from "../parts/marks";
import { Field, Form, More, Show, Wrong, useAction, usePages } from "../parts/ui";
import { t } from "../text";

interface Invite {
  id: number;
  created_at: string;
  expires_at: string;
  uses: number;
  used: number;
  code: string | null; // only in the answer that made it
}

export function Invites() {
  const invites = usePages<Invite>(`${API}/invites?limit=50`);
  const [made, setMade] = useState<string | null>(null);
  const [make, isBusy, refusal] = useAction(async ({ uses }: Record<string, string>) => {
    const invite = await call<Invite>("POST", `${API}/invites`, { uses: Number(uses) || 1 });
    setMade(invite.code);
    invites.again();
  });
  const [end, , unable] = useAction(async (id: number) => {
    await call("DELETE", `${API}/invites/${id}`);
    invites.again();
  });
  return (
    <>
      <Form class="card stack s" onSend={make}>
        <h2>{t("invite-people")}</h2>
        <p class="small muted">{t("invite-people-text")}</p>
        <Field
          label={t("invite-uses")}
          name="uses"
          type="number"
          min={1}
          defaultValue="1"
          wrong={refusal.of("uses")}
        />
        <Wrong>{refusal.message}</Wrong>
        <div>
          <button class="btn go" aria-disabled={isBusy}>
            <Icon name="Link" /> {t("make-link")}
          </button>
        </div>
        {made && <InviteLink code={made} />}
      </Form>
      <section>
        <h2>{t("invites")}</h2>
        <Show of={invites}>
          {(list) =>
            list.length === 0 ? (
              <p class="muted">{t("no-invites")}</p>
            ) : (
              <>
                <ul class="list">
                  {list.map(({ id, uses, used, created_at, expires_at }) => (
                    <li key={id} class="person">
                      <Icon name="Link" />
                      <div>
                        {t("invite-used", { used, uses })}
                        <br />
                        <span class="small muted">
                          {full(created_at)} · {t("until", { time: full(expires_at) })}
                        </span>
                      </div>
                      <button type="button" class="btn s" onClick={() => end(id)}>
                        {t("take-back")}
                      </button>
                    </li>
                  ))}
                </ul>
                <Wrong>{unable.message}</Wrong>
                <More of={invites} />
              </>
            )
          }
        </Show>
      </section>
    </>
  );
}
