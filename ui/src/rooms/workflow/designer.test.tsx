import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import type { DesignElement } from '../../api/bindings/DesignElement';
import type { DesignKind } from '../../api/bindings/DesignKind';
import type { DesignPage } from '../../api/bindings/DesignPage';
import { designPage, fakeDesk } from '../../testing/desk';
import { openWindow } from '../../testing/render';
import { LANGUAGES, speak, type Language } from '../../words/words';
import { standIns } from './designer/excluded';
import { KIND_ICONS, PALETTE } from './designer/kinds';
import { listenersAt, momentsAt } from './designer/listeners';
import { repeatedAs } from './designer/repeat';

// jsdom measures no SVG: the canvas is tried in a real browser, by the twin.
vi.mock('../../parts/diagram/modeler', () => ({
  openModeler: () => ({ show: () => Promise.resolve(), select: () => {}, mark: () => {}, destroy: () => {} }),
}));

const plain = designPage.elements.find((one) => one.id === 'start') as DesignElement;

/** The designer with one element selected; answers what it was told to set since. */
async function opened(element: Partial<DesignElement>) {
  const desk = fakeDesk();
  const one: DesignElement = { ...plain, id: 'one', name: 'One', ...element };
  let page: DesignPage = { ...designPage, elements: [...designPage.elements, one], variables: ['Amount', 'People'] };
  desk.answer('workflow.show_design', () => page);
  const told: unknown[] = [];
  desk.answer('workflow.edit_design', (request) => {
    for (const change of request.changes) {
      if (change.change !== 'set') continue;
      told.push(change.set);
      const { property, ...value } = change.set;
      page = { ...page, elements: page.elements.map((known) => (known.id === 'one' && property in value ? { ...known, ...(value as object) } : known)) };
    }
    page = { ...page, xml: null, design: { ...page.design, revision: request.after + 1 } };
    return page;
  });
  const { user } = openWindow(`/designs/${designPage.design.id}`, desk);
  await user.click(await screen.findByRole('combobox', { name: 'Go to an element' }));
  await user.click(await screen.findByRole('option', { name: 'One' }));
  const panel = within(await screen.findByRole('complementary', { name: 'Properties' }));
  await waitFor(() => expect(panel.getByLabelText<HTMLInputElement>('Name', { selector: '#design-name' }).value).toBe('One'));
  return { user, panel, told };
}

describe('the panel', () => {
  test('a job is found by one of its fields, is given arguments, and its state is kept', async () => {
    const { user, panel, told } = await opened({ tag: 'serviceTask', kind: 'job', delegate: '${jobTask}', repeatable: true, job: { by: 'jobName', text: 'Deploy', triggerable: true }, fields: [{ name: 'jobName', text: 'Deploy' }] });
    await user.click(panel.getByRole('combobox', { name: 'Found by' }));
    await user.click(await screen.findByRole('option', { name: 'Path' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'job', by: 'jobPath', text: 'Deploy' }));
    await user.click(panel.getByLabelText('Waits until it is told that the job is over'));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'triggerable', is: false }));
    await user.click(panel.getByRole('button', { name: 'Give it an argument' }));
    await user.clear(panel.getByLabelText('Value'));
    await user.type(panel.getByLabelText('Value'), '${{Amount}{Enter}');
    const argument = { listener: 'job-argument', event: 'start', name: 'argument1', value: '${Amount}' };
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'listeners', listeners: [argument] }));
    await user.click(panel.getByRole('button', { name: 'Keep its state' }));
    const state = { listener: 'job-state', event: 'end', variable: 'JobState' };
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'listeners', listeners: [argument, state] }));
    await user.click(panel.getByRole('button', { name: 'Remove Argument: argument1' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'listeners', listeners: [state] }));
    expect(panel.queryByRole('heading', { name: 'Other fields' })).toBeNull();
  });

  test('a task is offered to more people at a moment that can be chosen', async () => {
    const { user, panel, told } = await opened({ tag: 'userTask', kind: 'task', repeatable: true });
    await user.click(panel.getByRole('button', { name: 'Offer it to more people' }));
    await user.click(panel.getByRole('combobox', { name: 'When' }));
    expect((await screen.findAllByRole('option')).map((one) => one.textContent)).toEqual(['When it is offered', 'When somebody gets it']);
    await user.click(screen.getByRole('option', { name: 'When somebody gets it' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'listeners', listeners: [{ listener: 'participants', event: 'assignment', participants: '${Amount}' }] }));
  });

  test('a task is repeated, and once again', async () => {
    const { user, panel, told } = await opened({ tag: 'userTask', kind: 'task', repeatable: true });
    const choose = async (name: string) => {
      await user.click(panel.getByRole('combobox', { name: 'Done' }));
      await user.click(await screen.findByRole('option', { name }));
    };
    await choose('Several times, side by side');
    const multi = { way: 'multi', sequential: false, times: '2', collection: '', item: '', index: '', until: '' };
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'repeat', repeat: multi }));
    await user.type(panel.getByLabelText('For each of'), 'People{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'repeat', repeat: { ...multi, collection: 'People' } }));
    await choose('Several times, one after another');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'repeat', repeat: { ...multi, collection: 'People', sequential: true } }));
    await choose('Once');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'repeat', repeat: null }));
  });

  test('a call says which process, and what is handed over and back', async () => {
    const { user, panel, told } = await opened({ tag: 'callActivity', kind: 'call-process', called: 'review', repeatable: true });
    await user.clear(panel.getByLabelText('Process'));
    await user.type(panel.getByLabelText('Process'), '${{Which}{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'called', text: '${Which}' }));
    await user.click(panel.getByRole('button', { name: 'Hand something over' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'inputs', passed: [{ all: false, source: 'Amount', target: 'Amount' }] }));
    await user.click(panel.getByRole('button', { name: 'Hand everything back' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'outputs', passed: [{ all: true, source: '', target: '' }] }));
    expect(panel.queryByRole('button', { name: 'Hand everything back' })).toBeNull();
    await user.click(panel.getByRole('button', { name: 'Do not hand over Everything' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'outputs', passed: [] }));
  });

  test('who may not take a task is said by group, by name, and by the hand they had in it', async () => {
    const excluded = { groups: ['validators'], users: [], stand_ins: ['completerOf(One)'] };
    const { user, panel, told } = await opened({ tag: 'userTask', kind: 'task', repeatable: true, excluded });
    await user.type(panel.getByLabelText('People that may not claim it', { selector: 'input' }), 'ana{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'excluded', excluded: { ...excluded, users: ['ana'] } }));
    await user.click(panel.getByLabelText('Nor whoever had a hand in it', { selector: 'input' }));
    await user.click(await screen.findByRole('option', { name: 'Who started the process' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'excluded', excluded: { ...excluded, users: ['ana'], stand_ins: ['completerOf(One)', 'initiator'] } }));
  });

  test('how urgent a task is, and its form elsewhere', async () => {
    const { user, panel, told } = await opened({ tag: 'userTask', kind: 'task', repeatable: true });
    await user.type(panel.getByLabelText('Priority'), '70{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'priority', text: '70' }));
    await user.type(panel.getByLabelText('Form elsewhere'), 'review{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'form', text: 'review' }));
  });

  test('an event sub-process is set off by another event; an error always takes its place', async () => {
    const { user, panel, told } = await opened({ tag: 'startEvent', kind: 'signal-start', by_event: true, signal: 'Stop' });
    await user.click(panel.getByLabelText('Takes the place of what goes on around it'));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'interrupting', is: false }));
    await user.click(panel.getByRole('combobox', { name: 'Set off by' }));
    await user.click(await screen.findByRole('option', { name: 'An error' }));
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'set-off', by: 'error' }));
  });

  test('an error that is caught may be any', async () => {
    const { user, panel, told } = await opened({ tag: 'boundaryEvent', kind: 'error-boundary', error: 'E1' });
    await user.clear(panel.getByLabelText('Code of the error'));
    await user.tab();
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'error', text: '' }));
    expect(panel.queryByLabelText('Ends the task it is attached to')).toBeNull();
  });

  test('an error that is thrown has a code', async () => {
    const { user, panel, told } = await opened({ tag: 'endEvent', kind: 'error-end', error: 'E1' });
    await user.clear(panel.getByLabelText('Code of the error'));
    await user.tab();
    await user.type(panel.getByLabelText('Code of the error'), 'E2{Enter}');
    await waitFor(() => expect(told).toEqual([{ property: 'error', text: 'E2' }]));
    expect(panel.queryByLabelText('Code kept in')).toBeNull();
  });

  test('a condition that is waited for cannot be left empty', async () => {
    const { user, panel, told } = await opened({ tag: 'intermediateCatchEvent', kind: 'condition', condition: '${Ready == true}' });
    await user.clear(panel.getByLabelText('Waits until'));
    await user.tab();
    await user.type(panel.getByLabelText('Waits until'), '${{Amount > 5}{Enter}');
    await waitFor(() => expect(told).toEqual([{ property: 'condition', text: '${Amount > 5}' }]));
  });

  test('a call that fails is tried again, and a task that sends says what', async () => {
    const { user, panel, told } = await opened({ tag: 'sendTask', kind: 'send', message: 'Ready', repeatable: true });
    await user.type(panel.getByLabelText('Tried again when it fails'), 'R3/PT10M{Enter}');
    await waitFor(() => expect(told).toEqual([{ property: 'tries', text: 'R3/PT10M' }]));
    await user.clear(panel.getByLabelText('Message'));
    await user.type(panel.getByLabelText('Message'), 'Done{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'message', text: 'Done' }));
  });

  const awaits = /must carry.*\$\{orderId\}/;
  const carries = /message carries.*\$\{orderId\}/;
  test.each<[string, Partial<DesignElement>, RegExp]>([
    ['is awaited', { tag: 'intermediateCatchEvent', kind: 'message' }, awaits],
    ['starts the process', { tag: 'startEvent', kind: 'message-start' }, awaits],
    ['sets off an event sub-process', { tag: 'startEvent', kind: 'message-start', by_event: true }, awaits],
    ['is awaited at a task', { tag: 'boundaryEvent', kind: 'message-boundary' }, awaits],
    ['is thrown', { tag: 'intermediateThrowEvent', kind: 'message-throw' }, carries],
    ['ends the process', { tag: 'endEvent', kind: 'message-end' }, carries],
    ['is sent by a task', { tag: 'sendTask', kind: 'send' }, carries],
  ])('a message that %s has a correlation key, which can be taken away', async (_, element, hint) => {
    const { user, panel, told } = await opened({ ...element, message: 'Order', correlation_key: '${Amount}' });
    const field = panel.getByRole<HTMLInputElement>('textbox', { name: 'Correlation key', description: hint });
    expect(field.value).toBe('${Amount}');
    await user.clear(field);
    await user.type(field, '${{orderId}{Enter}');
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'correlation-key', text: '${orderId}' }));
    await user.clear(field);
    await user.tab();
    await waitFor(() => expect(told.at(-1)).toEqual({ property: 'correlation-key', text: '' }));
  });

  test.each<[string, Partial<DesignElement>]>([
    ['a task that receives', { tag: 'receiveTask', kind: 'receive', message: 'Order' }],
    ['a signal', { tag: 'intermediateThrowEvent', kind: 'signal-throw', signal: 'Stop' }],
  ])('%s has no correlation key', async (_, element) => {
    const { panel } = await opened(element);
    expect(panel.queryByLabelText('Correlation key')).toBeNull();
  });
});

describe('what can be drawn', () => {
  const kinds = Object.keys(KIND_ICONS) as DesignKind[];
  test.each(Object.keys(LANGUAGES) as Language[])('every kind has a name in %s', (language) => {
    const words = speak(language);
    const missing = kinds.flatMap((kind) => [`design-kind-${kind}`, `design-name-${kind}`]).filter((name) => words.t(name) === name);
    expect(missing).toEqual([]);
    expect(PALETTE.map(({ group }) => `design-group-${group}`).filter((name) => words.t(name) === name)).toEqual([]);
  });

  test('every kind is in the palette once, but for the starts that only an event sub-process has', () => {
    const offered = PALETTE.flatMap((one) => one.kinds);
    expect(new Set(offered).size).toBe(offered.length);
    expect(kinds.filter((kind) => !offered.includes(kind))).toEqual(['error-start', 'escalation-start']);
  });
});

describe('where a listener does something', () => {
  const at = (element: Partial<DesignElement>): DesignElement => ({ ...plain, ...element });
  test.each<[string, DesignElement, readonly string[]]>([
    ['a task', at({ tag: 'userTask' }), ['participants: create assignment', 'notification: create assignment complete all']],
    ['an event at its boundary', at({ tag: 'boundaryEvent' }), ['notification: start end']],
    ['a job', at({ tag: 'serviceTask', job: { by: 'job', text: '', triggerable: false } }), ['job-argument: start', 'job-state: end']],
    ['any other', at({ tag: 'serviceTask' }), []],
  ])('%s', (_, element, wanted) => {
    expect(listenersAt(element).map((kind) => `${kind}: ${momentsAt(element, kind).join(' ')}`)).toEqual(wanted);
  });
});

test('a stand-in is offered once, however the definition spells it', () => {
  const task = (id: string, name: string): DesignElement => ({ ...plain, id, name, tag: 'userTask' });
  const rows = standIns(['modeler', 'completerOf(Build it)', 'completerOf(gone)'], 'sign', [task('build', 'Build it'), task('sign', 'Sign')], speak('en'));
  expect(rows.map((one) => `${one.value}: ${one.label}`)).toEqual([
    'initiator: Who started the process',
    'modeler: Who made the version',
    'modeler(project): Who made any version in the project',
    'completerOf(Build it): Who did: Build it',
    'completerOf(gone): Who did: gone',
  ]);
});

test('another way of repeating keeps what both can say', () => {
  const multi = { way: 'multi', sequential: true, times: '', collection: 'People', item: 'Who', index: '', until: '' } as const;
  expect(repeatedAs(multi, 'side-by-side')).toEqual({ ...multi, sequential: false });
  expect(repeatedAs(multi, 'once')).toBeNull();
  expect(repeatedAs(multi, 'while')).toEqual({ way: 'while', before: false, condition: '', most: '2' });
});
