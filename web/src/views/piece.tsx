/** A piece of knowledge: reading it, voting for it, sharing it with a room; its creator changes and deletes it. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { ApiError, type Versioned, call, creatorOf, query } from "../api";
import { date } from "../format";
import { Markdown } from "../markdown";
import type { Knowledge } from "../model";
import { Copy } from "../parts/copy";
import { Confirm } from "../parts/dialog";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, VISIBILITY, visibilityText } from "../parts/marks";
import { EditPiece } from "../parts/piece-form";
import { Report } from "../parts/report";
import { ShareInRoom } from "../parts/share-in-room";
import { Empty, Show, useLoaded } from "../parts/ui";
import { Vote } from "../parts/vote";
import { Bar } from "../shell";
import { KNOWLEDGE, pieceOf } from "../store/knowledge";
import { me } from "../store/store";
import { t } from "../text";

function Actions({ read, onChange }: { read: Versioned<Knowledge>; onChange: () => void }) {
  const [open, setOpen] = useState<"share" | "edit" | "delete" | null>(null);
  const [, navigate] = useLocation();
  const piece = read.value;
  const isMine = piece.creator_id === me.value?.id;
  const close = () => setOpen(null);
  const action = (name: "share" | "edit" | "delete", icon: string) => (
    <button type="button" class="btn quiet s" onClick={() => setOpen(name)}>
      <Icon name={icon} /> {t(name)}
    </button>
  );
  return (
    <>
      {piece.visibility === "public" && action("share", "Share2")}
      {isMine && action("edit", "Pencil")}
      {isMine ? action("delete", "Trash2") : <Report kind="knowledge" id={piece.id} />}
      {open === "share" && <ShareInRoom piece={piece} onClose={close} />}
      {open === "edit" && (
        <EditPiece
          read={read}
          onClose={() => {
            close();
            onChange();
          }}
        />
      )}
      {open === "delete" && (
        <Confirm
          title={t("delete-knowledge")}
          text={t("delete-knowledge-text")}
          button={t("delete")}
          keep={t("keep-it")}
          onDo={() => call("DELETE", `${KNOWLEDGE}/${piece.id}`).then(() => navigate("/knowledge"))}
          onClose={close}
        />
      )}
    </>
  );
}

function About({ read, onChange }: { read: Versioned<Knowledge>; onChange: () => void }) {
  const piece = read.value;
  return (
    <div class="stack">
      <div class="row wrap">
        <Audience reach={VISIBILITY[piece.visibility]!}>{visibilityText(piece.visibility)}</Audience>
        <span class="chip line">{piece.knowledge_type.replaceAll("_", " ")}</span>
        {piece.tags.map((tag) => (
          <Link key={tag} class="chip" href={`/knowledge${query({ tag })}`}>
            #{tag}
          </Link>
        ))}
      </div>
      {piece.title && (
        <h1>
          <bdi>{piece.title}</bdi>
        </h1>
      )}
      <div class="row wrap small muted">
        <Disc id={piece.creator_id} name={creatorOf(piece)} size="s" />
        <Link href={`/people/${piece.creator_id}`}>
          <bdi>{creatorOf(piece)}</bdi>
        </Link>
        <span>{date(piece.created_at)}</span>
      </div>
      <div class="row wrap">
        <Actions read={read} onChange={onChange} />
        <Copy text={location.href} label={t("copy-link")} />
      </div>
    </div>
  );
}

export function PieceView({ id }: { id: number }) {
  const loaded = useLoaded((signal) => pieceOf(id, signal), [id]);
  const { error, set, again } = loaded;
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return (
    <main class="main" id="main">
      <Bar title={t("knowledge")} back="/knowledge" />
      <div class="scroll">
        <div class="page narrow">
          {isGone ? (
            <Empty title={t("no-piece")} />
          ) : (
            <Show of={loaded}>
              {(read) => (
                <>
                  <div class="know plain">
                    <Vote item={read.value} onVoted={(value) => set({ ...read, value })} />
                    <About read={read} onChange={again} />
                  </div>
                  <hr class="rule" />
                  <div class="read">
                    <Markdown text={read.value.content ?? ""} />
                  </div>
                  {read.value.citing_twins > 0 && (
                    <p class="small muted">{t("drawn-on", { twins: read.value.citing_twins })}</p>
                  )}
                </>
              )}
            </Show>
          )}
        </div>
      </div>
    </main>
  );
}
