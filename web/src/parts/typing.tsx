/** The people who are typing in a room, and the twins that are composing, in one line. */
import { nameOf } from "../format";
import type { Typer } from "../model";
import { me, state } from "../store/store";
import { t } from "../text";

export function Typing({ room_id, names }: { room_id: string; names: Map<number, string> }) {
  const typers = (state.value.typing[room_id] ?? []).filter(
    ({ user_id, is_aeon }) => is_aeon || user_id !== me.value?.id,
  );
  const called = (typer: Typer) => names.get(typer.user_id) ?? nameOf(typer);
  const people = typers.filter(({ is_aeon }) => !is_aeon);
  const twins = typers.filter(({ is_aeon }) => is_aeon);
  return (
    <div class="typing" aria-hidden="true">
      {people.length > 0 && (
        <>
          <span class="dots">
            <i />
            <i />
            <i />
          </span>
          <span class="clip">
            {t("typing", {
              count: people.length,
              name: called(people[0]!),
            })}
          </span>
        </>
      )}
      {people.length > 0 && twins.length > 0 && <span class="faint">·</span>}
      {twins.length > 0 && (
        <>
          <span class="pulse" />
          <span class="clip twin-voice">
            {t("twin-composing", { name: called(twins[0]!) })}
          </span>
        </>
      )}
    </div>
  );
}
