// Two people, two desks, one workspace: the first founds it and invites, the second joins with a key made at the own desk. All
// in the pages, over two real programs; what travels between the desks is what a person would copy.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { browser, page } from './browser.mjs';
import { complaintsOfAxe } from './complaints.mjs';
import { program } from './program.mjs';

let of;
let folder;
const desks = [];
const keys = {};
before(async () => {
  of = await browser();
  folder = mkdtempSync(join(tmpdir(), 'countersign-joining-'));
  for (const name of ['first', 'second']) {
    const served = await program();
    const one = await page(of);
    desks.push({ name, served, page: one.page, close: one.close, complaints: one.complaints });
    await one.page.goto(served.url);
  }
});
after(async () => {
  for (const desk of desks) {
    await desk.close();
    await desk.served.stop();
  }
  await of?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const copied = (at, name) => at.getByRole('dialog').getByRole('group', { name }).innerText();

describe('a second desk', { concurrency: false }, () => {
  test('is invited by whoever founded the workspace', async () => {
    const at = desks[0].page;
    await at.getByLabel('Where it shall lie').fill(join(folder, 'workspace'));
    await at.getByLabel('What people call it').fill('Two desks');
    await at.getByLabel('Your name in it').fill('ana');
    await at.getByRole('button', { name: 'Found it' }).click();
    await at.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
    await at.getByRole('link', { name: 'People' }).click();
    await at.getByRole('button', { name: 'Invite' }).click();
    keys.invitation = await copied(at, 'Invitation');
    assert.match(keys.invitation, /#sha256:[0-9a-f]{64}$/);
    assert.deepEqual(await complaintsOfAxe(at), []);
    await at.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  });

  test('opens it by the invitation, and may read and decide nothing', async () => {
    const at = desks[1].page;
    await at.getByLabel('Where it lies').fill(keys.invitation);
    await at.getByRole('button', { name: 'Open', exact: true }).click();
    await at.getByText('No key lies on this desk').waitFor();
    await assert.rejects(desks[1].served.call('registry.create_project', { name: 'Churn' }));
  });

  test('makes its key, whose public half travels', async () => {
    const at = desks[1].page;
    await at.getByRole('button', { name: 'My key on this desk' }).click();
    await at.getByRole('combobox', { name: 'Your member name' }).fill('Bob Prado');
    await at.getByRole('button', { name: 'Make the key' }).click();
    await at.getByRole('dialog').getByText('Lower case letters', { exact: false }).first().waitFor();
    await at.getByRole('combobox', { name: 'Your member name' }).fill('bob');
    await at.getByRole('button', { name: 'Make the key' }).click();
    keys.bob = await copied(at, 'Public key');
    assert.match(keys.bob, /^ed25519:[0-9a-f]{64}$/);
    assert.deepEqual(await complaintsOfAxe(at), []);
    await at.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  });

  test('signs as soon as an administrator has enrolled the key', async () => {
    const at = desks[0].page;
    await at.getByRole('button', { name: 'Add a member' }).click();
    const dialog = at.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: false }).first().fill('bob');
    await dialog.getByLabel('Public key').fill(keys.bob);
    await dialog.getByRole('combobox', { name: 'Roles' }).focus();
    await at.keyboard.press('ArrowDown');
    await at.getByRole('option', { name: 'Administrator' }).click();
    await at.getByRole('option', { name: 'Data scientist' }).click();
    await at.keyboard.press('Tab');
    await dialog.getByRole('button', { name: 'Add a member' }).click();
    await dialog.waitFor({ state: 'detached' });
    await desks[1].served.call('workspace.refresh');
    const status = await desks[1].served.call('workspace.status');
    assert.equal(status.workspace.member?.name, 'bob');
    await desks[1].served.call('registry.create_project', { name: 'Churn' });
  });

  test('an added key waits for a second administrator, who confirms it in the list', async () => {
    const first = desks[0].page;
    await desks[0].served.call('workspace.refresh');
    const key = 'ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    await first.getByRole('button', { name: 'Enrol a key of ana' }).click();
    const dialog = first.getByRole('dialog');
    await dialog.getByLabel('Public key').fill(key);
    await dialog.getByText('d75a980182b10ab7', { exact: true }).waitFor();
    await dialog.getByLabel('Device').fill('laptop');
    await dialog.getByRole('button', { name: 'Enrol key' }).click();
    await dialog.waitFor({ state: 'detached' });
    await desks[1].served.call('workspace.refresh');
    const second = desks[1].page;
    await second.goto(`${desks[1].served.url}#/people?tab=keys`);
    await second.getByText('waits for a second administrator').waitFor();
    assert.deepEqual(await complaintsOfAxe(second), []);
    await second.getByRole('button', { name: 'Confirm key d75a980182b10ab7' }).click();
    await second.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
    await second.getByText('waits for a second administrator').waitFor({ state: 'detached' });
    for (const desk of desks) assert.deepEqual(desk.complaints, [], desk.name);
  });
});
