/** The parts of the realm's AsyncAPI document that the page shows, and commands made from a form. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  enum?: (string | null)[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  format?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
}

export interface Message {
  name: string;
  summary: string;
  payload: Schema;
  "x-protocol": "aeon.v1" | "compat";
  "x-entry"?: boolean;
  "x-audience"?: string;
}

export interface Contract {
  info: { version: string; description: string };
  channels: {
    live: {
      address: string;
      description: string;
      "x-close-codes": { code: number; reason: string }[];
    };
  };
  operations: Record<"command" | "message", { summary: string; messages: { $ref: string }[] }>;
  components: { messages: Record<string, Message>; schemas: Record<string, Schema> };
}

/** What a reference such as "#/components/schemas/Room" names, else the object itself. */
export function resolve<T extends object>(contract: Contract, object: T): T {
  const ref = (object as { $ref?: string }).$ref;
  if (!ref) return object;
  const path = ref.replace(/^#\//, "").split("/");
  const found = path.reduce((part, name) => (part as Record<string, object>)[name]!, contract as object);
  return resolve(contract, found as T);
}

export const messagesOf = (contract: Contract, operation: "command" | "message"): Message[] =>
  contract.operations[operation].messages.map(
    (message) => resolve(contract, message) as unknown as Message,
  );

/** The type of a value that is not null. */
export function typeOf({ type, enum: choices }: Schema): string {
  if (choices) return "choice";
  return (Array.isArray(type) ? type.find((name) => name !== "null") : type) ?? "any";
}

const READ_AS_JSON = new Set(["boolean", "integer", "number", "array", "object", "any"]);

/** The command of a form's values. A field without a value is left out; a wrong one is a SyntaxError. */
export function commandOf({ name, payload }: Message, values: Record<string, string>) {
  const command: Record<string, unknown> = { type: name };
  for (const [field, schema] of Object.entries(payload.properties ?? {})) {
    const value = values[field];
    if (field === "type" || !value) continue;
    command[field] = READ_AS_JSON.has(typeOf(schema)) ? JSON.parse(value) : value;
  }
  return command;
}
