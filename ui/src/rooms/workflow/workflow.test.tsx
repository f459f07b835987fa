import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import type { DefinitionPage } from '../../api/bindings/DefinitionPage';
import { DEFINITION, fakeDesk, INSTANCE } from '../../testing/desk';
import { openWindow } from '../../testing/render';
import { importRequest } from './import-wizard';

const asked = (desk: ReturnType<typeof fakeDesk>, command: string) => desk.asked.filter((one) => one.command === command).map((one) => one.request);

describe('a running process', () => {
  test('a message it waits for is delivered with its value and what it brings', async () => {
    const { desk, user } = openWindow(`/instances/${INSTANCE}`);
    await user.click(await screen.findByRole('button', { name: 'Deliver to Contract signed' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByLabelText<HTMLInputElement>('Value it carries').value).toBe('C-7');
    await user.type(within(dialog).getByLabelText('Variables it brings'), '[[1]');
    expect(await within(dialog).findByText('This is no JSON object.')).toBeDefined();
    await user.clear(within(dialog).getByLabelText('Variables it brings'));
    await user.type(within(dialog).getByLabelText('Variables it brings'), '{{"Amount": 3}');
    await user.click(within(dialog).getByRole('button', { name: 'Deliver' }));
    await waitFor(() =>
      expect(asked(desk, 'workflow.deliver')).toEqual([{ instance: INSTANCE, kind: 'message', name: 'contract', correlation: 'C-7', variables: { Amount: 3 } }]),
    );
  });

  test('a variable of a sub-process is corrected there, and one that is not known yet is added', async () => {
    const { desk, user } = openWindow(`/instances/${INSTANCE}`);
    await user.click(await screen.findByRole('tab', { name: 'What it knows' }));
    await user.click(await screen.findByRole('button', { name: 'Correct Tries' }));
    let dialog = await screen.findByRole('dialog');
    await user.clear(within(dialog).getByLabelText('Tries'));
    await user.type(within(dialog).getByLabelText('Tries'), '5');
    await user.click(within(dialog).getByRole('button', { name: 'Correct' }));
    await waitFor(() => expect(asked(desk, 'workflow.set_variables')).toEqual([{ instance: INSTANCE, variables: { Tries: 5 }, scope: '4' }]));
    await user.click(await screen.findByRole('button', { name: 'Add a variable' }));
    dialog = await screen.findByRole('dialog', { name: 'Add a variable' });
    await user.type(within(dialog).getByLabelText('Name'), 'Region');
    await user.type(within(dialog).getByLabelText('Value'), 'north');
    await user.click(within(dialog).getByRole('button', { name: 'Add a variable' }));
    await waitFor(() => expect(asked(desk, 'workflow.set_variables').at(-1)).toEqual({ instance: INSTANCE, variables: { Region: 'north' } }));
  });

  test('an element without a counterpart is mapped to one before the process moves', async () => {
    const desk = fakeDesk();
    const page = (await desk.call('workflow.show_definition', { definition: DEFINITION })) as DefinitionPage;
    desk.answer('workflow.show_definition', () => ({ ...page, versions: [...page.versions, { ...page.definition, id: '01JD4Y6DEF0000000000000001', version: 4 }] }));
    desk.answer('workflow.plan_migration', ({ map }) => ({
      instance: INSTANCE,
      definition: 'Migration',
      from: 3,
      to: 4,
      to_id: '01JD4Y6DEF0000000000000001',
      possible: 'approve' in map,
      moves: [],
      problems: 'approve' in map ? [] : [{ of: 'approve', message: '`approve` has no counterpart' }],
      losses: [],
      gains: [],
      targets: [{ element: 'decide', name: 'Decide' }],
    }));
    const { user } = openWindow(`/instances/${INSTANCE}`, desk);
    await user.click(await screen.findByRole('button', { name: 'Move to another version' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(await within(dialog).findByRole('combobox', { name: 'Counterpart of approve' }));
    await user.click(await screen.findByRole('option', { name: /Decide/ }));
    await user.type(await within(dialog).findByLabelText(/Reason/), 'renamed');
    await user.click(within(dialog).getByRole('button', { name: 'Move to another version' }));
    await waitFor(() => expect(asked(desk, 'workflow.migrate_instance')).toMatchObject([{ instance: INSTANCE, map: { approve: 'decide' }, reason: 'renamed' }]));
  });

  test('it is turned to another version of the model, with a reason', async () => {
    const { desk, user } = openWindow(`/instances/${INSTANCE}`);
    await user.click(await screen.findByRole('button', { name: 'Turn to another model version' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Turn to another model version' }));
    expect(asked(desk, 'workflow.turn')).toEqual([]);
    await user.click(await within(dialog).findByRole('combobox', { name: /Version of the model/ }));
    const offered = await screen.findAllByRole('option');
    const first = offered[0];
    expect(first).toBeDefined();
    if (first) await user.click(first);
    await user.type(within(dialog).getByLabelText(/Reason/), 'it was trained elsewhere');
    await user.click(within(dialog).getByRole('button', { name: 'Turn to another model version' }));
    await waitFor(() => expect(asked(desk, 'workflow.turn')).toMatchObject([{ instance: INSTANCE, reason: 'it was trained elsewhere' }]));
  });

  test('a task says when it is spoken of again, and to whom it goes then', async () => {
    openWindow(`/instances/${INSTANCE}`);
    expect(await screen.findByText(/not reminded yet/)).toBeDefined();
    expect(screen.getByText(/if nobody answers, told to the administrators/)).toBeDefined();
  });
});

describe('a definition', () => {
  test('each of its processes starts by its own events', async () => {
    const desk = fakeDesk();
    const page = (await desk.call('workflow.show_definition', { definition: DEFINITION })) as DefinitionPage;
    const events = [{ element: 'nightly', name: 'Every night', kind: 'timer' }];
    const processes = [
      { id: 'review', name: 'Review', prompts: [], start_events: [] },
      { id: 'watch', name: 'Watch', prompts: [], start_events: events },
    ];
    desk.answer('workflow.show_definition', () => ({ ...page, processes }));
    const { user } = openWindow(`/definitions/${DEFINITION}`, desk);
    await user.click(await screen.findByRole('button', { name: 'Start a process' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).queryByText(/Every night/)).toBeNull();
    await user.click(await within(dialog).findByRole('combobox', { name: 'Which process' }));
    await user.click(await screen.findByRole('option', { name: 'Watch' }));
    expect(await within(dialog).findByText(/Every night/)).toBeDefined();
  });

  test('a process that it calls is bound to the definition it is in', async () => {
    const desk = fakeDesk();
    const page = (await desk.call('workflow.show_definition', { definition: DEFINITION })) as DefinitionPage;
    const holder = { id: '01JD4Y6DEF0000000000000009', name: 'Review', version: 2 };
    desk.answer('workflow.show_definition', () => ({ ...page, called: [{ process: 'review', bound: null, choices: [holder] }] }));
    const { user } = openWindow(`/definitions/${DEFINITION}`, desk);
    await user.click(await screen.findByRole('tab', { name: /Bindings/ }));
    await user.click(await screen.findByRole('combobox', { name: 'Definition that review is in' }));
    await user.click(await screen.findByRole('option', { name: /Review/ }));
    await user.click(screen.getByRole('button', { name: /Save|Bind/ }));
    await waitFor(() => expect(asked(desk, 'workflow.bind')).toMatchObject([{ called: [{ process: 'review', definition: holder.id }] }]));
  });

  test('an approval is taken away and another is added', async () => {
    const { desk, user } = openWindow(`/definitions/${DEFINITION}`);
    await user.click(await screen.findByRole('tab', { name: /Bindings/ }));
    await user.click(await screen.findByRole('button', { name: /is no approval any more/ }));
    await user.click(screen.getByRole('combobox', { name: 'Add an approval' }));
    await user.click(await screen.findByRole('option', { name: /Name the bucket/ }));
    await user.click(screen.getByRole('button', { name: 'Save bindings' }));
    await waitFor(() => expect(asked(desk, 'workflow.bind')).toMatchObject([{ gates: [{ element: 'bucket', variable: 'BucketName' }] }]));
  });

  test('a call over HTTP is bound with the connection it goes through, and not without one', async () => {
    const { desk, user } = openWindow(`/definitions/${DEFINITION}`);
    await user.click(await screen.findByRole('tab', { name: /Bindings/ }));
    await user.click(await screen.findByRole('combobox', { name: 'What Build Model Contents does here' }));
    const options = await screen.findAllByRole('option');
    await user.click(options.at(-1) as HTMLElement);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save bindings' }).disabled).toBe(true);
    await user.click(await screen.findByRole('combobox', { name: 'Connection that Build Model Contents goes through' }));
    await user.click(await screen.findByRole('option', { name: 'models' }));
    await user.click(screen.getByRole('button', { name: 'Save bindings' }));
    await waitFor(() => expect(asked(desk, 'workflow.bind')).toMatchObject([{ calls: [{ element: 'build', action: 'http', inputs: [], connection: 'models' }] }]));
  });

  test('it is exported to a file in a folder', async () => {
    const { desk, user } = openWindow(`/definitions/${DEFINITION}`);
    await user.click(await screen.findByRole('button', { name: 'Export' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Folder'), '/srv/processes/');
    await user.clear(within(dialog).getByLabelText('File name'));
    await user.type(within(dialog).getByLabelText('File name'), 'own.bpmn');
    await user.click(within(dialog).getByRole('button', { name: 'Write the file' }));
    await waitFor(() => expect(asked(desk, 'workflow.export')).toEqual([{ definition: DEFINITION, path: '/srv/processes/own.bpmn' }]));
    expect(await within(dialog).findByText(/own\.bpmn/, { selector: 'code' })).toBeDefined();
  });
});

describe('connections', () => {
  test('are listed, allowed, given a credential and withdrawn with a reason', async () => {
    const { desk, user } = openWindow('/settings');
    const row = await screen.findByRole('row', { name: /models\.example\.com/ });
    expect(row.textContent).toContain('not at this desk');
    await user.click(within(row).getByRole('button', { name: 'Keep in the keychain' }));
    let dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Credential of models'), 'Bearer x');
    await user.click(within(dialog).getByRole('button', { name: 'Keep in the keychain' }));
    await waitFor(() => expect(asked(desk, 'workflow.keep_credential')).toEqual([{ name: 'models', value: 'Bearer x' }]));
    await user.type(screen.getByLabelText('Name of the connection'), 'registry');
    await user.type(screen.getByLabelText('Address'), 'https://r.example.com');
    await user.click(screen.getByRole('button', { name: 'Allow' }));
    await waitFor(() => expect(asked(desk, 'workflow.allow_connection')).toEqual([{ name: 'registry', base: 'https://r.example.com', methods: ['GET'], reach: 'public' }]));
    await user.click(within(row).getByRole('button', { name: 'Withdraw' }));
    dialog = await screen.findByRole('dialog', { name: 'Withdraw' });
    await user.type(within(dialog).getByLabelText(/Reason/), 'moved');
    await user.click(within(dialog).getByRole('button', { name: 'Withdraw' }));
    await waitFor(() => expect(asked(desk, 'workflow.withdraw_connection')).toEqual([{ name: 'models', reason: 'moved' }]));
  });
});

describe('an import', () => {
  const chosen = { step: 2, path: '/p.bpmn', template: null, name: '', calls: { look: 'http', build: 'build' }, inputs: {}, connections: { look: 'risk', build: 'risk' }, parties: {}, gates: null };
  test('sends the connection of a call over HTTP, and of no other', () => {
    expect(importRequest(chosen, null)).toEqual({
      path: '/p.bpmn',
      calls: [
        { element: 'look', action: 'http', inputs: [], connection: 'risk' },
        { element: 'build', action: 'build', inputs: [] },
      ],
    });
  });
});
