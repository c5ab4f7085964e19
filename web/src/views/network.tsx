/** The people around the user as a picture and as a list, the figures of it, and the last days. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, get } from "../api";
import { dayShort, decimal, nameOf } from "../format";
import { type Drawing, layout, undirected } from "../graph/layout";
import { Picture } from "../graph/picture";
import { neighbours } from "../graph/walk";
import type { Graph, GraphNode, Relationship } from "../model";
import { Bars } from "../parts/bars";
import { BondRing } from "../parts/bond";
import { Choice } from "../parts/choice";
import { Link } from "../parts/link";
import { Disc, Icon } from "../parts/marks";
import { Empty, Show, Waiting, Wrong, useAction, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { me, openDirect, state } from "../store/store";
import { t } from "../text";

const SOCIAL = `${PHASE3}/social`;
const MOST = 200; // people in the picture
const DAYS = 30;
const STRONGEST = 8;

interface Network {
  connections: Relationship[];
  network_strength: number;
  influence_score: number;
}
interface Day {
  day: string;
  messages: number;
  votes: number;
}

/** The picture knows the full names. */
const nameIn = (graph: Graph | undefined, tie: Relationship) =>
  nameOf(
    graph?.nodes.find(({ id }) => id === tie.related_user_id) ?? { username: tie.related_username },
  );

/** The kinds that have a name here; others are the user's own words. */
const kindOf = (type: string) => (type === "friend" ? t("a-friend") : type.replaceAll("_", " "));

// --- the picture -----------------------------------------------------------------------------------------

function GraphCard({
  graph,
  here,
  onSelect,
}: {
  graph: Graph;
  here: number;
  onSelect: (id: number) => void;
}) {
  const [, navigate] = useLocation();
  const figure = useRef<HTMLElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const width = Math.max(300, Math.round(figure.current!.clientWidth - 32));
    const height = Math.min(520, Math.max(360, Math.round(width * 0.68)));
    void layout(graph, width, height, abort.signal).then(
      (drawn) => abort.signal.aborted || setDrawing(drawn),
    );
    return () => abort.abort();
  }, [graph]);
  const isOurs = drawing?.nodes.some(({ id }) => id === here);
  return (
    <figure class="card stack s" ref={figure} aria-busy={drawing === null}>
      {drawing ? (
        <Picture
          drawing={drawing}
          here={isOurs ? here : graph.nodes[0]!.id}
          onSelect={onSelect}
          onOpen={(id) => navigate(`/people/${id}`)}
        />
      ) : (
        <Waiting lines={8} />
      )}
      <figcaption class="row wrap small muted">
        <svg class="i sign" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="6" />
        </svg>
        {t("a-person")}
        <Icon name="Twin" class="bronze" />
        {t("with-a-twin")}
        <span>{t("thicker-stronger")}</span>
        <span class="grow" />
        <span class="wide-only">
          <kbd>←</kbd> <kbd>↑</kbd> <kbd>→</kbd> {t("along-ties")} <kbd>Enter</kbd> {t("opens")}
        </span>
      </figcaption>
    </figure>
  );
}

function People({ graph }: { graph: Graph }) {
  const strength = new Map<number, number>();
  for (const { source, target, strength: value } of graph.edges)
    for (const id of [source, target]) strength.set(id, Math.max(value, strength.get(id) ?? 0));
  const [, ...others] = graph.nodes;
  return (
    <section class="card">
      <ul class="list">
        {others
          .sort(
            (a, b) =>
              a.distance - b.distance || (strength.get(b.id) ?? 0) - (strength.get(a.id) ?? 0),
          )
          .map((node) => (
            <li key={node.id} class="person">
              <Disc
                id={node.id}
                name={nameOf(node)}
                size="s"
                status={state.value.status[node.id]}
              />
              <span class="row">
                <Link class="clip" href={`/people/${node.id}`}>
                  <bdi>{nameOf(node)}</bdi>
                </Link>
                {node.twin && (
                  <span class="chip twin">{t("has-twin", { twin: node.twin.name })}</span>
                )}
              </span>
              <span class="small muted">{t("steps-away", { count: node.distance })}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}

// --- beside it ---------------------------------------------------------------------------------------------

function Selected({ graph, node }: { graph: Graph; node: GraphNode }) {
  const [, navigate] = useLocation();
  const [write, isBusy, refusal] = useAction(async () =>
    navigate(`/rooms/${await openDirect([node.id])}`),
  );
  const edges = useMemo(() => undirected(graph.edges), [graph]);
  const myId = graph.nodes[0]!.id;
  const tie = edges.find(
    ({ source, target }) =>
      (source === myId && target === node.id) || (target === myId && source === node.id),
  );
  const mine = neighbours({ edges }, myId);
  const names = (isKnown: boolean) =>
    [...neighbours({ edges }, node.id)]
      .filter((id) => id !== myId && mine.has(id) === isKnown)
      .map((id) => graph.nodes.find((other) => other.id === id))
      .filter((other) => other !== undefined)
      .slice(0, 5)
      .map(nameOf)
      .join(", ");
  const [both, theirs] = [names(true), names(false)];
  return (
    <section class="card stack s" aria-live="polite">
      <div class="row">
        <Disc id={node.id} name={nameOf(node)} status={state.value.status[node.id]} />
        <div class="grow">
          <h2 class="clip">
            <bdi>{nameOf(node)}</bdi>
          </h2>
          <p class="small muted">
            {tie
              ? `${kindOf(tie.type)} · ${t("strength", { count: Math.round(tie.strength * 100) })}`
              : t("steps-away", { count: node.distance })}
          </p>
        </div>
      </div>
      {node.twin && <p class="small">{t("has-twin", { twin: node.twin.name })}</p>}
      {both && <p class="small muted">{t("ties-of-both", { names: both })}</p>}
      {theirs && <p class="small muted">{t("knows-others", { names: theirs })}</p>}
      <Wrong>{refusal.message}</Wrong>
      <div class="row wrap">
        <Link class="btn s" href={`/people/${node.id}`}>
          {t("profile")}
        </Link>
        <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => write()}>
          {t("write")}
        </button>
      </div>
    </section>
  );
}

const Figures = ({ network }: { network: Network }) => (
  <section class="card grid2">
    <div>
      <div class="big">{decimal(network.network_strength, 2)}</div>
      <p class="small muted">{t("network-strength", { count: network.connections.length })}</p>
    </div>
    <div>
      <div class="big">{decimal(network.influence_score, 1)}</div>
      <p class="small muted">{t("influence")}</p>
    </div>
  </section>
);

const Strongest = ({ ties, graph }: { ties: Relationship[]; graph: Graph | undefined }) => (
  <section class="card">
    <h2>{t("strongest-ties")}</h2>
    <ul class="list">
      {ties.slice(0, STRONGEST).map((tie) => (
        <li key={tie.related_user_id} class="person">
          <Disc
            id={tie.related_user_id}
            name={nameIn(graph, tie)}
            size="s"
            status={state.value.status[tie.related_user_id]}
          />
          <div class="grow">
            <Link href={`/people/${tie.related_user_id}`}>
              <bdi>{nameIn(graph, tie)}</bdi>
            </Link>
            <br />
            <span class="small muted">
              {kindOf(tie.relationship_type)} · {t("together", { count: tie.interaction_count })}
            </span>
          </div>
          <BondRing strength={tie.strength} />
        </li>
      ))}
    </ul>
    <p class="small muted">
      <Link href="/settings/privacy">{t("who-sees-network")}</Link>
    </p>
  </section>
);

function Activity() {
  const days = useLoaded(
    (signal) =>
      get<Day[]>(`${SOCIAL}/analytics?days=${DAYS}`, signal).then((list) => list.reverse()),
    [],
  );
  return (
    <Show of={days} lines={3}>
      {(list) => (
        <Bars
          title={t("last-days", { count: DAYS })}
          unit={t("day")}
          labels={list.map(({ day }) => dayShort(day))}
          series={[
            { name: t("messages"), class: "", values: list.map(({ messages }) => messages) },
            { name: t("votes"), class: "b2", values: list.map(({ votes }) => votes) },
          ]}
        />
      )}
    </Show>
  );
}

// --- the view ------------------------------------------------------------------------------------------------

type Steps = "1" | "2";

export function NetworkView() {
  const [steps, setSteps] = useState<Steps>("2");
  const [isList, setList] = useState(false);
  const [here, setHere] = useState(me.value!.id);
  const network = useLoaded((signal) => get<Network>(`${SOCIAL}/network?limit=100`, signal), []);
  const graph = useLoaded(
    (signal) => get<Graph>(`${SOCIAL}/graph?depth=${steps}&limit=${MOST}`, signal),
    [steps],
  );
  const selected = graph.value?.nodes.find(({ id, distance }) => id === here && distance > 0);
  const count = graph.value ? graph.value.nodes.length - 1 : 0;
  const ties = [...(network.value?.connections ?? [])].sort((a, b) => b.strength - a.strength);
  return (
    <main class="main" id="main">
      <Bar
        title={t("network")}
        topic={graph.value && t(steps === "1" ? "within-one" : "within-two", { count })}
      >
        <Choice<Steps>
          label={t("how-far")}
          value={steps}
          onChoose={setSteps}
          options={[
            ["1", t("one-step")],
            ["2", t("two-steps")],
          ]}
        />
        {count > 0 && (
          <button type="button" class="btn wide-only" onClick={() => setList(!isList)}>
            {t(isList ? "as-picture" : "as-list")}
          </button>
        )}
      </Bar>
      <div class="scroll">
        <div class="page">
          <div class="cols">
            <div class="stack l">
              {count > 0 && (
                <div class="phone-only">
                  <button type="button" class="btn s" onClick={() => setList(!isList)}>
                    {t(isList ? "as-picture" : "as-list")}
                  </button>
                </div>
              )}
              <Show of={graph} lines={8}>
                {(drawn) =>
                  drawn.nodes.length === 1 ? (
                    <Empty title={t("no-ties")}>
                      <p>{t("no-ties-text")}</p>
                      <Link class="btn" href="/people">
                        {t("people")}
                      </Link>
                    </Empty>
                  ) : isList ? (
                    <People graph={drawn} />
                  ) : (
                    <GraphCard graph={drawn} here={here} onSelect={setHere} />
                  )
                }
              </Show>
              <Activity />
            </div>
            <div class="stack l">
              {selected && <Selected graph={graph.value!} node={selected} />}
              <Show of={network} lines={3}>
                {(known) => (
                  <>
                    <Figures network={known} />
                    {ties.length > 0 && <Strongest ties={ties} graph={graph.value} />}
                  </>
                )}
              </Show>
            </div>
          </div>
        </div>
      </div>
    </main>
  );
}
