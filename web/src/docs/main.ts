/** The page of the REST API: Swagger UI, in the colours of the realm, draws the realm's own document. */
import swagger from "swagger-ui-dist/swagger-ui-bundle.js?url";

import { USERS, get, session } from "../api";
import { applyTheme } from "../theme";

interface SwaggerRequest extends RequestInit {
  headers: Record<string, string>;
}

declare global {
  interface Window {
    SwaggerUIBundle: (options: object) => void;
  }
}

const load = (address: string) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

/** The realm refuses a request with two logins: a token and the cookie of the session. */
function withOneLogin(request: SwaggerRequest): SwaggerRequest {
  if (request.headers["Authorization"]) request.credentials = "omit";
  return request;
}

async function showSession() {
  const user = session.mayExist
    ? await get<{ username: string }>(`${USERS}/me`).catch(() => null)
    : null;
  const note = document.getElementById(user ? "signed-in" : "signed-out")!;
  if (user) note.querySelector("b")!.textContent = user.username;
  note.hidden = false;
}

applyTheme();
void showSession();
await load(swagger);
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
  syntaxHighlight: false, // its colours are for one theme
  validatorUrl: null,
  requestInterceptor: withOneLogin,
});
