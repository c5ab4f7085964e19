/** Which view an address shows. */
import { useEffect } from "preact/hooks";
import { Redirect, Route, Switch, useLocation } from "wouter-preact";

import { Later } from "./parts/later";
import { Shell } from "./shell";
import { me, rooms, signedIn } from "./store/store";
import { t } from "./text";
import { Gate } from "./views/gate";
import { KnowledgeItem, KnowledgeView } from "./views/knowledge";
import { NetworkView } from "./views/network";
import { PeopleView, PersonView } from "./views/people";
import { RoomView } from "./views/room";
import { RoomsView } from "./views/rooms";
import { SettingsView } from "./views/settings";
import { TwinView } from "./views/twin";

const liveView = async () => (await import("./views/live")).LiveView;

/** The title says how many messages are meant for the user. */
function useTitle() {
  const mentions = rooms.value.reduce((sum, room) => sum + room.mentions, 0);
  useEffect(() => {
    document.title = mentions ? `(${mentions}) ${t("realm")}` : t("realm");
  }, [mentions]);
}

export function App() {
  useTitle();
  const [path] = useLocation();
  if (path === "/docs/live") return <Later load={liveView} />;
  if (!signedIn.value) return <Gate />;
  if (!me.value)
    return (
      <Shell>
        <main class="main" aria-busy="true" />
      </Shell>
    );
  return (
    <Shell>
      <Switch>
        <Route path="/">
          <RoomsView />
        </Route>
        <Route path="/rooms/:id">{({ id }) => <RoomView key={id} id={id} />}</Route>
        <Route path="/people">
          <PeopleView />
        </Route>
        <Route path="/people/:id">{({ id }) => <PersonView key={id} id={Number(id)} />}</Route>
        <Route path="/knowledge">
          <KnowledgeView />
        </Route>
        <Route path="/knowledge/:id">
          {({ id }) => <KnowledgeItem key={id} id={Number(id)} />}
        </Route>
        <Route path="/twin">
          <TwinView />
        </Route>
        <Route path="/network">
          <NetworkView />
        </Route>
        <Route path="/settings">
          <SettingsView />
        </Route>
        <Route>
          <Redirect to="/" replace />
        </Route>
      </Switch>
    </Shell>
  );
}
