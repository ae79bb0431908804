import { Close, Continuation, Ping, close, fragments, frame, heartbeat, text } from '../frames.mjs';

const good = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const bad = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];

export default {
  ...Object.fromEntries(good.map((code) => [`code ${code}`, async (peer) => {
    await peer.send(close(code));
    await peer.expectClosed(code);
  }])),
  ...Object.fromEntries(bad.map((code) => [`code ${code} must not be sent`, async (peer) => {
    await peer.send(close(code));
    await peer.expectClosed(1002);
  }])),
  'no content': async (peer) => {
    await peer.send(frame(Close));
    await peer.expectClosed(1000);
  },
  'content of one byte': async (peer) => {
    await peer.send(frame(Close, Buffer.from([3])));
    await peer.expectClosed(1002);
  },
  'a reason': async (peer) => {
    await peer.send(close(1000, 'going away'));
    await peer.expectClosed(1000);
  },
  'the longest reason': async (peer) => {
    await peer.send(close(1000, '*'.repeat(123)));
    await peer.expectClosed(1000);
  },
  'a reason of other letters': async (peer) => {
    await peer.send(close(1000, '\u03ba\u1f79\u03c3\u03bc\u03b5 \u{1f98a}'));
    await peer.expectClosed(1000);
  },
  'a reason that is too long': async (peer) => {
    await peer.send(close(1000, '*'.repeat(124)));
    await peer.expectFailure(1002);
  },
  'a reason that is not UTF-8': async (peer) => {
    await peer.send(close(1000, Buffer.from('cebae1bdb9cf83cebcceb5eda080656469746564', 'hex')));
    await peer.expectClosed(1007);
  },
  'a reason cut within a character': async (peer) => {
    await peer.send(close(1000, Buffer.from('e282', 'hex')));
    await peer.expectClosed(1007);
  },
  'byte by byte': async (peer) => {
    await peer.sendInChunks(1, close(4000, 'reason'));
    await peer.expectClosed(4000);
  },
  'what was sent before is answered': async (peer) => {
    await peer.send(text(heartbeat(1)), text(heartbeat(2)), close(1000));
    await peer.expectAnswer(1);
    await peer.expectAnswer(2);
    await peer.expectClosed(1000);
  },
  'a text afterwards is not answered': async (peer) => {
    await peer.send(close(1000), text(heartbeat(1)));
    await peer.expectClosed(1000);
  },
  'a ping afterwards is not answered': async (peer) => {
    await peer.send(close(1000), frame(Ping, 'x'));
    await peer.expectClosed(1000);
  },
  'a second one afterwards is not answered': async (peer) => {
    await peer.send(close(1000), close(1001));
    await peer.expectClosed(1000);
  },
  'garbage afterwards is not looked at': async (peer) => {
    await peer.send(close(1000), Buffer.alloc(1000, 0xff));
    await peer.expectClosed(1000);
  },
  'a lot of text afterwards is not answered': async (peer) => {
    await peer.send(close(1000), ...Array.from({ length: 100 }, (_, i) => text(heartbeat(i, 1000))));
    await peer.expectClosed(1000);
  },
  'within a message': async (peer) => {
    await peer.send(fragments(heartbeat(1), 30)[0], close(1000));
    await peer.expectClosed(1000);
  },
  'within a message that goes on': async (peer) => {
    const [first, second] = fragments(heartbeat(1), 30);
    await peer.send(first, close(1000), second);
    await peer.expectClosed(1000);
  },
  'in fragments': async (peer) => {
    await peer.send(frame(Close, Buffer.from([3]), { fin: false }), frame(Continuation, Buffer.from([232])));
    await peer.expectFailure(1002);
  },
  'then the end of the connection': async (peer) => {
    await peer.send(close(1000));
    peer.end();
    await peer.expectClosed(1000);
  },
  'the connection ends without one': async (peer) => {
    peer.end();
    await peer.expect('end');
  },
  'the connection ends after a message, which is answered': async (peer) => {
    await peer.send(text(heartbeat(1)));
    peer.end();
    await peer.expectAnswer(1);
    await peer.expect('end');
  },
  'the connection ends within a header': async (peer) => {
    await peer.send(text(heartbeat(1)).subarray(0, 3));
    peer.end();
    await peer.expect('end');
  },
  'the connection ends within a frame': async (peer) => {
    await peer.send(text(heartbeat(1)).subarray(0, 20));
    peer.end();
    await peer.expect('end');
  },
  'the connection ends within a message': async (peer) => {
    await peer.send(fragments(heartbeat(1), 30)[0]);
    peer.end();
    await peer.expect('end');
  },
  'after a violation what follows is not answered': async (peer) => {
    await peer.send(frame(3), text(heartbeat(1)), frame(Ping, 'x'), close(1000));
    await peer.expectFailure(1002);
  },
};
