// Runs every case against a front-end and prints a line for each: "ok" or "FAILED", its group and its name, and what was wrong.
//   node run.mjs --port 1234 --path '/client/websocket?...' --header 'Name: value' [--via-http] [--init-sizes 125,126] [--only part-of-a-name]
import { parseArgs } from 'node:util';
import closing from './cases/closing.mjs';
import control from './cases/control.mjs';
import fragments from './cases/fragments.mjs';
import framing from './cases/framing.mjs';
import limits from './cases/limits.mjs';
import masking from './cases/masking.mjs';
import reserved from './cases/reserved.mjs';
import { cases as sending } from './cases/sending.mjs';
import utf8 from './cases/utf8.mjs';
import { cases as whole } from './cases/whole.mjs';
import { Peer } from './peer.mjs';

const patience = 20_000;
const atOnce = 16;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    path: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
    'via-http': { type: 'boolean', default: false },
    'init-sizes': { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
});
const target = {
  host: '127.0.0.1',
  port: Number(values.port),
  path: values.path,
  headers: Object.fromEntries(values.header.map((header) => header.split(': ', 2))),
  viaHttp: values['via-http'],
};

const sizes = values['init-sizes'] ? values['init-sizes'].split(',').map(Number) : [];
const groups = { framing, control, reserved, fragments, utf8, closing, limits, masking, sending: sizes.length > 0 ? sending(sizes) : {} };
const all = Object.entries(groups).flatMap(([group, cases]) =>
  Object.entries(cases).map(([name, test]) => [`${group}: ${name}`, () => onPeer(test)]));
const offers = {
  compression: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' },
  'a subprotocol': { 'Sec-WebSocket-Protocol': 'chat, superchat' },
};
// Peer.open() sees that nothing is agreed on.
all.push(...Object.entries(offers).map(([name, offer]) =>
  [`handshake: ${name} is offered`, () => onPeer((peer) => peer.expectOpen(), offer)]));
// The client of ws makes its connections itself.
if (!target.viaHttp) all.push(...Object.entries(whole(target)).map(([name, test]) => [`whole client: ${name}`, test]));

const left = all.filter(([name]) => name.includes(values.only));
const count = left.length;
let failed = 0;
await Promise.all(Array.from({ length: atOnce }, worker));
console.log(`${count - failed} ok, ${failed} failed`);
process.exit(failed === 0 && count > 0 ? 0 : 1);

async function worker() {
  for (let next = left.shift(); next; next = left.shift()) {
    const [name, test] = next;
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('nothing comes')), patience); });
    try {
      await Promise.race([test(), late]);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}: ${error.message}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function onPeer(test, headers) {
  const peer = await Peer.open(target, headers);
  try {
    await test(peer);
  } finally {
    peer.destroy();
  }
}
