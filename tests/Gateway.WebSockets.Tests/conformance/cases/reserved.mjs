import { Ping, Text, fragments, frame, heartbeat, text } from '../frames.mjs';

const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];

export default {
  ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => i + 1).flatMap((rsv) => [
    [`reserved bits ${rsv} of a text`, async (peer) => {
      await peer.send(text(heartbeat(1), { rsv }));
      await peer.expectFailure(1002);
    }],
    [`reserved bits ${rsv} of a text after a good one`, async (peer) => {
      await peer.send(text(heartbeat(1)), text(heartbeat(2), { rsv }), frame(Ping, 'x'));
      await peer.expectAnswer(1);
      await peer.expectFailure(1002);
    }],
    [`reserved bits ${rsv} of a ping`, async (peer) => {
      await peer.send(frame(Ping, 'x', { rsv }));
      await peer.expectFailure(1002);
    }],
    [`reserved bits ${rsv} of a close frame`, async (peer) => {
      await peer.send(frame(8, Buffer.from([3, 232]), { rsv }));
      await peer.expectFailure(1002);
    }],
    [`reserved bits ${rsv} of a continuation`, async (peer) => {
      await peer.send(fragments(heartbeat(1), 10)[0], frame(0, 'x', { rsv }));
      await peer.expectFailure(1002);
    }],
    [`reserved bits ${rsv}, byte by byte`, async (peer) => {
      await peer.send(frame(Text, heartbeat(1), { rsv }).subarray(0, 1));
      await peer.expectFailure(1002);
    }],
  ])),
  ...Object.fromEntries(opcodes.flatMap((opcode) => [
    [`opcode ${opcode}, empty`, async (peer) => {
      await peer.send(frame(opcode));
      await peer.expectFailure(1002);
    }],
    [`opcode ${opcode} with content`, async (peer) => {
      await peer.send(frame(opcode, heartbeat(1)));
      await peer.expectFailure(1002);
    }],
    [`opcode ${opcode} after a good text and before a ping`, async (peer) => {
      await peer.send(text(heartbeat(1)), frame(opcode, 'x'), frame(Ping, 'x'));
      await peer.expectAnswer(1);
      await peer.expectFailure(1002);
    }],
    [`opcode ${opcode} within a message`, async (peer) => {
      await peer.send(fragments(heartbeat(1), 10)[0], frame(opcode, 'x'));
      await peer.expectFailure(1002);
    }],
  ])),
};
