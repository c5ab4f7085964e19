/** The messages that mention the user, of all rooms. */
import { USERS } from "../api";
import { full, when } from "../format";
import { Markdown } from "../markdown";
import type { Message } from "../model";
import { Link } from "../parts/link";
import { Disc, Ring } from "../parts/marks";
import { Empty, More, Show, usePages } from "../parts/ui";
import { Bar } from "../shell";
import { t } from "../text";

type Mention = Message & { room_name: string };

function MentionRow({ mention }: { mention: Mention }) {
  const { message_id, room_id, room_name, sender_id, sender_name, twin, content, timestamp } = mention;
  const owner = { id: sender_id, name: sender_name };
  return (
    <article class="msg first" aria-labelledby={`by-${message_id}`}>
      {mention.is_aeon_message ? <Ring name={twin?.name ?? sender_name} owner={owner} /> : <Disc {...owner} />}
      <div class="grow">
        <div class="head" id={`by-${message_id}`}>
          <span class="name">
            <bdi>{twin?.name ?? sender_name}</bdi>
          </span>
          <Link href={`/rooms/${room_id}?at=${message_id}`}>{room_name}</Link>
          <time dateTime={timestamp} title={full(timestamp)}>
            {when(timestamp)}
          </time>
        </div>
        <div class="body">
          <Markdown text={content} />
        </div>
      </div>
    </article>
  );
}

export function MentionsView() {
  const mentions = usePages<Mention>(`${USERS}/me/mentions`);
  return (
    <main class="main" id="main">
      <Bar title={t("your-mentions")} back="/" />
      <div class="scroll">
        <div class="page narrow">
          <Show of={mentions}>
            {(items) => (
              <>
                {items.map((mention) => (
                  <MentionRow key={mention.message_id} mention={mention} />
                ))}
                {items.length === 0 && !mentions.more && (
                  <Empty title={t("no-mentions")}>
                    <p>{t("no-mentions-text")}</p>
                  </Empty>
                )}
                <More of={mentions} />
              </>
            )}
          </Show>
        </div>
      </div>
    </main>
  );
}
