/** A button that copies a text. */
import { useState } from "preact/hooks";

import { t } from "../text";
import { Icon } from "./marks";

export function Copy({ text, label = t("copy") }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  return (
    <button type="button" class="btn s" onClick={copy}>
      <Icon name={isCopied ? "Check" : "Link"} /> {isCopied ? t("copied") : label}
    </button>
  );
}
