/*
 * The yardstick of bench/ws: a typical room broadcast with Node and its ws package, as fast as that package
 * allows (no compression, one buffer for all members). Unlike the realm, it stores no messages, checks no
 * tokens and sends no acknowledgements.
 *
 * usage: node server.js PORT
 */
'use strict';
const { WebSocketServer } = require('ws');

const rooms = new Map();
let seq = 0;

function room(id) {
	let members = rooms.get(id);
	if (members === undefined)
		rooms.set(id, (members = new Set()));
	return members;
}

/* The properties of the realm's chat_message, so that both servers send about as many bytes. */
function chatMessage(message) {
	seq++;
	return Buffer.from(JSON.stringify({
		type: 'chat_message',
		data: {
			message_id: `019a0000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
			room_id: message.room_id,
			seq,
			sender_id: 1,
			sender_name: 'bench-00-00',
			content: message.content,
			message_type: 'text',
			timestamp: new Date().toISOString(),
			edited_at: null,
			is_aeon_message: false,
			meta_data: null,
			client_id: message.client_id,
		},
	}));
}

const server = new WebSocketServer({
	host: '127.0.0.1',
	port: Number(process.argv[2]),
	perMessageDeflate: false,
	clientTracking: false,
});

server.on('connection', (socket, request) => {
	const members = room(request.url.slice(request.url.lastIndexOf('/') + 1));

	members.add(socket);
	socket.on('close', () => members.delete(socket));
	socket.on('message', (data) => {
		const message = JSON.parse(data);
		const text = chatMessage(message);

		for (const member of room(message.room_id))
			member.send(text, { binary: false });
	});
	socket.send('{"type":"room_participants","data":[]}');
});
server.on('listening', () => console.log('ready'));
