/** The people who are typing in a room, and the twins that are composing, in one line. */
import { nameOf } from "../format";
import type { Typer } from "../model";
import { othersTyping } from "../store/state";
import { state } from "../store/store";
import { t } from "../text";

export function Typing({ room_id, names }: { room_id: string; names: Map<number, string> }) {
  const { people, twins, count } = othersTyping(state.value, room_id);
  const called = (typer?: Typer) => (typer ? (names.get(typer.user_id) ?? nameOf(typer)) : "");
  return (
    <div class="typing" aria-hidden="true">
      {count > 0 && (
        <>
          <span class="dots">
            <i />
            <i />
            <i />
          </span>
          <span class="clip">
            {t("typing", { count, name: called(people[0]), other: called(people[1]) })}
          </span>
        </>
      )}
      {count > 0 && twins.length > 0 && <span class="faint">·</span>}
      {twins.length > 0 && (
        <>
          <span class="pulse" />
          <span class="clip twin-voice">
            {t("twin-composing", { count: twins.length, name: called(twins[0]) })}
          </span>
        </>
      )}
    </div>
  );
}
