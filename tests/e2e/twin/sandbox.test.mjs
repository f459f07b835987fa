// The whole story in a Google Cloud on this machine, from the window: the sandbox is switched on in the settings, the
// demonstration is played there to its end, and the window then shows its runs on clusters that are gone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { program } from './program.mjs';

const PATIENT = { timeout: 120_000 };
/** Three jobs of real Spark are in it, and on a fresh checkout the making of their environment. */
const STORY = { timeout: 900_000 };

let served;
let of;
let one;
before(async () => {
  served = await program();
  of = await browser();
  one = await page(of);
});
after(async () => {
  await one?.close();
  await of?.close();
  await served?.stop();
});

const shown = () => one.page;
const told = async () => (await served.call('workspace.status')).workspace.demonstration;

describe('the story in the sandbox', { concurrency: false }, () => {
  test('the sandbox is switched on in the settings', async () => {
    await shown().goto(served.url);
    await shown().getByRole('button', { name: 'Prepare and open it' }).click();
    await shown().getByRole('heading', { level: 1, name: 'Inbox' }).waitFor(PATIENT);
    await shown().goto(`${served.url}#/settings`);
    await shown().getByRole('textbox', { name: 'Make buckets' }).fill('churn-rehearsal');
    await shown().getByRole('button', { name: 'Start the sandbox' }).click();
    await shown().getByRole('link', { name: 'churn-rehearsal' }).waitFor(PATIENT);
    // And another bucket while it runs.
    await shown().getByRole('textbox', { name: 'Make buckets' }).fill('second-bucket');
    await shown().getByRole('button', { name: 'Make them' }).click();
    await shown().getByRole('link', { name: 'second-bucket' }).waitFor(PATIENT);
  });

  test('the story is played there to its end', STORY, async () => {
    await shown().goto(`${served.url}#/story`);
    const there = shown().getByRole('checkbox', { name: 'Play it in the sandbox' });
    await there.waitFor(PATIENT);
    await shown().waitForFunction(() => document.querySelector('input[type=checkbox]')?.checked, undefined, PATIENT);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await shown().getByRole('button', { name: 'Play the story' }).click();
    await shown().getByText('In the sandbox', { exact: true }).waitFor(PATIENT);
    await shown().waitForFunction(
      () => {
        const steps = [...document.querySelectorAll('main ol > li')];
        return document.querySelector('main [role=alert]') || (steps.length > 0 && steps.every((step) => step.dataset.state === 'done'));
      },
      undefined,
      STORY,
    );
    const story = await told();
    assert.deepEqual(story.steps.filter((step) => step.state !== 'done'), [], await shown().locator('main').innerText());
    assert.ok(story.in_sandbox && story.steps.length >= 17);
  });

  test('its runs ran on clusters of the sandbox, are closed, cost nothing, and nothing is left there', async () => {
    const { rows } = await served.call('runs.list', { page: {} });
    for (const kind of ['migrate', 'train', 'score', 'retrain']) {
      const run = rows.find((row) => row.kind === kind);
      assert.ok(run, `a ${kind} run: ${JSON.stringify(rows.map((row) => [row.kind, row.state]))}`);
      assert.deepEqual([run.state, run.target], ['succeeded', 'sandbox-cluster'], kind);
    }
    assert.deepEqual(await served.call('runs.leftovers'), []);
    const train = rows.find((row) => row.kind === 'train');
    for (const scheme of ['light', 'dark']) {
      await served.call('settings.change', { ...(await served.call('settings.show')), theme: scheme });
      for (const path of ['/story', '/runs', `/runs/${train.id}`, '/settings']) {
        one.complaints.length = 0;
        await shown().goto('about:blank');
        await shown().goto(`${served.url}#${path}`);
        await shown().waitForSelector('h1');
        await shown().waitForFunction(() => !document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root'), undefined, PATIENT);
        if (process.env.PICTURES) await shown().screenshot({ path: `${process.env.PICTURES}/${scheme}${path.split('/').slice(0, 2).join('-')}${path.split('/').length > 2 ? '-one' : ''}.png`, fullPage: true });
        assert.deepEqual(await complaintsOfAxe(shown()), [], path);
        assert.deepEqual(one.complaints, [], path);
      }
    }
    assert.deepEqual(one.offHost, []);
  });
});
