// Every page, in light and in dark: clean by axe (WCAG 2.2 AA), silent on the console, and alone with its own host.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
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

for (const scheme of ['light', 'dark']) {
  describe(`in ${scheme}`, () => {
    let one;
    before(async () => {
      one = await page(of, { scheme });
      // The real window freezes the prototypes of the language; what breaks then must break here.
      await one.page.addInitScript(() => Object.freeze(Object.prototype));
      await one.page.goto(served.url);
    });
    after(() => one?.close());

    for (const [name, path] of Object.entries(PAGES)) {
      test(name, async () => {
        one.complaints.length = 0;
        await one.page.goto(`${served.url}#${path}`);
        await settled(one.page);
        await one.page.screenshot({ path: join(OUT, `${name}-${scheme}.png`) });
        assert.deepEqual(await complaintsOfAxe(one.page), []);
        // A refusal is an answer; the browser calls it a failure to load.
        assert.deepEqual(one.complaints.filter((text) => !text.includes('status of 422')), []);
        assert.deepEqual(one.offHost, []);
      });
    }
  });
}

/** Waits for the page to have come, with all it fetches. */
async function settled(shown) {
  await shown.waitForSelector('h1');
  await shown.waitForFunction(() => !document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root'));
  await shown.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity));
}
