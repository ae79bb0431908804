// A relay, a gateway and a client connect; the client asks for a flow; both exchange ICE candidates. One JSON line per step, at the end
// {"ok":true}.
//   node flow.mjs --url ws://127.0.0.1:8081 --client-token C --gateway-token G --relay-token R [--resource NAME_OR_ID]
import { Peer, relayId } from './peer.mjs';
import { print, readArguments, run, same } from './script.mjs';

const text = { type: 'string' };
const { url, resource: wanted, ...values } = readArguments(
  { url: text, 'client-token': text, 'gateway-token': text, 'relay-token': text, resource: text },
  ['url', 'client-token', 'gateway-token', 'relay-token'],
);

const relay = new Peer('relay', { url, token: values['relay-token'] });
const gateway = new Peer('gateway', { url, token: values['gateway-token'] });
const client = new Peer('client', { url, token: values['client-token'] });

await run(async () => {
  same('init of a relay', await relay.join(), {});
  print({ step: 'relay', id: relayId(relay.stampSecret) });

  const gatewayInit = await gateway.join();
  print({ step: 'gateway', interface: gatewayInit.interface, relays: await relaysOf(gateway, gatewayInit) });

  const clientInit = await client.join();
  print({ step: 'client', interface: addresses(clientInit), resources: clientInit.resources.length, relays: await relaysOf(client, clientInit) });

  const first = await createFlow(candidateResources(clientInit), []);
  checkFlow(first, clientInit, gatewayInit);
  print({ step: 'flow', resource_id: first.resource.id, gateway_id: first.created.gateway_id });

  const { gateway_id } = first.created;
  const client_id = first.authorize.client.id;
  await relayed(client, 'broadcast_ice_candidates', { gateway_ids: [gateway_id] }, gateway, 'ice_candidates', { client_id });
  await relayed(gateway, 'broadcast_ice_candidates', { client_ids: [client_id] }, client, 'ice_candidates', { gateway_id });
  await relayed(client, 'broadcast_invalidated_ice_candidates', { gateway_ids: [gateway_id] }, gateway, 'invalidate_ice_candidates', { client_id });
  await relayed(gateway, 'broadcast_invalidated_ice_candidates', { client_ids: [client_id] }, client, 'invalidate_ice_candidates', { gateway_id });
  print({ step: 'ice' });

  // The same pair again has to get the same secrets, or the peers tear their tunnel down.
  const second = await createFlow([first.resource], [gateway_id]);
  same('secrets of a repeated flow', secrets(second.created), secrets(first.created));
  same('client of a repeated flow', second.authorize.client, first.authorize.client);
  print({ step: 'repeated' });

  same('answer to a foreign ref', await refusal(gateway.request('flow_authorized', { ref: 'not-from-this-portal' })), 'invalid_ref');
  same('answer to an unknown event', await refusal(client.request('create_log_sink', {})), 'unknown_message');
  print({ step: 'refusals' });

  await Promise.all([client, gateway, relay].map(peer => peer.heartbeat()));
  print({ step: 'heartbeats' });

  for (const peer of [client, gateway, relay]) peer.close();
  print({ ok: true });
});

/** How many relays the peer knows, after `init` or after the update that follows when the relay was not known everywhere yet. */
async function relaysOf(peer, init) {
  const known = init.relays?.length > 0 ? init.relays : (await peer.next('relays_presence', update => update.connected.length > 0)).connected;
  return new Set(known.map(entry => entry.id)).size;
}

function addresses(init) {
  return { ipv4: init.interface.ipv4, ipv6: init.interface.ipv6 };
}

/** The named resource, or all that a gateway in some site could serve. */
function candidateResources(init) {
  const found = init.resources.filter(entry => (wanted ? entry.id === wanted || entry.name === wanted : entry.type !== 'internet'));
  if (found.length === 0) throw new Error(wanted ? `the client has no resource ${wanted}` : 'the client has no resource');
  return found;
}

/** Asks for one resource after the other until the gateway here is the one that serves it, and plays the gateway's part. */
async function createFlow(resources, connected_gateway_ids) {
  const failures = [];
  for (const resource of resources) {
    const concerns = payload => payload.resource_id === resource.id;
    const created = client.next('flow_created', concerns);
    const failed = client.next('flow_creation_failed', concerns).then(payload => ({ reason: payload.reason }));
    const asked = gateway.next('authorize_flow', payload => payload.resource.id === resource.id);
    // Those that lose the race end with their peers.
    for (const promise of [created, failed, asked]) promise.catch(() => {});

    client.send('create_flow', { resource_id: resource.id, connected_gateway_ids });
    const authorize = await Promise.race([asked, failed]);
    if (authorize.reason !== undefined) {
      failures.push(`${resource.name ?? resource.id}: ${authorize.reason}`);
      continue;
    }

    same('reply to flow_authorized', await gateway.request('flow_authorized', { ref: authorize.ref }), {});
    return { resource, authorize, created: await created };
  }
  throw new Error(`no flow: ${failures.join(', ')}`);
}

function secrets({ preshared_key, client_ice_credentials, gateway_ice_credentials }) {
  return { preshared_key, client_ice_credentials, gateway_ice_credentials };
}

/** Both sides have to hold the same secrets, and each the other's true key and addresses. */
function checkFlow({ authorize, created }, clientInit, gatewayInit) {
  same('preshared key', created.preshared_key, authorize.client.preshared_key);
  same('bytes of the preshared key', Buffer.from(created.preshared_key, 'base64').length, 32);
  same('ICE credentials of the client', created.client_ice_credentials, authorize.client_ice_credentials);
  same('ICE credentials of the gateway', created.gateway_ice_credentials, authorize.gateway_ice_credentials);
  same('public key of the gateway', created.gateway_public_key, gateway.params.public_key);
  same('public key of the client', authorize.client.public_key, client.params.public_key);
  same('addresses of the gateway', { ipv4: created.gateway_ipv4, ipv6: created.gateway_ipv6 }, addresses(gatewayInit));
  same('addresses of the client', { ipv4: authorize.client.ipv4, ipv6: authorize.client.ipv6 }, addresses(clientInit));
  same('site ids in flow_created', ['gateway_group_id', 'site_id'].filter(name => name in created).length, 1);
  if (authorize.expires_at !== null && !Number.isInteger(authorize.expires_at)) throw new Error(`expires_at: ${authorize.expires_at}`);
}

/** Sends candidates and waits for them, unchanged, on the other side. */
async function relayed(from, event, to, receiver, pushed, sender) {
  const candidates = [`candidate:1 1 udp 2130706431 192.0.2.4 52625 typ host`, `candidate:2 1 udp 1694498559 2001:db8::4 41000 typ srflx`];
  from.send(event, { ...to, candidates });
  same(pushed, await receiver.next(pushed), { ...sender, candidates });
}

/** The reason of an error reply. */
async function refusal(reply) {
  return reply.then(() => 'ok', error => error.message);
}
