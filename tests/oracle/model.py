"""The model: a naive statement of what exists in a small realm and what each viewer may see of it.

It shares nothing with the programs. Lists and loops state the documented rules a second time, so a
difference is a mistake in one of the two. Each subject states its own part; here they become one.
"""

from dataclasses import dataclass

import direct  # noqa: F401 - registers its action
from events import Events
from home import Home
from interactions import Interactions
from knowledge import Knowledge
from memberships import Memberships
from mentions import Mentions
from messages import Messages
from moderation import Moderation
from relationships import Relationships
from rooms import Rooms
from social import Social
from twins import Twins
from users import Users


@dataclass
class Model(Users, Relationships, Rooms, Memberships, Messages, Mentions, Knowledge, Interactions, Social,
            Twins, Moderation, Home, Events):
    pass
