/** The page of the live API: the realm's AsyncAPI document, and a console to try it out. */
import { type ComponentChildren, Fragment } from "preact";
import { useEffect } from "preact/hooks";

import { get } from "../api";
import { Console } from "../live/console";
import { type Contract, type Message, type Schema, messagesOf, resolve, typeOf } from "../live/contract";
import { Mark } from "../parts/marks";
import { Show, useLoaded } from "../parts/ui";
import { signedIn } from "../store/store";
import { t } from "../text";
import "../../styles/live.css";

const DEEPEST = 6; // objects in objects

function typeText(contract: Contract, schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((choice) => JSON.stringify(choice)).join(" | ");
  const type = typeOf(schema);
  const text = schema.items
    ? `${typeText(contract, resolve(contract, schema.items))}[]`
    : schema.format === "date-time"
      ? schema.format
      : type;
  return Array.isArray(schema.type) && schema.type.includes("null") ? `${text} | null` : text;
}

/** A help text, in which names stand between backticks. */
const Help = ({ text }: { text: string }) => (
  <>{text.split("`").map((part, index) => (index % 2 ? <code>{part}</code> : part))}</>
);

function Rows({ contract, of, depth = 0 }: { contract: Contract; of: Schema; depth?: number }) {
  const object = resolve(contract, of.items ? resolve(contract, of.items) : of);
  if (depth > DEEPEST || !object.properties) return null;
  return (
    <>
      {Object.entries(object.properties).map(([name, value]) => {
        const schema = resolve(contract, value);
        return (
          <Fragment key={name}>
            <tr>
              <td class={`depth-${depth}`}>
                <code>{name}</code>
                {object.required?.includes(name) ? "" : "?"}
              </td>
              <td>
                <code>{typeText(contract, schema)}</code>
              </td>
              <td>
                <Help text={value.description ?? schema.description ?? ""} />
              </td>
            </tr>
            <Rows contract={contract} of={schema} depth={depth + 1} />
          </Fragment>
        );
      })}
    </>
  );
}

const MessageCard = ({ contract, message }: { contract: Contract; message: Message }) => (
  <details class="contract" id={message.name}>
    <summary>
      <code>{message.name}</code> <span class="chip line">{message["x-protocol"]}</span>{" "}
      {message["x-entry"] && <span class="chip on">entry</span>}{" "}
      {message["x-audience"] && <span class="chip line">{message["x-audience"]}</span>}
      <span class="muted">
        <Help text={message.summary} />
      </span>
    </summary>
    <div class="scrolls" tabIndex={0} role="region" aria-label={message.name}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("live-property")}</th>
            <th scope="col">{t("live-type")}</th>
            <th scope="col">{t("live-meaning")}</th>
          </tr>
        </thead>
        <tbody>
          <Rows contract={contract} of={message.payload} />
        </tbody>
      </table>
    </div>
  </details>
);

const Part = ({ id, title, children }: { id: string; title: string; children: ComponentChildren }) => (
  <section class="stack" aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

function Document({ contract }: { contract: Contract }) {
  const { live } = contract.channels;
  const cards = (operation: "command" | "message") => (
    <div lang="en">
      {messagesOf(contract, operation).map((message) => (
        <MessageCard key={message.name} contract={contract} message={message} />
      ))}
    </div>
  );
  return (
    <>
      <Part id="channel" title={t("live-channel")}>
        <p>
          <code>{live.address}</code>
        </p>
        <p class="muted" lang="en">
          {live.description} {contract.info.description}
        </p>
      </Part>
      <Part id="console" title={t("live-console")}>
        <Console contract={contract} isSignedIn={signedIn.value} />
      </Part>
      <Part id="commands" title={t("live-commands")}>
        {cards("command")}
      </Part>
      <Part id="messages" title={t("live-messages")}>
        {cards("message")}
      </Part>
      <Part id="close-codes" title={t("live-close-codes")}>
        <table lang="en">
          <tbody>
            {live["x-close-codes"].map(({ code, reason }) => (
              <tr key={code}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
    </>
  );
}

export function LiveView() {
  const contract = useLoaded((signal) => get<Contract>("/asyncapi.json", signal), []);
  useEffect(() => void (document.title = `${t("live-title")} · ${t("realm")}`), []);
  return (
    <div class="live-docs">
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <header class="bar">
        <a class="row plain" href="/">
          <Mark /> <b>{t("realm")}</b>
        </a>
        <nav class="row grow" aria-label={t("the-api")}>
          <a href="/docs">REST</a>
          <a href="/docs/live" aria-current="page">
            {t("live")}
          </a>
          <a href="/asyncapi.json">AsyncAPI</a>
        </nav>
      </header>
      <main class="page stack l" id="main">
        <h1>{t("live-title")}</h1>
        <Show of={contract}>{(loaded) => <Document contract={loaded} />}</Show>
      </main>
    </div>
  );
}
