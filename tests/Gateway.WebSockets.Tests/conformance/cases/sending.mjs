import { Ping, frame, text } from '../frames.mjs';
import { must } from '../peer.mjs';

const join = text('{"topic":"client","event":"phx_join","payload":null,"ref":0}');

/** What the server sends, judged by the receiver of ws. The sizes are those of the `init` messages of one join after the other. */
export const cases = (sizes) => ({
  [`messages of ${sizes.join(', ')} bytes`]: async (peer) => {
    for (const [i, size] of sizes.entries()) {
      await peer.send(join);
      if (i > 0) must((await peer.next())[1].includes('"phx_close"'), 'phx_close is missing');
      must((await peer.next())[1].includes('"phx_reply"'), 'phx_reply is missing');
      const [kind, init] = await peer.next();
      const actual = Buffer.byteLength(init);
      must(kind === 'text' && init.includes('"init"') && actual === size, `${kind} of ${actual} bytes, not ${size}`);
      await peer.send(frame(Ping, 'x'));
      await peer.expect('pong', Buffer.from('x').toString('hex'));
    }
  },
});
