// What can be done to a running process and its tasks, in a browser over the real program: a variable is corrected and the
// incident tried again, another is passed over with a reason, a task is delegated, given back, given to somebody else and
// given more time, a process moves to a newer version, one is given up, and one is told to start by itself.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { program } from './program.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');
const PATIENT = { timeout: 30_000 };
const HEAD = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t"';
const user = (id, name) => `<userTask id="${id}" name="${name}" flowable:candidateUsers="ada,ben" flowable:dueDate="P2D"/>`;
const flow = (from, to, when = '') => `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}">${when && `<conditionExpression xsi:type="tFormalExpression">${when}</conditionExpression>`}</sequenceFlow>`;
/** Looks, and goes on only in the north. */
const REGION = (further = '') => `<definitions ${HEAD}><process id="region" name="Region" isExecutable="true">
  <dataObject id="d" name="Region" itemSubjectRef="xsd:string"><extensionElements><flowable:value>south</flowable:value></extensionElements></dataObject>
  <startEvent id="s"/>${user('look', 'Look at it')}<exclusiveGateway id="g" name="North?"/>${user('decide', `Decide${further}`)}<endEvent id="e"/>
  ${flow('s', 'look')}${flow('look', 'g')}${flow('g', 'decide', "${Region=='north'}")}${flow('decide', 'e')}</process></definitions>`;
const NIGHTLY = `<definitions ${HEAD}><process id="nightly" name="Nightly" isExecutable="true">
  <startEvent id="s" name="Every night"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>${user('look', 'Look at the night')}<endEvent id="e"/>
  ${flow('s', 'look')}${flow('look', 'e')}</process></definitions>`;

let served;
let of;
let one;
let region;
before(async () => {
  mkdirSync(OUT, { recursive: true });
  served = await program();
  of = await browser();
  one = await page(of);
  one.page.setDefaultTimeout(PATIENT.timeout);
  await served.call('workspace.create', { url: join(served.home, 'workspace'), name: 'Models', member: 'ada' });
  await served.call('people.add_member', { name: 'ben', display_name: 'Ben', roles: ['it'], key_here: true });
  await served.call('registry.create_project', { name: 'Churn', description: '', function: 'classification', properties: [] });
  region = (await imported('region', REGION())).definition.id;
});
after(async () => {
  await one?.close();
  await of?.close();
  await served?.stop();
});

const shown = () => one.page;
const title = (name) => shown().getByRole('heading', { level: 1, name });
const dialog = () => shown().getByRole('dialog');
const button = (name) => shown().getByRole('button', { name, exact: true });
/** The dialog as it looks in both schemes, which has to be clean. */
async function looked(name) {
  await dialog().waitFor();
  assert.deepEqual(await complaintsOfAxe(shown()), [], name);
  for (const scheme of ['dark', 'light']) {
    await shown().emulateMedia({ colorScheme: scheme });
    await shown().waitForTimeout(250);
    await shown().screenshot({ path: join(OUT, `${name}-${scheme}.png`) });
  }
}
async function imported(name, text) {
  const path = join(served.home, `${name}.bpmn`);
  writeFileSync(path, text);
  return served.call('workflow.import_definition', { path });
}
async function started(definition = region) {
  const { id } = await served.call('workflow.start', { definition, project: 'Churn', variables: {} });
  return id;
}
const instance = (id) => served.call('workflow.show_instance', { instance: id });
/** One whose first task is answered, and that stands at its gateway with an incident. */
async function stopped() {
  const id = await started();
  const [task] = (await instance(id)).tasks;
  await served.call('workflow.claim', { task: task.id });
  await served.call('workflow.complete', { task: task.id, answers: {}, note: '' });
  assert.equal((await instance(id)).incidents.length, 1);
  return id;
}
async function opened(id) {
  await shown().goto('about:blank');
  await shown().goto(`${served.url}#/instances/${id}`);
  await title(/Region/).waitFor();
}
async function openedTask(id) {
  const [task] = (await instance(id)).tasks;
  await shown().goto('about:blank');
  await shown().goto(`${served.url}#/tasks/${task.id}`);
  await title(task.name).waitFor();
  return task.id;
}
async function until(so) {
  for (const end = Date.now() + PATIENT.timeout; Date.now() < end; ) {
    if (await so()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not become so: ${so}`);
}
async function more(item) {
  await button('More').click();
  await shown().getByRole('menuitem', { name: item }).click();
}
/** Gives a task to Ben in the dialog that is open. */
async function toBen(action) {
  await dialog().getByRole('combobox').click();
  await shown().getByRole('option', { name: 'Ben' }).click();
  await dialog().getByLabel('Reason').fill('He knows the region.');
  await dialog().getByRole('button', { name: action }).click();
  await dialog().waitFor({ state: 'hidden' });
}

describe('a running process and its tasks', { concurrency: false }, () => {
  test('a variable is corrected, and the incident tried again', async () => {
    const id = await stopped();
    await opened(id);
    await shown().getByText(/no flow out of/).first().waitFor();
    await shown().getByRole('tab', { name: 'What it knows' }).click();
    await shown().getByRole('button', { name: /Correct/ }).first().click();
    await looked('instance-correct');
    await dialog().getByLabel('Region').fill('north');
    await dialog().getByRole('button', { name: 'Correct' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await button('Retry').click();
    await until(async () => (await instance(id)).tasks[0]?.name === 'Decide');
    assert.deepEqual((await instance(id)).incidents, []);
  });

  test('an incident is passed over with a reason, which the log keeps', async () => {
    const id = await stopped();
    await opened(id);
    await button('Skip').click();
    await looked('instance-skip');
    await dialog().getByLabel('Reason').fill('The south decides, too.');
    await dialog().getByRole('button', { name: 'Skip' }).click();
    await until(async () => (await instance(id)).tasks[0]?.name === 'Decide');
    assert.ok(JSON.stringify((await instance(id)).log).includes('The south decides, too.'));
  });

  test('a task is delegated and given back, given to somebody else, and given more time', async () => {
    const id = await started();
    const task = await openedTask(id);
    await button('Claim').click();
    await button('Release').waitFor();
    await more('Ask somebody to do it');
    await looked('task-delegate');
    await toBen('Ask somebody to do it');
    await until(async () => (await instance(id)).tasks[0].owner === 'ada');
    await served.call('workspace.act_as', { member: 'ben' });
    await openedTask(id);
    await shown().getByRole('button', { name: 'Give it back to ada' }).click();
    await until(async () => (await instance(id)).tasks[0].assignee === 'ada');
    await served.call('workspace.act_as', { member: 'ada' });
    await openedTask(id);
    await more('Move the due date');
    await looked('task-due');
    await dialog().getByLabel('Due').fill('2027-03-01T10:00');
    await dialog().getByLabel('Reason').fill('The quarter ends later.');
    await dialog().getByRole('button', { name: 'Move the due date' }).click();
    await until(async () => (await instance(id)).tasks[0].due?.startsWith('2027-03-01'));
    await more('Give it to somebody else');
    await looked('task-assign');
    await toBen('Give it to somebody else');
    await until(async () => (await served.call('workflow.show_task', { task })).task.assignee === 'ben');
  });

  test('a process moves to a newer version after a dry run', async () => {
    const id = await stopped();
    const newer = (await imported('region', REGION(' at last'))).definition;
    assert.equal(newer.version, 2);
    await opened(id);
    await button('Move to another version').click();
    await dialog().getByLabel('Reason').waitFor();
    await looked('instance-move');
    await dialog().getByLabel('Reason').fill('The new wording.');
    await dialog().getByRole('button', { name: 'Move to another version' }).click();
    await until(async () => (await instance(id)).instance.definition_id === newer.id);
  });

  test('a process is given up with a reason', async () => {
    const id = await started();
    await opened(id);
    await button('Cancel the process').click();
    await looked('instance-cancel');
    await dialog().getByLabel('Reason').fill('Nobody needs it.');
    await dialog().getByRole('button', { name: 'Cancel the process' }).click();
    await until(async () => (await instance(id)).instance.state === 'cancelled');
  });

  test('a process is told to start by itself, and to do so no more', async () => {
    const { definition } = await imported('nightly', NIGHTLY);
    await shown().goto('about:blank');
    await shown().goto(`${served.url}#/definitions/${definition.id}`);
    await title('Nightly').waitFor();
    await button('Start a process').click();
    await dialog().getByRole('combobox', { name: 'Project' }).click();
    await shown().getByRole('option', { name: 'Churn' }).click();
    await dialog().getByText(/can start by itself, at: Every night/).waitFor();
    await looked('start-by-itself');
    await dialog().getByRole('button', { name: 'Start by itself from now on' }).click();
    await shown().getByRole('heading', { name: 'Starts by itself' }).waitFor();
    assert.deepEqual(await complaintsOfAxe(shown()), []);
    await shown().screenshot({ path: join(OUT, 'definition-starts-light.png') });
    const { self_starts: starts } = await served.call('workflow.show_definition', { definition: definition.id });
    assert.equal(starts.length, 1);
    assert.ok(starts[0].next_due > new Date().toISOString());
    await shown().getByRole('button', { name: 'Start by itself in Churn no more' }).click();
    await until(async () => (await served.call('workflow.show_definition', { definition: definition.id })).self_starts.length === 0);
  });
});
