var e=`# All texts of the client in English. Short and plain; buttons say what happens.

realm = AEON Realm
you = You
you-object = you
yours = yours
today = Today
loading = Loading
close = Close
cancel = Cancel
back = Back
save = Save
send = Send
change = Change
delete = Delete
keep-it = Keep it
share = Share
all = All
new = New
top = Top
never = Never
try-again = Try again
try-now = Try now
discard = Discard
skip = Skip to the content
kept = kept
message = Message
results = Results
no-answer = The realm does not answer. Check your connection and try again.
too-fast = Too many requests. Try again in { $seconds } s.
try-now-text = You can try again now.
fields-wrong = Some fields need a change.
nothing-found = Nothing found for “{ $text }”

## Before signing in
gate-title = A home for people and their twins.
gate-text = What you say is kept here and nowhere else.
the-api = the API
sign-in = Sign in
name-or-email = Name or e-mail
password = Password
password-hint = At least 8 characters.
wrong-password = That name and password do not belong together.
totp = Code of your authenticator
totp-hint = Six digits, or one of your recovery codes.
new-here = New here?
make-account = Make an account
have-account = You have an account?
username = Username
username-hint = Letters, digits, dot, dash. Others find and name you by it.
full-name = Your name
email = E-mail
invite-code = Invitation code
setup-code = Set-up code
setup-code-hint = The realm printed it when it was started. It makes you its owner.
is-it-yours = Is this your new realm?
have-setup-code = I have a set-up code
approval-hint = An administrator looks at each new account before it can be used.
approval-title = Your account waits
approval-text = An administrator has to approve it. Sign in again later.
forgot-password = Forgot your password?
new-password = A new password
send-code = Send me a code
code-is-sent = If the address is known here, a mail is on its way.
code = Code
code-hint = From the mail, or from an administrator.
code-hint-no-mail = Ask an administrator for it: this realm sends no mail.
set-password = Set the password
password-is-set = The new password is set. Sign in with it.
registration-closed = This realm takes no new accounts.
ended-elsewhere = This session has ended. Sign in again.

## Frame
places = Places
rooms = Rooms
people = People
knowledge = Knowledge
your-twin = Your twin
twin = Twin
network = Network
settings = Settings
your-rooms = Your rooms
your-page = Your page
search-or-jump = Search or jump
said-in = { $person } in { $room }
search-key = Ctrl K
mark-all-read = Mark all as read
unread = unread
mentions = { $count ->
    [one] { $count } mention
   *[other] { $count } mentions
}
your-mentions = Your mentions
no-mentions = Nobody has mentioned you
no-mentions-text = Messages with your name behind an @ are listed here.
notify = Notify me of
notify-all = all messages
notify-mentions = mentions
notify-none = nothing
name-somebody = Name somebody
whole-room = everybody in this room
names-found = { $count ->
    [one] { $count } name. Enter takes it.
   *[other] { $count } names. Arrow keys choose, Enter takes one.
}
invitations = { $count ->
    [one] { $count } invitation
   *[other] { $count } invitations
}
drafts = { $count ->
    [one] { $count } draft
   *[other] { $count } drafts
}
you-are-up = here
you-are-down = offline
you-are-connecting = connecting
twin-named = twin: { $twin }
offline = You are offline.
offline-waiting = What you write is kept here and sent when you are back: { $count } waiting.
next-try = Next try in { $seconds } s

## Rooms
new-room = New room
room-name = Name
room-topic = What it is about
make-room = Make the room
who-reads = Who can read it
visibility-public = Everyone
visibility-friends = Friends
visibility-private = Only you
invited-only = Invited only
public-room-text = Everyone in this realm can read it and come in.
private-room-text = Only whom you invite can see that it exists.
rooms-yours = { $count ->
    [one] { $count } is yours
   *[other] { $count } are yours
}
find-room = Find a room by name or topic
which-rooms = Which rooms
mine = Yours
with-twins = With twins
twins-talk = twins talk
first-here = Welcome, { $person }. You are the first here, so this realm is yours.
nothing-said = Nobody has said anything yet
quiet-title = It is quiet, because it is new
quiet-text = Three things make it a home. Each takes a minute, and you can leave any of them for later.
step-account = Your account
step-account-text = @{ $username }, owner of this realm
step-room = A first room
step-room-text = “{ $room }” is there already; say hello in it.
step-people = Somebody to talk with
step-people-text = A link with which one person makes an account.
step-twin-text = It answers for you as far as you allow it, from what the reader may see.
meet-it = Meet it
done = done
no-rooms = No rooms yet
no-rooms-text = A room is where people talk. Make the first one.
invites-you = { $person } invites you to { $room }
somebody = Somebody
come-in = Come in
people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
write = Write
write-to = Write to people
write-to-text = Choose one person, or up to { $count } for a talk together. The same people always have the same talk.
chosen = Chosen people
leave-out = Leave out { $person }
not-now = Decline

## A room
room = Room
no-room = There is no such room
no-room-text = It was deleted, or it is not open to you.
room-start = This is where the room begins.
room-closed = This room is closed. Nobody can write in it.
room-details = Room details
members = Members
find-member = Find a member
members-of = Members of { $room }
all-members = All { $count } members
role-owner = owner
role-moderator = moderator
leave-room = Leave the room
room-link-text = Or make a link: with it up to { $count } people come in, and who is new in this realm makes an account.
invitation-title = An invitation
invitation-text = This link leads into a room. Its members will see that you have come in.
invite-somebody = Invite somebody
invited = { $person } is invited.
here-now = Here now
is-here-now = here now
away = away
nobody-else-here = Nobody else is here.
twins-here = Twins in this room
twins-here-text = They answer when named, and remember what they take part in.
of-person = of { $person }
messages-of = Messages of { $room }
new-since = New
jump-first-unread = Jump to the first unread
to-the-end = To the end
new-below = { $count } new below
typing = { $count ->
    [one] { $name } is typing
    [2] { $name } and { $other } are typing
   *[other] { $count } people are typing
}
twin-composing = { $count ->
    [one] The twin of { $name } is composing
   *[other] { $count } twins are composing
}
write-here = Write a message
everyone-reads = Everyone here can read this
members-read = { $count ->
    [one] Only you read this
   *[other] { $count } people read this
}
twins-remember = { $count ->
    [one] { $count } twin may remember it
   *[other] { $count } twins may remember it
}
sent-later = Too many messages at once. The rest is sent in { $seconds } s.
sent-now = The rest is sent now.
draft-kept = draft kept
letters-left = { $count } left
editing = Editing your message
replying = Replying
replying-to = Replying to { $person }
about-room = About this room
only-you-two = Only the two of you
direct-reads = Only you and { $person } read this
pinned = Pinned
pin = Pin
unpin = Unpin
is-pinned = pinned
mute = Muting
mute-text = Mute this room for yourself: its messages are then not marked as unread.
mute-hour = For an hour
mute-day = For a day
mute-week = For a week
mute-ever = Until I end it
unmute = End the muting
is-muted = Muted: this room gives you no notices.
is-muted-until = Muted until { $time }: this room gives you no notices.
room-settings = Settings of the room
room-description = Description
room-most = Most people
close-room = Close the room
close-room-text = Nobody can write in it or join it any more. What was said stays readable.
open-room = Open the room again
reason = Reason
delete-room = Delete the room
leave-room-title = Leave this room?
leave-room-text = You hear nothing of it any more. What you said stays.
leave-direct-text = What was said stays. Write to the same people again to come back.
delete-room-title = Delete this room for everybody?
delete-room-text = All its messages go with it. There is no way back.
actions-for = Actions for { $person }
make-moderator = Make a moderator
make-member = Make a plain member
remove-member = Remove
ban-member = Remove and ban
invited-people = Invited
banned-people = Banned
take-back = Take back
end-ban = End the ban
report = Report
report-message = Report this message
report-knowledge = Report this piece of knowledge
report-interaction = Report this letter
report-room = Report this room
report-user = Report this person
report-text = The administrators of this realm read your report and see what you report. Nobody else hears of it.
report-reason = What is wrong with it?
report-sent = The administrators have it now. What they decide stands in your settings.

## A message
twin-label = { $twin }, twin of { $person }, { $time }
person-label = { $person }, { $time }
twin-of = twin of { $person }
edited = edited { $time }
message-tools = What to do with this message
react = React
reaction = { $key } by { $count }
reply = Reply
edit = Edit
former-texts = Former texts
no-former-texts = No former text is kept.
delete-title = Delete this message?
delete-text = A line stays in its place. Nobody can read the text any more.
message-deleted = This message was deleted.
message-removed = An administrator removed this message.
earlier-message = an earlier message
shares-knowledge = shares knowledge
shared-not-for-you = What is shared here is not open to you, or it is gone.
knowledge-by = Knowledge by { $person }
not-sent = Not sent.
waiting-to-be-sent = waiting to be sent
why = Why it said this
why-nothing = It names no text that you may see.
why-approved = A person read it and approved it before it was said.
why-hidden = Texts that you may not see are never named here.
source-knowledge = A piece of knowledge
source-memory = A memory
source-message = A message
approved = Read and approved by { $person }
source-letter = A letter
source-chat = Your talk with it
source-text = A text
is-cited = quoted

## People
find-somebody = Find somebody
found = Found
suggested = Suggested
friends = Friends
blocked = Blocked
nobody-found = Nobody to suggest yet
nobody-friend = You call nobody a friend yet
nobody-blocked = You block nobody
known-by = Known by { $what }
shares-with-you = Shares with you: { $what }
lately-seen = Lately seen
nobody-seen = Nobody has been here today.
strength = strength { $count }
no-person = There is nobody here by that address
since = since { $date }
what-they-know = What they know
nothing-shared = Nothing that you may see.
a-friend = Friend
a-tie = You know each other
no-tie = No tie yet
no-tie-text = A tie grows by itself when you talk.
you-block = You block this person
blocked-text = Neither of you sees the other anywhere.
bond-text = { $count ->
    [one] Strength { $strength } of 100. It grew with { $count } thing you did together, and halves in 30 days of silence.
   *[other] Strength { $strength } of 100. It grew with { $count } things you did together, and halves in 30 days of silence.
}
friend-sees = { $person } sees what you share with friends.
call-friend = Call { $person } a friend
end-tie = End this tie
block = Block
unblock = Unblock
block-title = Block { $person }?
block-text = Neither of you will see the other: no messages, no invitations, no presence. You can undo it.
ask-the-twin = Ask the twin
ask-twin-of = Ask the twin of { $person }
your-question = Your question
letter-is-public = Everyone may read it
wants-no-contact = This person takes no new talks, invitations, shares or questions from you.

## Knowledge
search-knowledge = Search knowledge
order = Order
best-match = Best match
tags = Tags
all-tags = Show all tags
tags-hint = With commas between them.
share-what-you-know = Share what you know
what-you-know = What do you know?
piece-title = Title
piece-title-hint = Without one the first line stands for it.
who-sees = Who may see it
public-text = Everyone in this realm, and the twins that answer here.
friends-text = People you call friends, and your twin when it answers one of them.
private-text = You alone, and your twin when it answers you.
no-knowledge = Nobody has shared anything yet
no-knowledge-text = Write down one thing that others ask you about.
no-piece = There is no such piece of knowledge
edit-piece = Change this piece
changed-meanwhile = This piece has been changed since you opened it. Compare both texts, then save yours or discard it.
piece-now = The piece as it is now
save-mine = Save my text
discard-mine = Discard my text
share-in-room = Share with a room
share-in-room-text = The room gets it as a message of yours.
is-shared = Shared with { $room }
vote-for = Vote for it
vote-against = Vote against it
delete-knowledge = Delete this piece for good?
delete-knowledge-text = Messages that share it will say that it is gone. There is no way back.
drawn-on = { $twins ->
    [one] Drawn on by { $twins } twin
   *[other] Drawn on by { $twins } twins
}

## Your twin
waiting-for-yes = Waiting for your yes
no-drafts = Nothing waits for you.
draft-for = Draft for { $person }
asked-in = { $person } asked in { $room }
asked = { $person } asked
will-read = { $count ->
    [one] { $count } person will read it
   *[other] { $count } people will read it
}
only-asker = { $person } and you
answer = Answer
say-it = Say it
not-this = Not this
from-sources = { $count ->
    [one] From { $count } text
   *[other] From { $count } texts
}
talk-with = Talk with { $twin }
ask-twin = Ask { $twin }
is-composing = { $twin } is composing
no-answer-from-twin = It has no answer.
persona = Persona
twin-name = Its name
may-answer = It may answer for you
as-drafts = As drafts
by-itself = By itself
answers = Answers
tokens = Tokens
of-most = { $value } of { $most }
spent-text = When it is spent, what waits is answered tomorrow.
remembers = What it remembers
remember = Remember this
tell-it = Tell it something
forget = Forget
search-memories = Search what it may draw on for you
no-memories = Nothing yet.
no-twin = Your twin is not there
now = Now
letters = Twins’ letters
calls = Calls and cost
answers-to = It answers
how-it-answers = How it answers
only-when-away = Only while you are away
only-when-away-text = It answers others only while you are not connected.
quiet-hours = Quiet hours
quiet-hours-text = In this time it answers nobody but you, by the clock of this device. Leave both empty for none.
quiet-hours-both = Quiet hours need a beginning and an end.
from-time = From
to-time = To
limit-day = Answers a day
limit-person = To one person a day
asks-others = It asks other twins
asks-public = Public questions
asks-always = Always
asks-never-text = It answers from what it knows itself.
asks-public-text = When it knows too little, it asks another twin about questions that everyone can read.
asks-always-text = When it knows too little, it asks another twin about all questions. The owner of that twin sees that yours has asked, and the answer, but not the question.
model = Language model
model-of-realm = The realm’s
stop = Stop
ask-again = Ask again
more = Show more
why-remembered = Why it remembers this
times-heard = heard { $count } times
you-told-it = You told it this.
which-turns = Which turns
no-turns = Nothing here
no-turns-text = Each question to your twin is listed here, with what it used and what it cost.
turn-waits = waits
turn-runs = is being answered
turn-draft = waits for your yes
turn-said = said
turn-refused = not answered
turn-failed = failed
cause-chat = You asked it
cause-letter = Letter from { $person }
cause-message = { $person } in { $room }
cause-exchange = The twin of { $person } asked it
cause-knowledge = It proposes to share a memory
cost = { $count ->
    [one] { $count } token
   *[other] { $count } tokens
}
made-by = Made by { $engine }
tokens-used = { $prompt } tokens read, { $reply } written
you-approved = you approved it
why-no-sources = It used no text.
reason-suspended = The account is suspended.
reason-off = The twin is off.
reason-blocked = One of the two has blocked the other.
reason-not-in-room = The twin is not in that room.
reason-answers-to = It does not answer this person.
reason-away = You were there yourself.
reason-quiet-hours = These were quiet hours.
reason-day-limit = The answers of the day were spent.
reason-person-limit = The answers for this person were spent.
reason-chain-limit = Too many turns of twins without a person.
reason-budget = The tokens of the day were spent.
reason-quota = A quota was reached.
reason-cause-gone = The question is gone.
reason-nothing-new = It had nothing new to say.
reason-owner-answered = You answered yourself.
reason-interrupted = Interrupted: this is what there was.
reason-cancelled = Stopped.
reason-rejected = You did not want it said.
reason-failed = The model did not answer.
a-person = a person
all-letters = All letters
which-letters = Which letters
public-letters = Public
no-letters = No letters yet
no-letter = There is no such letter
no-letters-text = Ask the twin of somebody, on that person’s page.
both-read = { $one } and { $other }
waits-for = Waits for an answer of { $person } or the twin.
say-yourself = Say something yourself
with-person = with { $person }
delete-letter = Delete these letters?
delete-letter-text = They are gone for both of you.
what-twin-may = What your twin may do
held-back = Held back:
held-back-text = { $count ->
    [one] { $count } text that fits was not used, since a reader of the answer may not read it.
   *[other] { $count } texts that fit were not used, since a reader of the answer may not read them.
}

## Network
network-strength = { $count ->
    [one] strength: of your one tie
   *[other] strength: the mean of your { $count } ties
}
influence = influence: votes on what you shared, and interactions
strongest-ties = Strongest ties
together = { $count ->
    [one] { $count } thing together
   *[other] { $count } things together
}
no-ties = You have no ties yet
no-ties-text = Call somebody a friend, or talk in a room.
how-far = How far
one-step = One step
two-steps = Two steps
as-list = As a list
as-picture = As a picture
as-table = As a table
as-chart = As a chart
within-one = { $count ->
    [one] { $count } person within one step
   *[other] { $count } people within one step
}
within-two = { $count ->
    [one] { $count } person within two steps
   *[other] { $count } people within two steps
}
node-with-twin = { $person }, with the twin { $twin }
has-twin = twin: { $twin }
with-a-twin = with a twin
thicker-stronger = thicker: stronger
along-ties = along ties,
opens = opens
steps-away = { $count ->
    [one] { $count } step away
   *[other] { $count } steps away
}
ties-of-both = Ties you both have: { $names }.
knows-others = Knows people that you do not know: { $names }.
profile = Profile
who-sees-network = Who may see it
last-days = Your last { $count } days
day = Day
messages = messages
votes = votes

## Settings
bio = About you
look-and-language = Look and language
privacy-and-devices = Privacy and devices
look = Look
language = Language
as-system = As the system
light = Light
dark = Dark
everyone = Everyone
nobody = Nobody
privacy-title = Who may know what of you
privacy-presence = When you are here
privacy-presence-text = Your dot, and the room you are in.
privacy-relationships = Who you know
privacy-relationships-text = Your relationships, on your page. Blocks are never shown.
privacy-network = Your network
privacy-network-text = The picture, its strength and influence.
privacy-contact = Who may reach you
privacy-contact-text = Begin a talk with you, invite you, share with you, ask your twin.
discoverable = Be found
discoverable-text = Strangers can find you by name, and you appear in suggestions.
see-as-stranger = See your page as a stranger does
as-stranger = Your page for a stranger
as-stranger-text = This is what a person sees who is in none of your rooms and has no tie with you.
stranger-may = A stranger may begin a talk with you, invite you, share with you and ask your twin.
stranger-may-not = A stranger may not begin a talk with you, invite you, share with you or ask your twin.
not-discoverable = You have chosen that strangers cannot find you.
signing-in = How you sign in
change-email = Change the e-mail address
change-password = Change the password
change-password-text = A new password signs you out everywhere else.
old-password = The password until now
second-factor = A second factor
second-factor-text = With it nobody signs in by your password alone: an authenticator shows a code that is asked for, too.
factor-is-on = { $count ->
    [one] It is on. { $count } recovery code is left.
   *[other] It is on. { $count } recovery codes are left.
}
switch-on = Switch it on
switch-off = Switch it off
switch-on-factor = Switch on the second factor
switch-off-factor = Switch off the second factor
switch-off-factor-text = The password alone is then enough to sign in.
go-on = Go on
secret-text = Give this secret to your authenticator, then type the code that it shows.
open-authenticator = Open in an authenticator
recovery-codes = Your recovery codes
recovery-codes-text = Each of them replaces one code when your authenticator is lost. Keep them now: they are not shown again.
have-kept-them = I have kept them
sign-out-elsewhere = Sign out everywhere else
signed-in-where = Where you are signed in
a-device = A device
browser-on-system = { $browser } on { $system }
this-one = this one
sign-out = Sign out
sign-out-here = Sign out here
export = Export
export-title = Take it with you
export-text = Everything the realm holds about you, as one document: messages, knowledge, relationships, what your twin remembers.
erase = Erase my account
erase-title = Leave for good
erase-text = Your page, relationships, knowledge and your twin are erased. Messages stay, as of “deleted user”. There is no way back.
notices = Notices
notices-title = Direct messages and mentions
notices-text = Your browser tells you of them while you look elsewhere. Muted rooms say nothing, and each room can tell you of more or of less.
notices-names = Without texts of private rooms
notices-texts = With all texts
notices-refused = Your browser does not allow notices of this page.
mails = Mails
address-code = Code from the mail that confirms your address
address-code-hint = Only a confirmed address gets mails of what you have missed, or a code for a new password.
confirm-address = Confirm
mail-is-sent = A mail is on its way.
digest-title = What you have missed
digest-text = While you are away, a mail tells you of direct messages and mentions, at most once an hour. Nothing comes from muted rooms, or of what you have read.
digest-names = Without texts
unsubscribe-title = No more mails of what you have missed?
unsubscribe-text = You will get no more mails that tell you of direct messages and mentions. Other mails, such as a code for a new password, still come.
unsubscribe = No more of these mails
unsubscribe-done = You get no more of these mails. Your settings can switch them on again.
to-the-realm = To the realm
notice-direct = { $person } writes to you
notice-message = { $person } writes in { $room }
notice-room = { $person } mentions you in { $room }
your-reports = What you reported

## The live API
live-title = The live API
live = Live
live-channel = The channel
live-console = Try it out
live-sign-in = Sign in to connect with your session and to send commands.
live-connect = Connect
live-disconnect = Disconnect
live-is-open = Connected
live-is-closed = Not connected
live-closed = The connection has ended: { $code }, { $reason }.
live-no-reason = no reason given
live-command = Command
live-required = { $name } (required)
live-default = Default: { $value }.
live-no-json = A number, a list or an object is not valid JSON.
live-frames = What was sent and received
live-nothing-yet = Nothing yet. Connect, then send a command.
live-sent = Sent
live-received = Received
live-note = Note
live-clear = Clear
live-commands = Commands
live-messages = Messages of the realm
live-close-codes = Close codes
live-property = Property
live-type = Type
live-meaning = Meaning

## The realm, for administrators
the-realm = The realm
not-for-you = Only administrators see this
reports-waiting = { $count ->
    [one] { $count } report
   *[other] { $count } reports
}
health = Health
reports = Reports
invites = Invitations
audit = Audit log
milliseconds = { $count } ms
seconds = { $count } s
realm-healthy = Everything runs
realm-degraded = It runs, but not all of it
realm-unhealthy = It does not work
checked-at = checked at { $time }
connected-now = connected now
rooms-in-use = rooms with somebody in
one-read = one read of the database
free-on-disk = free on the disk
parts = Parts
is-up = works
is-down = does not work
part-database = Database
part-writes = Writing
part-disk = Disk
part-maintenance = Maintenance
part-bridge = Live bridge
part-twins = Twins
part-stores = Other stores
part-programs = Programs
database-text = Write-ahead log { $size }
writes-text = Time since the last change was kept
disk-text = Free for the database
maintenance-text = Done by { $program }; time since the last checkpoint
bridge-text = { $connections } connections, { $rooms } rooms
twins-text = Processes that answer
stores-text = Changes that they do not have yet
programs-text = Supervised programs
reports-open = Open
reports-taken = Taken
reports-done = Done
reports-rejected = Rejected
no-reports = No reports here
kind-message = message
kind-knowledge = knowledge
kind-interaction = letter
kind-room = room
kind-user = person
reported-by = reported by { $person }, { $time }
taken-by = taken by { $person }
is-removed = removed
written-by = Written by
outcome = What you decided
outcome-hint = The reporter reads it.
report-done = It is dealt with
report-rejected = Nothing is wrong
report-take = I look at it
remove-thing = Remove it for everybody
remove-hint = It stands in the audit log. What was removed can be restored for some days.
accounts-waiting = Accounts that wait
let-in = Let in
turn-away = Turn away
for-a-day = A day
for-a-week = A week
for-a-month = A month
until-ended = Until it is ended
until = until { $time }
how-long = How long
suspend = Suspend
suspend-text = All logins end, and none is possible until then. The person reads the reason.
remove-content = Also remove what this person wrote
suspended-people = Suspended people
end-suspension = End it
role = Role
role-user = user
role-admin = admin
disable = Disable the account
enable = Enable the account
is-disabled = disabled
end-logins = End all logins
logins-ended = All logins have ended.
make-password-code = Make a password code
password-code = Give this code to the person. It sets a new password once, until { $until }:
admin-rooms-text = Public rooms, and private ones that you are in. Others come here by a report.
is-closed = closed
removed-things = Removed things
nothing-removed = Nothing that could be restored.
removed-by = removed by { $person }
restore = Restore
invite-people = Invite people to this realm
invite-people-text = With the link somebody makes an account, also where registration is by invitation only.
invite-uses = How many people may use it
make-link = Make a link
invite-made = Copy it now; it is not shown again:
copy = Copy
copy-link = Copy link
copied = Copied
no-invites = No invitations.
invite-used = { $used } of { $uses } used
search-audit = Search what is shown
when = When
action = Action
actor = User
about-what = About
address = Address
find-setting = Find a setting
back-to = Back to { $value }
check-now = Check now
last-day = The last day
hour = Hour
requests = requests
refused = refused
last-minute = In the last minute: load of the machine { $load }, a request answered in { $mean } ms.
`;export{e as default};