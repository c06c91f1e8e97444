// okta-auth-js 8, as published, signs in to the sandbox.
//
// Nothing of the package is patched or mocked: it talks HTTP to the program over loopback, checks discovery, the ID
// token's signature and claims with its own verifier, and every step is read by its own reader of IDX responses. So
// what passes here is proof that the sandbox speaks the protocol as another vendor's client understands it.
//
// auth-js 8 works in "step mode": each `proceed` names its remediation and makes one request. The last tests use its
// legacy mode, which picks the remediations by itself, and its generic remediator, which only reads the forms.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CODE, PASSWORD, TOTP_SECRET, missing, sleep, startSandbox, totp } from './support.mjs';

const { authClient } = await import('./auth-js-client.mjs').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  return { skip: missing('@okta/okta-auth-js', 'run `npm ci` in tests/vendors') };
});
const skip = authClient ? false : 'npm ci has not been run';
const test = (name, body) => nodeTest(name, { timeout: 60_000, skip }, body);

const ADA = 'ada@example.com';
const keys = (transaction) => (transaction.messages ?? []).map((message) => message.i18n?.key);
const at = (transaction, step) =>
  assert.equal(transaction.nextStep?.name, step, `${transaction.status} ${JSON.stringify(transaction.messages)}`);
const optionsOf = (transaction) => transaction.nextStep.inputs.find((input) => input.name === 'authenticator').options;
const offered = (transaction) => optionsOf(transaction).map((option) => option.relatesTo.key);

function signedIn(transaction, login = ADA) {
  assert.equal(transaction.status, 'SUCCESS', JSON.stringify(transaction.messages ?? transaction.error));
  const { accessToken, idToken, refreshToken } = transaction.tokens;
  assert.ok(accessToken && refreshToken);
  assert.equal(idToken.claims.preferred_username, login);
  return transaction.tokens;
}

/** From the start to the form for the password. */
async function identify(client, login = ADA) {
  const start = await client.idx.start();
  assert.equal(start.status, 'PENDING');
  return client.idx.proceed({ step: 'identify', username: login });
}

/** From the start to what comes after the password. */
async function passPassword(client, login = ADA, password = PASSWORD) {
  at(await identify(client, login), 'challenge-authenticator');
  return client.idx.proceed({ step: 'challenge-authenticator', password });
}

const code = (client, verificationCode = CODE) =>
  client.idx.proceed({ step: 'challenge-authenticator', verificationCode });

/** Chooses an authenticator, and its method when auth-js asks for that in a second step. */
async function choose(client, key, methodType) {
  const next = await client.idx.proceed({ step: 'select-authenticator-authenticate', authenticator: { key, methodType } });
  if (next.nextStep?.name !== 'authenticator-verification-data') return next;
  return client.idx.proceed({ step: 'authenticator-verification-data', methodType });
}

async function pollPush(client, transaction) {
  while (transaction.nextStep?.name === 'challenge-poll') {
    await sleep(Math.min(transaction.nextStep.refresh ?? 500, 1_000));
    transaction = await client.idx.proceed({ step: 'challenge-poll' });
  }
  return transaction;
}

test('app-password: wrong, then right; tokens verified, used, renewed, ended', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-password');
  const wrong = await passPassword(client, ADA, 'wrong');
  at(wrong, 'challenge-authenticator');
  assert.deepEqual(keys(wrong), ['incorrectPassword']);
  const done = await client.idx.proceed({ step: 'challenge-authenticator', password: PASSWORD });
  const tokens = signedIn(done);
  assert.deepEqual(tokens.accessToken.scopes.toSorted(), ['email', 'offline_access', 'openid', 'profile']);

  client.tokenManager.setTokens(tokens);
  assert.equal(await client.isAuthenticated(), true);
  const verified = await client.token.verify(tokens.idToken, {
    clientId: 'app-password',
    issuer: sandbox.issuer,
    accessToken: tokens.accessToken.accessToken,
  });
  assert.ok(verified.claims.at_hash);
  const user = await client.token.getUserInfo();
  assert.equal(user.sub, tokens.idToken.claims.sub);
  assert.equal(user.email, ADA);
  const description = await client.token.introspect('accessToken', tokens.accessToken);
  assert.equal(description.active, true);
  assert.equal(description.client_id, 'app-password');

  const renewed = await client.token.renewTokens();
  assert.notEqual(renewed.accessToken.accessToken, tokens.accessToken.accessToken);
  assert.equal(renewed.idToken.claims.sub, tokens.idToken.claims.sub);
  client.tokenManager.setTokens(renewed);
  await client.revokeRefreshToken();
  await client.revokeAccessToken(renewed.accessToken);
  assert.equal((await client.token.introspect('accessToken', renewed.accessToken)).active, false);
  await assert.rejects(client.token.getUserInfo(renewed.accessToken, renewed.idToken));
});

test('app-password in five requests: interact, introspect, two forms, token', async (t) => {
  const sandbox = await startSandbox(t);
  signedIn(await passPassword(authClient(t, sandbox.issuer, 'app-password')));
  const asked = (await sandbox.requests()).map((request) => request.path.split('/').slice(-2).join('/'));
  const flow = asked.filter((path) => !path.includes('.well-known') && !path.endsWith('/keys'));
  assert.deepEqual(flow, ['v1/interact', 'idx/introspect', 'idx/identify', 'challenge/answer', 'v1/token']);
});

test('piece by piece: interact, introspect, proceed, exchange of the code', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-password');
  const meta = await client.idx.createTransactionMeta();
  client.idx.saveTransactionMeta(meta);
  const { interactionHandle, state } = await client.idx.interact({ withCredentials: false });
  assert.equal(state, meta.state);
  let response = await client.idx.introspect({ interactionHandle });
  assert.deepEqual(response.neededToProceed.map(({ name }) => name), ['identify']);
  response = await response.proceed('identify', { identifier: ADA });
  response = await response.proceed('challenge-authenticator', { credentials: { passcode: PASSWORD } });
  assert.ok(response.interactionCode);
  const { codeVerifier } = client.idx.getSavedTransactionMeta();
  const redeem = () =>
    client.token.exchangeCodeForTokens({ interactionCode: response.interactionCode, codeVerifier, state });
  const { tokens } = await redeem();
  assert.equal(tokens.idToken.claims.preferred_username, ADA);
  await assert.rejects(redeem(), (error) => error.errorCode === 'invalid_grant', 'a code is good once');
});

test('the org server: an issuer without a path', async (t) => {
  const sandbox = await startSandbox(t);
  const tokens = signedIn(await passPassword(authClient(t, sandbox.origin, 'app-password')));
  assert.equal(tokens.idToken.claims.iss, sandbox.origin);
});

test('over TLS, with the authority of the run as an extra root', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-ca-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const ca = join(folder, 'ca.pem');
  const child = fileURLToPath(new URL('auth-js-over-tls.mjs', import.meta.url));
  const sandbox = await startSandbox(t, '--tls', '--tls-ca-out', ca);
  assert.match(sandbox.issuer, /^https:/);
  const signIn = (env) => promisify(execFile)(process.execPath, [child, sandbox.issuer], { env, timeout: 30_000 });
  const { stdout } = await signIn({ ...process.env, NODE_EXTRA_CA_CERTS: ca });
  assert.equal(stdout.trim(), ADA);
  await assert.rejects(signIn({ ...process.env, NODE_EXTRA_CA_CERTS: '' }), 'an unknown authority is not trusted');
});

test('app-one-form: wrong, then right, in one form', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-one-form');
  await client.idx.start();
  const wrong = await client.idx.proceed({ step: 'identify', username: ADA, password: 'wrong' });
  assert.deepEqual(keys(wrong), ['errors.E0000004']);
  at(wrong, 'identify');
  signedIn(await client.idx.proceed({ step: 'identify', username: ADA, password: PASSWORD }));
});

test('app-email: wrong code, resend, right code', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-email');
  assert.deepEqual(offered(await passPassword(client)), ['okta_email']);
  let next = await choose(client, 'okta_email', 'email');
  at(next, 'challenge-authenticator');
  assert.equal(next.nextStep.authenticator?.key ?? next.context.currentAuthenticatorEnrollment.value.key, 'okta_email');
  next = await code(client, '000000');
  assert.deepEqual(keys(next), ['api.authn.error.PASSCODE_INVALID']);
  next = await client.idx.proceed({ step: 'challenge-authenticator', resend: true });
  at(next, 'challenge-authenticator');
  assert.equal((await sandbox.outbox('email')).length, 2);
  const tokens = signedIn(await code(client, await sandbox.code('email')));
  assert.ok(tokens.idToken.claims.amr.includes('mfa'));
});

test('app-any: each of the authenticators that ada has', async (t) => {
  const sandbox = await startSandbox(t, '--auto-approve-push', '1');
  const fresh = async () => {
    const client = authClient(t, sandbox.issuer, 'app-any');
    return [client, await passPassword(client)];
  };

  await t.test('the list, with both phones', async () => {
    const [, list] = await fresh();
    assert.deepEqual(offered(list), [
      'okta_email', 'phone_number', 'phone_number', 'google_otp', 'okta_verify', 'security_question',
    ]);
  });
  await t.test('Google Authenticator, wrong then right', async () => {
    const [client] = await fresh();
    at(await choose(client, 'google_otp', 'otp'), 'challenge-authenticator');
    const wrong = await code(client, '000000');
    assert.deepEqual(keys(wrong), ['authfactor.challenge.soft_token.invalid_passcode']);
    signedIn(await code(client, totp(TOTP_SECRET)));
  });
  await t.test('text message to the second phone', async () => {
    const [client, list] = await fresh();
    const second = optionsOf(list).filter((option) => option.relatesTo.key === 'phone_number')[1];
    const value = (name) => second.value.find((field) => field.name === name).value;
    const authenticator = { id: value('id'), enrollmentId: value('enrollmentId'), methodType: 'sms' };
    at(await client.idx.proceed({ step: 'select-authenticator-authenticate', authenticator }), 'challenge-authenticator');
    assert.equal((await sandbox.outbox('sms')).at(-1).to, '+1 555 0101');
    signedIn(await code(client, await sandbox.code('sms')));
  });
  await t.test('call to the first phone, asked for in a second step', async () => {
    const [client] = await fresh();
    at(await choose(client, 'phone_number', 'voice'), 'challenge-authenticator');
    assert.equal((await sandbox.outbox('voice')).at(-1).to, '+1 555 0100');
    signedIn(await code(client));
  });
  await t.test('security question', async () => {
    const [client] = await fresh();
    at(await choose(client, 'security_question', 'security_question'), 'challenge-authenticator');
    const answer = (text) => client.idx.proceed({
      step: 'challenge-authenticator',
      credentials: { questionKey: 'disliked_food', answer: text },
    });
    const wrong = await answer('cake');
    assert.deepEqual(keys(wrong), ['authfactor.challenge.question_factor.answer_invalid']);
    signedIn(await answer('mushrooms'));
  });
  await t.test('Okta Verify push, approved after a second', async () => {
    const [client] = await fresh();
    const waiting = await choose(client, 'okta_verify', 'push');
    at(waiting, 'challenge-poll');
    signedIn(await pollPush(client, waiting));
  });
});

test('app-any: bob, who has only a password, sets up Google Authenticator', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-any');
  const list = await passPassword(client, 'bob@example.com');
  at(list, 'select-authenticator-enroll');
  assert.ok(offered(list).includes('google_otp'));
  const scan = await client.idx.proceed({ step: 'select-authenticator-enroll', authenticator: 'google_otp' });
  at(scan, 'enroll-authenticator');
  const { contextualData } = scan.context.currentAuthenticator.value;
  assert.match(contextualData.qrcode.href, /^data:image\/png;base64,/);
  const done = await client.idx.proceed({
    step: 'enroll-authenticator',
    verificationCode: totp(contextualData.sharedSecret),
  });
  signedIn(done, 'bob@example.com');
});

test('app-passwordless: e-mail code alone', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-passwordless');
  at(await identify(client), 'select-authenticator-authenticate');
  at(await choose(client, 'okta_email', 'email'), 'challenge-authenticator');
  const tokens = signedIn(await code(client, await sandbox.code('email')));
  assert.ok(!tokens.idToken.claims.amr.includes('pwd'));
});

test('app-push: number challenge, denied, sent again, approved', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-push');
  await passPassword(client);
  let waiting = await choose(client, 'okta_verify', 'push');
  at(waiting, 'challenge-poll');
  const shown = waiting.context.currentAuthenticator.value.contextualData.correctAnswer;
  const push = await sandbox.decidePush('deny');
  assert.equal(shown, push.correct_answer);
  const denied = await pollPush(client, waiting);
  at(denied, 'resend');
  assert.deepEqual(keys(denied), ['api.authn.poll.error.push_rejected']);
  const [{ value }] = denied.nextStep.inputs;
  const authenticator = Object.fromEntries(value.map((field) => [field.name, field.value]));
  waiting = await client.idx.proceed({ step: 'resend', authenticator });
  at(waiting, 'challenge-poll');
  await sandbox.decidePush('approve');
  signedIn(await pollPush(client, waiting));
});

test('app-signup: a new person registers and signs in', async (t) => {
  const sandbox = await startSandbox(t);
  const login = 'new.person@example.com';
  const client = authClient(t, sandbox.issuer, 'app-signup');
  const start = await client.idx.start();
  assert.ok(start.enabledFeatures.includes('enroll-profile'));
  let next = await client.idx.register({ step: 'select-enroll-profile' });
  at(next, 'enroll-profile');
  next = await client.idx.register({
    step: 'enroll-profile', userProfile: { firstName: 'New', lastName: 'Person', email: ADA },
  });
  assert.ok(keys(next).includes('registration.error.notUniqueWithinOrg'), JSON.stringify(next.messages));
  next = await client.idx.register({
    step: 'enroll-profile', userProfile: { firstName: 'New', lastName: 'Person', email: login },
  });
  for (let round = 0; next.nextStep?.name === 'select-authenticator-enroll' && round < 3; round += 1) {
    const [key] = offered(next);
    next = await client.idx.register({ step: 'select-authenticator-enroll', authenticator: key });
    if (next.nextStep?.name === 'authenticator-enrollment-data') {
      next = await client.idx.register({ step: 'authenticator-enrollment-data', methodType: 'email' });
    }
    at(next, 'enroll-authenticator');
    const passcode = key === 'okta_password' ? 'Brand-New-Horse-1' : await sandbox.code('email');
    next = await client.idx.register({ step: 'enroll-authenticator', credentials: { passcode } });
  }
  if (next.nextStep) next = await client.idx.register({ step: 'skip', skip: true });
  signedIn(next, login);
});

test('app-signup: a forgotten password is replaced, and the new one signs in', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-signup');
  const start = await client.idx.start();
  assert.ok(start.enabledFeatures.includes('recover-password'));
  at(await client.idx.recoverPassword({ actions: ['currentAuthenticator-recover'] }), 'identify-recovery');
  at(await client.idx.proceed({ step: 'identify-recovery', identifier: ADA }), 'select-authenticator-authenticate');
  at(await choose(client, 'okta_email', 'email'), 'challenge-authenticator');
  at(await code(client, await sandbox.code('email')), 'reset-authenticator');
  const reset = await client.idx.proceed({ step: 'reset-authenticator', password: 'Brand-New-Horse-1' });
  signedIn(reset);
  const again = authClient(t, sandbox.issuer, 'app-password');
  assert.deepEqual(keys(await passPassword(again)), ['incorrectPassword'], 'the old one is void');
  signedIn(await passPassword(authClient(t, sandbox.issuer, 'app-password'), ADA, 'Brand-New-Horse-1'));
});

test('carol must change her password, erin may skip it', async (t) => {
  const sandbox = await startSandbox(t);
  const carol = authClient(t, sandbox.issuer, 'app-password');
  const expired = await passPassword(carol, 'carol@example.com');
  at(expired, 'reenroll-authenticator');
  const weak = await carol.idx.proceed({ step: 'reenroll-authenticator', newPassword: 'short' });
  assert.notEqual(weak.status, 'SUCCESS');
  assert.ok(keys(weak).length > 0, 'why is told');
  signedIn(
    await carol.idx.proceed({ step: 'reenroll-authenticator', newPassword: 'Brand-New-Horse-1' }),
    'carol@example.com',
  );
  const erin = authClient(t, sandbox.issuer, 'app-password');
  const expiring = await passPassword(erin, 'erin@example.com');
  at(expiring, 'reenroll-authenticator-warning');
  assert.deepEqual(keys(expiring), ['idx.password.expiring.message']);
  assert.ok(expiring.nextStep.canSkip);
  signedIn(await erin.idx.proceed({ step: 'skip', skip: true }), 'erin@example.com');
});

test('dan is locked, frank is not assigned, nobody is unknown', async (t) => {
  const sandbox = await startSandbox(t);
  const enter = (login) => passPassword(authClient(t, sandbox.issuer, 'app-password'), login);
  const dan = await enter('dan@example.com');
  assert.deepEqual(keys(dan), ['errors.E0000004']);
  assert.notEqual(dan.status, 'SUCCESS');
  const frank = await enter('frank@example.com');
  assert.equal(frank.status, 'TERMINAL');
  assert.deepEqual(keys(frank), ['idx.error.code.user_not_assigned']);
  const nobody = await identify(authClient(t, sandbox.issuer, 'app-password'), 'nobody@example.com');
  assert.deepEqual(keys(nobody), ['idx.unknown.user']);
});

test('an unknown client and a foreign redirect URI are refused at interact', async (t) => {
  const sandbox = await startSandbox(t);
  const start = (clientId, more) => authClient(t, sandbox.issuer, clientId, more).idx.start();
  await assert.rejects(start('app-nobody'), (error) => error.errorCode === 'invalid_client');
  await assert.rejects(
    start('app-password', { redirectUri: 'http://localhost:9/else' }),
    (error) => error.errorCode === 'invalid_request',
  );
});

test('cancel begins again', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-email');
  await passPassword(client);
  assert.equal((await client.idx.cancel()).status, 'CANCELED');
  at(await passPassword(client), 'select-authenticator-authenticate');
});

test('a confidential client: app-web', async (t) => {
  const sandbox = await startSandbox(t);
  const secret = { clientSecret: 'sandbox-secret' };
  const client = authClient(t, sandbox.issuer, 'app-web', secret);
  signedIn(await passPassword(client));
  await assert.rejects(
    authClient(t, sandbox.issuer, 'app-web', { clientSecret: 'wrong' }).idx.start(),
    (error) => error.errorCode === 'invalid_client',
  );
});

test('legacy mode: everything up front, then idx.poll', async (t) => {
  const sandbox = await startSandbox(t, '--auto-approve-push', '1');
  const legacy = { idx: { enableLegacyMode: true } };
  const password = authClient(t, sandbox.issuer, 'app-password', legacy);
  signedIn(await password.idx.authenticate({ username: ADA, password: PASSWORD }));

  const mail = authClient(t, sandbox.issuer, 'app-email', legacy);
  at(
    await mail.idx.authenticate({ username: ADA, password: PASSWORD, authenticators: ['okta_email'], methodType: 'email' }),
    'challenge-authenticator',
  );
  signedIn(await mail.idx.authenticate({ verificationCode: await sandbox.code('email') }));

  const push = authClient(t, sandbox.issuer, 'app-push', legacy);
  at(
    await push.idx.authenticate({
      username: ADA, password: PASSWORD, authenticators: ['okta_verify'], methodType: 'push',
    }),
    'challenge-poll',
  );
  signedIn(await push.idx.poll({ refresh: 500 }));
});

test('legacy mode: register', async (t) => {
  const sandbox = await startSandbox(t);
  const client = authClient(t, sandbox.issuer, 'app-signup', { idx: { enableLegacyMode: true } });
  let next = await client.idx.register({
    firstName: 'Late', lastName: 'Comer', email: 'late@example.com', password: 'Brand-New-Horse-1',
    authenticators: ['okta_password', 'okta_email'], methodType: 'email',
  });
  for (let round = 0; next.nextStep && round < 4; round += 1) {
    const step = next.nextStep.name;
    const values = step === 'skip' ? { skip: true } : { verificationCode: await sandbox.code('email') };
    next = await client.idx.register(values);
  }
  signedIn(next, 'late@example.com');
});

test('the generic remediator: forms by their wire names', async (t) => {
  const sandbox = await startSandbox(t, '--auto-approve-push', '1');
  const client = authClient(t, sandbox.issuer, 'app-any', { idx: { useGenericRemediator: true } });
  const start = await client.idx.start();
  const [first] = start.availableSteps;
  assert.equal(first.name, 'identify');
  assert.deepEqual(first.inputs.map(({ name }) => name), ['identifier', 'rememberMe']);
  at(await client.idx.proceed({ step: 'identify', identifier: ADA }), 'challenge-authenticator');
  const list = await client.idx.proceed({ step: 'challenge-authenticator', credentials: { passcode: PASSWORD } });
  at(list, 'select-authenticator-authenticate');
  const verify = optionsOf(list).find((option) => option.relatesTo.key === 'okta_verify');
  const id = verify.value.find((field) => field.name === 'id').value;
  const waiting = await client.idx.proceed({
    step: 'select-authenticator-authenticate', authenticator: { id, methodType: 'push' },
  });
  at(waiting, 'challenge-poll');
  signedIn(await pollPush(client, waiting));
});
