// Takes pictures of every page in both schemes, to be looked at: node look.mjs [folder] [url]
import { mkdirSync } from 'node:fs';

import { browser, page } from './browser.mjs';
import { fixture } from './fixture.mjs';

const out = process.argv[2] ?? '../out';
mkdirSync(out, { recursive: true });
const served = process.argv[3] ? { url: process.argv[3], stop: () => {} } : await fixture();
const V = '01JD4Y6VERSION000000000000';
const I = '01JD4Y6INSTANCE00000000000';
const PAGES = {
  inbox: '/', projects: '/projects', project: '/projects/01JD4Y6PROJECT000000000000', 'project-workflow': '/projects/01JD4Y6PROJECT000000000000?tab=workflow', models: '/models',
  version: `/versions/${V}`, files: `/versions/${V}?tab=files`, performance: `/versions/${V}?tab=performance`, findings: `/versions/${V}?tab=findings`, compare: `/compare?versions=${V},x`,
  task: `/tasks/${I}/1`, workflows: '/workflows', definition: '/definitions/01JD4Y6DEF0000000000000000', instance: `/instances/${I}`,
  runs: '/runs', run: '/runs/01JD4Y6RVN0000000000000000', people: '/people', ledger: '/ledger', entry: '/ledger/17', notices: '/notices', settings: '/settings', story: '/story', import: '/projects?import=true',
};
const wanted = process.env.PAGES?.split(',') ?? Object.keys(PAGES);
const of = await browser();
for (const scheme of (process.env.SCHEMES ?? 'light,dark').split(',')) {
  const one = await page(of, { scheme });
  for (const name of wanted) {
    await one.page.goto(`${served.url}#${PAGES[name]}`);
    await one.page.waitForSelector('h1', { timeout: 8000 }).catch(() => console.log(name, 'no h1'));
    await one.page.waitForTimeout(500);
    await one.page.screenshot({ path: `${out}/${name}-${scheme}.png` });
  }
  for (const text of new Set(one.complaints)) console.log(scheme, text.slice(0, 400));
  if (one.offHost.length > 0) console.log('off host', one.offHost);
  await one.close();
}
await of.close();
served.stop();
