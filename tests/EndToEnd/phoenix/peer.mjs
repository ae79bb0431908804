// One peer of the portal on the official Phoenix client: a client, a gateway or a relay.
import { createHash, randomBytes } from 'node:crypto';
import { Socket } from 'phoenix';
import WebSocket from 'ws';

const userAgents = {
  client: 'Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0)',
  gateway: 'Ubuntu/24.4.0 gateway/1.5.0 (x86_64; 6.8.0)',
  relay: 'Ubuntu/24.4.0 relay/0.1.0 (x86_64; 6.8.0)',
};

/** The portal refused the upgrade. `body` is the problem document, or its text when it is not JSON. */
export class Refused extends Error {
  constructor(status, retryAfter, body) {
    super(`refused with ${status}`);
    Object.assign(this, { status, retryAfter, body });
  }
}

/** The id that the portal gives a relay: the first half of the secret's SHA-256, marked as a version 4 UUID. */
export function relayId(stampSecret) {
  const bytes = createHash('sha256').update(stampSecret).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What a device of this role sends in its query string; everything but the role may be overridden. */
function defaultParams(role) {
  if (role === 'relay') return { ipv4: '198.51.100.10', port: 3478 };
  return {
    external_id: randomBytes(32).toString('hex'),
    public_key: randomBytes(32).toString('base64'),
    name: `phoenix-${role}`,
  };
}

export class Peer {
  #role;
  #socket;
  #channel;
  #messages = [];
  #waiters = [];
  #failure;

  /**
   * @param role `client`, `gateway` or `relay`; the path, the topic and the user agent follow from it.
   * @param url  base of the portal, such as `ws://127.0.0.1:8081`; a path in it is kept.
   */
  constructor(role, { url, token, params = {}, userAgent = userAgents[role], stampSecret = randomBytes(32).toString('hex') }) {
    const fail = error => this.#fail(error);
    const headers = { 'user-agent': userAgent, ...(token && { 'x-authorization': `Bearer ${token}` }) };

    // Real peers offer no compression. A refused upgrade reaches the Phoenix client as a bare error, hence the extra event.
    class Transport extends WebSocket {
      constructor(address, protocols) {
        super(address, protocols, { headers, perMessageDeflate: false });
        this.on('unexpected-response', (_request, response) => {
          const chunks = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () => fail(new Refused(response.statusCode, response.headers['retry-after'] ?? null, parsed(chunks))));
        });
      }
    }

    this.#role = role;
    this.params = { ...defaultParams(role), ...params };
    this.stampSecret = stampSecret;
    this.#socket = new Socket(`${url.replace(/\/+$/, '')}/${role}`, { transport: Transport, vsn: '2.0.0', params: this.params, timeout: 10_000 });
    this.#socket.onError(error => setImmediate(fail, new Error(`${role}: ${error?.message ?? 'socket error'}`)));
    this.#socket.onClose(event => setImmediate(fail, new Error(`${role}: closed with ${event?.code}`)));
  }

  /** Connects and joins; resolves with the payload of `init`. */
  async join() {
    this.#socket.connect();
    this.#channel = this.#socket.channel(this.#role, this.#role === 'relay' ? { stamp_secret: this.stampSecret } : {});
    this.#channel.onMessage = (event, payload) => {
      if (!event.startsWith('phx_') && !event.startsWith('chan_reply_')) this.#received({ event, payload });
      return payload;
    };
    const response = await this.#answer(this.#channel.join());
    if (JSON.stringify(response) !== '{}') throw new Error(`${this.#role}: join answered ${JSON.stringify(response)}, peers accept only {}`);
    return this.next('init');
  }

  /** The next message with this event for which `matches` holds, whether it has arrived already or not. Other messages stay queued. */
  next(event, matches = () => true) {
    const wanted = message => message.event === event && matches(message.payload);
    const index = this.#messages.findIndex(wanted);
    if (index >= 0) return Promise.resolve(this.#messages.splice(index, 1)[0].payload);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiters.push({ wanted, resolve, reject }));
  }

  /** Sends a message that is answered by a push or not at all. */
  send(event, payload) {
    this.#channel.push(event, payload);
  }

  /** Sends a message and resolves with the `ok` response; an `error` reply rejects with its `reason` as message. */
  request(event, payload) {
    return this.#answer(this.#channel.push(event, payload));
  }

  /** One heartbeat on the topic `phoenix`; resolves with the round trip in milliseconds. */
  heartbeat() {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ wanted: () => false, resolve, reject });
      this.#socket.ping(resolve);
    });
  }

  /** Ends the socket; whatever is still awaited is rejected. */
  close() {
    this.#fail(new Error(`${this.#role}: closed here`));
  }

  #answer(push) {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ wanted: () => false, resolve, reject });
      push
        .receive('ok', resolve)
        .receive('error', response => reject(Object.assign(new Error(response?.reason ?? 'error'), { response })))
        .receive('timeout', () => reject(new Error(`${this.#role}: no reply`)));
    });
  }

  #received(message) {
    const index = this.#waiters.findIndex(waiter => waiter.wanted(message));
    if (index >= 0) this.#waiters.splice(index, 1)[0].resolve(message.payload);
    else this.#messages.push(message);
  }

  // The Phoenix client would reconnect for ever; here the first failure is final.
  #fail(error) {
    if (this.#failure) return;
    this.#failure = error;
    this.#socket.disconnect();
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}

function parsed(chunks) {
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
