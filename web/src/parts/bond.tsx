/** The strength of a tie as a ring, with its number. */
import { t } from "../text";

const RADIUS = 22;
const ROUND = 2 * Math.PI * RADIUS;
export const BondRing = ({ strength }: { strength: number }) => (
  <svg
    class="bond"
    viewBox="0 0 56 56"
    role="img"
    aria-label={t("strength", { count: Math.round(strength * 100) })}
  >
    <circle class="track" cx="28" cy="28" r={RADIUS} />
    <circle
      class="val"
      cx="28"
      cy="28"
      r={RADIUS}
      stroke-dasharray={`${(ROUND * strength).toFixed(1)} ${ROUND.toFixed(1)}`}
      transform="rotate(-90 28 28)"
    />
    <text x="28" y="33">
      {Math.round(strength * 100)}
    </text>
  </svg>
);
