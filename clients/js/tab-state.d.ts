/** Types of tab-state.js. */
import type { AeonRealm, RealmState } from "./aeon-realm.js";

export class TabState {
  static open(name: string, places?: object): Promise<TabState>;
  readonly state: RealmState;
  keep(realm: AeonRealm): void;
  save(): void;
  clear(): void;
}
