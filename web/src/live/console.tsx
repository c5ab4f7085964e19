/** A console for the WebSocket: it connects with the session, sends commands, and shows what arrives. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { PHASE3 } from "../api";
import { Field, Form, Wrong } from "../parts/ui";
import { t } from "../text";
import { type Contract, type Message, type Schema, commandOf, messagesOf, typeOf } from "./contract";

const LINES_MOST = 200;

interface Line {
  id: number;
  direction: "sent" | "received" | "note";
  text: string;
}

function useSocket() {
  const socket = useRef<WebSocket | null>(null);
  const count = useRef(0);
  const [isOpen, setOpen] = useState(false);
  const [lines, setLines] = useState<Line[]>([]);
  const show = (direction: Line["direction"], text: string) =>
    setLines((before) => [...before, { id: ++count.current, direction, text }].slice(-LINES_MOST));

  function connect() {
    const address = new URL(`${PHASE3}/ws/me`, location.origin);
    address.protocol = address.protocol.replace("http", "ws");
    const opened = new WebSocket(address, "aeon.v1");
    socket.current = opened;
    opened.onopen = () => setOpen(true);
    opened.onmessage = ({ data }) => show("received", String(data));
    opened.onclose = ({ code, reason }) => {
      if (socket.current === opened) setOpen(false);
      show("note", t("live-closed", { code, reason: reason || t("live-no-reason") }));
    };
  }
  function send(command: object) {
    const text = JSON.stringify(command);
    socket.current?.send(text);
    show("sent", text);
  }
  const close = () => socket.current?.close();
  useEffect(() => close, []);
  return { isOpen, lines, connect, send, close, clear: () => setLines([]) };
}

const hintOf = ({ description, default: preset }: Schema) =>
  [description, preset === undefined ? "" : t("live-default", { value: String(preset) })]
    .filter(Boolean)
    .join(" ");

function Select({
  label,
  hint,
  options,
  ...select
}: {
  label: string;
  hint: string;
  options: string[];
  name?: string;
  value?: string;
  onChoose?: (value: string) => void;
}) {
  const id = useId();
  const { onChoose, ...rest } = select;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        class="input"
        id={id}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChoose?.(event.currentTarget.value)}
        {...rest}
      >
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
      <span class="hint small" id={`${id}-hint`} lang="en">
        {hint}
      </span>
    </div>
  );
}

function Value({ name, schema, required }: { name: string; schema: Schema; required: boolean }) {
  const type = typeOf(schema);
  const options =
    type === "boolean" ? ["true", "false"] : schema.enum?.filter((choice) => choice !== null);
  const label = required ? t("live-required", { name }) : name;
  if (!options)
    return (
      <Field
        label={label}
        name={name}
        hint={hintOf(schema) || undefined}
        placeholder={type === "string" ? "" : type}
        inputMode={type === "integer" || type === "number" ? "decimal" : "text"}
        autoComplete="off"
        maxLength={schema.maxLength}
        required={required}
      />
    );
  return <Select label={label} name={name} hint={hintOf(schema)} options={["", ...options]} />;
}

function Sender({
  commands,
  isOpen,
  onSend,
}: {
  commands: Message[];
  isOpen: boolean;
  onSend: (command: object) => void;
}) {
  const [name, choose] = useState("ping");
  const [wrong, setWrong] = useState("");
  const message = commands.find((command) => command.name === name) ?? commands[0]!;
  const { properties = {}, required = [] } = message.payload;
  const send = (values: Record<string, string>) => {
    setWrong("");
    try {
      onSend(commandOf(message, values));
    } catch {
      setWrong(t("live-no-json"));
    }
  };
  return (
    <Form class="stack" key={message.name} onSend={send}>
      <Select
        label={t("live-command")}
        hint={message.summary}
        options={commands.map((command) => command.name)}
        value={message.name}
        onChoose={choose}
      />
      {Object.entries(properties)
        .filter(([field]) => field !== "type")
        .map(([field, schema]) => (
          <Value key={field} name={field} schema={schema} required={required.includes(field)} />
        ))}
      <Wrong>{wrong}</Wrong>
      <div class="row">
        <button class="btn go" disabled={!isOpen}>
          {t("send")}
        </button>
      </div>
    </Form>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.scrollTo(0, list.current.scrollHeight), [lines]);
  return (
    <div class="frames" ref={list} role="log" aria-label={t("live-frames")} tabIndex={0}>
      {lines.length === 0 && <p class="muted">{t("live-nothing-yet")}</p>}
      {lines.map(({ id, direction, text }) => (
        <p key={id} class={direction}>
          <span class="over">{t(`live-${direction}`)}</span> <code>{text}</code>
        </p>
      ))}
    </div>
  );
}

export function Console({ contract, isSignedIn }: { contract: Contract; isSignedIn: boolean }) {
  const { isOpen, lines, connect, send, close, clear } = useSocket();
  if (!isSignedIn)
    return (
      <p>
        <a href="/">{t("live-sign-in")}</a>
      </p>
    );
  return (
    <div class="cols even">
      <div class="stack">
        <div class="row">
          <button class="btn" onClick={isOpen ? close : connect}>
            {t(isOpen ? "live-disconnect" : "live-connect")}
          </button>
          <span class="grow muted" role="status">
            {t(isOpen ? "live-is-open" : "live-is-closed")}
          </span>
        </div>
        <Sender commands={messagesOf(contract, "command")} isOpen={isOpen} onSend={send} />
      </div>
      <div class="stack">
        <Lines lines={lines} />
        <div class="row">
          <button class="btn s" onClick={clear}>
            {t("live-clear")}
          </button>
        </div>
      </div>
    </div>
  );
}
