// Connects one peer, joins, prints the payload of `init` as one line, exits.
//   node join.mjs --role client --url ws://127.0.0.1:8081 --token T [--external-id E] [--public-key K] [--name N] [--user-agent U]
//   node join.mjs --role relay --url ... --token T [--ipv4 A] [--ipv6 A] [--port P] [--stamp-secret S]
// Exit 2 and `{"ok":false,"refused":STATUS,"retryAfter":…,"body":…}` when the upgrade is refused.
import { Peer } from './peer.mjs';
import { print, readArguments, run } from './script.mjs';

const text = { type: 'string' };
const query = ['external-id', 'public-key', 'name', 'ipv4', 'ipv6', 'port'];
const values = readArguments(
  { role: text, url: text, token: text, 'user-agent': text, 'stamp-secret': text, ...Object.fromEntries(query.map(name => [name, text])) },
  ['role', 'url'],
);

await run(async () => {
  const params = query.filter(name => values[name] !== undefined).map(name => [name.replace('-', '_'), values[name]]);
  const peer = new Peer(values.role, {
    url: values.url,
    token: values.token,
    params: Object.fromEntries(params),
    userAgent: values['user-agent'],
    stampSecret: values['stamp-secret'],
  });
  print(await peer.join());
  peer.close();
});
