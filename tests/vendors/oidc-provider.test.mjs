// `interaction-code sign-in --browser` against a server that is nobody's of ours: node oidc-provider, with its own pages, walked by
// an agent in the place of a browser. It is discovered, takes the pushed request, and names itself in the callback.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import Provider from 'oidc-provider';
import { missing, startSandbox } from './support.mjs';

const AGENT = fileURLToPath(new URL('./agent.mjs', import.meta.url));
const built = ['debug', 'release'].map((profile) =>
  fileURLToPath(new URL(`../../target/${profile}/interaction-code`, import.meta.url)));
const PROGRAM = [process.env.CLI_BIN, ...built].find((file) => file && existsSync(file));
const skip = PROGRAM ? false : missing('the command line', 'run `cargo build -p interaction-code-cli`, or set CLI_BIN');

/** A port that nobody listens on. */
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** An OpenID provider that ends with the test `t`. */
async function provider(t, redirectUri, more = {}) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const server = new Provider(issuer, {
    clients: [{
      client_id: 'app', application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
    }],
    scopes: ['openid', 'offline_access', 'profile'],
    ...more,
  }).listen(port, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  return issuer;
}

/** Signs in, and returns the JSON line with how it went. */
function signIn(issuer, client, redirectUri, ...more) {
  const words = ['sign-in', '--browser', '--issuer', issuer, '--client-id', client, '--redirect-uri', redirectUri, ...more];
  const env = { ...process.env, BROWSER: `'${process.execPath}' '${AGENT}' %s` };
  const child = spawn(PROGRAM, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { err += data; });
  return new Promise((resolve) => {
    child.once('close', (status) => resolve({ status, err, line: out ? JSON.parse(out) : undefined }));
  });
}

test('sign in at oidc-provider by its metadata', { skip }, async (t) => {
  const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
  const issuer = await provider(t, redirectUri);
  for (const par of ['auto', 'always', 'never']) {
    const { status, err, line } = await signIn(issuer, 'app', redirectUri, '--par', par);
    assert.equal(status, 0, err);
    assert.equal(line.outcome, 'success');
    assert.equal(line.subject, 'ada');
    assert.equal(line.claims.iss, issuer);
    assert.equal(line.claims.aud, 'app');
    assert.ok(err.startsWith('Sign in here: ') || err.includes('\nSign in here: '), err);
  }
  const refused = await signIn(issuer, 'app', redirectUri, '--prompt', 'none');
  assert.notEqual(refused.status, 0);
  assert.equal(refused.line.oauth_error, 'login_required');
});

test('a provider that wants pushed requests gets them', { skip }, async (t) => {
  const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
  const features = { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } };
  const issuer = await provider(t, redirectUri, { features });
  const { status, err, line } = await signIn(issuer, 'app', redirectUri);
  assert.equal(status, 0, err);
  assert.equal(line.outcome, 'success');
  const never = await signIn(issuer, 'app', redirectUri, '--par', 'never');
  assert.notEqual(never.status, 0);
});

test('the same at the sandbox, on both of its servers', { skip }, async (t) => {
  const sandbox = await startSandbox(t);
  const redirectUri = 'http://127.0.0.1:8765/callback';
  for (const issuer of [sandbox.issuer, sandbox.origin]) {
    const { status, err, line } = await signIn(issuer, 'app-password', redirectUri);
    assert.equal(status, 0, err);
    assert.equal(line.claims.preferred_username, 'ada@example.com');
  }
});

test('only the browser that was sent out ends the wait', { skip }, async (t) => {
  const port = await freePort();
  const redirectUri = `http://127.0.0.1:${port}/callback`;
  const issuer = await provider(t, redirectUri);
  const words = ['sign-in', '--browser', '--issuer', issuer, '--client-id', 'app', '--redirect-uri', redirectUri, '--par', 'never'];
  const child = spawn(PROGRAM, words, { env: { ...process.env, BROWSER: 'true' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  const url = await new Promise((resolve) => {
    child.stderr.on('data', (data) => {
      err += data;
      const found = /Sign in here: (\S+)/.exec(err);
      if (found) resolve(found[1]);
    });
  });
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  /** What a raw request is answered with; an empty one only connects. */
  const raw = (text) => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => { answer += data; });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
  const idle = [1, 2, 3].map(() => connect(port, '127.0.0.1'));
  t.after(() => idle.forEach((socket) => socket.destroy()));
  const host = `Host: 127.0.0.1:${port}\r\n\r\n`;
  const state = new URL(url).searchParams.get('state');
  for (const [request, status] of [
    [`GET /callback?error=access_denied HTTP/1.1\r\n${host}`, 400],
    [`GET /callback?code=x&state=forged HTTP/1.1\r\n${host}`, 400],
    [`GET /callback?code=x&state=${state} HTTP/1.1\r\nHost: evil.example:${port}\r\n\r\n`, 421],
    [`GET /callback?code=x&state=${state} HTTP/1.1\r\n\r\n`, 421],
    [`HEAD /callback?code=x&state=${state} HTTP/1.1\r\n${host}`, 200],
    [`OPTIONS /callback HTTP/1.1\r\nAccess-Control-Request-Private-Network: true\r\n${host}`, 204],
    [`POST /callback?code=x&state=${state} HTTP/1.1\r\nContent-Length: 0\r\n${host}`, 405],
    [`GET /callback/?code=x&state=${state} HTTP/1.1\r\n${host}`, 404],
    [`GET /favicon.ico HTTP/1.1\r\n${host}`, 404],
    ['nonsense\r\n\r\n', 400],
    [`GET /callback?x=${'y'.repeat(20_000)} HTTP/1.1\r\n${host}`, 400],
  ]) {
    const answer = await raw(request);
    // A head that is too long may be cut off before its answer is read.
    if (answer || request.length < 10_000) assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), request.slice(0, 80));
    assert.ok(!answer.includes('forged') && !/access-control-allow/i.test(answer), answer);
  }
  assert.equal(child.exitCode, null, err);
  const agent = spawn(process.execPath, [AGENT, url], { stdio: 'ignore' });
  await new Promise((resolve) => { agent.once('close', resolve); });
  assert.equal(await ended, 0, err);
  assert.equal(JSON.parse(out).subject, 'ada');
});
