/** Figures over time as bars: an SVG in the colours of the page, and the same figures as a table. */
import { useState } from "preact/hooks";

import { t } from "../text";

export interface Series {
  name: string;
  class: "" | "b2" | "b3";
  values: number[];
}

const WIDTH = 560;
const HEIGHT = 110;
const BASE = 90;
const TOP = 20; // of the highest bar; the figure of the scale stands above it
const GRID = [0, 0.5, 1];

/** A round number that no value is above. */
function roundUp(most: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 5, 10].map((part) => part * step).find((end) => end >= most)!;
}

function Chart({ labels, series }: { labels: string[]; series: Series[] }) {
  const top = roundUp(Math.max(1, ...series.flatMap(({ values }) => values)));
  const slot = WIDTH / labels.length;
  const bar = Math.min(9, (slot - 2) / series.length);
  const y = (value: number) => BASE - (value / top) * (BASE - TOP);
  return (
    <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {GRID.map((part) => (
        <g key={part}>
          <line x1={0} x2={WIDTH} y1={y(part * top)} y2={y(part * top)} />
          {part === 1 && (
            <text x={WIDTH} y={y(top) - 3} text-anchor="end">
              {top}
            </text>
          )}
        </g>
      ))}
      {series.map(({ name, class: kind, values }, index) =>
        values.map(
          (value, at) =>
            value > 0 && (
              <rect
                key={`${name} ${at}`}
                class={kind}
                x={(at * slot + index * bar).toFixed(1)}
                y={y(value).toFixed(1)}
                width={(bar - 0.5).toFixed(1)}
                height={(BASE - y(value)).toFixed(1)}
              />
            ),
        ),
      )}
      {[0, Math.floor(labels.length / 2), labels.length - 1].map((at, index) => (
        <text
          key={at}
          x={[0, WIDTH / 2, WIDTH][index]}
          y={HEIGHT - 4}
          text-anchor={["start", "middle", "end"][index] as "start"}
        >
          {labels[at]}
        </text>
      ))}
    </svg>
  );
}

/** `labels` name the times, the oldest first; `unit` is the head of their column. */
export function Bars({
  title,
  unit,
  labels,
  series,
}: {
  title: string;
  unit: string;
  labels: string[];
  series: Series[];
}) {
  const [isTable, setTable] = useState(false);
  return (
    <section class="card stack s">
      <div class="row wrap">
        <h2 class="grow">{title}</h2>
        {series.map(({ name, class: kind }) => (
          <span key={name} class="row small muted">
            <i class={`key ${kind}`} /> {name}
          </span>
        ))}
      </div>
      {isTable ? (
        <div class="sideways" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{unit}</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" class="num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels
                .map((label, at) => (
                  <tr key={at}>
                    <th scope="row">{label}</th>
                    {series.map(({ name, values }) => (
                      <td key={name} class="num">
                        {values[at]}
                      </td>
                    ))}
                  </tr>
                ))
                .reverse()}
            </tbody>
          </table>
        </div>
      ) : (
        <>
          <Chart labels={labels} series={series} />
          <p class="sr">
            {series
              .map(({ name, values }) => `${name}: ${values.reduce((sum, one) => sum + one, 0)}`)
              .join(", ")}
          </p>
        </>
      )}
      <div>
        <button type="button" class="link small" onClick={() => setTable(!isTable)}>
          {t(isTable ? "as-chart" : "as-table")}
        </button>
      </div>
    </section>
  );
}
