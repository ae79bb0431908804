import { Close, Continuation, Ping, fragments, frame, heartbeat, text } from '../frames.mjs';

const masks = ['00000000', 'ffffffff', '01020304', '80000000', '00000080', '7b227d0a'];

export default {
  ...Object.fromEntries(masks.flatMap((mask) => [
    [`mask ${mask}`, async (peer) => {
      await peer.send(text(heartbeat(1, 127), { mask: Buffer.from(mask, 'hex') }));
      await peer.expectAnswer(1);
    }],
    [`mask ${mask} of a ping`, async (peer) => {
      await peer.send(frame(Ping, 'seven..', { mask: Buffer.from(mask, 'hex') }));
      await peer.expect('pong', Buffer.from('seven..').toString('hex'));
    }],
  ])),
  'lengths that are no multiple of the mask': async (peer) => {
    for (let size = 100; size < 117; size++) {
      await peer.send(text(heartbeat(size, size)));
      await peer.expectAnswer(size);
    }
  },
  'another mask for every fragment': async (peer) => {
    const message = heartbeat(1);
    await peer.send(
      text(message.slice(0, 7), { fin: false, mask: Buffer.from(masks[0], 'hex') }),
      frame(Continuation, message.slice(7, 12), { fin: false, mask: Buffer.from(masks[1], 'hex') }),
      frame(Continuation, message.slice(12), { mask: Buffer.from(masks[2], 'hex') }));
    await peer.expectAnswer(1);
  },
  'a text without a mask': async (peer) => {
    await peer.send(text(heartbeat(1), { mask: null }));
    await peer.expectFailure(1002);
  },
  'an empty text without a mask': async (peer) => {
    await peer.send(text('', { mask: null }));
    await peer.expectFailure(1002);
  },
  'a ping without a mask': async (peer) => {
    await peer.send(frame(Ping, 'x', { mask: null }));
    await peer.expectFailure(1002);
  },
  'a close frame without a mask': async (peer) => {
    await peer.send(frame(Close, Buffer.from([3, 232]), { mask: null }));
    await peer.expectFailure(1002);
  },
  'a continuation without a mask': async (peer) => {
    await peer.send(fragments(heartbeat(1), 30)[0], frame(Continuation, 'x', { mask: null }));
    await peer.expectFailure(1002);
  },
};
