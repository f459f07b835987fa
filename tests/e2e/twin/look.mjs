// Takes pictures of every page in both schemes, to be looked at: node look.mjs [folder] [url]
import { mkdirSync } from 'node:fs';

import { browser, page } from './browser.mjs';
import { fixture } from './fixture.mjs';
import { PAGES } from './places.mjs';

const out = process.argv[2] ?? '../out';
mkdirSync(out, { recursive: true });
const served = process.argv[3] ? { url: process.argv[3], stop: () => {} } : await fixture();
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
