// What both test files need: a sandbox of their own as a child process, the codes in its outbox, one-time passwords
// by RFC 6238, and a loud word when something that a test needs is not on this machine.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const PASSWORD = 'Correct-Horse-9';
export const CODE = '123456';
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXP';
export const REDIRECT_URI = 'http://localhost:8080/login/callback';

/** The program under test: `SANDBOX_BIN`, or what `cargo build` left in the workspace. */
export function sandboxProgram() {
  const built = ['debug', 'release'].map((profile) =>
    fileURLToPath(new URL(`../../target/${profile}/interaction-code-sandbox`, import.meta.url)));
  return [process.env.SANDBOX_BIN, ...built].find((file) => file && existsSync(file));
}

/**
 * Says loudly what is missing, and returns the reason for node:test to skip with. With VENDORS_REQUIRED=1 (what CI
 * sets) nothing is skipped: a missing tool is then a failure.
 */
export function missing(what, remedy) {
  const reason = `${what} is missing: ${remedy}`;
  if (process.env.VENDORS_REQUIRED === '1') throw new Error(reason);
  console.error(`\n*** SKIPPED, NOTHING IS PROVED: ${reason} ***\n`);
  return reason;
}

/** Starts a sandbox that ends with the test `t`. */
export async function startSandbox(t, ...more) {
  const program = sandboxProgram();
  if (!program) throw new Error('No sandbox: set SANDBOX_BIN, or run `cargo build -p interaction-code-sandbox`');
  const child = spawn(program, ['--listen', '127.0.0.1:0', '--fixed-code', CODE, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const first = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the sandbox ended at once with ${status}`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const issuer = first.replace('listening on ', '');
  const origin = new URL(issuer).origin;
  const get = async (path) => (await fetch(origin + path)).json();
  return {
    issuer,
    origin,
    outbox: (kind) => get(`/sandbox/outbox${kind ? `?kind=${kind}` : ''}`),
    /** Every request so far: method, path, status. */
    requests: () => get('/sandbox/requests'),
    /** The code in the newest mail or text of that kind. */
    code: async (kind) => (await get(`/sandbox/outbox?kind=${kind}`)).at(-1)?.code,
    /** Decides the newest push that nobody has answered. */
    decidePush: async (decision) => {
      const push = (await get('/sandbox/push')).at(-1);
      const answer = await fetch(`${origin}/sandbox/push/${push.id}/${decision}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${decision}: ${answer.status}`);
      return push;
    },
  };
}

/** The current six digits of an authenticator app with that base32 secret. */
export function totp(secret, now = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
