import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Receiver } from 'ws';
import { close, heartbeat, text } from './frames.mjs';

/**
 * A connection that sends what it is told to send; what comes back is judged by the receiver of ws, and kept in its order as
 * ['text', string], ['ping' | 'pong', hex], ['close', code, reason], ['error', message] or ['end'].
 */
export class Peer {
  #socket;
  #events = [];
  #wake = () => {};
  #ref = 1000;

  constructor(socket) {
    this.#socket = socket;
  }

  /** A socket, on the bare connection or through the HTTP server: that is what a second request on a connection is served by. */
  static async open({ host, port, path, headers, viaHttp }, extra = {}) {
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    await once(socket, 'connect');
    if (viaHttp) await request(socket, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    const key = randomBytes(16).toString('base64');
    const all = { ...headers, ...extra, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': key };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const { head, rest } = await request(socket, `GET ${path} HTTP/1.1\r\n${lines}\r\n`);
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    must(head.startsWith('HTTP/1.1 101 '), head);
    must(head.includes(`\r\nSec-WebSocket-Accept: ${accept}\r\n`), `wrong accept: ${head}`);
    must(!/^sec-websocket-(extensions|protocol):/im.test(head), `something was negotiated: ${head}`);
    must(/^date:/im.test(head) === viaHttp, `served by the wrong half: ${head}`);
    const peer = new Peer(socket);
    peer.#listen(rest);
    return peer;
  }

  /** Sends bytes, all at once. */
  async send(...parts) {
    await new Promise((sent) => this.#socket.write(Buffer.concat(parts), sent));
  }

  /** Sends bytes in packets of a size. */
  async sendInChunks(size, ...parts) {
    const bytes = Buffer.concat(parts);
    for (let i = 0; i < bytes.length; i += size) {
      await this.send(bytes.subarray(i, i + size));
      await turn();
    }
  }

  /** Ends this side of the connection. */
  end() {
    this.#socket.end();
  }

  destroy() {
    this.#socket.destroy();
  }

  async next() {
    while (this.#events.length === 0) await new Promise((wake) => { this.#wake = wake; });
    return this.#events.shift();
  }

  /** Fails unless exactly this comes next. */
  async expect(...expected) {
    const actual = await this.next();
    must(JSON.stringify(actual) === JSON.stringify(expected), `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }

  /** The answer to a heartbeat comes next. */
  async expectAnswer(ref) {
    await this.expect('text', `{"topic":"phoenix","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":${ref}}`);
  }

  /** Nothing has come, and the socket works: what is sent is answered, and before it comes nothing else. */
  async expectOpen() {
    const ref = this.#ref++;
    await this.send(text(heartbeat(ref)));
    await this.expectAnswer(ref);
  }

  /** The server closes with a code, waits for this side, and then nothing else comes. */
  async expectFailure(code) {
    await this.expect('close', code, '');
    await this.send(close(code));
    this.end();
    await this.expect('end');
  }

  /** The server answers this side's close frame and ends the connection at once. */
  async expectClosed(code) {
    await this.expect('close', code, '');
    await this.expect('end');
  }

  #listen(rest) {
    const receiver = new Receiver({ isServer: false });
    const happened = (...event) => {
      this.#events.push(event);
      this.#wake();
    };
    receiver.on('message', (data, isBinary) => happened(isBinary ? 'binary' : 'text', data.toString()));
    receiver.on('ping', (data) => happened('ping', data.toString('hex')));
    receiver.on('pong', (data) => happened('pong', data.toString('hex')));
    receiver.on('conclude', (code, reason) => happened('close', code, reason.toString()));
    receiver.on('error', (error) => happened('error', error.message));
    let closed = false;
    const received = (data) => {
      // The receiver takes nothing after the close frame, and nothing may come.
      if (closed) happened('error', `bytes after the close frame: ${data.toString('hex')}`);
      else receiver.write(data);
    };
    receiver.on('conclude', () => { closed = true; });
    const ended = () => {
      happened('end');
      ended.once = true;
    };
    if (rest.length > 0) received(rest);
    this.#socket.on('data', received);
    this.#socket.on('end', () => ended.once || ended());
    this.#socket.on('error', () => ended.once || ended());
  }
}

export function must(condition, message) {
  if (!condition) throw new Error(message);
}

/** Sends a request and takes the head of the response, and its body. */
async function request(socket, bytes) {
  socket.write(bytes);
  let received = Buffer.alloc(0);
  while (true) {
    const end = received.indexOf('\r\n\r\n');
    if (end >= 0) {
      const head = received.subarray(0, end + 4).toString('latin1');
      const isChunked = /^transfer-encoding: *chunked/im.test(head);
      const lastChunk = received.indexOf('\r\n0\r\n\r\n', end + 2);
      const done = isChunked ? lastChunk + 7 : end + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (received.length >= done && !(isChunked && lastChunk < 0)) return { head, rest: received.subarray(done) };
    }
    const [data] = await Promise.race([once(socket, 'data'), once(socket, 'end').then(() => { throw new Error('the connection ended'); })]);
    received = Buffer.concat([received, data]);
  }
}
