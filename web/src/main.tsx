import { render } from "preact";

import { App } from "./app";
import { begin } from "./store/store";
import { loadText, preferredLanguage } from "./text";
import { applyTheme } from "./theme";

applyTheme();
const text = loadText(preferredLanguage());
void begin().catch(() => {}); // the realm answers meanwhile
await text;
render(<App />, document.getElementById("app")!);
