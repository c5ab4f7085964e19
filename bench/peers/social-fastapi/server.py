"""A yardstick of bench/social: a typical service with FastAPI and SQLAlchemy that answers the same questions.

The models and tables are the usual ones. Foreign keys are indexed, tags are a JSON column, visibility is
decided in Python where that is simpler, and a search uses LIKE. Unlike the realm, it has no blocks, no
privacy settings and no counts of what a viewer can see.

usage: DATABASE=PATH uvicorn server:app --port PORT
"""

import hashlib
import os
from collections import Counter
from datetime import datetime, timedelta, timezone

from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import JSON, ForeignKey, create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

engine = create_engine(f"sqlite:///{os.environ['DATABASE']}")
SessionLocal = sessionmaker(engine)
app = FastAPI()


@event.listens_for(engine, "connect")
def configure(connection, _):
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -200000")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    email: Mapped[str]
    last_seen: Mapped[int] = mapped_column(index=True)


class Token(Base):
    __tablename__ = "tokens"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()


class Room(Base):
    __tablename__ = "rooms"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    topic: Mapped[str]
    is_public: Mapped[bool]
    created_at: Mapped[int] = mapped_column(index=True)


class Participant(Base):
    __tablename__ = "participants"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class Message(Base):
    __tablename__ = "messages"
    id: Mapped[str] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[str]
    timestamp: Mapped[int] = mapped_column(index=True)
    sender: Mapped[User] = relationship()


class Relationship(Base):
    __tablename__ = "relationships"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    related_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    relationship_type: Mapped[str]
    strength: Mapped[float]
    related: Mapped[User] = relationship(foreign_keys=[related_user_id])


class Knowledge(Base):
    __tablename__ = "knowledge"
    id: Mapped[int] = mapped_column(primary_key=True)
    creator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[str]
    knowledge_type: Mapped[str]
    tags: Mapped[list] = mapped_column(JSON)
    visibility: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[int] = mapped_column(index=True)
    upvotes: Mapped[int]
    downvotes: Mapped[int]
    creator: Mapped[User] = relationship()


class Vote(Base):
    __tablename__ = "votes"
    id: Mapped[int] = mapped_column(primary_key=True)
    knowledge_id: Mapped[int] = mapped_column(ForeignKey("knowledge.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    value: Mapped[int]


class Interaction(Base):
    __tablename__ = "interactions"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[str]
    created_at: Mapped[int]


Base.metadata.create_all(engine)


def get_db():
    with SessionLocal() as db:
        yield db


def get_user(authorization: str = Header(), db: Session = Depends(get_db)) -> User:
    token = db.get(Token, hashlib.sha256(authorization.removeprefix("Bearer ").encode()).digest())
    if token is None:
        raise HTTPException(401, "Could not validate credentials")
    return token.user


def shown_user(user):
    return {"id": user.id, "username": user.username, "email": user.email}


def shown_room(room):
    return {"id": room.id, "name": room.name, "topic": room.topic, "is_public": room.is_public,
            "created_at": when(room.created_at)}


def shown_message(message):
    return {"message_id": message.id, "room_id": message.room_id, "sender_id": message.sender_id,
            "sender_name": message.sender.username, "content": message.content,
            "timestamp": when(message.timestamp)}


def shown_knowledge(item):
    return {"id": item.id, "creator_id": item.creator_id, "creator_name": item.creator.username,
            "content": item.content, "knowledge_type": item.knowledge_type, "tags": item.tags,
            "visibility": item.visibility, "created_at": when(item.created_at),
            "upvotes": item.upvotes, "downvotes": item.downvotes}


def shown_relationship(one):
    return {"id": one.id, "user_id": one.user_id, "related_user_id": one.related_user_id,
            "related_username": one.related.username, "relationship_type": one.relationship_type,
            "strength": one.strength}


def when(microseconds):
    return datetime.fromtimestamp(microseconds / 1e6, timezone.utc)


def friends_of(db, user):
    """The users that show the user their knowledge for friends."""
    return select(Relationship.user_id).where(Relationship.related_user_id == user.id,
                                              Relationship.relationship_type == "friend")


def visible(db, user):
    return (Knowledge.visibility == "public") | (Knowledge.creator_id == user.id) | (
        (Knowledge.visibility == "friends") & Knowledge.creator_id.in_(friends_of(db, user)))


@app.get("/me")
def me(user: User = Depends(get_user)):
    return shown_user(user)


@app.get("/rooms")
def rooms(limit: int = 50, user: User = Depends(get_user), db: Session = Depends(get_db)):
    mine = select(Participant.room_id).where(Participant.user_id == user.id)
    found = db.scalars(select(Room).where(Room.is_public | Room.id.in_(mine))
                       .order_by(Room.created_at.desc()).limit(limit))
    return [shown_room(room) for room in found]


@app.get("/rooms/{room_id}/messages")
def messages(room_id: str, limit: int = 50, user: User = Depends(get_user),
             db: Session = Depends(get_db)):
    found = db.scalars(select(Message).where(Message.room_id == room_id)
                       .order_by(Message.timestamp.desc()).limit(limit))
    return [shown_message(message) for message in found]


@app.get("/knowledge")
def knowledge(tag: str = None, q: str = None, sort: str = "new", limit: int = 50,
              user: User = Depends(get_user), db: Session = Depends(get_db)):
    query = select(Knowledge).where(visible(db, user))
    if tag:
        query = query.where(Knowledge.tags.like(f'%"{tag}"%'))
    for word in q.split() if q else ():
        query = query.where(Knowledge.content.like(f"%{word}%"))
    order = Knowledge.created_at if sort == "new" else Knowledge.upvotes - Knowledge.downvotes
    return [shown_knowledge(item) for item in db.scalars(query.order_by(order.desc()).limit(limit))]


@app.get("/network")
def network(limit: int = 50, user: User = Depends(get_user), db: Session = Depends(get_db)):
    mine = db.scalars(select(Relationship).where(Relationship.user_id == user.id)).all()
    items = db.scalars(select(Knowledge).where(Knowledge.creator_id == user.id)).all()
    done = db.scalars(select(Interaction).where((Interaction.author_id == user.id) |
                                                (Interaction.target_id == user.id))).all()
    votes = sum(item.upvotes for item in items)
    strongest = sorted(mine, key=lambda one: -one.strength)[:limit]
    return {"user_id": user.id, "connections": [shown_relationship(one) for one in strongest],
            "shared_knowledge": [shown_knowledge(item) for item in items[:limit]],
            "aeon_interactions": [{"id": one.id, "content": one.content} for one in done[:limit]],
            "network_strength": sum(one.strength for one in mine) / len(mine) if mine else 0,
            "influence_score": votes * 0.7 + len(done) * 0.3}


@app.get("/similar-users")
def similar_users(limit: int = 10, user: User = Depends(get_user), db: Session = Depends(get_db)):
    mine = {tag for tags in db.scalars(select(Knowledge.tags).where(Knowledge.creator_id == user.id))
            for tag in tags}
    theirs = {}
    for creator, tags in db.execute(select(Knowledge.creator_id, Knowledge.tags)
                                    .where(Knowledge.creator_id != user.id, visible(db, user))):
        theirs.setdefault(creator, set()).update(tags)
    scores = Counter({other: len(mine & tags) / max(len(mine), len(tags))
                      for other, tags in theirs.items() if mine & tags})
    names = dict(db.execute(select(User.id, User.username)
                            .where(User.id.in_([other for other, _ in scores.most_common(limit)]))).all())
    return [{"user_id": other, "username": names[other], "similarity_score": score,
             "common_tags": sorted(mine & theirs[other])}
            for other, score in scores.most_common(limit)]


@app.get("/suggestions")
def suggestions(limit: int = 20, user: User = Depends(get_user), db: Session = Depends(get_db)):
    friends = db.scalars(select(Relationship.related_user_id).where(
        Relationship.user_id == user.id, Relationship.relationship_type == "friend")).all()
    known, ways = {user.id, *friends}, Counter()
    for friend in friends:
        for other in db.scalars(select(Relationship.related_user_id).where(
                Relationship.user_id == friend, Relationship.relationship_type == "friend")):
            if other not in known:
                ways[other] += 1
    names = dict(db.execute(select(User.id, User.username)
                            .where(User.id.in_([other for other, _ in ways.most_common(limit)]))).all())
    return [{"user_id": other, "username": names[other], "score": count}
            for other, count in ways.most_common(limit)]


@app.get("/active-users")
def active_users(limit: int = 20, user: User = Depends(get_user), db: Session = Depends(get_db)):
    since = int((datetime.now(timezone.utc) - timedelta(days=1)).timestamp() * 1e6)
    rows = []
    for other in db.scalars(select(User).where(User.last_seen > since)
                            .order_by(User.last_seen.desc()).limit(limit)):
        count = select(func.count()).select_from
        rows.append({
            "user_id": other.id, "username": other.username, "last_seen": when(other.last_seen),
            "knowledge_count": db.scalar(count(Knowledge).where(Knowledge.creator_id == other.id)),
            "interaction_count": db.scalar(count(Interaction).where(
                (Interaction.author_id == other.id) | (Interaction.target_id == other.id)))})
    return rows


@app.get("/tags")
def tags(limit: int = 50, user: User = Depends(get_user), db: Session = Depends(get_db)):
    used = Counter(tag for tags in db.scalars(select(Knowledge.tags).where(visible(db, user)))
                   for tag in tags)
    return [{"tag": tag, "count": count} for tag, count in used.most_common(limit)]


@app.post("/knowledge/{item_id}/upvote")
@app.post("/knowledge/{item_id}/downvote")
def vote(item_id: int, user: User = Depends(get_user), db: Session = Depends(get_db)):
    item = db.get(Knowledge, item_id)
    mine = db.scalar(select(Vote).where(Vote.knowledge_id == item_id, Vote.user_id == user.id))
    if mine is None:
        db.add(Vote(knowledge_id=item_id, user_id=user.id, value=1))
        item.upvotes += 1
    else:
        mine.value = -mine.value
        item.upvotes += mine.value
        item.downvotes -= mine.value
    db.commit()
    return {"upvotes": item.upvotes, "downvotes": item.downvotes}
