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
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface Rows {
  count: number;
  keyOf: (index: number) => string;
  estimate: (index: number) => number;
}

const NEAR_END = 24; // pixels

const isNearEnd = ({ scrollHeight, clientHeight, scrollTop }: HTMLElement) =>
  scrollHeight - clientHeight - scrollTop <= NEAR_END;

/** What a person scrolls with. */
const INPUTS = ["wheel", "touchmove", "pointerdown", "keydown"];

/**
 * Whether the list stays at its end: when rows are appended, also faster than it scrolls, and when it gets less
 * room, as by a longer draft below it. It does until a person or a jump leads away from the end.
 */
function useStay(scroller: RefObject<HTMLElement | null>) {
  const stays = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current!;
    let before = { top: 0, height: 0 };
    const leave = () => (stays.current = false);
    const onScroll = () => {
      const { scrollTop: top, scrollHeight: height } = element;
      if (isNearEnd(element)) stays.current = true;
      else if (top < before.top && height === before.height) leave(); // as a screen reader scrolls
      before = { top, height };
    };
    for (const type of INPUTS) element.addEventListener(type, leave, { passive: true });
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      for (const type of INPUTS) element.removeEventListener(type, leave);
      element.removeEventListener("scroll", onScroll);
    };
  }, []);
  return stays;
}

export function useVirtual(scroller: RefObject<HTMLElement | null>, rows: Rows) {
  const stays = useStay(scroller);
  const [, draw] = useReducer((times: number, _: void) => times + 1, 0);
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: rows.count,
    getItemKey: rows.keyOf,
    estimateSize: rows.estimate,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect: (
      of: Virtualizer<HTMLElement, HTMLElement>,
      tell: (rect: { width: number; height: number }) => void,
    ) =>
      observeElementRect(of, (rect) => {
        tell(rect);
        if (stays.current) of.scrollToEnd();
      }),
    observeElementOffset,
    measureElement,
    overscan: 8,
    initialOffset: () => list.getTotalSize(), // it opens at its end
    paddingStart: 16,
    paddingEnd: 12,
    anchorTo: "end",
    scrollEndThreshold: NEAR_END,
    onChange: () => draw(),
  };
  const [list] = useState(() => {
    const made = new Virtualizer(options);
    const { scrollToIndex } = made;
    made.scrollToIndex = (...where) => {
      stays.current = false;
      scrollToIndex(...where);
    };
    return made;
  });
  const last = rows.keyOf(rows.count - 1);
  const lastDrawn = useRef(last);
  const isAtEnd = stays.current || (scroller.current !== null && isNearEnd(scroller.current));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => {
    list._willUpdate();
    if (isAtEnd && last !== lastDrawn.current) list.scrollToEnd();
    lastDrawn.current = last;
  });
  return list;
}
