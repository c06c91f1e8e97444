// A whole sign-in in a process of its own: node reads NODE_EXTRA_CA_CERTS only when it starts. Started by
// auth-js.test.mjs with the issuer as the argument; prints the subject's name.

import { authClient } from './auth-js-client.mjs';
import { PASSWORD } from './support.mjs';

const client = authClient(undefined, process.argv[2], 'app-password');
await client.idx.start();
await client.idx.proceed({ step: 'identify', username: 'ada@example.com' });
const { tokens } = await client.idx.proceed({ step: 'challenge-authenticator', password: PASSWORD });
const user = await client.token.getUserInfo(tokens.accessToken, tokens.idToken);
process.stdout.write(`${user.preferred_username}\n`, () => process.exit(0));
