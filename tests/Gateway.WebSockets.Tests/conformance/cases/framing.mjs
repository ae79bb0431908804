import { Binary, Text, frame, heartbeat, text } from '../frames.mjs';

const sizes = [125, 126, 127, 128, 65535, 65536];
const chunks = [1, 3, 997];

export default {
  'an empty text reaches the application': async (peer) => {
    await peer.send(text(''));
    await peer.expectFailure(1002); // Of the application: it is no message in Phoenix' format.
  },
  ...Object.fromEntries(sizes.map((size) => [`a text of ${size} bytes`, async (peer) => {
    await peer.send(text(heartbeat(1, size)));
    await peer.expectAnswer(1);
    await peer.expectOpen();
  }])),
  ...Object.fromEntries(sizes.flatMap((size) => chunks.filter((chunk) => size / chunk < 1000).map((chunk) => [
    `a text of ${size} bytes in packets of ${chunk}`,
    async (peer) => {
      await peer.sendInChunks(chunk, text(heartbeat(1, size)));
      await peer.expectAnswer(1);
      await peer.expectOpen();
    },
  ]))),
  'an empty binary message is refused': async (peer) => {
    await peer.send(frame(Binary));
    await peer.expectFailure(1003);
  },
  ...Object.fromEntries([1, 126, 65535].map((size) => [`a binary message of ${size} bytes is refused`, async (peer) => {
    await peer.send(frame(Binary, Buffer.alloc(size)));
    await peer.expectFailure(1003);
  }])),
  'many messages in one packet are answered in their order': async (peer) => {
    await peer.send(...Array.from({ length: 100 }, (_, i) => text(heartbeat(i))));
    for (let i = 0; i < 100; i++) await peer.expectAnswer(i);
  },
  'a length of 100 in 16 bits': async (peer) => {
    await peer.send(text(heartbeat(1, 100), { length: 16 }));
    await peer.expectFailure(1002);
  },
  'a length of 100 in 64 bits': async (peer) => {
    await peer.send(text(heartbeat(1, 100), { length: 64 }));
    await peer.expectFailure(1002);
  },
  'a length of 1000 in 64 bits': async (peer) => {
    await peer.send(text(heartbeat(1, 1000), { length: 64 }));
    await peer.expectFailure(1002);
  },
  'a length with its highest bit set': async (peer) => {
    await peer.send(frame(Text, '', { length: 64, claimed: 2n ** 63n }));
    await peer.expectFailure(1002);
  },
};
