# Alle Texte auf Deutsch. Kurz und einfach; Knöpfe sagen, was geschieht.

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
search-key = Strg K
mark-all-read = Alles als gelesen markieren
unread = ungelesen
mentions = { $count ->
    [one] { $count } Erwähnung
   *[other] { $count } Erwähnungen
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
no-rooms = Noch keine Räume
no-rooms-text = In einem Raum reden Menschen miteinander. Lege den ersten an.
invites-you = { $person } lädt dich ein in { $room }
somebody = Jemand
come-in = Hereinkommen
people-count = { $count ->
    [one] { $count } Mensch
   *[other] { $count } Menschen
}

## Ein Raum
room = Raum
no-room = Diesen Raum gibt es nicht
no-room-text = Er wurde gelöscht, oder er steht dir nicht offen.
room-start = Hier beginnt der Raum.
room-closed = Dieser Raum ist geschlossen. Niemand kann darin schreiben.
room-details = Über den Raum
members = Mitglieder
members-of = Mitglieder von { $room }
all-members = Alle { $count } Mitglieder
role-owner = Besitzer
role-moderator = Moderator
leave-room = Raum verlassen
invite-somebody = Jemanden einladen
invited = { $person } ist eingeladen.
here-now = Gerade hier
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
    [2] { $name } und noch jemand schreiben
   *[other] { $name } und { $count } andere schreiben
}
twin-composing = Der Zwilling von { $name } verfasst etwas
write-here = Nachricht schreiben
everyone-reads = { $count ->
    [one] Alle hier können das lesen · { $count } Mensch ist im Raum
   *[other] Alle hier können das lesen · { $count } Menschen sind im Raum
}
members-read = { $count ->
    [one] Nur du liest das
   *[other] { $count } Menschen lesen das
}
draft-kept = Entwurf behalten
letters-left = noch { $count }
editing = Du änderst deine Nachricht
replying = Antwort
replying-to = Antwort an { $person }

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
delete-title = Diese Nachricht löschen?
delete-text = Eine Zeile bleibt an ihrer Stelle. Den Text kann niemand mehr lesen.
message-deleted = Diese Nachricht wurde gelöscht.
message-removed = Ein Administrator hat diese Nachricht entfernt.
earlier-message = eine frühere Nachricht
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

## Wissen
search-knowledge = Wissen durchsuchen
order = Reihenfolge
best-match = Passendste
tags = Schlagworte
all-tags = Alle Schlagworte zeigen
tags-hint = Schlagworte, mit Leerzeichen dazwischen
share-what-you-know = Teile, was du weißt
what-you-know = Was weißt du?
who-sees = Wer es sehen darf
public-text = Alle in diesem Realm, und die Zwillinge, die hier antworten.
friends-text = Menschen, die du Freunde nennst, und dein Zwilling, wenn er einem von ihnen antwortet.
private-text = Du allein, und dein Zwilling, wenn er dir antwortet.
no-knowledge = Noch hat niemand etwas geteilt
no-knowledge-text = Schreibe etwas auf, wonach andere dich fragen.
no-piece = Dieses Stück Wissen gibt es nicht
vote-for = Dafür stimmen
vote-against = Dagegen stimmen
delete-knowledge = Dieses Stück für immer löschen?
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
no-memories = Noch nichts.
no-twin = Dein Zwilling ist nicht da

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

## Einstellungen
bio = Über dich
look-and-language = Aussehen und Sprache
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
privacy-contact-text = Dich einladen, mit dir teilen, deinen Zwilling fragen.
discoverable = Gefunden werden
discoverable-text = Fremde finden dich unter deinem Namen, und du erscheinst in Vorschlägen.
signed-in-where = Wo du angemeldet bist
a-device = Ein Gerät
this-one = dieses
sign-out = Abmelden
sign-out-here = Hier abmelden
export = Exportieren
export-title = Nimm es mit
export-text = Alles, was das Realm über dich hat, als ein Dokument: Nachrichten, Wissen, Verbindungen, und woran sich dein Zwilling erinnert.
erase = Mein Konto löschen
erase-title = Für immer gehen
erase-text = Deine Seite, Verbindungen, dein Wissen und dein Zwilling werden gelöscht. Nachrichten bleiben, als die von „deleted user“. Es gibt keinen Weg zurück.

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
