/** TanStack's virtual list as a hook. It keeps the place of what is read; it never scrolls by itself. */
import {
  Virtualizer,
  elementScroll,
  measureElement,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

interface Rows {
  count: number;
  keyOf: (index: number) => string;
  estimate: (index: number) => number;
}

export function useVirtual(scroller: RefObject<HTMLElement | null>, rows: Rows) {
  const [, draw] = useReducer((times: number, _: void) => times + 1, 0);
  const options = {
    count: rows.count,
    getItemKey: rows.keyOf,
    estimateSize: rows.estimate,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    overscan: 8,
    paddingStart: 16,
    paddingEnd: 12,
    anchorTo: "end" as const,
    followOnAppend: true,
    scrollEndThreshold: 24,
    onChange: () => draw(),
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}
