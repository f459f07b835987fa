// The monitoring room over the real program: quarters whose truth is known are watched, the report says what happened to
// the model, opens at once, and leaves as a page, as tables and as a picture.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { watched } from './monitored.mjs';
import { program } from './program.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');

let served;
let of;
let one;
let made;
before(async () => {
  mkdirSync(OUT, { recursive: true });
  served = await program();
  made = await watched(served, { quarters: 12, rows: 1500, extra: 16 });
  of = await browser();
  one = await page(of);
  await one.page.addInitScript(() => Object.freeze(Object.prototype));
});
after(async () => {
  await one?.close();
  await of?.close();
  await served?.stop();
});

const shown = () => one.page;
const settled = () => shown().waitForFunction(() => document.querySelector('h1') && !document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root'));
const open = async (path) => {
  await shown().goto(`${served.url}#${path}`);
  await settled();
};

describe('a model that fades', { concurrency: false }, () => {
  test('its report says that Gini fell while the score stayed, and that it should be retrained', async () => {
    const reading = await served.call('monitoring.reading', { report: made.report });
    const values = (name) => reading.metrics.find((metric) => metric.term.name === name).values;
    assert.ok(values('gini')[0] > 0.25 && values('gini').at(-1) < 0.22, `Gini went from ${values('gini')[0]} to ${values('gini').at(-1)}`);
    assert.ok(values('score_psi').every((psi) => psi < 0.1), `score stability: ${values('score_psi')}`);
    assert.equal(reading.recommendation, 'retrain');
    assert.equal(reading.variables.length, 25);
    await open(`/reports/${made.report}`);
    await shown().getByText('Retrain the model').waitFor();
    assert.deepEqual(await complaintsOfAxe(shown()), []);
  });

  test('it opens with its table and its pictures, and says how long that took', async () => {
    await open('/monitoring?tab=reports');
    await shown().reload();
    await settled();
    const begun = await shown().evaluate((hash) => {
      location.hash = hash;
      return performance.now();
    }, `#/reports/${made.report}`);
    await shown().waitForFunction(() => document.querySelector('main table') !== null && document.querySelectorAll('main figure svg[role=img]').length >= 2);
    const ended = await shown().evaluate(() => performance.now());
    console.log(`a report of 12 periods and 25 inputs opens in ${Math.round(ended - begun)} ms`);
  });

  test('every part of it is clean, and its figures answer to the keyboard', async () => {
    for (const tab of ['performance', 'drift', 'decay', 'data']) {
      await open(`/reports/${made.report}?tab=${tab}`);
      assert.deepEqual(await complaintsOfAxe(shown()), [], tab);
    }
    await open(`/reports/${made.report}?tab=decay`);
    await shown().locator('[role=application]').first().focus();
    await shown().keyboard.press('ArrowRight');
    await shown().keyboard.press('ArrowRight');
    await shown().locator('main [aria-live=polite]', { hasText: '2024Q' }).first().waitFor({ state: 'attached' });
  });

  test('it leaves as a page that needs nothing else and prints on A4', async () => {
    const to = join(served.home, 'report.html');
    await served.call('monitoring.export', { report: made.report, format: 'html', to, language: 'pt-BR' });
    const alone = await page(of, { width: 900, height: 1200 });
    await alone.page.goto(pathToFileURL(to).href);
    await alone.page.getByRole('heading', { name: 'Visão geral' }).waitFor();
    assert.deepEqual(await complaintsOfAxe(alone.page), []);
    assert.deepEqual(alone.complaints, []);
    await alone.page.screenshot({ path: join(OUT, 'report-page.png'), fullPage: true });
    await alone.page.pdf({ path: join(OUT, 'report-page.pdf'), preferCSSPageSize: true, printBackground: true });
    await alone.close();
  });

  test('it leaves as tables and as a picture', async () => {
    const to = join(served.home, 'tables');
    const { files } = await served.call('monitoring.export', { report: made.report, format: 'csv', to });
    assert.equal(files.length, 2);
    const lines = readFileSync(files[1], 'utf8').trim().split('\n');
    assert.equal(lines.length, 1 + 12 * 26);
    const parquet = await served.call('monitoring.export', { report: made.report, format: 'parquet', to });
    assert.ok(parquet.files.every((file) => readFileSync(file).subarray(0, 4).toString() === 'PAR1'));
    const { png } = await served.call('monitoring.picture', { report: made.report, kind: 'trend', width: 640, height: 300 });
    assert.equal(Buffer.from(png, 'base64').subarray(1, 4).toString(), 'PNG');
  });

  test('the modeler may ask for a retraining in the window, with answers and a reason', async () => {
    await open(`/monitoring/${made.monitor}`);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await shown().getByRole('button', { name: 'Decide' }).click();
    const dialog = shown().getByRole('dialog');
    await dialog.getByRole('button', { name: 'Record the decision' }).waitFor();
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    for (const group of await dialog.getByRole('radiogroup').all()) await group.getByText(/^(Yes|Retrain)$/).click();
    await dialog.getByRole('textbox', { name: /Reason/ }).fill('Gini fell below its threshold in two quarters.');
    await dialog.getByRole('button', { name: 'Record the decision' }).click();
    await dialog.waitFor({ state: 'detached' });
    await shown().getByText('Gini fell below its threshold in two quarters.').waitFor();
  });
});
