/** The audit log: actions on accounts and rights, with user and address. */
import { useState } from "preact/hooks";

import { API, query } from "../api";
import { full } from "../format";
import { Empty, More, SearchBox, Show, usePages } from "../parts/ui";
import { t } from "../text";

interface Entry {
  id: number;
  created_at: string;
  action: string;
  actor_name: string | null;
  address: string | null;
  kind: string | null;
  object: string | null;
  detail: string | null;
  times: number;
}

/** The names of actions are those of the API, so that they can be looked up. */
const words = (action: string) => action.replaceAll("_", " ");

export function AuditLog() {
  const [text, setText] = useState("");
  const entries = usePages<Entry>(`${API}/admin/audit${query({ limit: 100 })}`);
  const wanted = text.trim().toLowerCase();
  const fits = (entry: Entry) =>
    [words(entry.action), entry.actor_name, entry.address, entry.object, entry.detail].some(
      (part) => part?.toLowerCase().includes(wanted),
    );
  return (
    <>
      <SearchBox label={t("search-audit")} value={text} onInput={setText} />
      <Show of={entries} lines={10}>
        {(all) => {
          const list = all.filter(fits);
          return (
            <>
              {list.length === 0 ? (
                <Empty title={t("nothing-found", { text })} />
              ) : (
                <div class="sideways high" tabIndex={0} role="region" aria-label={t("audit")}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">{t("when")}</th>
                        <th scope="col">{t("action")}</th>
                        <th scope="col">{t("actor")}</th>
                        <th scope="col">{t("about-what")}</th>
                        <th scope="col">{t("address")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {list.map((entry) => (
                        <tr key={entry.id}>
                          <td class="num-start">{full(entry.created_at)}</td>
                          <td>
                            {words(entry.action)}
                            {entry.times > 1 && ` × ${entry.times}`}
                          </td>
                          <td>
                            <bdi>{entry.actor_name ?? "–"}</bdi>
                          </td>
                          <td>
                            {[entry.kind, entry.object, entry.detail].filter(Boolean).join(" ")}
                          </td>
                          <td>{entry.address ?? "–"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              <More of={entries} />
            </>
          );
        }}
      </Show>
    </>
  );
}
