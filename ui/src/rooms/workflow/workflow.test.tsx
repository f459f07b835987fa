import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import type { ApprovalRow } from '../../api/bindings/ApprovalRow';
import type { DefinitionPage } from '../../api/bindings/DefinitionPage';
import type { DefinitionReading } from '../../api/bindings/DefinitionReading';
import type { Page } from '../../api/bindings/Page';
import type { Rehearsal } from '../../api/bindings/Rehearsal';
import type { RehearsalState } from '../../api/bindings/RehearsalState';
import type { TaskPage } from '../../api/bindings/TaskPage';
import type { TaskRow } from '../../api/bindings/TaskRow';
import type { VersionPage } from '../../api/bindings/VersionPage';
import { DEFINITION, fakeDesk, INSTANCE, TASK, VERSION } from '../../testing/desk';
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

describe('the inbox', () => {
  test('shows what is overdue alone, and keeps that in the address', async () => {
    const { desk, user, history } = openWindow('/');
    await user.click(await screen.findByLabelText('Overdue'));
    await waitFor(() => expect(asked(desk, 'workflow.list_tasks')).toContainEqual(expect.objectContaining({ view: 'inbox', late: true })));
    expect(history.location.search).toContain('late=true');
  });
});

describe('a task', () => {
  const shown = async (change: Partial<TaskRow>) => {
    const desk = fakeDesk();
    const page = (await desk.call('workflow.show_task', { task: TASK })) as TaskPage;
    desk.answer('workflow.show_task', () => ({ ...page, task: { ...page.task, ...change } }));
    return openWindow(`/tasks/${TASK}`, desk);
  };

  test('for two persons says who has signed, and that one more is needed after the first', async () => {
    const { desk, user } = await shown({ signatures_needed: 2, signed_by: ['walt'] });
    expect(await screen.findByText('1 of 2 signatures: walt')).toBeDefined();
    desk.answer('workflow.complete', () => ({ position: 43, id: TASK, signatures_left: 1 }));
    await user.click(screen.getByRole('radio', { name: 'Yes' }));
    await user.click(screen.getByRole('button', { name: 'Sign and complete' }));
    expect(await screen.findByText(/is signed; one more signature is needed/)).toBeDefined();
    expect(screen.queryByText(/is done and signed/)).toBeNull();
  });

  test('for two persons says so in the inbox, and one for one person says nothing of it', async () => {
    const desk = fakeDesk();
    const list = (await desk.call('workflow.list_tasks', {})) as Page<TaskRow>;
    desk.answer('workflow.list_tasks', () => ({ ...list, rows: list.rows.map((row, n) => (n === 0 ? { ...row, signatures_needed: 2 } : row)) }));
    openWindow('/', desk);
    expect(await screen.findByText('0 of 2 signatures')).toBeDefined();
    expect(screen.getAllByText(/of \d+ signatures/)).toHaveLength(1);
  });

  test('that one was asked to prepare goes back with what was prepared, and is not signed', async () => {
    const { desk, user } = await shown({ owner: 'walt' });
    await user.click(await screen.findByRole('radio', { name: 'Yes' }));
    await user.type(screen.getByLabelText('Note'), 'As of May.');
    const sign = screen.getByRole<HTMLButtonElement>('button', { name: 'Sign and complete' });
    expect(sign.disabled).toBe(true);
    expect(document.getElementById(sign.getAttribute('aria-describedby') ?? '')?.textContent).toContain('You prepare this for');
    await user.click(screen.getByRole('button', { name: 'Give it back to walt' }));
    await waitFor(() => expect(asked(desk, 'workflow.give_back')).toEqual([{ task: TASK, answers: { ModelIsApproved: true }, note: 'As of May.' }]));
    expect(asked(desk, 'workflow.complete')).toEqual([]);
  });

  test('that somebody else holds is released by an administrator, and by nobody else', async () => {
    const other = await shown({ assignee: 'walt' });
    await screen.findByText(/holds this task/);
    expect(screen.queryByRole('button', { name: 'More' })).toBeNull();
    other.unmount();
    const { desk, user } = await shown({ assignee: 'walt', may_administer: true });
    await user.click(await screen.findByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Release it from walt' }));
    await waitFor(() => expect(asked(desk, 'workflow.release')).toEqual([{ task: TASK }]));
  });

  test('half signed leaves its version unsigned', async () => {
    const desk = fakeDesk();
    const page = (await desk.call('registry.show_version', { version: VERSION })) as VersionPage;
    const partly = { ...page.approvals[0], current: true, decides: false, waiting: { signed_by: ['vera'], needed: 2 } } as ApprovalRow;
    desk.answer('registry.show_version', () => ({ ...page, approvals: [partly] }));
    openWindow(`/versions/${VERSION}`, desk);
    expect((await screen.findAllByText('Signed, 1 of 2: vera')).length).toBeGreaterThan(0);
    expect(screen.queryByText(/Countersigned by/)).toBeNull();
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

  test('is started about any version of a model', async () => {
    const { desk, user } = openWindow(`/definitions/${DEFINITION}`);
    await user.click(await screen.findByRole('button', { name: 'Start a process' }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(await dialog.findByRole('combobox', { name: 'Project' }));
    await user.click((await screen.findAllByRole('option'))[0] as HTMLElement);
    await user.click(await dialog.findByRole('combobox', { name: 'About version' }));
    await user.click((await screen.findAllByRole('option'))[0] as HTMLElement);
    await user.click(await dialog.findByRole('combobox', { name: 'Version' }));
    await user.click(await screen.findByRole('option', { name: '0.9' }));
    await user.click(dialog.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(asked(desk, 'workflow.start')).toMatchObject([{ version: '01JD4Y6VERSION000000000009' }]));
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

  test('reminders of its tasks are changed, added and taken away', async () => {
    const { desk, user } = openWindow(`/definitions/${DEFINITION}`);
    await user.click(await screen.findByRole('tab', { name: /Bindings/ }));
    const after = await screen.findByLabelText('When Every other task is spoken of again');
    await user.clear(after);
    await user.type(after, 'tomorrow');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save bindings' }).disabled).toBe(true);
    await user.clear(after);
    await user.type(after, 'PT4H');
    await user.click(screen.getByRole('combobox', { name: 'To whom Every other task is escalated' }));
    await user.click(await screen.findByRole('option', { name: 'Validator' }));
    await user.click(screen.getByRole('combobox', { name: 'Remind of a task' }));
    await user.click(await screen.findByRole('option', { name: '[IT] Name the bucket' }));
    await user.clear(screen.getByLabelText('When [IT] Name the bucket is escalated'));
    await user.click(screen.getByRole('button', { name: 'Save bindings' }));
    await waitFor(() =>
      expect(asked(desk, 'workflow.bind')).toMatchObject([
        {
          reminders: [
            { element: '*', after: 'PT4H', escalate_after: 'P3D', escalate_to: 'validator' },
            { element: 'bucket', after: 'P1D' },
          ],
        },
      ]),
    );
    await user.click(await screen.findByRole('button', { name: 'No reminder for Every other task' }));
    await user.click(screen.getByRole('button', { name: 'Save bindings' }));
    await waitFor(() => expect(asked(desk, 'workflow.bind').at(-1)).toMatchObject({ reminders: [] }));
  });

  test('says when its cycles fire next: three moments, and all of them where somebody asks', async () => {
    const desk = fakeDesk();
    const page = (await desk.call('workflow.show_definition', { definition: DEFINITION })) as DefinitionPage;
    const next = Array.from({ length: 10 }, (_, n) => `2027-01-${String(n + 1).padStart(2, '0')}T09:00:00Z`);
    const cycles = [{ element: 'nightly', name: 'Every night', text: 'R/P1D', explained: { problem: null, words: 'every P1D', surprises: [], next, variables: [] } }];
    desk.answer('workflow.show_definition', () => ({ ...page, cycles }));
    const { user } = openWindow(`/definitions/${DEFINITION}`, desk);
    expect(await screen.findByText(/Jan 3, 2027/)).toBeDefined();
    expect(screen.queryByText(/Jan 10, 2027/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'and 7 more' }));
    expect(await screen.findByText(/Jan 10, 2027/)).toBeDefined();
  });

  test('it is disabled with a reason, says so, and is enabled again', async () => {
    const desk = fakeDesk();
    const { user } = openWindow(`/definitions/${DEFINITION}`, desk);
    await user.click(await screen.findByRole('button', { name: 'Disable' }));
    const dialog = await screen.findByRole('dialog', { name: 'Disable' });
    await user.type(within(dialog).getByRole('textbox'), 'replaced');
    const page = (await desk.call('workflow.show_definition', { definition: DEFINITION })) as DefinitionPage;
    desk.answer('workflow.show_definition', () => ({ ...page, definition: { ...page.definition, startable: false, disabled: 'replaced' } }));
    await user.click(within(dialog).getByRole('button', { name: 'Disable' }));
    await waitFor(() => expect(asked(desk, 'workflow.disable_definition')).toEqual([{ definition: DEFINITION, reason: 'replaced' }]));
    expect(await screen.findByText('Disabled')).toBeDefined();
    expect(screen.getByText('replaced')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Start a process' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Enable again' })).toBeDefined();
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

describe('a rehearsal', () => {
  const rehearsed = async (change: Partial<RehearsalState>) => {
    const desk = fakeDesk();
    const start = { start: {} };
    const page = (await desk.call('workflow.rehearse', { replies: [], steps: [start] })) as Rehearsal;
    desk.answer('workflow.rehearse', ({ steps }) => ({
      ...page,
      processes: [
        { id: 'approval', name: 'Approval', prompts: [], start_events: [] },
        { id: 'watch', name: 'Watch', prompts: [], start_events: [] },
      ],
      states: steps.map(() => ({ ...(page.states[0] as RehearsalState), ...change })),
      clocks: steps.map(() => page.began),
    }));
    return openWindow(`/rehearsal?definition=${DEFINITION}`, desk);
  };
  const steps = (desk: ReturnType<typeof fakeDesk>) => (asked(desk, 'workflow.rehearse').at(-1) as { steps: unknown[] }).steps;

  test('begins any process of the file', async () => {
    const { desk, user } = await rehearsed({});
    await user.click(await screen.findByRole('combobox', { name: 'Which process' }));
    await user.click(await screen.findByRole('option', { name: 'Watch' }));
    await user.click(screen.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(steps(desk)).toEqual([{ start: {}, process: 'watch' }]));
  });

  test('sends a message with the value that its receiver asks for, a job with its state, and corrects what the process knows', async () => {
    const waiting = [
      { id: 'signed', kind: 'message', name: 'contract', correlation: 'C-7' },
      { id: 'deploy', kind: 'job', name: 'Deploy' },
    ];
    const { desk, user } = await rehearsed({ waiting });
    await user.click(await screen.findByRole('button', { name: 'Start' }));
    const message = (await screen.findAllByRole('button', { name: 'Send' }))[0] as HTMLElement;
    await user.click(message);
    await waitFor(() => expect(steps(desk)).toEqual([{ start: {} }, { message: 'contract', correlation: 'C-7' }]));
    await user.click((await screen.findAllByRole('button', { name: 'Send with…' }))[1] as HTMLElement);
    let dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(steps(desk).at(-1)).toEqual({ trigger: '#deploy', variables: { state: 'completed' } }));
    await user.click(await screen.findByRole('button', { name: 'Correct' }));
    dialog = await screen.findByRole('dialog', { name: 'Correct what it knows' });
    await user.type(within(dialog).getByLabelText('New values'), '{{"Amount": 3}');
    await user.click(within(dialog).getByRole('button', { name: 'Correct' }));
    await waitFor(() => expect(steps(desk).at(-1)).toEqual({ set: { Amount: 3 } }));
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
  const chosen = { step: 2, path: '/p.bpmn', template: null, name: '', calls: { look: 'http', build: 'build' }, inputs: {}, connections: { look: 'risk', build: 'risk' }, parties: {}, called: { review: DEFINITION }, gates: null };
  test('sends the connection of a call over HTTP, and of no other', () => {
    expect(importRequest(chosen, null)).toEqual({
      path: '/p.bpmn',
      calls: [
        { element: 'look', action: 'http', inputs: [], connection: 'risk' },
        { element: 'build', action: 'build', inputs: [] },
      ],
      called: [{ process: 'review', definition: DEFINITION }],
    });
  });

  test('goes through the wizard from a template, and says what still keeps it from being started', async () => {
    const desk = fakeDesk();
    const reading = (await desk.call('workflow.inspect_definition', {})) as DefinitionReading;
    const holder = { id: '01JD4Y6DEF0000000000000009', name: 'Review', version: 2 };
    const calls = reading.calls.map((one) => ({ ...one, action: one.action ?? 'build' }));
    desk.answer('workflow.inspect_definition', () => ({ ...reading, calls, called: [{ process: 'review', bound: null, choices: [holder] }] }));
    const { user, history } = openWindow('/import-definition', desk);
    await user.click(await screen.findByRole('button', { name: /ModelOps for GCP/ }));
    const next = async () => user.click(await screen.findByRole('button', { name: 'Next' }));
    await next();
    expect(await screen.findByRole('combobox', { name: 'Definition that review is in' })).toBeDefined();
    await next();
    await next();
    expect(await screen.findByText('Called processes that are in no definition here: 1')).toBeDefined();
    expect(screen.queryByText(/It can be started/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await user.click(await screen.findByRole('combobox', { name: 'Definition that review is in' }));
    await user.click(await screen.findByRole('option', { name: /Review/ }));
    await next();
    await next();
    expect(await screen.findByText(/It can be started/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Import a definition' }));
    await waitFor(() => expect(asked(desk, 'workflow.import_definition')).toMatchObject([{ called: [{ process: 'review', definition: holder.id }] }]));
    await waitFor(() => expect(history.location.pathname).toBe(`/definitions/${DEFINITION}`));
  });
});
