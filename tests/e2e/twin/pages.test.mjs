// Every page, in light and in dark: clean by axe (WCAG 2.2 AA), silent on the console, and alone with its own host.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { browser, page } from './browser.mjs';
import { COLOURS, complaintsOfAxe } from './complaints.mjs';
import { fixture } from './fixture.mjs';
import { PAGES } from './places.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');

let served;
let of;
before(async () => {
  mkdirSync(OUT, { recursive: true });
  served = await fixture();
  of = await browser();
});
after(async () => {
  await of?.close();
  served?.stop();
});

describe('every page, in light and then in dark', () => {
  let one;
  before(async () => {
    one = await page(of);
    // The real window freezes the prototypes of the language; what breaks then must break here.
    await one.page.addInitScript(() => Object.freeze(Object.prototype));
  });
  after(() => one?.close());

  for (const [name, path] of Object.entries(PAGES)) {
    test(name, async () => {
      one.complaints.length = 0;
      // From nothing each time: what the page before had on it must not be taken for this one's.
      await one.page.goto('about:blank');
      await one.page.emulateMedia({ colorScheme: 'light' });
      await one.page.goto(`${served.url}#${path}`);
      await settled(one.page);
      assert.equal(await scheme(one.page), 'light');
      await one.page.screenshot({ path: join(OUT, `${name}-light.png`) });
      assert.deepEqual(await complaintsOfAxe(one.page), []);
      // Nothing but its colours is another in the dark.
      await one.page.emulateMedia({ colorScheme: 'dark' });
      await one.page.waitForSelector('html[data-mantine-color-scheme=dark]');
      await settled(one.page);
      await one.page.screenshot({ path: join(OUT, `${name}-dark.png`) });
      assert.deepEqual(await complaintsOfAxe(one.page, COLOURS), []);
      // A refusal is an answer; the browser calls it a failure to load.
      assert.deepEqual(one.complaints.filter((text) => !text.includes('status of 422')), []);
      assert.deepEqual(one.offHost, []);
    });
  }
});

const scheme = (shown) => shown.evaluate(() => document.documentElement.dataset.mantineColorScheme);

/** Waits for the page to have come, with all it fetches. */
async function settled(shown) {
  await shown.waitForSelector('h1');
  await shown.waitForFunction(() => !document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root'));
  await shown.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity));
}
