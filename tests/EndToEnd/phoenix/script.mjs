// What the scripts share: arguments, one JSON line per step, and an end that comes in any case.
import { parseArgs } from 'node:util';
import { Refused } from './peer.mjs';

const limitSeconds = 30;

/** Reads `--name value` arguments; exits with 64 when an unknown one is given or a required one is missing. */
export function readArguments(options, required) {
  try {
    const { values } = parseArgs({ options });
    const missing = required.filter(name => values[name] === undefined);
    if (missing.length > 0) throw new Error(`missing: ${missing.map(name => `--${name}`).join(', ')}`);
    return values;
  } catch (error) {
    print({ ok: false, error: error.message });
    process.exit(64);
  }
}

/** Writes one line. */
export function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/**
 * Runs `body` and ends the process: 0 when it returns, 2 when the portal refused an upgrade, 1 on any other failure and after
 * thirty seconds. On failure the last line has `ok: false`.
 */
export async function run(body) {
  const timer = setTimeout(() => end(1, { ok: false, error: `not done after ${limitSeconds} s` }), limitSeconds * 1000);
  try {
    await body();
    clearTimeout(timer);
    end(0);
  } catch (error) {
    if (error instanceof Refused) end(2, { ok: false, refused: error.status, retryAfter: error.retryAfter, body: error.body });
    else end(1, { ok: false, error: error.message });
  }
}

function end(code, line) {
  process.stdout.write(line === undefined ? '' : `${JSON.stringify(line)}\n`, () => process.exit(code));
}

/** Throws unless the two are equal as JSON. */
export function same(what, actual, expected) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what}: ${a}, expected ${e}`);
}
