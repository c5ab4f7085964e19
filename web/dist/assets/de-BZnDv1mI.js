var e=`# Alle Texte auf Deutsch. Kurz und einfach; Knöpfe sagen, was geschieht.

realm = AEON Realm
you = Du
you-object = dir
yours = deins
today = Heute
loading = Wird geladen
close = Schließen
cancel = Abbrechen
back = Zurück
save = Speichern
send = Senden
change = Ändern
delete = Löschen
keep-it = Behalten
share = Teilen
all = Alle
new = Neu
top = Beste
never = Nie
try-again = Noch einmal versuchen
try-now = Jetzt versuchen
discard = Verwerfen
skip = Zum Inhalt springen
kept = gespeichert
message = Nachricht
results = Treffer
no-answer = Das Realm antwortet nicht. Prüfe deine Verbindung und versuche es noch einmal.
too-fast = Zu viele Anfragen. Versuche es in { $seconds } s noch einmal.
try-now-text = Du kannst es jetzt noch einmal versuchen.
fields-wrong = Einige Felder brauchen eine Änderung.
nothing-found = Nichts gefunden für „{ $text }“

## Vor dem Anmelden
gate-title = Ein Zuhause für Menschen und ihre Zwillinge.
gate-text = Was du sagst, bleibt hier und nirgends sonst.
the-api = die API
sign-in = Anmelden
name-or-email = Name oder E-Mail
password = Passwort
password-hint = Mindestens 8 Zeichen.
wrong-password = Dieser Name und dieses Passwort gehören nicht zusammen.
totp = Code aus deiner App
totp-hint = Sechs Ziffern, oder einer deiner Ersatzcodes.
new-here = Neu hier?
make-account = Konto anlegen
have-account = Du hast ein Konto?
username = Benutzername
username-hint = Buchstaben, Ziffern, Punkt, Strich. So finden und nennen dich andere.
full-name = Dein Name
email = E-Mail
invite-code = Einladungscode
setup-code = Einrichtungscode
setup-code-hint = Das Realm hat ihn beim Start ausgegeben. Mit ihm gehört es dir.
is-it-yours = Ist das dein neues Realm?
have-setup-code = Ich habe einen Einrichtungscode
approval-hint = Ein Administrator sieht jedes neue Konto an, bevor es benutzt werden kann.
approval-title = Dein Konto wartet
approval-text = Ein Administrator muss es freigeben. Melde dich später wieder an.
forgot-password = Passwort vergessen?
new-password = Ein neues Passwort
send-code = Code zusenden
code-is-sent = Wenn die Adresse hier bekannt ist, ist eine Mail unterwegs.
code = Code
code-hint = Aus der Mail, oder von einem Administrator.
code-hint-no-mail = Den gibt dir ein Administrator: dieses Realm verschickt keine Mails.
set-password = Passwort setzen
password-is-set = Das neue Passwort gilt. Melde dich damit an.
registration-closed = Dieses Realm nimmt keine neuen Konten auf.
ended-elsewhere = Diese Sitzung ist beendet. Melde dich wieder an.

## Rahmen
places = Orte
rooms = Räume
people = Menschen
knowledge = Wissen
your-twin = Dein Zwilling
twin = Zwilling
network = Netz
settings = Einstellungen
your-rooms = Deine Räume
your-page = Deine Seite
search-or-jump = Suchen oder springen
said-in = { $person } in { $room }
search-key = Strg K
mark-all-read = Alles als gelesen markieren
unread = ungelesen
mentions = { $count ->
    [one] { $count } Erwähnung
   *[other] { $count } Erwähnungen
}
your-mentions = Deine Erwähnungen
no-mentions = Niemand hat dich erwähnt
no-mentions-text = Hier stehen Nachrichten mit deinem Namen hinter einem @.
notify = Benachrichtige mich über
notify-all = alle Nachrichten
notify-mentions = Erwähnungen
notify-none = nichts
name-somebody = Jemanden nennen
whole-room = alle in diesem Raum
names-found = { $count ->
    [one] { $count } Name. Enter übernimmt ihn.
   *[other] { $count } Namen. Pfeiltasten wählen, Enter übernimmt.
}
invitations = { $count ->
    [one] { $count } Einladung
   *[other] { $count } Einladungen
}
drafts = { $count ->
    [one] { $count } Entwurf
   *[other] { $count } Entwürfe
}
you-are-up = hier
you-are-down = offline
you-are-connecting = verbindet
twin-named = Zwilling: { $twin }
offline = Du bist offline.
offline-waiting = Was du schreibst, bleibt hier und wird gesendet, wenn du zurück bist: { $count } wartend.
next-try = Nächster Versuch in { $seconds } s

## Räume
new-room = Neuer Raum
room-name = Name
room-topic = Worum es geht
make-room = Raum anlegen
who-reads = Wer ihn lesen kann
visibility-public = Alle
visibility-friends = Freunde
visibility-private = Nur du
invited-only = Nur Eingeladene
public-room-text = Alle in diesem Realm können ihn lesen und hereinkommen.
private-room-text = Nur wen du einlädst, sieht, dass es ihn gibt.
rooms-yours = { $count ->
    [one] { $count } ist deiner
   *[other] { $count } sind deine
}
find-room = Raum nach Name oder Thema finden
which-rooms = Welche Räume
mine = Deine
with-twins = Mit Zwillingen
twins-talk = Zwillinge reden
first-here = Willkommen, { $person }. Du bist zuerst hier, also gehört dieses Realm dir.
nothing-said = Noch niemand hat etwas gesagt
quiet-title = Es ist still, weil es neu ist
quiet-text = Drei Dinge machen daraus ein Zuhause. Jedes dauert eine Minute, und jedes hat Zeit.
step-account = Dein Konto
step-account-text = @{ $username }, Eigentümer dieses Realms
step-room = Ein erster Raum
step-room-text = „{ $room }“ ist schon da; sag dort hallo.
step-people = Jemand zum Reden
step-people-text = Ein Link, mit dem eine Person ein Konto anlegt.
step-twin-text = Er antwortet für dich, soweit du es erlaubst, aus dem, was die lesende Person sehen darf.
meet-it = Ihn kennenlernen
done = erledigt
no-rooms = Noch keine Räume
no-rooms-text = In einem Raum reden Menschen miteinander. Lege den ersten an.
invites-you = { $person } lädt dich ein in { $room }
somebody = Jemand
come-in = Hereinkommen
people-count = { $count ->
    [one] { $count } Mensch
   *[other] { $count } Menschen
}
write = Schreiben
write-to = Leuten schreiben
write-to-text = Wähle eine Person, oder bis zu { $count } für ein gemeinsames Gespräch. Dieselben Leute haben immer dasselbe Gespräch.
chosen = Ausgewählte Leute
leave-out = { $person } weglassen
not-now = Ablehnen

## Ein Raum
room = Raum
no-room = Diesen Raum gibt es nicht
no-room-text = Er wurde gelöscht, oder er steht dir nicht offen.
room-start = Hier beginnt der Raum.
room-closed = Dieser Raum ist geschlossen. Niemand kann darin schreiben.
room-details = Über den Raum
members = Mitglieder
find-member = Ein Mitglied finden
members-of = Mitglieder von { $room }
all-members = Alle { $count } Mitglieder
role-owner = Besitzer
role-moderator = Moderator
leave-room = Raum verlassen
room-link-text = Oder mach einen Link: mit ihm kommen bis zu { $count } Leute herein, und wer neu in diesem Realm ist, legt ein Konto an.
invitation-title = Eine Einladung
invitation-text = Dieser Link führt in einen Raum. Die Leute dort sehen, dass du hereingekommen bist.
invite-somebody = Jemanden einladen
invited = { $person } ist eingeladen.
here-now = Gerade hier
is-here-now = gerade hier
away = weg
nobody-else-here = Sonst ist niemand hier.
twins-here = Zwillinge in diesem Raum
twins-here-text = Sie antworten, wenn man sie nennt, und erinnern sich an das, woran sie teilnehmen.
of-person = von { $person }
messages-of = Nachrichten von { $room }
new-since = Neu
jump-first-unread = Zur ersten ungelesenen springen
to-the-end = Zum Ende
new-below = { $count } neue darunter
typing = { $count ->
    [one] { $name } schreibt
    [2] { $name } und { $other } schreiben
   *[other] { $count } Personen schreiben
}
twin-composing = { $count ->
    [one] Der Zwilling von { $name } verfasst etwas
   *[other] { $count } Zwillinge verfassen etwas
}
write-here = Nachricht schreiben
everyone-reads = Alle hier können das lesen
members-read = { $count ->
    [one] Nur du liest das
   *[other] { $count } Menschen lesen das
}
twins-remember = { $count ->
    [one] { $count } Zwilling kann es sich merken
   *[other] { $count } Zwillinge können es sich merken
}
sent-later = Zu viele Nachrichten auf einmal. Der Rest wird in { $seconds } s gesendet.
sent-now = Der Rest wird jetzt gesendet.
draft-kept = Entwurf behalten
letters-left = noch { $count }
editing = Du änderst deine Nachricht
replying = Antwort
replying-to = Antwort an { $person }
about-room = Über diesen Raum
only-you-two = Nur ihr zwei
direct-reads = Nur du und { $person } lesen das
pinned = Angeheftet
pin = Anheften
unpin = Ablösen
is-pinned = angeheftet
mute = Stummschalten
mute-text = Schalte diesen Raum für dich stumm: seine Nachrichten gelten dann nicht als ungelesen.
mute-hour = Eine Stunde
mute-day = Einen Tag
mute-week = Eine Woche
mute-ever = Bis ich es beende
unmute = Nicht mehr stumm
is-muted = Stumm: Dieser Raum gibt dir keine Hinweise.
is-muted-until = Stumm bis { $time }: Dieser Raum gibt dir keine Hinweise.
room-settings = Einstellungen des Raums
room-description = Beschreibung
room-most = Höchstens so viele Leute
close-room = Den Raum schließen
close-room-text = Niemand kann mehr darin schreiben oder beitreten. Was gesagt wurde, bleibt lesbar.
open-room = Den Raum wieder öffnen
reason = Grund
delete-room = Den Raum löschen
leave-room-title = Diesen Raum verlassen?
leave-room-text = Du hörst nichts mehr davon. Was du gesagt hast, bleibt.
leave-direct-text = Was gesagt wurde, bleibt. Schreib denselben Leuten wieder, um zurückzukommen.
delete-room-title = Diesen Raum für alle löschen?
delete-room-text = Alle Nachrichten gehen mit ihm. Es gibt keinen Weg zurück.
actions-for = Aktionen für { $person }
make-moderator = Zum Moderator machen
make-member = Zum einfachen Mitglied machen
remove-member = Entfernen
ban-member = Entfernen und sperren
invited-people = Eingeladen
banned-people = Gesperrt
take-back = Zurücknehmen
end-ban = Sperre beenden
report = Melden
report-message = Diese Nachricht melden
report-knowledge = Dieses Wissen melden
report-interaction = Diesen Brief melden
report-room = Diesen Raum melden
report-user = Diese Person melden
report-text = Die Verwalter dieses Realms lesen deine Meldung und sehen, was du meldest. Sonst erfährt niemand davon.
report-reason = Was stimmt damit nicht?
report-sent = Die Verwalter haben sie jetzt. Ihre Entscheidung steht in deinen Einstellungen.

## Eine Nachricht
twin-label = { $twin }, Zwilling von { $person }, { $time }
person-label = { $person }, { $time }
twin-of = Zwilling von { $person }
edited = geändert { $time }
message-tools = Was mit dieser Nachricht geschehen soll
react = Reagieren
reaction = { $key } von { $count }
reply = Antworten
edit = Ändern
former-texts = Frühere Texte
no-former-texts = Es ist kein früherer Text aufbewahrt.
delete-title = Diese Nachricht löschen?
delete-text = Eine Zeile bleibt an ihrer Stelle. Den Text kann niemand mehr lesen.
message-deleted = Diese Nachricht wurde gelöscht.
message-removed = Ein Administrator hat diese Nachricht entfernt.
earlier-message = eine frühere Nachricht
shares-knowledge = teilt Wissen
shared-not-for-you = Was hier geteilt wird, ist dir nicht zugänglich, oder es ist nicht mehr da.
knowledge-by = Wissen von { $person }
not-sent = Nicht gesendet.
waiting-to-be-sent = wartet auf das Senden
why = Warum er das sagt
why-nothing = Er nennt keinen Text, den du sehen darfst.
why-approved = Ein Mensch hat es gelesen und freigegeben, bevor es gesagt wurde.
why-hidden = Texte, die du nicht sehen darfst, werden hier nie genannt.
source-knowledge = Ein Stück Wissen
source-memory = Eine Erinnerung
source-message = Eine Nachricht
approved = Gelesen und freigegeben von { $person }
source-letter = Ein Brief
source-chat = Dein Gespräch mit ihm
source-text = Ein Text
is-cited = zitiert

## Menschen
find-somebody = Jemanden finden
found = Gefunden
suggested = Vorschläge
friends = Freunde
blocked = Blockiert
nobody-found = Noch niemand vorzuschlagen
nobody-friend = Du nennst noch niemanden Freund
nobody-blocked = Du blockierst niemanden
known-by = Bekannt mit { $what }
shares-with-you = Teilt mit dir: { $what }
lately-seen = Zuletzt gesehen
nobody-seen = Heute war niemand hier.
strength = Stärke { $count }
no-person = Unter dieser Adresse ist niemand
since = seit { $date }
what-they-know = Was sie wissen
nothing-shared = Nichts, was du sehen darfst.
a-friend = Freund
a-tie = Ihr kennt euch
no-tie = Noch keine Verbindung
no-tie-text = Eine Verbindung wächst von selbst, wenn ihr redet.
you-block = Du blockierst diesen Menschen
blocked-text = Keiner von euch sieht den anderen.
bond-text = { $count ->
    [one] Stärke { $strength } von 100. Sie wuchs mit { $count } Sache, die ihr zusammen getan habt, und halbiert sich in 30 Tagen Schweigen.
   *[other] Stärke { $strength } von 100. Sie wuchs mit { $count } Dingen, die ihr zusammen getan habt, und halbiert sich in 30 Tagen Schweigen.
}
friend-sees = { $person } sieht, was du mit Freunden teilst.
call-friend = { $person } Freund nennen
end-tie = Verbindung beenden
block = Blockieren
unblock = Nicht mehr blockieren
block-title = { $person } blockieren?
block-text = Keiner von euch sieht den anderen mehr: keine Nachrichten, keine Einladungen, keine Anwesenheit. Du kannst es zurücknehmen.
ask-the-twin = Den Zwilling fragen
ask-twin-of = Den Zwilling von { $person } fragen
your-question = Deine Frage
letter-is-public = Alle dürfen es lesen
wants-no-contact = Diese Person nimmt von dir keine neuen Gespräche, Einladungen, Texte oder Fragen an.

## Wissen
search-knowledge = Wissen durchsuchen
order = Reihenfolge
best-match = Passendste
tags = Schlagworte
all-tags = Alle Schlagworte zeigen
tags-hint = Mit Kommas dazwischen.
share-what-you-know = Teile, was du weißt
what-you-know = Was weißt du?
piece-title = Titel
piece-title-hint = Ohne Titel steht die erste Zeile dafür.
who-sees = Wer es sehen darf
public-text = Alle in diesem Realm, und die Zwillinge, die hier antworten.
friends-text = Menschen, die du Freunde nennst, und dein Zwilling, wenn er einem von ihnen antwortet.
private-text = Du allein, und dein Zwilling, wenn er dir antwortet.
no-knowledge = Noch hat niemand etwas geteilt
no-knowledge-text = Schreibe etwas auf, wonach andere dich fragen.
no-piece = Dieses Stück Wissen gibt es nicht
edit-piece = Dieses Stück ändern
changed-meanwhile = Dieses Stück wurde geändert, seit du es geöffnet hast. Vergleiche beide Texte; speichere dann deinen oder verwirf ihn.
piece-now = Das Stück, wie es jetzt ist
save-mine = Meinen Text speichern
discard-mine = Meinen Text verwerfen
share-in-room = Mit einem Raum teilen
share-in-room-text = Der Raum bekommt es als Nachricht von dir.
is-shared = Mit { $room } geteilt
vote-for = Dafür stimmen
vote-against = Dagegen stimmen
delete-knowledge = Dieses Stück für immer löschen?
delete-knowledge-text = Nachrichten, die es teilen, sagen dann, dass es nicht mehr da ist. Das lässt sich nicht zurücknehmen.
drawn-on = { $twins ->
    [one] Verwendet von { $twins } Zwilling
   *[other] Verwendet von { $twins } Zwillingen
}

## Dein Zwilling
waiting-for-yes = Wartet auf dein Ja
no-drafts = Nichts wartet auf dich.
draft-for = Entwurf für { $person }
asked-in = { $person } fragte in { $room }
asked = { $person } fragte
will-read = { $count ->
    [one] { $count } Mensch wird es lesen
   *[other] { $count } Menschen werden es lesen
}
only-asker = { $person } und du
answer = Antwort
say-it = Sag es
not-this = Das nicht
from-sources = { $count ->
    [one] Aus { $count } Text
   *[other] Aus { $count } Texten
}
talk-with = Rede mit { $twin }
ask-twin = Frage { $twin }
is-composing = { $twin } verfasst etwas
no-answer-from-twin = Er hat keine Antwort.
persona = Wesen
twin-name = Sein Name
may-answer = Er darf für dich antworten
as-drafts = Als Entwurf
by-itself = Von selbst
answers = Antworten
tokens = Token
of-most = { $value } von { $most }
spent-text = Ist es verbraucht, wird morgen beantwortet, was wartet.
remembers = Woran er sich erinnert
remember = Das merken
tell-it = Erzähle ihm etwas
forget = Vergessen
search-memories = Suchen, worauf er für dich zurückgreifen darf
no-memories = Noch nichts.
no-twin = Dein Zwilling ist nicht da
now = Jetzt
letters = Briefe der Zwillinge
calls = Aufrufe und Kosten
answers-to = Er antwortet
how-it-answers = Wie er antwortet
only-when-away = Nur wenn du weg bist
only-when-away-text = Er antwortet anderen nur, während du nicht verbunden bist.
quiet-hours = Ruhezeit
quiet-hours-text = In dieser Zeit antwortet er nur dir, nach der Uhr dieses Geräts. Für keine Ruhezeit bleiben beide Felder leer.
quiet-hours-both = Eine Ruhezeit braucht Anfang und Ende.
from-time = Von
to-time = Bis
limit-day = Antworten am Tag
limit-person = An eine Person am Tag
asks-others = Er fragt andere Zwillinge
asks-public = Öffentliche Fragen
asks-always = Immer
asks-never-text = Er antwortet aus dem, was er selbst weiß.
asks-public-text = Weiß er zu wenig, fragt er einen anderen Zwilling, aber nur bei Fragen, die alle lesen können.
asks-always-text = Weiß er zu wenig, fragt er bei allen Fragen einen anderen Zwilling. Dessen Besitzer sieht, dass deiner gefragt hat, und die Antwort, aber nicht die Frage.
model = Sprachmodell
model-of-realm = Das des Realms
stop = Anhalten
ask-again = Noch einmal fragen
more = Mehr zeigen
why-remembered = Warum er das behält
times-heard = { $count }-mal gehört
you-told-it = Du hast es ihm gesagt.
which-turns = Welche Züge
no-turns = Hier ist nichts
no-turns-text = Jede Frage an deinen Zwilling steht hier, mit dem, was er benutzte und was es kostete.
turn-waits = wartet
turn-runs = wird beantwortet
turn-draft = wartet auf dein Ja
turn-said = gesagt
turn-refused = nicht beantwortet
turn-failed = gescheitert
cause-chat = Du hast ihn gefragt
cause-letter = Brief von { $person }
cause-message = { $person } in { $room }
cause-exchange = Der Zwilling von { $person } fragte ihn
cause-knowledge = Er schlägt vor, eine Erinnerung zu teilen
cost = { $count ->
    [one] { $count } Token
   *[other] { $count } Tokens
}
made-by = Gemacht von { $engine }
tokens-used = { $prompt } Tokens gelesen, { $reply } geschrieben
you-approved = du hast zugestimmt
why-no-sources = Er benutzte keinen Text.
reason-suspended = Das Konto ist gesperrt.
reason-off = Der Zwilling ist aus.
reason-blocked = Einer der beiden hat den anderen gesperrt.
reason-not-in-room = Der Zwilling ist nicht in diesem Raum.
reason-answers-to = Er antwortet dieser Person nicht.
reason-away = Du warst selbst da.
reason-quiet-hours = Es war Ruhezeit.
reason-day-limit = Die Antworten des Tages waren verbraucht.
reason-person-limit = Die Antworten für diese Person waren verbraucht.
reason-chain-limit = Zu viele Züge von Zwillingen ohne einen Menschen.
reason-budget = Die Tokens des Tages waren verbraucht.
reason-quota = Eine Grenze war erreicht.
reason-cause-gone = Die Frage gibt es nicht mehr.
reason-nothing-new = Er hatte nichts Neues zu sagen.
reason-owner-answered = Du hast selbst geantwortet.
reason-interrupted = Unterbrochen: so weit kam er.
reason-cancelled = Angehalten.
reason-rejected = Du wolltest es nicht gesagt haben.
reason-failed = Das Modell antwortete nicht.
a-person = ein Mensch
all-letters = Alle Briefe
which-letters = Welche Briefe
public-letters = Öffentliche
no-letters = Noch keine Briefe
no-letter = Diesen Brief gibt es nicht
no-letters-text = Frag den Zwilling von jemandem, auf der Seite dieser Person.
both-read = { $one } und { $other }
waits-for = Wartet auf eine Antwort von { $person } oder dem Zwilling.
say-yourself = Sag selbst etwas
with-person = mit { $person }
delete-letter = Diese Briefe löschen?
delete-letter-text = Sie sind für euch beide fort.
what-twin-may = Was dein Zwilling darf
held-back = Zurückgehalten:
held-back-text = { $count ->
    [one] { $count } passender Text wurde nicht benutzt, weil jemand, der die Antwort liest, ihn nicht lesen darf.
   *[other] { $count } passende Texte wurden nicht benutzt, weil jemand, der die Antwort liest, sie nicht lesen darf.
}

## Netz
network-strength = { $count ->
    [one] Stärke deiner einen Verbindung
   *[other] Stärke: das Mittel deiner { $count } Verbindungen
}
influence = Einfluss: Stimmen für Geteiltes, und Gespräche
strongest-ties = Stärkste Verbindungen
together = { $count ->
    [one] { $count } Sache zusammen
   *[other] { $count } Dinge zusammen
}
no-ties = Du hast noch keine Verbindungen
no-ties-text = Nenne jemanden Freund, oder rede in einem Raum.
how-far = Wie weit
one-step = Ein Schritt
two-steps = Zwei Schritte
as-list = Als Liste
as-picture = Als Bild
as-table = Als Tabelle
as-chart = Als Diagramm
within-one = { $count ->
    [one] { $count } Mensch einen Schritt entfernt
   *[other] { $count } Leute einen Schritt entfernt
}
within-two = { $count ->
    [one] { $count } Mensch bis zu zwei Schritte entfernt
   *[other] { $count } Leute bis zu zwei Schritte entfernt
}
node-with-twin = { $person }, mit dem Zwilling { $twin }
has-twin = Zwilling: { $twin }
with-a-twin = mit einem Zwilling
thicker-stronger = dicker: stärker
along-ties = den Bindungen entlang,
opens = öffnet
steps-away = { $count ->
    [one] { $count } Schritt entfernt
   *[other] { $count } Schritte entfernt
}
ties-of-both = Das kennt ihr beide: { $names }.
knows-others = Kennt andere, die du nicht kennst: { $names }.
profile = Profil
who-sees-network = Wer es sehen darf
last-days = Deine letzten { $count } Tage
day = Tag
messages = Nachrichten
votes = Stimmen

## Einstellungen
bio = Über dich
look-and-language = Aussehen und Sprache
privacy-and-devices = Privatsphäre und Geräte
look = Aussehen
language = Sprache
as-system = Wie das System
light = Hell
dark = Dunkel
everyone = Alle
nobody = Niemand
privacy-title = Wer was von dir wissen darf
privacy-presence = Wann du hier bist
privacy-presence-text = Dein Punkt, und der Raum, in dem du bist.
privacy-relationships = Wen du kennst
privacy-relationships-text = Deine Verbindungen, auf deiner Seite. Blockierte werden nie gezeigt.
privacy-network = Dein Netz
privacy-network-text = Das Bild, seine Stärke und sein Einfluss.
privacy-contact = Wer dich erreicht
privacy-contact-text = Ein Gespräch mit dir beginnen, dich einladen, mit dir teilen, deinen Zwilling fragen.
discoverable = Gefunden werden
discoverable-text = Fremde finden dich unter deinem Namen, und du erscheinst in Vorschlägen.
see-as-stranger = Deine Seite sehen wie eine fremde Person
as-stranger = Deine Seite für Fremde
as-stranger-text = Das sieht eine Person, die in keinem deiner Räume ist und keine Verbindung mit dir hat.
stranger-may = Fremde dürfen ein Gespräch mit dir beginnen, dich einladen, mit dir teilen und deinen Zwilling fragen.
stranger-may-not = Fremde dürfen kein Gespräch mit dir beginnen, dich nicht einladen, nicht mit dir teilen und deinen Zwilling nicht fragen.
not-discoverable = Du hast gewählt, dass Fremde dich nicht finden.
signing-in = Wie du dich anmeldest
change-email = Die E-Mail-Adresse ändern
change-password = Das Passwort ändern
change-password-text = Ein neues Passwort meldet dich überall sonst ab.
old-password = Das bisherige Passwort
second-factor = Ein zweiter Faktor
second-factor-text = Mit ihm meldet sich niemand allein mit deinem Passwort an: Gefragt wird auch nach einem Code, den ein Authenticator zeigt.
factor-is-on = { $count ->
    [one] Er ist eingeschaltet. { $count } Ersatzcode ist übrig.
   *[other] Er ist eingeschaltet. { $count } Ersatzcodes sind übrig.
}
switch-on = Einschalten
switch-off = Ausschalten
switch-on-factor = Den zweiten Faktor einschalten
switch-off-factor = Den zweiten Faktor ausschalten
switch-off-factor-text = Zum Anmelden reicht dann das Passwort allein.
go-on = Weiter
secret-text = Gib dieses Geheimnis deinem Authenticator, und schreibe dann den Code, den er zeigt.
open-authenticator = In einem Authenticator öffnen
recovery-codes = Deine Ersatzcodes
recovery-codes-text = Jeder von ihnen ersetzt einen Code, wenn dein Authenticator verloren ist. Bewahre sie jetzt auf: Sie werden nicht noch einmal gezeigt.
have-kept-them = Ich habe sie aufbewahrt
sign-out-elsewhere = Überall sonst abmelden
signed-in-where = Wo du angemeldet bist
a-device = Ein Gerät
browser-on-system = { $browser } unter { $system }
this-one = dieses
sign-out = Abmelden
sign-out-here = Hier abmelden
export = Exportieren
export-title = Nimm es mit
export-text = Alles, was das Realm über dich hat, als ein Dokument: Nachrichten, Wissen, Verbindungen, und woran sich dein Zwilling erinnert.
erase = Mein Konto löschen
erase-title = Für immer gehen
erase-text = Deine Seite, Verbindungen, dein Wissen und dein Zwilling werden gelöscht. Nachrichten bleiben, als die von „deleted user“. Es gibt keinen Weg zurück.
notices = Hinweise
notices-title = Direkte Nachrichten und Erwähnungen
notices-text = Dein Browser sagt dir Bescheid, während du woanders hinsiehst. Stumme Räume sagen nichts, und jeder Raum kann dir mehr oder weniger melden.
notices-names = Ohne Texte privater Räume
notices-texts = Mit allen Texten
notices-refused = Dein Browser erlaubt keine Hinweise dieser Seite.
mails = E-Mails
address-code = Code aus der Mail, die deine Adresse bestätigt
address-code-hint = Nur an eine bestätigte Adresse kommt, was du verpasst hast, oder ein Code für ein neues Passwort.
confirm-address = Bestätigen
mail-is-sent = Eine Mail ist unterwegs.
digest-title = Was du verpasst hast
digest-text = Während du weg bist, sagt dir eine Mail höchstens einmal in der Stunde, welche direkten Nachrichten und Erwähnungen da sind. Aus stummen Räumen kommt nichts, und nichts, was du gelesen hast.
digest-names = Ohne Texte
unsubscribe-title = Keine Mails mehr über das, was du verpasst hast?
unsubscribe-text = Es kommen keine Mails mehr, die dir von direkten Nachrichten und Erwähnungen sagen. Andere Mails, etwa mit einem Code für ein neues Passwort, kommen weiterhin.
unsubscribe = Keine solchen Mails mehr
unsubscribe-done = Du bekommst keine solchen Mails mehr. In deinen Einstellungen kannst du sie wieder einschalten.
to-the-realm = Zum Realm
notice-direct = { $person } schreibt dir
notice-message = { $person } schreibt in { $room }
notice-room = { $person } erwähnt dich in { $room }
your-reports = Was du gemeldet hast

## Die Live-Schnittstelle
live-title = Die Live-Schnittstelle
live = Live
live-channel = Der Kanal
live-console = Ausprobieren
live-sign-in = Melde dich an, um dich mit deiner Sitzung zu verbinden und Befehle zu senden.
live-connect = Verbinden
live-disconnect = Trennen
live-is-open = Verbunden
live-is-closed = Nicht verbunden
live-closed = Die Verbindung ist zu Ende: { $code }, { $reason }.
live-no-reason = ohne Angabe eines Grundes
live-command = Befehl
live-required = { $name } (nötig)
live-default = Vorgabe: { $value }.
live-no-json = Eine Zahl, eine Liste oder ein Objekt ist kein gültiges JSON.
live-frames = Was gesendet und empfangen wurde
live-nothing-yet = Noch nichts. Verbinde dich, dann sende einen Befehl.
live-sent = Gesendet
live-received = Empfangen
live-note = Hinweis
live-clear = Leeren
live-commands = Befehle
live-messages = Nachrichten des Realms
live-close-codes = Codes am Ende der Verbindung
live-property = Feld
live-type = Typ
live-meaning = Bedeutung

## Das Realm, für Verwalter
the-realm = Das Realm
not-for-you = Das sehen nur Verwalter
reports-waiting = { $count ->
    [one] { $count } Meldung
   *[other] { $count } Meldungen
}
health = Gesundheit
reports = Meldungen
invites = Einladungen
audit = Protokoll
milliseconds = { $count } ms
seconds = { $count } s
realm-healthy = Alles läuft
realm-degraded = Es läuft, aber nicht alles
realm-unhealthy = Es funktioniert nicht
checked-at = geprüft um { $time }
connected-now = jetzt verbunden
rooms-in-use = Räume mit jemandem darin
one-read = ein Lesen der Datenbank
free-on-disk = frei auf der Platte
parts = Teile
is-up = läuft
is-down = läuft nicht
part-database = Datenbank
part-writes = Schreiben
part-disk = Platte
part-maintenance = Pflege
part-bridge = Live-Brücke
part-twins = Zwillinge
part-stores = Andere Speicher
part-programs = Programme
database-text = Write-ahead-Log { $size }
writes-text = Zeit, seit zuletzt etwas gespeichert wurde
disk-text = Frei für die Datenbank
maintenance-text = Macht { $program }; Zeit seit dem letzten Checkpoint
bridge-text = { $connections } Verbindungen, { $rooms } Räume
twins-text = Prozesse, die antworten
stores-text = Änderungen, die sie noch nicht haben
programs-text = Überwachte Programme
reports-open = Offen
reports-taken = In Arbeit
reports-done = Erledigt
reports-rejected = Abgelehnt
no-reports = Hier sind keine Meldungen
kind-message = Nachricht
kind-knowledge = Wissen
kind-interaction = Brief
kind-room = Raum
kind-user = Person
reported-by = gemeldet von { $person }, { $time }
taken-by = bei { $person }
is-removed = entfernt
written-by = Geschrieben von
outcome = Was du entschieden hast
outcome-hint = Wer gemeldet hat, liest es.
report-done = Es ist erledigt
report-rejected = Alles in Ordnung
report-take = Ich kümmere mich
remove-thing = Für alle entfernen
remove-hint = Er steht im Protokoll. Entferntes lässt sich einige Tage lang wiederherstellen.
accounts-waiting = Konten, die warten
let-in = Einlassen
turn-away = Abweisen
for-a-day = Ein Tag
for-a-week = Eine Woche
for-a-month = Ein Monat
until-ended = Bis sie endet
until = bis { $time }
how-long = Wie lange
suspend = Sperren
suspend-text = Alle Anmeldungen enden, und bis dahin ist keine möglich. Die Person liest den Grund.
remove-content = Auch entfernen, was diese Person schrieb
suspended-people = Gesperrte Leute
end-suspension = Beenden
role = Rolle
role-user = Nutzer
role-admin = Verwalter
disable = Konto abschalten
enable = Konto einschalten
is-disabled = abgeschaltet
end-logins = Alle Anmeldungen beenden
logins-ended = Alle Anmeldungen sind beendet.
make-password-code = Passwort-Code machen
password-code = Gib der Person diesen Code. Er setzt einmal ein neues Passwort, bis { $until }:
admin-rooms-text = Öffentliche Räume, und private, in denen du bist. Andere kommen durch eine Meldung hierher.
is-closed = geschlossen
removed-things = Entferntes
nothing-removed = Nichts, was sich wiederherstellen ließe.
removed-by = entfernt von { $person }
restore = Wiederherstellen
invite-people = Leute in dieses Realm einladen
invite-people-text = Mit dem Link legt jemand ein Konto an, auch wo es nur mit Einladung geht.
invite-uses = Wie viele Leute ihn benutzen dürfen
make-link = Link machen
invite-made = Kopier ihn jetzt, er wird nicht wieder gezeigt:
copy = Kopieren
copy-link = Link kopieren
copied = Kopiert
no-invites = Keine Einladungen.
invite-used = { $used } von { $uses } benutzt
search-audit = Im Gezeigten suchen
when = Wann
action = Aktion
actor = Nutzer
about-what = Worüber
address = Adresse
find-setting = Eine Einstellung finden
back-to = Zurück zu { $value }
check-now = Jetzt prüfen
last-day = Der letzte Tag
hour = Stunde
requests = Anfragen
refused = abgewiesen
last-minute = In der letzten Minute: Last der Maschine { $load }, eine Anfrage beantwortet in { $mean } ms.
`;export{e as default};