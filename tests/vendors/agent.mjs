// A browser without a person, as the variable BROWSER names one: `node agent.mjs URL`. It loads pages, keeps cookies, follows
// redirects, and fills in the plain forms of a sign-in, until it is led to an address on this machine that answers as the
// program does which sent it out. AGENT_FORM is a JSON object of what to type, by the name of the control.

const jar = new Map();
const answers = { login: 'ada', password: 'any', identifier: 'ada@example.com', 'credentials.passcode': 'Correct-Horse-9',
  ...JSON.parse(process.env.AGENT_FORM ?? '{}') };

const unescape = (text) => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>')
  .replace(/&amp;/g, '&');
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag);
  return found && unescape(found[1]);
};

async function load(url, body) {
  const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  if (body) headers['content-type'] = 'application/x-www-form-urlencoded';
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' });
  for (const cookie of answer.headers.getSetCookie()) {
    const [pair] = cookie.split(';');
    const [name, ...value] = pair.split('=');
    if (value.join('=')) jar.set(name, value.join('='));
    else jar.delete(name);
  }
  return answer;
}

function form(page) {
  for (const [, open, content] of page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/gi)) {
    const pairs = [...content.matchAll(/<input[^>]*>/gi)]
      .map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value') ?? ''])
      .filter(([name]) => name)
      .map(([name, value]) => [name, answers[name] ?? value]);
    return { action: attribute(open, 'action') ?? '', body: new URLSearchParams(pairs) };
  }
  return undefined;
}

let [url, body] = [process.argv[2], undefined];
for (let step = 0; step < 20; step += 1) {
  const answer = await load(url, body);
  const to = answer.headers.get('location');
  if (to) {
    [url, body] = [new URL(to, url).href, undefined];
    continue;
  }
  const page = await answer.text();
  const next = form(page);
  if (!next) {
    console.log(`agent: ended at ${new URL(url).origin}${new URL(url).pathname} with ${answer.status}`);
    process.exit(answer.ok ? 0 : 1);
  }
  url = new URL(next.action, url).href;
  body = next.body;
}
console.log('agent: the pages lead in circles');
process.exit(1);
