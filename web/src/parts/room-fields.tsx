/** The fields of a room that a new room and the settings of a room have. */
import type { Room } from "../model";
import { t } from "../text";
import { ChoiceField } from "./choice";
import { Field, type Refusal } from "./ui";

export type Openness = "public" | "invited";

export const RoomName = ({ room, refusal }: { room?: Room; refusal: Refusal }) => (
  <>
    <Field
      label={t("room-name")}
      name="name"
      defaultValue={room?.name ?? ""}
      maxLength={100}
      wrong={refusal.of("name")}
      autoFocus={!room}
      required
    />
    <Field
      label={t("room-topic")}
      name="topic"
      defaultValue={room?.topic ?? ""}
      maxLength={255}
      wrong={refusal.of("topic")}
    />
  </>
);

export const WhoReads = ({
  value,
  onChoose,
}: {
  value: Openness;
  onChoose: (value: Openness) => void;
}) => (
  <ChoiceField
    label={t("who-reads")}
    value={value}
    onChoose={onChoose}
    options={[
      ["public", t("visibility-public")],
      ["invited", t("invited-only")],
    ]}
    note={t(value === "public" ? "public-room-text" : "private-room-text")}
  />
);
