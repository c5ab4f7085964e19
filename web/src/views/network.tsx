/** The user's ties, the strongest first, and the figures that come of them. */
import { Link } from "wouter-preact";

import { PHASE3, get } from "../api";
import { nameOf } from "../format";
import type { Relationship } from "../model";
import { Disc } from "../parts/marks";
import { Empty, Show, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { state } from "../store/store";
import { t } from "../text";
import { BondRing } from "./people";

interface Network {
  connections: Relationship[];
  network_strength: number;
  influence_score: number;
}

export function NetworkView() {
  const network = useLoaded(
    (signal) => get<Network>(`${PHASE3}/social/network?limit=100`, signal),
    [],
  );
  return (
    <main class="main" id="main">
      <Bar title={t("network")} />
      <div class="scroll">
        <div class="page narrow stack l">
          <Show of={network}>
            {({ connections, network_strength, influence_score }) => (
              <>
                <section class="card grid2">
                  <div>
                    <div class="big">{network_strength.toFixed(2)}</div>
                    <p class="small muted">
                      {t("network-strength", { count: connections.length })}
                    </p>
                  </div>
                  <div>
                    <div class="big">{influence_score.toFixed(1)}</div>
                    <p class="small muted">{t("influence")}</p>
                  </div>
                </section>
                {connections.length === 0 ? (
                  <Empty title={t("no-ties")}>
                    <p>{t("no-ties-text")}</p>
                    <Link class="btn" href="/people">
                      {t("people")}
                    </Link>
                  </Empty>
                ) : (
                  <section>
                    <h2>{t("strongest-ties")}</h2>
                    <ul class="list">
                      {[...connections]
                        .sort((a, b) => b.strength - a.strength)
                        .map((tie) => {
                          const name = nameOf({
                            username: tie.related_username,
                            full_name: tie.related_full_name ?? null,
                          });
                          return (
                            <li key={tie.related_user_id} class="person">
                              <Disc
                                id={tie.related_user_id}
                                name={name}
                                status={state.value.status[tie.related_user_id]}
                              />
                              <div class="grow">
                                <Link href={`/people/${tie.related_user_id}`}>
                                  <b>
                                    <bdi>{name}</bdi>
                                  </b>
                                </Link>
                                <br />
                                <span class="small muted">
                                  {tie.relationship_type} ·{" "}
                                  {t("together", { count: tie.interaction_count })}
                                </span>
                              </div>
                              <BondRing strength={tie.strength} />
                            </li>
                          );
                        })}
                    </ul>
                  </section>
                )}
              </>
            )}
          </Show>
        </div>
      </div>
    </main>
  );
}
