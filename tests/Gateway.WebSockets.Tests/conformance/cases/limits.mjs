import { Continuation, Ping, Text, fragments, frame, heartbeat, text } from '../frames.mjs';

const limit = 65536;

export default {
  'a message of the limit': async (peer) => {
    await peer.send(text(heartbeat(1, limit)));
    await peer.expectAnswer(1);
  },
  'a message of one byte more': async (peer) => {
    await peer.send(text(heartbeat(1, limit + 1)));
    await peer.expectFailure(1009);
  },
  'a header that announces one byte more': async (peer) => {
    await peer.send(frame(Text, '', { claimed: limit + 1 }));
    await peer.expectFailure(1009);
  },
  'a header that announces 2^63 - 1 bytes': async (peer) => {
    await peer.send(frame(Text, '', { length: 64, claimed: 2n ** 63n - 1n }));
    await peer.expectFailure(1009);
  },
  'fragments of the limit together': async (peer) => {
    await peer.send(...fragments(heartbeat(1, limit), 1, limit - 1));
    await peer.expectAnswer(1);
  },
  'fragments of one byte more': async (peer) => {
    await peer.send(...fragments(heartbeat(1, limit + 1), limit));
    await peer.expectFailure(1009);
  },
  'a fragment that announces 2^63 - 1 bytes': async (peer) => {
    await peer.send(frame(Text, 'x', { fin: false }), frame(Continuation, '', { length: 64, claimed: 2n ** 63n - 1n }));
    await peer.expectFailure(1009);
  },
  'messages of the limit one after the other': async (peer) => {
    for (let i = 0; i < 5; i++) {
      await peer.send(text(heartbeat(i, limit)));
      await peer.expectAnswer(i);
    }
  },
  'pings do not count': async (peer) => {
    const parts = fragments(heartbeat(1, limit), limit / 2);
    await peer.send(parts[0], frame(Ping, Buffer.alloc(125)), parts[1]);
    const kinds = [await peer.next(), await peer.next()].map(([kind]) => kind).sort();
    if (kinds.join() !== 'pong,text') throw new Error(kinds.join());
  },
  'the rest of a message that is too large is thrown away': async (peer) => {
    await peer.send(text(heartbeat(1, 4 * 1024 * 1024)), frame(Ping, 'x'));
    await peer.expectFailure(1009);
  },
};
