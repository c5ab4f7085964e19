/** The frame of the pages about the user's twin. */
import type { ComponentChildren } from "preact";

import { Bar } from "../shell";
import { t } from "../text";
import { Tabs } from "./ui";

const TwinTabs = () => (
  <Tabs
    label={t("your-twin")}
    tabs={[
      ["/twin", t("now")],
      ["/letters", t("letters")],
      ["/twin/calls", t("calls")],
    ]}
  />
);

export const TwinPage = ({
  children,
  class: extra = "",
}: {
  children: ComponentChildren;
  class?: string;
}) => (
  <main class="main" id="main">
    <Bar title={t("your-twin")}>
      <TwinTabs />
    </Bar>
    <div class="scroll">
      <div class={`page ${extra}`}>{children}</div>
    </div>
  </main>
);
