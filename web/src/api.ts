/**
 * The realm's REST API: the session, calls, and their errors. The login is in a cookie that no script
 * can read; what is kept here only says that there may be one, so that nothing is asked without it.
 */
import type {
  Invitation,
  Knowledge,
  Member,
  Message,
  Notify,
  Pin,
  Room,
  Snapshot,
  User,
} from "./model";

const SIGNED_IN = "aeon.signed-in";
export const API = "/api/v1";
export const PHASE3 = `${API}/phase3`;
export const AEON = `${API}/aeon`;
export const USERS = `${API}/users`;

export interface FieldError {
  loc: (string | number)[];
  msg: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly code: string,
    message: string,
    readonly fields: FieldError[] = [],
    readonly requestId: string | null = null,
    readonly retryAt = 0, // when the realm takes the call again, in milliseconds
  ) {
    super(message);
  }

  /** The same call may succeed later. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

// --- the session -----------------------------------------------------------------------------------

export const session = {
  get mayExist(): boolean {
    return localStorage.getItem(SIGNED_IN) !== null;
  },
  async begin(username: string, password: string, totp?: string) {
    const body = { username, password, cookie: true, ...(totp ? { totp } : {}) };
    await call("POST", `${USERS}/login`, body);
    localStorage.setItem(SIGNED_IN, "yes");
  },
  end() {
    localStorage.removeItem(SIGNED_IN);
  },
};

// --- calls -----------------------------------------------------------------------------------------

const ENDED = new Set(["unauthenticated", "invalid_token"]);
let onSignedOut = () => {};
/** Calls `handler` when the realm does not know the session any more. */
export const whenSignedOut = (handler: () => void) => void (onSignedOut = handler);

async function errorOf(answer: Response): Promise<ApiError> {
  const json = await answer.json().catch(() => null);
  const fields: FieldError[] = Array.isArray(json?.detail) ? json.detail : [];
  const message = fields[0]?.msg ?? json?.detail ?? answer.statusText;
  const seconds = Number(answer.headers.get("Retry-After")) || 1;
  return new ApiError(
    answer.status,
    json?.code ?? "http_error",
    message,
    fields,
    answer.headers.get("X-Request-Id"),
    Date.now() + 1000 * seconds,
  );
}

async function answerTo(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  etag?: string,
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag !== undefined) headers["If-Match"] = etag;
  const init: RequestInit = { method, headers, cache: "no-store", credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const answer = await fetch(path, init).catch((error: Error) => {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "offline", error.message);
  });
  if (answer.ok) return answer;
  const error = await errorOf(answer);
  if (ENDED.has(error.code)) onSignedOut();
  throw error;
}

export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await answerTo(method, path, body, signal);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

export const get = <T>(path: string, signal?: AbortSignal) =>
  call<T>("GET", path, undefined, signal);

/** null: there is nothing at that path that the user may see. */
export const find = <T>(path: string, signal?: AbortSignal) =>
  get<T>(path, signal).catch((error: unknown) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return null;
    throw error;
  });

/** An answer with its version. */
export interface Versioned<T> {
  value: T;
  etag: string;
}

export async function getVersioned<T>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
  const answer = await answerTo("GET", path, undefined, signal);
  // A proxy that compresses answers marks their versions as weak.
  const etag = answer.headers.get("ETag")?.replace(/^W\//, "") ?? "*";
  return { value: (await answer.json()) as T, etag };
}

/** Changes what still has that version; else the error has the code "precondition_failed". */
export const patch = (path: string, etag: string, body: unknown) =>
  answerTo("PATCH", path, body, undefined, etag);

export interface Page<T> {
  items: T[];
  next: string | null; // the path of the next page
}

export async function page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  const answer = await answerTo("GET", path, undefined, signal);
  const next = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1] ?? null;
  const address = next && new URL(next, location.origin);
  return {
    items: (await answer.json()) as T[],
    next: address && address.pathname + address.search,
  };
}

/** A path's query: names without a value are left out. */
export function query(
  values: Record<string, string | number | boolean | undefined | null>,
): string {
  const pairs = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return pairs.length
    ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`
    : "";
}

// --- questions that several views ask ----------------------------------------------------------------

/** What is before signing in. */
export interface RealmInfo {
  name: string;
  welcome?: string | null;
  registration?: "open" | "invite" | "approval" | "closed";
  sends_mail?: boolean;
  twins?: { models: string[] };
}

export const realmInfo = () => get<RealmInfo>(`${API}/realm`);

type Summary = Omit<Room, "unread" | "mentions" | "read_seq" | "my_role" | "muted_until" | "notify" | "last"> &
  Partial<Omit<Room, "notify">> & { notify?: Notify | null };

/** A room's summary, with what only lists of the user's own rooms have. */
export const roomOf = (room: Summary): Room => ({
  ...room,
  read_seq: room.read_seq ?? 0,
  unread: room.unread ?? 0,
  mentions: room.mentions ?? 0,
  muted_until: room.muted_until ?? null,
  notify: room.notify ?? "mentions",
  my_role: room.my_role ?? null,
  last: room.last ?? null,
});

export interface Home {
  epoch: string;
  pos: number;
  me: User;
  rooms: Room[];
  invitations: Invitation[];
  has_more_invitations: boolean;
  drafts_waiting: number;
  reports_waiting: number | null;
}

export function snapshotOf(home: Home): Snapshot {
  const { epoch, pos, me, rooms, invitations, drafts_waiting, reports_waiting } = home;
  return {
    epoch,
    pos,
    me,
    rooms: rooms.map(roomOf),
    invitations,
    drafts: drafts_waiting,
    reports: reports_waiting ?? 0,
  };
}

/** All pages of a list from that path on. */
async function allPages<T>(path: string): Promise<T[]> {
  const { items, next } = await page<T>(path);
  return next ? [...items, ...(await allPages<T>(next))] : items;
}

/** Everything that is shown first, at one position of the event log. */
export async function snapshot(): Promise<Snapshot> {
  const home = await get<Home>(`${PHASE3}/home`);
  if (home.has_more_invitations)
    home.invitations = await allPages(`${PHASE3}/invitations${query({ limit: 200 })}`);
  return snapshotOf(home);
}

/** The user's rooms with the latest messages, as `snapshot` has them. */
export const latestRooms = async (limit: number) =>
  (await get<Room[]>(`${PHASE3}/rooms?joined=true&sort=activity&limit=${limit}`)).map(roomOf);

/** Joins the room that an invitation leads into; the answer is its id. */
export const joinByInvite = async (code: string) =>
  (await call<Room>("POST", `${API}/invites/join`, { code })).id;

export type RoomAnswer = Summary & {
  my_role: Room["my_role"]; // null: the user is not in the room
  participants: Member[];
  pins: Pin[];
};
export const roomWithMembers = (id: string) => get<RoomAnswer>(`${PHASE3}/rooms/${id}`);

export const message = (room_id: string, message_id: string) =>
  get<Message>(`${PHASE3}/rooms/${room_id}/messages/${message_id}`);

/** A page of messages, newest first. */
export const messagesBefore = (room_id: string, before: number | null, limit: number) =>
  get<Message[]>(`${PHASE3}/rooms/${room_id}/messages${query({ before, limit })}`);

export const knowledgeTitle = ({ title, content, excerpt }: Knowledge) =>
  title || (content ?? excerpt ?? "").replace(/^[#>\s*-]+/, "").split("\n")[0] || "";

export const creatorOf = ({ creator_full_name, creator_name }: Knowledge) =>
  creator_full_name || creator_name;
