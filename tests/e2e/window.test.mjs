// The story, by hand, in the real window: a Google Cloud on this machine is chosen for it, the validator's task is read and
// signed, the story is played on there, the engineer's notification arrives on the desktop, and a click on it opens the run.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { notifications } from './desktop.mjs';
import { until, Window } from './driver.mjs';

const OUT = path.join(import.meta.dirname, 'out');
const BINARY = path.join(process.env.COUNTERSIGN_PROGRAMS, 'countersign-window');
/** Spark is installed, started twice, and does real work meanwhile. */
const STORY_MS = 900_000;

let home, desktop, window;

before(async () => {
  await mkdir(OUT, { recursive: true });
  home = process.env.COUNTERSIGN_TEST_HOME ?? (await mkdtemp(path.join(tmpdir(), 'countersign-window-')));
  desktop = await notifications(OUT);
  window = await Window.open({ binary: BINARY, args: ['--home', home, '--demonstration'], env: { COUNTERSIGN_HOME: home }, out: OUT });
});

after(async () => {
  await window?.close();
  await desktop?.stop();
  if (home && !process.env.COUNTERSIGN_TEST_HOME) await rm(home, { recursive: true, force: true });
});

/** A command of the desk, as the pages call it; a failure fails the test. */
async function asked(command, request) {
  const { answer, failure } = await window.call(command, request);
  assert.equal(failure, undefined, JSON.stringify(failure));
  return answer;
}

test('the story is to be played in a Google Cloud on this machine', async () => {
  await window.says('Inbox', 120_000);
  await window.go('/story');
  await window.says('Play it in the sandbox', 120_000);
  await window.click('Play it in the sandbox');
  await window.click('Next step');
  await until('the sandbox to be there', async () => {
    const { demonstration } = (await asked('workspace.status', {})).workspace;
    return demonstration.in_sandbox && !demonstration.playing;
  }, 60_000);
  assert.equal((await asked('runs.sandbox', {})).running, true);
  await window.picture('story-sandbox');
  await window.go('/');
});

test('the validator finds the task in the inbox', async () => {
  await window.says('Inbox', 120_000);
  const { rows } = await until('a task in the inbox', async () => {
    const list = await asked('workflow.list_tasks', { view: 'inbox' });
    return list.rows.length > 0 && list;
  }, 120_000);
  await window.says(rows[0].name);
  await window.picture('inbox');
});

test('reads the evidence, and signs', async () => {
  const [task] = (await asked('workflow.list_tasks', { view: 'inbox' })).rows;
  await window.go(`/tasks/${encodeURIComponent(task.id)}`);
  await window.says(task.name);
  if (task.assignee === null) await window.click('Claim');
  await window.says('You sign exactly these contents:');
  await window.picture('task');
  const shown = await asked('workflow.show_task', { task: task.id });
  for (const prompt of shown.prompts.filter((one) => one.type === 'boolean')) {
    const field = `//*[@id='prompt-${prompt.variable}']`;
    const yes = prompt.choices.find((choice) => choice.value === true)?.label ?? 'Yes';
    await window.press(`${field}//label[normalize-space(.)='${yes}'] | ${field}[self::input]`);
  }
  await window.type('//textarea[not(@readonly)]', 'Gini holds on the test partition; the sources were read.');
  await window.picture('task-answered');
  await window.click('Sign and complete');
  await until('the task to be gone', async () => {
    const { failure } = await window.call('workflow.show_task', { task: task.id });
    if (failure !== undefined) return true;
    const list = await asked('workflow.list_tasks', { view: 'all' });
    return !list.rows.some((row) => row.id === task.id);
  });
  await window.picture('instance');
});

test('the rest is played, and every step is verified', async () => {
  await window.go('/story');
  await window.says('The story');
  await window.click('Play the story');
  const steps = await until('the story to end', async () => {
    const { demonstration } = (await asked('workspace.status', {})).workspace;
    const over = demonstration.steps.some((step) => step.state === 'failed') || demonstration.steps.every((step) => step.state === 'done');
    return over && demonstration.steps;
  }, STORY_MS);
  assert.deepEqual(steps.filter((step) => step.state !== 'done'), []);
  // Approved, built and migrated, trained and scored on clusters of the sandbox; each is closed and cost nothing. That nothing is left
  // there is the last step's own proof.
  const { rows } = await asked('runs.list', { page: {} });
  for (const kind of ['migrate', 'train', 'score']) assert.ok(rows.some((run) => run.kind === kind && run.state === 'succeeded'), `${kind}: ${JSON.stringify(rows)}`);
  for (const run of rows) assert.deepEqual([run.target, run.closed, run.cost], ['sandbox-cluster', true, null], JSON.stringify(run));
  await window.picture('story');
});

test('the engineer is told on the desktop, and a click opens the run', async () => {
  await until('a notification', async () => (await desktop.shown()) > 0);
  await desktop.picture('desktop');
  // The alert is on top, as it is urgent, and opens its report; what finished stands below it. The daemon clicks only the top.
  const opened = [];
  const isRun = (route) => /^\/runs\/[0-9A-Z]{26}/.test(route);
  while (!opened.some(isRun) && (await desktop.shown()) > 0) {
    if (opened.length > 0) await desktop.close();
    await window.go('/');
    await desktop.click();
    await until('the click to open a page', async () => (await window.route()) !== '/');
    opened.push(await window.route());
  }
  assert.ok(opened.some(isRun), `the clicks opened ${opened.join(', ')}`);
  await window.says('Stages');
  await window.picture('run');
  await desktop.closeAll();
  const told = await until('the notification to be in the history', async () => {
    const closed = await desktop.history();
    return closed.length > 0 && closed;
  });
  assert.ok(told.every((one) => one.program === 'Countersign'), JSON.stringify(told));
  assert.ok(told.some((one) => one.title.startsWith('Migration finished')), JSON.stringify(told));
});

test('every page opens, in light and in dark', async () => {
  for (const [theme, words] of [['light', 'Light'], ['dark', 'Dark']]) {
    // By the page itself: what another door changes at this desk, an open page does not wear.
    await window.go('/settings');
    await window.click(words);
    await until(`the page in ${theme}`, async () => (await window.run('return document.documentElement.dataset.mantineColorScheme')) === theme);
    for (const route of ['/', '/projects', '/models', '/workflows', '/runs', '/people', '/ledger', '/notices', '/settings']) {
      await window.go(route);
      await until(`the page ${route}`, async () => (await window.run('return document.querySelector("h1")?.innerText ?? ""')) !== '');
      const text = await window.text();
      assert.ok(!/There is no such page|defect of Countersign/.test(text), `${route} says: ${text.slice(0, 300)}`);
      await window.picture(`page-${theme}-${route.slice(1) || 'inbox'}`);
    }
  }
});
