// The window without a mouse: every step of a validator's day by keys, and the focus always to be seen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { browser, page } from './browser.mjs';
import { fixture } from './fixture.mjs';

const INSTANCE = '01JD4Y6INSTANCE00000000000';
const TASK = `${INSTANCE}/1`;

let served;
let of;
let one;
before(async () => {
  served = await fixture();
  of = await browser();
  one = await page(of);
});
after(async () => {
  await one?.close();
  await of?.close();
  served?.stop();
});

const asked = (command) => served.desk.asked.filter((call) => call.command === command).map((call) => call.request);
const open = async (path) => {
  await one.page.goto('about:blank');
  await one.page.goto(`${served.url}#${path}`);
  await one.page.waitForSelector('h1');
  await one.page.waitForFunction(() => !document.querySelector('main [aria-busy="true"]'));
};
const focused = () => one.page.evaluate(() => document.activeElement?.textContent ?? '');
const press = (key) => one.page.keyboard.press(key);

describe('by keys alone', () => {
  test('a task is claimed and opened from the inbox', async () => {
    await open('/');
    await one.page.locator('[role=grid] [role=row][tabindex="0"]').focus();
    await press('ArrowDown');
    assert.match(await focused(), /Provide GCP bucket name/);
    await press('ArrowUp');
    await press('c');
    await one.page.getByText('You hold “[Validator] Approve model champion” now').waitFor();
    assert.deepEqual(asked('workflow.claim'), [{ task: TASK }]);
    await press('Enter');
    await one.page.waitForURL(`**/#/tasks/${TASK}`);
    await one.page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  });

  test('a decision is answered, noted and signed', async () => {
    await open(`/tasks/${TASK}`);
    await one.page.getByRole('radio', { name: 'No' }).focus();
    await press('Space');
    await press('Tab');
    await one.page.keyboard.type('Leaks the target.');
    await press('Control+Enter');
    await one.page.waitForURL(`**/#/instances/${INSTANCE}`);
    const [sent] = asked('workflow.complete');
    assert.deepEqual(sent.answers, { ModelIsApproved: false });
    assert.equal(sent.note, 'Leaks the target.');
    assert.match(sent.seen_digest, /^sha256:[0-9a-f]{64}$/);
  });

  test('the palette opens, finds, goes there; Escape leaves everything as it was', async () => {
    await open('/');
    await press('Control+k');
    await one.page.keyboard.type('ledger');
    await press('Enter');
    await one.page.waitForURL('**/#/ledger');
    await press('Control+k');
    await one.page.getByRole('combobox').waitFor();
    await press('Escape');
    await one.page.getByRole('combobox').waitFor({ state: 'detached' });
    assert.match(one.page.url(), /#\/ledger$/);
  });

  test('g and a letter lead to every place', async () => {
    await open('/');
    for (const [key, path] of Object.entries({ p: '/projects', m: '/models', w: '/workflows', r: '/runs', e: '/people', l: '/ledger', n: '/notices', s: '/settings', i: '/' })) {
      await press('g');
      await press(key);
      await one.page.waitForURL(`**/#${path}`);
    }
  });

  test('a chart tells its values point by point', async () => {
    await open('/versions/01JD4Y6VERSION000000000000?tab=performance');
    await one.page.locator('[role=application] svg').first().waitFor();
    await one.page.locator('[role=application]').first().focus();
    await press('ArrowRight');
    await press('ArrowRight');
    const told = await one.page.locator('[role=application] [aria-live]').first().textContent();
    assert.match(told ?? '', /^Training: sensitivity 0\.\d+ at 0\.025$/);
  });

  test('a dialog keeps the focus, and gives it back', async () => {
    await open('/people');
    const button = one.page.getByRole('button', { name: 'Add a member' });
    await button.focus();
    await press('Enter');
    await one.page.getByRole('dialog').waitFor();
    for (let n = 0; n < 15; n += 1) {
      await press('Tab');
      assert.ok(await one.page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null), `stop ${n} is outside the dialog`);
    }
    await press('Escape');
    await one.page.getByRole('dialog').waitFor({ state: 'detached' });
    await one.page.waitForFunction(() => document.activeElement?.textContent === 'Add a member');
  });

  test('wherever Tab stops, it is seen', async () => {
    for (const path of ['/', '/projects', `/tasks/${TASK}`, '/settings']) {
      await open(path);
      const stops = new Set();
      for (let n = 0; n < 40; n += 1) {
        await press('Tab');
        const stop = await one.page.evaluate(() => {
          const at = document.activeElement;
          if (!at || at === document.body) return null;
          const shown = [at, at.parentElement, at.nextElementSibling, at.querySelector('*'), at.closest('.mantine-MultiSelect-input')].some((element) => {
            if (!element) return false;
            const style = getComputedStyle(element);
            return (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1.5) || /(^|\s)rgb\((42, 71, 184)/.test(style.borderColor);
          });
          return { shown, name: `${at.tagName} ${at.className} ${(at.textContent ?? '').slice(0, 40)}` };
        });
        if (stop === null || stops.has(stop.name)) continue;
        stops.add(stop.name);
        assert.ok(stop.shown, `${path}: the focus cannot be seen on ${stop.name}`);
      }
      assert.ok(stops.size > 8, `${path} has only ${stops.size} stops`);
    }
  });
});

describe('ten thousand models', () => {
  test('scrolling to the end fetches page after page and draws few rows', async () => {
    await open('/models');
    const grid = one.page.getByRole('grid', { name: 'Models' });
    assert.equal(await grid.getAttribute('aria-rowcount'), '10001');
    const row = one.page.locator('[role=grid] [role=row][tabindex="0"]');
    const at = () => one.page.evaluate(() => {
      const element = document.activeElement;
      return { row: Number(element?.getAttribute('aria-rowindex') ?? 0), name: `${element?.tagName} ${(element?.textContent ?? '').slice(0, 40)}` };
    });
    // A page that arrives late may put the focus on its title, once; whatever takes it again from a row is a fault.
    const thieves = [];
    await row.focus();
    for (let n = 0; n < 6; n += 1) {
      const had = await at();
      if (had.row === 0) {
        thieves.push(had.name);
        await row.focus();
      }
      await press('End');
      await one.page.waitForTimeout(150);
    }
    const { row: index, name } = await at();
    assert.ok(thieves.length <= 1, `the focus was taken by ${thieves.join(', ')}`);
    assert.ok(index > 600, `six times End led to row ${index} only (${name})`);
    assert.ok((await one.page.locator('[role=row]').count()) < 80);
  });
});
