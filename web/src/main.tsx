import { render } from "preact";

import { App } from "./app";
import { begin } from "./store/store";
import { loadText, preferredLanguage } from "./text";
import { applyTheme } from "./theme";

applyTheme();
await loadText(preferredLanguage());
void begin().catch(() => {});
render(<App />, document.getElementById("app")!);
