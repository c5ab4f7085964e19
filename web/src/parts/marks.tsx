/** The signs of the realm: icons, discs of people, rings of twins, and who can see something. */
import { sprite } from "virtual:icons";

import { initials } from "../format";
import { t } from "../text";

export const Icon = ({ name, class: extra = "" }: { name: string; class?: string }) => (
  <svg class={`i ${extra}`} aria-hidden="true">
    <use href={`${sprite}#${name}`} />
  </svg>
);

type Size = "" | "s" | "xs" | "l" | "xl";

/** A person: a full disc with initials. */
export function Disc({
  id,
  name,
  size = "",
  status,
  class: extra = "",
}: {
  id: number;
  name: string;
  size?: Size;
  status?: string | undefined;
  class?: string;
}) {
  return (
    <span class={`who p${(id % 6) + 1} ${size} ${extra}`} aria-hidden="true">
      {initials(name)}
      {(status === "connected" || status === "away") && (
        <i class={`here ${status === "away" ? "away" : ""}`} />
      )}
    </span>
  );
}

/** A twin: a double ring, with the small disc of its person. */
export const Ring = ({
  name,
  owner,
  size = "",
}: {
  name: string;
  owner?: { id: number; name: string };
  size?: Size;
}) => (
  <span class={`who is-twin ${size}`} aria-hidden="true">
    {initials(name).slice(0, 1)}
    {owner && size === "" && <Disc id={owner.id} name={owner.name} size="xs" class="of" />}
  </span>
);

export const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true" class="mark">
    <circle class="dot" cx="13" cy="16" r="6" />
    <circle class="br" cx="19" cy="16" r="9.5" stroke-width="2" />
  </svg>
);

export const Art = ({ rings = 1 }: { rings?: number }) => (
  <svg class="art" viewBox="0 0 400 400" aria-hidden="true">
    {Array.from({ length: rings }, (_, index) => (
      <circle class="fade" cx={205 + index * 6} cy="200" r={150 + index * 44} stroke-width="1.5" />
    ))}
    <circle class="dot" cx="170" cy="200" r="76" />
    <circle class="br" cx="232" cy="200" r="112" stroke-width="20" />
  </svg>
);

/** How far something is seen. 0: only you, 1: friends or invited, 2: everyone. */
export type Reach = 0 | 1 | 2;

export const Seal = ({ reach }: { reach: Reach }) => (
  <svg class="seal" viewBox="0 0 24 24" aria-hidden="true">
    <circle class="dot" cx="12" cy="12" r="2.6" />
    <circle class={reach >= 1 ? "on" : "off"} cx="12" cy="12" r="6.4" />
    <circle class={reach >= 2 ? "on" : "off"} cx="12" cy="12" r="10.6" />
  </svg>
);

export const Audience = ({ reach, children }: { reach: Reach; children: string }) => (
  <span class="aud">
    <Seal reach={reach} />
    <span>{children}</span>
  </span>
);

export const VISIBILITY: Record<string, Reach> = { public: 2, friends: 1, private: 0 };
export const visibilityText = (visibility: string) => t(`visibility-${visibility}`);
