import { OktaAuth } from '@okta/okta-auth-js';
const issuer = process.argv[2];
const provider = () => { const m = new Map(); return { getItem: k => m.get(k) ?? null, setItem: (k, v) => { m.set(k, v); }, removeItem: k => { m.delete(k); } }; };
const make = (clientId) => new OktaAuth({ issuer, clientId, redirectUri: 'http://localhost:8080/login/callback', scopes: ['openid','profile','email','offline_access'],
  storageManager: { token: { storageProvider: provider() }, transaction: { storageProvider: provider() }, 'shared-transaction': { storageProvider: provider() }, 'original-uri': { storageProvider: provider() }, 'idx-response': { storageProvider: provider() }, cache: { storageProvider: provider() } },
  tokenManager: { autoRenew: false }});
const show = (t) => console.log(t.status, t.nextStep?.name, JSON.stringify(t.nextStep?.inputs), JSON.stringify(t.messages), t.error?.message ?? '', Object.keys(t.actions??{}), t.availableSteps?.map(s=>s.name).join(), t.enabledFeatures);
const c = make('app-email');
let t = await c.idx.start(); show(t);
t = await c.idx.proceed({ step: 'identify', username: 'ada@example.com' }); show(t);
t = await c.idx.proceed({ step: 'challenge-authenticator', password: 'wrong' }); show(t);
t = await c.idx.proceed({ step: 'challenge-authenticator', password: 'Correct-Horse-9' }); show(t);
t = await c.idx.proceed({ step: 'select-authenticator-authenticate', authenticator: 'okta_email' }); show(t);
if (t.nextStep?.name === 'authenticator-verification-data') {t = await c.idx.proceed({ step: 'authenticator-verification-data', methodType: 'email' }); show(t);}
t = await c.idx.proceed({ step: 'challenge-authenticator', verificationCode: '111111' }); show(t);
t = await c.idx.proceed({ step: 'challenge-authenticator', verificationCode: '123456' }); show(t);
console.log(Object.keys(t.tokens ?? {}), t.tokens?.idToken?.claims);
c.tokenManager.setTokens(t.tokens);
console.log(await c.token.getUserInfo());
console.log(await c.token.verify(t.tokens.idToken, {clientId:'app-email', issuer}) && 'verified');
console.log(Object.keys(await c.token.renewTokens()));
console.log(await c.revokeAccessToken().catch(e=>e), );
