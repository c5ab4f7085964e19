/* Reads an AsyncAPI document from standard input and exits with 1 unless it is valid. */
import { Parser } from "@asyncapi/parser";
import { readFileSync } from "node:fs";

const WARNING = 1; // the parser's severities: 0 error, 1 warning, 2 information, 3 hint

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const found = diagnostics.filter(({ severity }) => severity <= WARNING);
for (const { code, path, message } of found) console.error(`${path.join(".")}: ${message} (${code})`);
if (!document || found.length > 0) process.exit(1);
console.log(`valid: ${document.allMessages().length} messages`);
