import WebSocket from 'ws';
import { heartbeat } from '../frames.mjs';
import { must } from '../peer.mjs';

/** The whole client of ws, as it is used. */
export const cases = (target) => ({
  'compression is offered and not agreed on': () => run(target, { perMessageDeflate: true }, async (socket, next) => {
    must(socket.extensions === '', socket.extensions);
    socket.send(heartbeat(1, 10_000), { compress: true });
    must((await next('message')).toString().includes('"ref":1'), 'no answer');
  }),
  'a text in fragments, a ping, and a close with a reason': () => run(target, {}, async (socket, next) => {
    const message = heartbeat(1);
    socket.send(message.slice(0, 30), { fin: false });
    socket.send(message.slice(30), { fin: true });
    must((await next('message')).toString().includes('"ref":1'), 'no answer');
    socket.ping('content');
    must((await next('pong')).toString() === 'content', 'another pong');
    socket.close(4321, 'reason');
    must((await next('close')) === 4321, 'another code');
  }),
});

async function run({ host, port, path, headers }, options, test) {
  const socket = new WebSocket(`ws://${host}:${port}${path}`, { ...options, headers });
  const next = (event) => new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
  });
  try {
    await next('open');
    await test(socket, next);
  } finally {
    socket.terminate();
  }
}
