import { Continuation, Text, fragments, frame, heartbeat, heartbeatOf, text } from '../frames.mjs';

const bytes = (hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const valid = {
  'two bytes, first and last': '\u0080\u07ff',
  'three bytes, first and last': '\u0800\uffff',
  'the last before the surrogates and the first after them': '\ud7ff\ue000',
  'the replacement character': '\ufffd',
  'four bytes, first and last': '\u{10000}\u{10ffff}',
  'noncharacters': '\ufdd0\ufffe\uffff\u{1fffe}\u{10fffe}\u{10ffff}',
  'Greek': 'Hello-\u03ba\u1f79\u03c3\u03bc\u03b5-\u03b1\u03c3\u03c4\u1f72\u03c1',
  'pictures': '\u{1f98a}\u{1f525}\u{1f469}\u200d\u{1f680}',
  'a byte order mark': '\ufeff',
};

const invalid = {
  'a continuation byte alone': '80',
  'the last continuation byte alone': 'bf',
  'six continuation bytes': '80 bf 80 bf 80 bf',
  'a lead byte of two without its rest': 'c3',
  'a lead byte of three without its rest': 'e2',
  'a lead byte of four without its rest': 'f0',
  'three bytes without the last': 'e2 82',
  'four bytes without the last': 'f0 9f a6',
  'lead bytes after each other': 'c3 c3 a9',
  'a lead byte and a space': 'c3 20',
  'fe': 'fe',
  'ff': 'ff',
  'fe fe ff ff': 'fe fe ff ff',
  'the slash overlong in two bytes': 'c0 af',
  'the slash overlong in three bytes': 'e0 80 af',
  'the slash overlong in four bytes': 'f0 80 80 af',
  'the slash overlong in five bytes': 'f8 80 80 80 af',
  'the slash overlong in six bytes': 'fc 80 80 80 80 af',
  'the last overlong of two bytes': 'c1 bf',
  'the last overlong of three bytes': 'e0 9f bf',
  'the last overlong of four bytes': 'f0 8f bf bf',
  'zero overlong': 'c0 80',
  'the first high surrogate': 'ed a0 80',
  'the last high surrogate': 'ed af bf',
  'the first low surrogate': 'ed b0 80',
  'the last low surrogate': 'ed bf bf',
  'a pair of surrogates': 'ed a0 80 ed b0 80',
  'the first beyond the range': 'f4 90 80 80',
  'f5': 'f5 80 80 80',
  'five bytes': 'f8 88 80 80 80',
  'six bytes': 'fc 84 80 80 80 80',
};

const isLead = (byte) => (byte & 0xc0) !== 0x80;

export default {
  ...Object.fromEntries(Object.entries(valid).flatMap(([name, content]) => [
    [`valid: ${name}`, async (peer) => {
      await peer.send(text(heartbeatOf(content)));
      await peer.expectAnswer(1);
    }],
    [`valid and sent back: ${name}`, async (peer) => {
      await peer.send(text(heartbeatOf('x', `"${content}"`)));
      await peer.expectAnswer(`"${content}"`);
    }],
    [`valid, a packet for every byte: ${name}`, async (peer) => {
      await peer.sendInChunks(1, text(heartbeatOf(content)));
      await peer.expectAnswer(1);
    }],
    [`valid, a fragment for every byte: ${name}`, async (peer) => {
      const message = heartbeatOf(content);
      await peer.send(...fragments(message, ...Array.from({ length: message.length - 1 }, (_, i) => i + 1)));
      await peer.expectAnswer(1);
    }],
    [`valid, fragments that end within characters: ${name}`, async (peer) => {
      const message = heartbeatOf(content);
      const ends = [...message.keys()].filter((i) => i > 0 && !isLead(message[i]));
      for (const part of fragments(message, ...ends)) await peer.send(part);
      await peer.expectAnswer(1);
    }],
  ])),
  ...Object.fromEntries(Object.entries(invalid).flatMap(([name, hex]) => [
    [`invalid: ${name}`, async (peer) => {
      await peer.send(text(heartbeatOf(bytes(hex))));
      await peer.expectFailure(1007);
    }],
    [`invalid in the ref: ${name}`, async (peer) => {
      const [before, after] = heartbeat('#').split('#');
      await peer.send(text(Buffer.concat([Buffer.from(`${before}"`), bytes(hex), Buffer.from(`"${after}`)])));
      await peer.expectFailure(1007);
    }],
    [`invalid, nothing else: ${name}`, async (peer) => {
      await peer.send(text(bytes(hex)));
      await peer.expectFailure(1007);
    }],
    [`invalid at the end: ${name}`, async (peer) => {
      await peer.send(text(Buffer.concat([Buffer.from(heartbeat(1)), bytes(hex)])));
      await peer.expectFailure(1007);
    }],
    [`invalid, in fragments: ${name}`, async (peer) => {
      const message = heartbeatOf(bytes(hex));
      const middle = Math.floor(message.length / 2);
      await peer.send(...fragments(message, middle - 1, middle, middle + 1));
      await peer.expectFailure(1007);
    }],
  ])),
  'a character cut by the end of the message, the rest in the next': async (peer) => {
    const snowman = Buffer.from('\u2603');
    await peer.send(frame(Text, snowman.subarray(0, 1), { fin: false }), frame(Continuation, snowman.subarray(1, 2)), text(snowman.subarray(2)));
    await peer.expectFailure(1007);
  },
};
