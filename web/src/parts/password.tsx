/** The fields of passwords: the one that is known, and a new one. */
import { t } from "../text";
import { Field, type Refusal } from "./ui";

export const CurrentPassword = ({
  refusal,
  label = t("password"),
  name = "password",
  autoFocus = false,
}: {
  refusal?: Refusal;
  label?: string;
  name?: string;
  autoFocus?: boolean;
}) => (
  <Field
    label={label}
    name={name}
    type="password"
    autoComplete="current-password"
    wrong={refusal?.of(name)}
    autoFocus={autoFocus}
    required
  />
);

export const NewPassword = ({
  label = t("password"),
  refusal,
}: {
  label?: string;
  refusal: Refusal;
}) => (
  <Field
    label={label}
    hint={t("password-hint")}
    name="password"
    type="password"
    autoComplete="new-password"
    wrong={refusal.of("password")}
    required
  />
);
