// A process made from nothing over the real program: drawn with mouse and keys, checked while it is typed, rehearsed to
// its end, published, started and worked through; then a second version, and what differs.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { program } from './program.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');
const PATIENT = { timeout: 20_000 };

let served;
let of;
let one;
let design;
before(async () => {
  mkdirSync(OUT, { recursive: true });
  served = await program();
  of = await browser();
  one = await page(of);
  one.page.setDefaultTimeout(15_000);
  await one.page.addInitScript(() => Object.freeze(Object.prototype));
  await served.call('workspace.create', { url: join(served.home, 'workspace'), name: 'Models', member: 'ada' });
  await served.call('people.grant', { member: 'ada', roles: ['dev-ops', 'data-scientist', 'it'] }).catch(() => {});
  await served.call('registry.create_project', { name: 'Churn', description: '', function: 'classification', properties: [] });
});
after(async () => {
  await one?.close();
  await of?.close();
  await served?.stop();
});

const shown = () => one.page;
const picture = (name) => shown().screenshot({ path: join(OUT, `${name}.png`) });
const press = (key) => shown().keyboard.press(key);
const drawn = async () => served.call('workflow.show_design', { design });
const element = async (kind) => (await drawn()).elements.find((found) => found.kind === kind);
const tool = (kind) => shown().locator(`[role=toolbar] [data-kind=${kind}]`);
const board = () => shown().getByRole('group', { name: /^Drawing of/ });

/** Waits until the working copy says so: what is typed is kept after a rest. */
async function until(so) {
  for (const end = Date.now() + PATIENT.timeout; Date.now() < end; ) {
    const found = await so();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not become so: ${so}`);
}
/** Goes to an element by the field that lists them all. */
async function goTo(name) {
  await shown().getByRole('combobox', { name: 'Go to an element' }).click();
  await shown().getByRole('option', { name }).first().click();
}
async function nameIt(text) {
  const field = shown().locator('#design-name');
  await field.fill(text);
  await press('Enter');
  await until(async () => (await drawn()).elements.some((found) => found.name === text));
}

describe('a process from nothing', { concurrency: false }, () => {
  test('begins with a name', async () => {
    await shown().goto(`${served.url}#/workflows?new=true`);
    await shown().getByRole('dialog').getByLabel('Name').fill('Bucket request');
    await press('Enter');
    await shown().waitForURL('**/#/designs/**', PATIENT);
    design = shown().url().split('/designs/')[1];
    await board().locator('[data-element-id=start]').waitFor(PATIENT);
    assert.equal((await drawn()).design.revision, 0);
  });

  test('by keys: tools follow what is selected, names are typed, an undo gives every byte back', async () => {
    await goTo('Start');
    await tool('task').focus();
    await press('ArrowDown');
    assert.equal(await shown().evaluate(() => document.activeElement?.dataset.kind), 'approve');
    await press('ArrowUp');
    await press('Enter');
    const task = await until(() => element('task'));
    assert.deepEqual((await drawn()).elements.filter((found) => found.tag === 'sequenceFlow').map((flow) => [flow.source, flow.target]), [['start', task.id]]);
    const kept = await drawn();
    await nameIt('Name the bucket');
    await shown().getByRole('button', { name: /^Undo: name/ }).click();
    await until(async () => (await drawn()).design.revision === kept.design.revision);
    await shown().getByRole('button', { name: /^Redo: name/ }).click();
    await until(async () => (await element('task'))?.name === 'Name the bucket');
  });

  test('what is asked and who may answer is typed, and checked meanwhile', async () => {
    await goTo('Name the bucket');
    await shown().getByRole('button', { name: 'Ask something' }).click();
    await until(async () => (await element('task')).prompts.length === 1);
    const question = shown().getByRole('group', { name: 'Question 1' });
    await question.getByLabel('Question', { exact: true }).fill('Is the bucket ready?');
    await question.getByLabel('Variable').fill('BucketReady');
    await press('Tab');
    await until(async () => (await element('task')).prompts[0]?.variable === 'BucketReady');
    await question.getByRole('combobox', { name: 'Type' }).click();
    await shown().getByRole('option', { name: 'Yes or no' }).click();
    await until(async () => (await element('task')).prompts[0]?.type === 'boolean');
    await shown().getByLabel('Due', { exact: true }).fill('P2X');
    await shown().getByText(/is not a|does not/).first().waitFor(PATIENT);
    await shown().getByLabel('Due', { exact: true }).fill('P2D');
    await shown().getByText('Set now, it would be due').first().waitFor(PATIENT);
    assert.equal((await until(async () => (await element('task')).due === 'P2D' && element('task'))).groups[0], 'data-scientist');
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await picture('design-task-light');
  });

  test('by mouse: a gateway with a condition and a default, and two ends', async () => {
    await goTo('Name the bucket');
    await tool('exclusive').click();
    const gateway = await until(() => element('exclusive'));
    await tool('end').click();
    await until(() => element('end'));
    await goTo(new RegExp(`${gateway.id}|Which way`));
    await tool('notify').click();
    await until(() => element('notify'));
    await tool('terminate-end').click();
    await until(() => element('terminate-end'));
    const flows = (await drawn()).elements.filter((found) => found.source === gateway.id);
    assert.equal(flows.length, 2);
    await goTo(flows[0].id);
    await shown().getByRole('textbox', { name: 'Condition' }).fill('${BucketRedy == true}');
    await shown().getByText('Nothing sets BucketRedy', { exact: true }).waitFor(PATIENT);
    await shown().getByRole('textbox', { name: 'Condition' }).fill('${BucketReady == true}');
    await shown().getByText('It reads: BucketReady').waitFor(PATIENT);
    await press('Tab');
    await until(async () => (await drawn()).elements.some((found) => found.condition === '${BucketReady == true}'));
    await goTo(flows[1].id);
    await shown().getByLabel('When no other condition holds').check();
    await until(async () => (await drawn()).elements.some((found) => found.default));
    // With the pointer: the task is dragged, and its flows with it.
    const kept = (await drawn()).design.revision;
    const shape = board().locator('.djs-shape').filter({ has: shown().locator('tspan', { hasText: 'Name the' }) }).first();
    const box = await shape.boundingBox();
    await shown().mouse.move(box.x + 20, box.y + 20);
    await shown().mouse.down();
    await shown().mouse.move(box.x + 40, box.y + 60, { steps: 6 });
    await shown().mouse.up();
    await until(async () => (await drawn()).design.revision > kept && (await drawn()).undo === 'move');
    await until(async () => (await drawn()).diagnostics.every((found) => found.severity !== 'error'));
    await board().getByRole('link').or(board().locator('.bjs-powered-by')).first().waitFor();
    await picture('design-whole-light');
  });

  test('by mouse: kinds are dragged from the palette to where they belong', async () => {
    const drawnBefore = (await drawn()).elements.length;
    const named = (text) => board().locator('.djs-shape').filter({ has: shown().locator('tspan', { hasText: text }) }).first();
    const dragged = async (kind, to) => {
      await tool(kind).scrollIntoViewIfNeeded();
      const from = await tool(kind).boundingBox();
      await shown().mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await shown().mouse.down();
      await shown().mouse.move(from.x + from.width / 2 + 12, from.y + from.height / 2 + 12, { steps: 4 });
      await shown().mouse.move(to.x, to.y, { steps: 12 });
      await shown().mouse.up();
      return until(() => element(kind));
    };
    const sheet = await board().boundingBox();
    const note = await dragged('annotation', { x: sheet.x + sheet.width / 2, y: sheet.y + sheet.height - 80 });
    assert.ok(note.id);
    // Onto the lower edge of a task: it interrupts it.
    const task = await named('Name the').boundingBox();
    await dragged('timer-boundary', { x: task.x + task.width / 2, y: task.y + task.height });
    assert.match((await drawn()).xml, new RegExp(`attachedToRef="${(await element('task')).id}"`));
    await picture('design-dragged-light');
    for (const what of ['timer-boundary', 'annotation']) {
      await press('Escape');
      await board().focus();
      await press('Control+z');
      await until(async () => !(await element(what)));
    }
    assert.equal((await drawn()).elements.length, drawnBefore);
  });

  test('is rehearsed to its end, with tokens and a clock', async () => {
    await shown().getByRole('link', { name: 'Rehearse' }).click();
    await shown().waitForURL('**/#/rehearsal**');
    await shown().getByRole('button', { name: 'Start' }).click();
    await shown().getByRole('heading', { name: 'Name the bucket' }).waitFor(PATIENT);
    await shown().getByRole('button', { name: 'Advance' }).click();
    await shown().getByText('Time went on by P1D').waitFor(PATIENT);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await picture('rehearsal-light');
    await shown().getByRole('radio', { name: 'Yes' }).click();
    await shown().getByRole('button', { name: 'Complete' }).click();
    await shown().getByText('Completed', { exact: true }).waitFor(PATIENT);
    await shown().getByRole('button', { name: 'Step back' }).click();
    await shown().getByRole('radio', { name: 'No' }).click();
    await shown().getByRole('button', { name: 'Complete' }).click();
    await shown().getByText('Notice', { exact: true }).waitFor(PATIENT);
    await picture('rehearsal-end-light');
    assert.equal((await served.call('workflow.list_instances', { page: {} })).total, 0, 'a rehearsal leaves nothing behind');
  });

  test('is published, started, and worked through', async () => {
    await shown().goto(`${served.url}#/designs/${design}`);
    await shown().getByRole('button', { name: 'Publish' }).first().click();
    const dialog = shown().getByRole('dialog');
    await dialog.getByText('It becomes version 1.').waitFor();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await shown().waitForURL('**/#/definitions/**', PATIENT);
    await shown().getByText('Can be started').first().waitFor(PATIENT);
    assert.deepEqual(await served.call('workflow.list_designs'), []);
    const [definition] = await served.call('workflow.list_definitions');
    const made = await served.call('workflow.start', { definition: definition.id, project: 'Churn', variables: {} });
    const { rows } = await served.call('workflow.list_tasks', { view: 'all', page: {} });
    await shown().goto(`${served.url}#/tasks/${rows[0].id}`);
    await shown().getByRole('button', { name: 'Claim' }).click();
    await shown().getByRole('radio', { name: 'Yes' }).click();
    await shown().getByRole('button', { name: 'Complete' }).click();
    await shown().waitForURL('**/#/instances/**', PATIENT);
    assert.equal((await served.call('workflow.show_instance', { instance: made.id })).instance.state, 'completed');
  });

  test('a second version shows what differs from the first', async () => {
    const [definition] = await served.call('workflow.list_definitions');
    await shown().goto(`${served.url}#/definitions/${definition.id}`);
    await shown().getByRole('button', { name: 'Change', exact: true }).click();
    await shown().waitForURL('**/#/designs/**', PATIENT);
    design = shown().url().split('/designs/')[1];
    await goTo('Name the bucket');
    await tool('timer-boundary').click();
    await until(() => element('timer-boundary'));
    await tool('notify').click();
    await until(async () => (await drawn()).elements.filter((found) => found.kind === 'notify').length === 2);
    await tool('end').click();
    await until(async () => (await drawn()).elements.filter((found) => found.kind === 'end').length === 2);
    await goTo('Name the bucket');
    await nameIt('Make the bucket');
    await shown().getByRole('link', { name: 'Compare' }).click();
    await shown().getByText('Name the bucket').first().waitFor(PATIENT);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await picture('differences-light');
    await shown().goto(`${served.url}#/workflows`);
    await shown().getByRole('link', { name: 'Bucket request' }).first().waitFor();
    await picture('workflows-light');
    const { differences } = await served.call('workflow.compare_definitions', { before: definition.id, after: design });
    assert.deepEqual(differences.filter((found) => found.kind === 'changed').map((found) => found.what), [[{ property: 'name', before: 'Name the bucket', after: 'Make the bucket' }]]);
    assert.equal(differences.filter((found) => found.kind === 'removed').length, 0);
    assert.equal((await served.call('workflow.publish_design', { design })).definition.version, 2);
  });

  test('what happens by events, again and elsewhere is drawn by keys and told in the panel', async () => {
    design = (await served.call('workflow.begin_design', { name: 'All kinds' })).design.id;
    await shown().goto(`${served.url}#/designs/${design}`);
    await board().locator('[data-element-id=start]').waitFor(PATIENT);
    const drawnBy = async (kind) => {
      await tool(kind).focus();
      await press('Enter');
      return until(() => element(kind));
    };
    await goTo('Start');
    const job = await drawnBy('job');
    await shown().getByRole('button', { name: 'Give it an argument' }).click();
    await until(async () => (await element('job')).listeners.length === 1);
    await shown().getByRole('combobox', { name: 'Done' }).click();
    await shown().getByRole('option', { name: 'Several times, one after another' }).click();
    await until(async () => (await element('job')).repeat?.sequential);
    await board().locator(`[data-element-id="${job.id}"]`).waitFor(PATIENT);
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await picture('design-job-light');
    const call = await drawnBy('call-process');
    assert.ok((await drawn()).elements.some((found) => found.source === job.id && found.target === call.id), 'it follows what was selected');
    await shown().getByLabel('Process', { exact: true }).fill('review');
    await press('Tab');
    await until(async () => (await element('call-process')).called === 'review');
    const kept = (await drawn()).design.revision;
    await drawnBy('event-sub-process');
    const start = await until(() => element('error-start'));
    assert.equal((await drawn()).design.revision, kept + 1, 'with its start event, in one step');
    assert.ok((await drawn()).elements.every((found) => found.target !== start.id));
    await goTo(new RegExp(start.id));
    await shown().getByRole('combobox', { name: 'Set off by' }).click();
    await shown().getByRole('option', { name: 'A signal' }).click();
    await until(() => element('signal-start'));
    await shown().getByLabel('Takes the place of what goes on around it').uncheck();
    await until(async () => (await element('signal-start')).interrupting === false);
    await shown().getByRole('combobox', { name: 'Set off by' }).click();
    await shown().getByRole('option', { name: 'A message' }).click();
    await until(() => element('message-start'));
    await shown().getByLabel('Message', { exact: true }).fill('Order');
    await press('Tab');
    await until(async () => (await element('message-start')).message === 'Order');
    await shown().getByLabel('Correlation key').fill('${orderId}');
    await press('Tab');
    await until(async () => (await element('message-start')).correlation_key === '${orderId}');
    await picture('design-message-light');
    await shown().getByRole('button', { name: /^Undo: correlation key/ }).click();
    await until(async () => (await element('message-start')).correlation_key === '');
    for (const kind of ['signal-boundary', 'escalation-boundary', 'error-boundary']) {
      await goTo(job.name);
      const caught = await drawnBy(kind);
      await tool('error-end').click();
      await until(async () => (await drawn()).elements.some((found) => found.source === caught.id));
    }
    assert.deepEqual(
      (await drawn()).elements.filter((found) => found.tag === 'boundaryEvent').map((found) => [found.kind, found.attached === job.id]),
      [['signal-boundary', true], ['escalation-boundary', true], ['error-boundary', true]],
    );
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await picture('design-events-light');
    assert.deepEqual((await drawn()).diagnostics.filter((found) => found.severity === 'error').map((found) => found.message), []);
    await served.call('workflow.discard_design', { design });
  });

  test('nothing was complained of on the way', () => {
    assert.deepEqual(one.complaints.filter((text) => !text.includes('status of 422')), []);
    assert.deepEqual(one.offHost, []);
  });
});
