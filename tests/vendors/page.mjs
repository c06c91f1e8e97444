// The web page that a sign-in widget lives on: a static server for the published package's `dist` folder and one page
// that shows the widget, and a headless Chromium that can reach nothing but loopback.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHROMIUM = '/usr/bin/chromium';
const DIST = fileURLToPath(new URL('node_modules/@okta/okta-signin-widget/dist', import.meta.url));

const TYPES = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** What is not installed, as a pair of name and remedy; nothing when all is there. */
export function lacking() {
  if (!existsSync(DIST)) return ['@okta/okta-signin-widget', 'run `npm ci` in tests/vendors'];
  if (!existsSync(CHROMIUM)) return ['Chromium', 'as root, run `apt-get install --no-install-recommends chromium`'];
  return undefined;
}

/** The two generations of the widget, with the files that a page needs for each. */
export const GENERATIONS = {
  gen2: { script: 'js/okta-sign-in.min.js', style: 'css/okta-sign-in.min.css' },
  gen3: { script: 'js/okta-sign-in.next.js', style: 'css/okta-sign-in.next.css' },
};

// `window.outcome` is what the widget's promise came to. Languages and pictures come from this server: without
// `assets.baseUrl` the widget would ask the vendor's CDN.
const page = ({ script, style }, options) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/dist/${style}"></head>
<body><div id="widget"></div>
<script src="/dist/${script}"></script>
<script>
  const options = ${JSON.stringify(options)};
  const widget = new OktaSignIn({ ...options, assets: { baseUrl: location.origin + '/dist' } });
  window.rendered = [];
  widget.on('afterRender', (context) => window.rendered.push(context));
  widget.showSignInToGetTokens({ el: '#widget' }).then(
    (tokens) => { window.outcome = { tokens }; },
    (error) => { window.outcome = { error: String(error.stack ?? error) }; },
  );
</script></body></html>`;

/** Serves a page with that widget and those options; ends with the test. */
export async function serve(t, generation, options) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://page').pathname));
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      return response.end(page(GENERATIONS[generation], options));
    }
    try {
      if (!path.startsWith('/dist/')) throw new Error('not of the package');
      const file = await readFile(join(DIST, path.slice('/dist/'.length)));
      response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
      response.end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.close(); server.closeAllConnections(); });
  return `http://localhost:${server.address().port}/`;
}

/** Starts Chromium. Its own background traffic is off; what is left is the pages'. */
export async function browser() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

/** Opens a page in a context of its own. `strangers` lists the requests to other hosts, each of which is stopped. */
export async function open(t, chromium, url) {
  const context = await chromium.newContext({ locale: 'en-US' });
  t.after(() => context.close());
  const strangers = [];
  const errors = [];
  await context.route(
    (target) => /^(https?|wss?):$/.test(target.protocol) && !['localhost', '127.0.0.1'].includes(target.hostname),
    (route) => { strangers.push(route.request().url()); return route.abort(); },
  );
  const tab = await context.newPage();
  tab.setDefaultTimeout(8_000);
  tab.on('pageerror', (error) => errors.push(String(error.stack ?? error)));
  await tab.goto(url);
  return { tab, strangers, errors };
}
