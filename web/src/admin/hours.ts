/** What the realm counts by the minute, added up by the hour. */
export interface Minute {
  at: string;
  requests: number;
  mean_ms: number;
  refused: number;
  messages: number;
  connections: number;
  load: number;
  reasons: string[];
}
interface Hour {
  at: string;
  requests: number;
  messages: number;
  refused: number;
}

/** The minutes are in the order of their time, and so are the hours. */
export function byHour(minutes: Minute[]): Hour[] {
  const hours = new Map<string, Hour>();
  for (const { at, requests, messages, refused } of minutes) {
    const key = at.slice(0, 13);
    const hour = hours.get(key) ?? { at, requests: 0, messages: 0, refused: 0 };
    hour.requests += requests;
    hour.messages += messages;
    hour.refused += refused;
    hours.set(key, hour);
  }
  return [...hours.values()];
}
