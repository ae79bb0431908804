import { Binary, Continuation, Text, fragments, frame, heartbeat, text } from '../frames.mjs';

const message = heartbeat(1);
const each = Array.from({ length: message.length - 1 }, (_, i) => i + 1);

export default {
  'a message in two fragments': async (peer) => {
    await peer.send(...fragments(message, 30));
    await peer.expectAnswer(1);
    await peer.expectOpen();
  },
  'a message in two fragments of a packet each': async (peer) => {
    for (const part of fragments(message, 30)) await peer.send(part);
    await peer.expectAnswer(1);
  },
  'a fragment for every byte': async (peer) => {
    await peer.send(...fragments(message, ...each));
    await peer.expectAnswer(1);
  },
  'a fragment for every byte, a packet for every byte': async (peer) => {
    await peer.sendInChunks(1, ...fragments(message, ...each));
    await peer.expectAnswer(1);
  },
  'empty fragments': async (peer) => {
    await peer.send(...fragments(message, 0, 0, 30, 30, 30, message.length));
    await peer.expectAnswer(1);
  },
  'a message of nothing but empty fragments': async (peer) => {
    await peer.send(...fragments('', 0, 0));
    await peer.expectFailure(1002);
  },
  'a message of 65536 bytes in fragments of 1000': async (peer) => {
    await peer.send(...fragments(heartbeat(1, 65536), ...Array.from({ length: 65 }, (_, i) => (i + 1) * 1000)));
    await peer.expectAnswer(1);
  },
  'two fragmented messages one after the other': async (peer) => {
    await peer.send(...fragments(heartbeat(1), 10), ...fragments(heartbeat(2), 20));
    await peer.expectAnswer(1);
    await peer.expectAnswer(2);
  },
  'a continuation of nothing': async (peer) => {
    await peer.send(frame(Continuation, message));
    await peer.expectFailure(1002);
  },
  'a continuation of nothing that is not the last': async (peer) => {
    await peer.send(frame(Continuation, message, { fin: false }));
    await peer.expectFailure(1002);
  },
  'a continuation after a whole message': async (peer) => {
    await peer.send(text(message), frame(Continuation, 'x'));
    await peer.expectAnswer(1);
    await peer.expectFailure(1002);
  },
  'a continuation after the last fragment': async (peer) => {
    await peer.send(...fragments(message, 30), frame(Continuation, 'x', { fin: false }));
    await peer.expectAnswer(1);
    await peer.expectFailure(1002);
  },
  'a new text within a message': async (peer) => {
    await peer.send(fragments(message, 30)[0], text(message));
    await peer.expectFailure(1002);
  },
  'a new fragmented text within a message': async (peer) => {
    await peer.send(fragments(message, 30)[0], frame(Text, 'x', { fin: false }));
    await peer.expectFailure(1002);
  },
  'a new binary message within a text': async (peer) => {
    await peer.send(fragments(message, 30)[0], frame(Binary, 'x'));
    await peer.expectFailure(1002);
  },
  'a fragmented binary message is refused at its beginning': async (peer) => {
    await peer.send(frame(Binary, 'x', { fin: false }));
    await peer.expectFailure(1003);
  },
};
