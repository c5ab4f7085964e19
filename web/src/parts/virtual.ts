/** TanStack's virtual list as a hook. It keeps the place of what is read; it never scrolls by itself. */
import {
  Virtualizer,
  type VirtualizerOptions,
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
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: rows.count,
    getItemKey: rows.keyOf,
    estimateSize: rows.estimate,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    overscan: 8,
    initialOffset: () => list.getTotalSize(), // it opens at its end
    paddingStart: 16,
    paddingEnd: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: 24,
    onChange: () => draw(),
  };
  const [list] = useState(() => new Virtualizer(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}
