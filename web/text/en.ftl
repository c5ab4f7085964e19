# All texts of the client in English. Short and plain; buttons say what happens.

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
search-key = Ctrl K
mark-all-read = Mark all as read
unread = unread
mentions = { $count ->
    [one] { $count } mention
   *[other] { $count } mentions
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
no-rooms = No rooms yet
no-rooms-text = A room is where people talk. Make the first one.
invites-you = { $person } invites you to { $room }
somebody = Somebody
come-in = Come in
people-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}

## A room
room = Room
no-room = There is no such room
no-room-text = It was deleted, or it is not open to you.
room-start = This is where the room begins.
room-closed = This room is closed. Nobody can write in it.
room-details = Room details
members = Members
members-of = Members of { $room }
all-members = All { $count } members
role-owner = owner
role-moderator = moderator
leave-room = Leave the room
invite-somebody = Invite somebody
invited = { $person } is invited.
here-now = Here now
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
    [2] { $name } and one other are typing
   *[other] { $name } and { $count } others are typing
}
twin-composing = The twin of { $name } is composing
write-here = Write a message
everyone-reads = { $count ->
    [one] Everyone here can read this · { $count } person is in the room
   *[other] Everyone here can read this · { $count } people are in the room
}
members-read = { $count ->
    [one] Only you read this
   *[other] { $count } people read this
}
draft-kept = draft kept
letters-left = { $count } left
editing = Editing your message
replying = Replying
replying-to = Replying to { $person }

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
delete-title = Delete this message?
delete-text = A line stays in its place. Nobody can read the text any more.
message-deleted = This message was deleted.
message-removed = An administrator removed this message.
earlier-message = an earlier message
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

## Knowledge
search-knowledge = Search knowledge
order = Order
best-match = Best match
tags = Tags
all-tags = Show all tags
tags-hint = Tags, with spaces between
share-what-you-know = Share what you know
what-you-know = What do you know?
who-sees = Who may see it
public-text = Everyone in this realm, and the twins that answer here.
friends-text = People you call friends, and your twin when it answers one of them.
private-text = You alone, and your twin when it answers you.
no-knowledge = Nobody has shared anything yet
no-knowledge-text = Write down one thing that others ask you about.
no-piece = There is no such piece of knowledge
vote-for = Vote for it
vote-against = Vote against it
delete-knowledge = Delete this piece for good?
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
no-memories = Nothing yet.
no-twin = Your twin is not there

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

## Settings
bio = About you
look-and-language = Look and language
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
privacy-contact-text = Invite you, share with you, ask your twin.
discoverable = Be found
discoverable-text = Strangers can find you by name, and you appear in suggestions.
signed-in-where = Where you are signed in
a-device = A device
this-one = this one
sign-out = Sign out
sign-out-here = Sign out here
export = Export
export-title = Take it with you
export-text = Everything the realm holds about you, as one document: messages, knowledge, relationships, what your twin remembers.
erase = Erase my account
erase-title = Leave for good
erase-text = Your page, relationships, knowledge and your twin are erased. Messages stay, as of “deleted user”. There is no way back.

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
