"""A yardstick of bench/ws: a typical room broadcast with FastAPI and uvicorn.

It is the connection manager of FastAPI's documentation, with rooms, and each text is made once for all
members. Unlike the realm, it stores no messages, checks no tokens and sends no acknowledgements.

usage: uvicorn server:app --port PORT
"""

import json
from collections import defaultdict
from datetime import datetime, timezone

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


def chat_message(message, seq):
    """The properties of the realm's chat_message, so that both servers send about as many bytes."""
    return json.dumps({
        "type": "chat_message",
        "data": {
            "message_id": f"019a0000-0000-7000-8000-{seq:012}",
            "room_id": message["room_id"],
            "seq": seq,
            "sender_id": 1,
            "sender_name": "bench-00-00",
            "content": message["content"],
            "message_type": "text",
            "timestamp": datetime.now(timezone.utc).isoformat(),
            "edited_at": None,
            "is_aeon_message": False,
            "meta_data": None,
            "client_id": message["client_id"],
        },
    }, separators=(",", ":"))


class ConnectionManager:
    def __init__(self):
        self.rooms = defaultdict(set)
        self.seq = 0

    async def connect(self, room, websocket):
        await websocket.accept()
        self.rooms[room].add(websocket)
        await websocket.send_text('{"type":"room_participants","data":[]}')

    def disconnect(self, room, websocket):
        self.rooms[room].discard(websocket)

    async def broadcast(self, message):
        self.seq += 1
        text = chat_message(message, self.seq)
        for member in list(self.rooms[message["room_id"]]):
            await member.send_text(text)


manager = ConnectionManager()


@app.websocket("/rooms/{room}")
async def chat(websocket: WebSocket, room: str):
    await manager.connect(room, websocket)
    try:
        while True:
            await manager.broadcast(await websocket.receive_json())
    except WebSocketDisconnect:
        manager.disconnect(room, websocket)
