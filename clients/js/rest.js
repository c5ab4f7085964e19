/** One call of the realm's REST API. */
import { RealmError } from "./outbox.js";

/** The path of the next page of a list, or null. */
function nextPage(url, answer) {
  const next = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("Link") ?? "")?.[1];
  if (!next) return null;
  const { pathname, search } = new URL(next, url);
  return pathname + search;
}

/** A signal of `signal` and of the time `ms`; end() frees both. */
function within(ms, signal) {
  const both = new AbortController();
  const abort = () => both.abort(signal.reason);
  const timer = setTimeout(() => both.abort(new DOMException("no answer in time", "TimeoutError")), ms);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  return { signal: both.signal, end };
}

/**
 * Resolves with {status, json, next, retry_after_ms}; `json` is null without JSON. Rejects with a
 * RealmError when the answer refuses the call, and with what fetch() says when there is no answer.
 * Without a token, the browser's cookie says who calls.
 */
export async function callRest(base, method, path, { token, body, headers, patience, signal }) {
  const url = new URL(path, base);
  const limit = within(patience, signal);
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: limit.signal,
    });
    const { status } = answer;
    const json = parsed(await answer.text());
    const retry_after_ms = 1000 * Number(answer.headers.get("Retry-After")) || 0;
    if (answer.ok) return { status, json, next: nextPage(url, answer), retry_after_ms };
    // An answer without a code is not the realm's: a proxy gave it.
    throw new RealmError(json?.code ?? "http_error", `${method} ${path}: ${status}`, {
      ...json,
      status,
      retry_after_ms,
    });
  } finally {
    limit.end();
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
