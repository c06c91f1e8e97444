// An okta-auth-js client as a program under node builds it: the published package, no patch, and storage in memory
// that belongs to this client alone (the package's own default under node is one cache for the whole process).

import { OktaAuth } from '@okta/okta-auth-js';
import { REDIRECT_URI } from './support.mjs';

function memory() {
  const items = new Map();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
  };
}

export function authClient(t, issuer, clientId, more = {}) {
  const sections = ['token', 'cache', 'transaction', 'shared-transaction', 'original-uri', 'idx-response'];
  const client = new OktaAuth({
    issuer,
    clientId,
    redirectUri: REDIRECT_URI,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    storageManager: Object.fromEntries(sections.map((name) => [name, { storageProvider: memory() }])),
    ...more,
  });
  // Its timers for expiring tokens would keep the process alive.
  t?.after(() => client.tokenManager.stop());
  return client;
}
