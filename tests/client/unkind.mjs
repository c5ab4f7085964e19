import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { AeonRealm, WebSocket, next, test } from "./harness.mjs";

const { WebSocketServer } = createRequire(import.meta.url)("ws");
const ROOM = "01890000-0000-7000-8000-000000000000";

const LIMITS = { frame_bytes: 65_536, messages_per_second: 1000, burst: 1000 };
const resumes = (socket) => socket.say("resumed", { pos: 1, gaps: [] });

/** A server that does what `take` and `resume` say, and keeps what it has heard. Nothing of a realm is behind it. */
async function serve(take, { limits = LIMITS, resume = resumes } = {}) {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => "aeon.v1" });
  await new Promise((resolve) => server.on("listening", resolve));
  const made = { heard: [], connections: 0, url: `http://127.0.0.1:${server.address().port}` };
  made.close = () => (server.close(), server.clients.forEach((each) => each.terminate()));
  made.hears = async (wanted, times = 1) => {
    while (made.heard.filter(({ type }) => type === wanted).length < times)
      await new Promise((resolve) => setTimeout(resolve, 5));
  };
  server.on("connection", (socket) => {
    made.connections++;
    socket.say = (type, data) => socket.send(JSON.stringify({ type, data }));
    socket.on("message", (text) => {
      const frame = JSON.parse(text);
      made.heard.push(frame);
      if (frame.type === "authenticate")
        socket.say("welcome", {
          epoch: "e", pos: 1, entries: [], heartbeat_ms: 25_000,
          limits,
        });
      else if (frame.type === "resume") resume(socket);
      else if (!take(frame, socket)) socket.say("ack", { client_id: frame.client_id });
    });
  });
  return made;
}

const client = (server, options = {}) => {
  const made = new AeonRealm(server.url, "token", {
    WebSocket, ticket: false, firstDelay: 20, longestDelay: 200, ...options,
  });
  made.heard = [];
  made.on("*", (type, data) => made.heard.push({ type, data }));
  return made;
};

const isCode = (code) => (error) => error.code === code;

async function a_frame_at_fault_that_nobody_names_is_found() {
  for (const code of [1009, 1007, 4400]) {
    const server = await serve(({ content, client_id }, socket) => {
      if (content === "bad") socket.close(code);
      const error = { code: "forbidden", message: "no", retryable: false, client_id };
      if (content === "forbidden") socket.say("error", error);
      return content === "bad" || content === "forbidden";
    });
    const ada = client(server);
    const forbidden = ada.send(ROOM, "forbidden");
    const said = ["one", "two", "bad", "three"].map((content) => ada.send(ROOM, content));
    await ada.connect();
    await assert.rejects(forbidden, isCode("forbidden"));
    await assert.rejects(said.splice(2, 1)[0], isCode("connection_lost"));
    await Promise.all(said);
    ada.close();
    server.close();
  }
}

async function a_limit_is_reported_and_the_message_is_sent_again() {
  let refusals = 0;
  const server = await serve(({ client_id }, socket) => {
    if (refusals++ > 0) return false;
    const error = { code: "rate_limited", message: "no", retryable: true, retry_after_ms: 30, client_id };
    socket.say("error", error);
    return true;
  });
  const ada = client(server);
  await ada.connect();
  await ada.send(ROOM, "one");
  const paused = ada.heard.filter(({ type }) => type === "paused");
  assert.deepEqual(paused, [{ type: "paused", data: { code: "rate_limited", delay: 30 } }]);
  ada.close();
  server.close();
}

async function a_resume_that_a_limit_refuses_is_sent_again_over_the_same_connection() {
  let refusals = 0;
  const refuse = { code: "rate_limited", message: "no", retryable: true, retry_after_ms: 30, command: "resume" };
  const resume = (socket) => (refusals++ < 2 ? socket.say("error", refuse) : resumes(socket));
  const server = await serve(() => false, { resume });
  const ada = client(server, { state: { epoch: "e", pos: 1 } });
  await ada.connect();
  await ada.send(ROOM, "one");
  assert.deepEqual([refusals, server.connections], [3, 1]);
  ada.close();
  server.close();
}

async function a_server_that_refuses_everything_is_asked_less_and_less_often() {
  const server = await serve((frame, socket) => (socket.close(1011), true));
  const ada = client(server, { firstDelay: 50, longestDelay: 100_000 });
  ada.send(ROOM, "never taken").catch(() => {});
  ada.connect();
  const delays = [];
  while (delays.length < 4)
    await new Promise((resolve) => {
      const end = ada.on("down", (error, delay) => (end(), delays.push(delay), resolve()));
    });
  assert.ok(delays[3] >= 200, `${delays}: the fourth wait is at least half of 8 times the first`);
  assert.equal(server.connections, 4);
  ada.close();
  server.close();
}

/** What an HTTP server answers: to a ticket, to other calls, and to an upgrade. */
const html = (status) => (answer) => answer.writeHead(status, { "Content-Type": "text/html" }).end("<p>no");
const ticket = (answer) => answer.end('{"ticket":"t"}');
const cut = (answer) => answer.destroy();
const UNKIND = [
  { ticket: html(403), other: html(403), upgrade: cut },
  { ticket: html(200), other: html(200), upgrade: cut },
  { ticket, other: html(502), upgrade: cut },
  { ticket, other: html(200), upgrade: (socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n") },
  { ticket, other: cut, upgrade: () => {} },
  { ticket, other: () => {}, upgrade: (socket) => socket.end("nonsense") },
];

async function a_server_without_a_realm_has_one_connection_for_each_wait() {
  for (const unkind of UNKIND) {
    let tries = 0;
    const server = createServer((asked, answer) => {
      const isTicket = asked.url.endsWith("/ws/ticket");
      tries += !isTicket;
      unkind[isTicket ? "ticket" : "other"](answer);
    });
    server.on("upgrade", (asked, socket) => {
      tries++;
      socket.on("error", () => {});
      unkind.upgrade(socket);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${server.address().port}`;
    const ada = client({ url }, { ticket: true, patience: 100, longestDelay: 40 });
    const waiting = [ada.send(ROOM, "never taken"), ada.join(ROOM), ada.leave(ROOM), ada.connect()];
    let downs = 0;
    await new Promise((resolve) => ada.on("down", () => ++downs === 6 && resolve()));
    assert.ok(tries <= downs, `${tries} connections, ${downs} waits`);
    ada.close();
    for (const promise of waiting) await assert.rejects(promise, isCode("closed"));
    server.closeAllConnections?.();
    server.close();
  }
}

async function an_error_rejects_only_its_own_command() {
  const server = await serve(({ type }, socket) => {
    if (type === "join_room") {
      const error = { code: "room_not_found", message: "no", retryable: false, room_id: ROOM };
      socket.say("error", { ...error, command: "typing" });
      socket.say("error", { ...error, command: "chat_message", client_id: "unknown" });
      socket.say("room_info", { room_id: ROOM, last_seq: 0 });
    }
    return true;
  });
  const ada = client(server);
  await ada.connect();
  await ada.join(ROOM);
  assert.equal(ada.heard.filter(({ type }) => type === "error").length, 2);
  ada.close();
  server.close();
}

/** What has been read is sent at the allowed rate, and again after a refusal or a broken connection. */
async function reads_reach_the_realm() {
  let isRefused = false;
  const limits = { frame_bytes: 65_536, messages_per_second: 100, burst: 4 };
  const server = await serve(({ type, room_id, content }, socket) => {
    if (type === "ping") socket.say("pong", {});
    if (content === "go") socket.terminate();
    if (type === "read" && room_id === "room 7" && !isRefused) {
      isRefused = true;
      const error = { code: "rate_limited", message: "no", retryable: true, retry_after_ms: 30 };
      socket.say("error", { ...error, command: type, room_id });
    }
    return content !== "after the pong";
  }, { limits });
  const reads = () => server.heard.filter(({ type }) => type === "read");
  const page = new EventTarget();
  const ada = client(server, { page, document: new EventTarget() });
  for (let room = 1; room <= 10; room++) ada.read(`room ${room}`, room);
  ada.read("room 1", 11);
  await ada.connect();
  await server.hears("read", 11);
  const again = reads().filter(({ room_id }) => room_id === "room 7");
  assert.deepEqual(again.map(({ up_to_seq }) => up_to_seq), [7, 7], "again after the refusal");
  assert.equal(reads()[0].up_to_seq, 11, "of a room the last one");

  page.dispatchEvent(new Event("online"));
  await ada.send(ROOM, "after the pong");
  ada.read("room 2", 20);
  ada.send(ROOM, "go").catch(() => {});
  await next(ada, "down");
  await server.hears("read", 13);
  assert.deepEqual(reads().slice(11).map((read) => read.up_to_seq), [20, 20], "what had no answer");
  ada.close();
  server.close();
}

async function away_holds_for_later_connections() {
  const server = await serve(({ type, content }, socket) => {
    if (content === "go") socket.terminate();
    return type === "presence" || content === "go";
  });
  const ada = client(server);
  await ada.connect();
  ada.presence("away");
  ada.send(ROOM, "go").catch(() => {});
  await next(ada, "down");
  await next(ada, "up");
  await server.hears("presence", 2);
  ada.close();
  const states = server.heard.filter(({ type }) => type === "presence");
  assert.ok(states.every(({ status }) => status === "away"));
  server.close();
}

async function a_page_that_wakes_up_does_not_wait() {
  let isFrozen = false;
  const server = await serve(({ type }, socket) => {
    if (type === "ping" && !isFrozen) socket.say("pong", {});
    return true;
  });
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const ada = client(server, { page, document, shortPatience: 100, longestDelay: 100_000 });
  await ada.connect();
  document.dispatchEvent(new Event("visibilitychange"));
  await server.hears("ping");
  assert.equal(server.connections, 1, "a connection that lives is kept");
  isFrozen = true;
  const down = next(ada, "down");
  const back = down.then(() => next(ada, "up"));
  page.dispatchEvent(new Event("online"));
  await back;
  page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true }));
  const up = next(ada, "up");
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await up;
  const before = server.connections;
  ada.close();
  page.dispatchEvent(new Event("online"));
  assert.equal(server.connections, before);
  server.close();
}

test(async () => {
  await a_frame_at_fault_that_nobody_names_is_found();
  await a_limit_is_reported_and_the_message_is_sent_again();
  await a_resume_that_a_limit_refuses_is_sent_again_over_the_same_connection();
  await a_server_that_refuses_everything_is_asked_less_and_less_often();
  await a_server_without_a_realm_has_one_connection_for_each_wait();
  await an_error_rejects_only_its_own_command();
  await reads_reach_the_realm();
  await away_holds_for_later_connections();
  await a_page_that_wakes_up_does_not_wait();
}).then(() => process.exit()); // the server's sockets would wait for their peers
