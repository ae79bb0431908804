import { randomBytes } from 'node:crypto';

export const Continuation = 0;
export const Text = 1;
export const Binary = 2;
export const Close = 8;
export const Ping = 9;
export const Pong = 10;

/** The bytes of one frame, right or wrong. `length` forces a form: 7, 16 or 64 bits. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, mask = randomBytes(4), length, claimed } = {}) {
  const data = Buffer.from(payload);
  const size = claimed ?? data.length;
  const bits = length ?? (size > 65535 ? 64 : size > 125 ? 16 : 7);
  const head = Buffer.alloc({ 7: 2, 16: 4, 64: 10 }[bits]);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (mask ? 0x80 : 0) | { 7: size, 16: 126, 64: 127 }[bits];
  if (bits === 16) head.writeUInt16BE(size, 2);
  if (bits === 64) head.writeBigUInt64BE(BigInt(size), 2);
  if (!mask) return Buffer.concat([head, data]);
  return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

export const text = (payload, options) => frame(Text, payload, options);

/** A close frame with a code and the bytes or characters of a reason. */
export function close(code, reason = '', options) {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frame(Close, Buffer.concat([head, Buffer.from(reason)]), options);
}

/** A message in fragments that end at the given places. */
export function fragments(payload, ...ends) {
  const data = Buffer.from(payload);
  return [0, ...ends].map((start, i) =>
    frame(i === 0 ? Text : Continuation, data.subarray(start, ends[i] ?? data.length), { fin: i === ends.length }));
}

/** A heartbeat of exactly so many bytes, which the server answers with its ref. */
export function heartbeat(ref, size) {
  const message = `{"topic":"phoenix","event":"heartbeat","payload":{"t":""},"ref":${ref}}`;
  return size === undefined ? message : message.replace('""', `"${'x'.repeat(size - message.length)}"`);
}

/** A heartbeat whose payload carries a text, given as characters or bytes. */
export function heartbeatOf(content, ref = 1) {
  const [before, after] = heartbeat(ref).split('""');
  return Buffer.concat([Buffer.from(`${before}"`), Buffer.from(content), Buffer.from(`"${after}`)]);
}
