/** Which view an address shows. */
import { useEffect } from "preact/hooks";
import { Redirect, Route, Switch, useLocation } from "wouter-preact";

import mark from "./mark.svg";
import markNamed from "./mark-named.svg";
import { later } from "./parts/ui";
import { Shell, Strip } from "./shell";
import { me, rooms, signedIn } from "./store/store";
import { t } from "./text";
import { Gate } from "./views/gate";
import { JoinView } from "./views/join";
import { KnowledgeView } from "./views/knowledge";
import { PeopleView } from "./views/people";
import { PersonView, StrangerView } from "./views/person";
import { PieceView } from "./views/piece";
import { RoomView } from "./views/room";
import { RoomsView } from "./views/rooms";
import { SettingsView } from "./views/settings";

const MentionsView = later(() => import("./views/mentions").then((view) => view.MentionsView));
const NetworkView = later(() => import("./views/network").then((view) => view.NetworkView));

const twin = () => import("./views/twin-pages");
const TwinView = later(() => twin().then((views) => views.TwinView));
const CallsView = later(() => twin().then((views) => views.CallsView));
const LettersView = later<{ id?: number }>(() => twin().then((views) => views.LettersView));
const AdminView = later<{ tab: string }>(() =>
  import("./views/admin").then((views) => views.AdminView),
);

const LiveView = later(() => import("./views/live").then((view) => view.LiveView));
const UnsubscribeView = later(() =>
  import("./views/unsubscribe").then((view) => view.UnsubscribeView),
);

/** The title and the icon say how many messages are meant for the user. */
function useTitle() {
  const mentions = rooms.value.reduce((sum, room) => sum + room.mentions, 0);
  useEffect(() => {
    document.title = mentions ? `(${mentions}) ${t("realm")}` : t("realm");
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = mentions ? markNamed : mark;
  }, [mentions]);
}

export function App() {
  useTitle();
  const [path] = useLocation();
  if (path === "/docs/live") return <LiveView />;
  if (path === "/unsubscribe") return <UnsubscribeView />;
  if (!signedIn.value) return <Gate />;
  if (!me.value)
    return (
      <Shell>
        <main class="main" id="main" aria-busy="true">
          <Strip />
        </main>
      </Shell>
    );
  return (
    <Shell>
      <Switch>
        <Route path="/">
          <RoomsView />
        </Route>
        <Route path="/rooms/:id">{({ id }) => <RoomView key={id} id={id} />}</Route>
        <Route path="/join/:code">{({ code }) => <JoinView key={code} code={code} />}</Route>
        <Route path="/people">
          <PeopleView />
        </Route>
        <Route path="/people/:id">{({ id }) => <PersonView key={id} id={Number(id)} />}</Route>
        <Route path="/knowledge">
          <KnowledgeView />
        </Route>
        <Route path="/knowledge/:id">
          {({ id }) => <PieceView key={id} id={Number(id)} />}
        </Route>
        <Route path="/twin">
          <TwinView />
        </Route>
        <Route path="/twin/calls">
          <CallsView />
        </Route>
        <Route path="/letters">
          <LettersView />
        </Route>
        <Route path="/letters/:id">{({ id }) => <LettersView id={Number(id)} />}</Route>
        <Route path="/admin">
          <AdminView tab="health" />
        </Route>
        <Route path="/admin/:tab">{({ tab }) => <AdminView tab={tab} />}</Route>
        <Route path="/network">
          <NetworkView />
        </Route>
        <Route path="/mentions">
          <MentionsView />
        </Route>
        <Route path="/settings">
          <SettingsView />
        </Route>
        <Route path="/settings/as-stranger">
          <StrangerView />
        </Route>
        <Route path="/settings/:tab">{({ tab }) => <SettingsView tab={`/${tab}`} />}</Route>
        <Route>
          <Redirect to="/" replace />
        </Route>
      </Switch>
    </Shell>
  );
}
