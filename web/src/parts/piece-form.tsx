/** A piece of knowledge as a form: sharing a new one, and changing one. */
import { useState } from "preact/hooks";

import { type Versioned, call } from "../api";
import type { Knowledge } from "../model";
import {
  ChangedMeanwhile,
  KNOWLEDGE,
  type Written,
  savePiece,
  tagsOf,
  textOfTags,
} from "../store/knowledge";
import { t } from "../text";
import { ChoiceField, circles } from "./choice";
import { FormDialog } from "./dialog";
import { Audience, VISIBILITY, visibilityText } from "./marks";
import { Area, Field, Form, type Refusal, Wrong, useAction } from "./ui";

type Visibility = Written["visibility"];
const VISIBILITIES: readonly Visibility[] = ["public", "friends", "private"];

const writtenIn = (
  { title, content, tags }: Record<string, string>,
  visibility: Visibility,
): Written => ({ title: title || null, content: content!, tags: tagsOf(tags!), visibility });

function Fields({
  piece,
  visibility,
  onVisibility,
  refusal,
}: {
  piece?: Knowledge;
  visibility: Visibility;
  onVisibility: (visibility: Visibility) => void;
  refusal: Refusal;
}) {
  return (
    <>
      <Area
        label={t("what-you-know")}
        name="content"
        rows={piece ? 8 : 4}
        maxLength={20000}
        defaultValue={piece?.content ?? ""}
        wrong={refusal.of("content")}
        autoFocus={piece !== undefined}
        required
      />
      <Field
        label={t("piece-title")}
        name="title"
        hint={t("piece-title-hint")}
        maxLength={200}
        defaultValue={piece?.title ?? ""}
        wrong={refusal.of("title")}
      />
      <Field
        label={t("tags")}
        name="tags"
        hint={t("tags-hint")}
        defaultValue={textOfTags(piece?.tags ?? [])}
        wrong={refusal.of("tags")}
      />
      <ChoiceField
        label={t("who-sees")}
        value={visibility}
        onChoose={onVisibility}
        options={circles(VISIBILITIES)}
        note={t(`${visibility}-text`)}
      />
    </>
  );
}

export function SharePiece({ onShared }: { onShared: (piece: Knowledge) => void }) {
  const [visibility, setVisibility] = useState<Visibility>("public");
  const [count, setCount] = useState(0);
  const [run, isBusy, refusal] = useAction(async (values: Record<string, string>) => {
    const written = writtenIn(values, visibility);
    onShared(await call("POST", KNOWLEDGE, { ...written, knowledge_type: "insight" }));
    setCount(count + 1);
  });
  return (
    <Form key={count} class="card stack" onSend={run}>
      <h2>{t("share-what-you-know")}</h2>
      <Fields visibility={visibility} onVisibility={setVisibility} refusal={refusal} />
      <Wrong>{refusal.message}</Wrong>
      <button class="btn go" aria-disabled={isBusy}>
        {t("share")}
      </button>
    </Form>
  );
}

/** The piece as another device has left it. */
const Latest = ({ piece }: { piece: Knowledge }) => (
  <section class="stack s" aria-label={t("piece-now")}>
    <h3>{t("piece-now")}</h3>
    <b>
      <bdi>{piece.title}</bdi>
    </b>
    <p class="excerpt sideways" tabIndex={0}>
      {piece.content}
    </p>
    <div class="row wrap small muted">
      <Audience reach={VISIBILITY[piece.visibility]!}>{visibilityText(piece.visibility)}</Audience>
      <span>{textOfTags(piece.tags)}</span>
    </div>
  </section>
);

/** Changes a piece. When it was changed meanwhile, the user sees both texts and decides for one. */
export function EditPiece({
  read,
  onClose,
}: {
  read: Versioned<Knowledge>;
  onClose: () => void;
}) {
  const [base, setBase] = useState(read);
  const [visibility, setVisibility] = useState(read.value.visibility);
  const isChanged = base !== read;
  const save = async (values: Record<string, string>) => {
    try {
      await savePiece(base, writtenIn(values, visibility));
    } catch (error) {
      if (error instanceof ChangedMeanwhile) setBase(error.latest);
      throw error;
    }
  };
  return (
    <FormDialog
      title={t("edit-piece")}
      button={t(isChanged ? "save-mine" : "save")}
      keep={isChanged ? t("discard-mine") : undefined}
      onSend={save}
      onClose={onClose}
    >
      {(refusal) => (
        <>
          {isChanged && <Latest piece={base.value} />}
          <Fields
            piece={read.value}
            visibility={visibility}
            onVisibility={setVisibility}
            refusal={refusal}
          />
        </>
      )}
    </FormDialog>
  );
}
