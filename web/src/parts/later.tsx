/** A view whose code is loaded when it is first shown. */
import type { ComponentType } from "preact";

import { Show, useLoaded } from "./ui";

export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const view = useLoaded(load, []);
  return <Show of={view}>{(View) => <View />}</Show>;
}
