import { Close, Continuation, Ping, Pong, fragments, frame, heartbeat, text } from '../frames.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const every = (size) => Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff));

export default {
  ...Object.fromEntries(Array.from({ length: 126 }, (_, size) => [`a ping of ${size} bytes is answered with the same`, async (peer) => {
    await peer.send(frame(Ping, every(size)));
    await peer.expect('pong', hex(every(size)));
    await peer.expectOpen();
  }])),
  'a ping byte by byte': async (peer) => {
    await peer.sendInChunks(1, frame(Ping, every(125)));
    await peer.expect('pong', hex(every(125)));
  },
  'ten pings one after the other': async (peer) => {
    for (let i = 0; i < 10; i++) {
      await peer.send(frame(Ping, `ping ${i}`));
      await peer.expect('pong', hex(`ping ${i}`));
    }
  },
  'of pings in one packet at least the last is answered': async (peer) => {
    await peer.send(...Array.from({ length: 10 }, (_, i) => frame(Ping, `${i}`)));
    let last;
    do last = await peer.next(); while (last[0] === 'pong' && last[1] !== hex('9'));
    if (last[0] !== 'pong') throw new Error(JSON.stringify(last));
    await peer.expectOpen();
  },
  ...Object.fromEntries([['ping', Ping], ['pong', Pong], ['close frame', Close]].flatMap(([name, opcode]) => [
    [`a ${name} of 126 bytes`, async (peer) => {
      await peer.send(frame(opcode, Buffer.alloc(126)));
      await peer.expectFailure(1002);
    }],
    [`a ${name} of 65536 bytes`, async (peer) => {
      await peer.send(frame(opcode, Buffer.alloc(65536)));
      await peer.expectFailure(1002);
    }],
    [`a ${name} that says it is not the last fragment`, async (peer) => {
      await peer.send(frame(opcode, '', { fin: false }));
      await peer.expectFailure(1002);
    }],
    [`a ${name} in two fragments`, async (peer) => {
      await peer.send(frame(opcode, 'a', { fin: false }), frame(Continuation, 'b'));
      await peer.expectFailure(1002);
    }],
  ])),
  'a pong that nobody asked for': async (peer) => {
    await peer.send(frame(Pong));
    await peer.send(frame(Pong, every(125)));
    await peer.expectOpen();
  },
  'a pong that nobody asked for, and a ping': async (peer) => {
    await peer.send(frame(Pong, 'pong'), frame(Ping, 'ping'));
    await peer.expect('pong', hex('ping'));
  },
  'a ping between two fragments': async (peer) => {
    const [first, second] = fragments(heartbeat(1), 20);
    await peer.send(first);
    await peer.send(frame(Ping, 'between'));
    await peer.expect('pong', hex('between'));
    await peer.send(second);
    await peer.expectAnswer(1);
  },
  'pings between all fragments, in one packet': async (peer) => {
    const parts = fragments(heartbeat(1), 5, 10, 11, 40);
    await peer.send(...parts.flatMap((part) => [part, frame(Ping, 'x')]));
    let pongs = 0;
    for (let event = await peer.next(); event[0] !== 'text'; event = await peer.next()) pongs += event[0] === 'pong' ? 1 : 0;
    await peer.send(frame(Ping, 'last'));
    let event;
    do event = await peer.next(); while (event[0] === 'pong' && event[1] === hex('x'));
    if (event[1] !== hex('last') || pongs > parts.length) throw new Error(JSON.stringify(event));
  },
  'a pong between two fragments': async (peer) => {
    const [first, second] = fragments(heartbeat(1), 20);
    await peer.send(first, frame(Pong, 'x'), second);
    await peer.expectAnswer(1);
  },
  'a ping within a frame is its content': async (peer) => {
    const whole = text(heartbeat(1));
    await peer.send(whole.subarray(0, 30));
    await peer.send(whole.subarray(30), frame(Ping, 'after'));
    const events = [await peer.next(), await peer.next()].map(([kind]) => kind).sort();
    if (events.join() !== 'pong,text') throw new Error(events.join());
  },
  'a control frame opens no message': async (peer) => {
    await peer.send(frame(Ping, 'x'), frame(Continuation, heartbeat(1)));
    for (let event = await peer.next(); ; event = await peer.next()) {
      if (event[0] === 'close' && event[1] === 1002) break;
      if (event[0] !== 'pong') throw new Error(JSON.stringify(event));
    }
  },
};
