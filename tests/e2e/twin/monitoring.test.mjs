// The monitoring room over the real program: quarters whose truth is known are watched, the report says what happened to
// the model, opens at once, and leaves as a page, as tables and as a picture.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { computed, watched } from './monitored.mjs';
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
    assert.equal(files.length, 3);
    const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');
    assert.equal(lines(files[1]).length, 1 + 12 * 26);
    assert.ok(lines(files[2]).some((line) => line.startsWith('gini,')));
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

  test('another version is watched by way of the wizard, and both are compared', async () => {
    await open(`/monitoring/new?version=${made.version[1]}`);
    await shown().getByRole('textbox', { name: 'Folder of scored data' }).fill(join(served.home, 'scored'));
    await shown().getByRole('textbox', { name: /^Files/ }).fill('CHURN_*');
    await shown().getByRole('button', { name: 'Look at the data' }).click();
    // Target, event and score are guessed from the version's variables.
    await shown().getByRole('combobox', { name: 'Outcome' }).waitFor();
    assert.equal(await shown().getByRole('combobox', { name: 'Outcome' }).inputValue(), 'churn');
    assert.equal(await shown().getByRole('combobox', { name: 'Score', exact: true }).inputValue(), 'EM_EVENTPROBABILITY');
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    const define = shown().getByRole('button', { name: 'Define a monitor' });
    await define.click();
    await shown().getByText('Give the monitor a name.').waitFor();
    await shown().getByRole('textbox', { name: 'Name' }).fill('Logistic by quarter');
    await shown().screenshot({ path: join(OUT, 'wizard.png'), fullPage: true });
    await define.click();
    await shown().getByRole('heading', { name: 'Logistic by quarter' }).waitFor();
    const { rows } = await served.call('monitoring.list', { project: made.project });
    const second = rows.find((row) => row.name === 'Logistic by quarter');
    const { id: other } = await computed(served, second.id);
    await open(`/reports/${made.report}?tab=performance&with=${other}`);
    await shown().getByRole('region', { name: 'Compared with other versions' }).getByRole('columnheader', { name: /^churn_logistic 1.0/ }).waitFor();
    assert.deepEqual(await complaintsOfAxe(shown()), []);
  });

  test('whoever made the model does not settle its alert, and loses no word over it; a monitor is retired with a reason', async () => {
    const { rows } = await served.call('monitoring.list', { project: made.project });
    const second = rows.find((row) => row.name === 'Logistic by quarter');
    await open(`/monitoring/${second.id}`);
    const reason = 'The campaign of that quarter explains it; nothing is wrong with the model.';
    // A warning anybody may settle who may decide; this one is an alert, wherever it stands among those of its moment.
    await shown().getByRole('button', { name: /^Settle giniDecay>0\.1 in / }).click();
    let dialog = shown().getByRole('dialog');
    await dialog.getByRole('textbox').fill(reason);
    await dialog.getByRole('button', { name: 'Settle' }).click();
    await dialog.getByText('made this version and may not judge that it is still good enough').waitFor();
    assert.equal(await dialog.getByRole('textbox').inputValue(), reason);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.waitFor({ state: 'detached' });
    await shown().getByRole('button', { name: 'Retire', exact: true }).click();
    dialog = shown().getByRole('dialog');
    await dialog.getByRole('textbox').fill('The challenger was never deployed, so nobody scores with it.');
    await dialog.getByRole('button', { name: 'Retire' }).click();
    await dialog.waitFor({ state: 'detached' });
    await shown().getByText('The challenger was never deployed, so nobody scores with it.').waitFor();
    assert.equal(await shown().getByRole('button', { name: 'Decide' }).count(), 0);
  });
});
