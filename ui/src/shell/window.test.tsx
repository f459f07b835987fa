import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import { CallFailure } from '../api/failure';
import { DEFINITION, DIGEST, fakeDesk, INSTANCE, OTHER, PROJECT, RUN, status, TASK, version, VERSION } from '../testing/desk';
import { openWindow } from '../testing/render';

const asked = (desk: ReturnType<typeof fakeDesk>, command: string) => desk.asked.filter((one) => one.command === command).map((one) => one.request);

describe('the frame', () => {
  test('with no workspace open, the first page says what can be done', async () => {
    const desk = fakeDesk();
    desk.answer('workspace.status', () => ({ ...status, workspace: null }));
    const { user } = openWindow('/', desk);
    expect(await screen.findByRole('heading', { name: 'Open a workspace' })).toBeDefined();
    await user.type(screen.getByLabelText('Where it shall lie'), '/srv/new');
    await user.type(screen.getByLabelText('What people call it'), 'New');
    await user.type(screen.getByLabelText('Your name in it'), 'ana');
    await user.click(screen.getByRole('button', { name: 'Found it' }));
    await waitFor(() => expect(asked(desk, 'workspace.create')).toEqual([{ url: '/srv/new', name: 'New', member: 'ana' }]));
  });

  test('g and a letter lead to a place, and the title there has the focus', async () => {
    const { history } = openWindow('/');
    await screen.findByRole('heading', { level: 1, name: 'Inbox' });
    fireEvent.keyDown(document.body, { key: 'g' });
    fireEvent.keyDown(document.body, { key: 'p' });
    await screen.findByRole('heading', { level: 1, name: 'Projects' });
    expect(history.location.pathname).toBe('/projects');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Projects'));
  });

  test('letters typed into a field are text and not keys', async () => {
    const { history, user } = openWindow('/models');
    await user.type(await screen.findByRole('searchbox', { name: 'Search' }), 'gp');
    expect(history.location.pathname).toBe('/models');
  });

  test('the palette finds places, commands and things by name', async () => {
    const { user, history } = openWindow('/');
    await screen.findByRole('heading', { level: 1, name: 'Inbox' });
    await user.keyboard('{Control>}k{/Control}');
    const box = await screen.findByRole('combobox', { name: 'Search or run a command' });
    await user.type(box, 'churn_gbt');
    expect(await screen.findByRole('option', { name: 'churn_gbt 1.0 Customer churn' })).toBeDefined();
    await user.clear(box);
    await user.type(box, 'verify');
    await user.keyboard('{Enter}');
    await screen.findByRole('heading', { level: 1, name: 'Ledger' });
    expect(history.location.search).toContain('verify');
    expect(await screen.findByText(/the history is whole/)).toBeDefined();
  });

  test('a change in a room fetches what the page shows anew', async () => {
    const { desk } = openWindow('/people');
    await screen.findByRole('rowheader', { name: /Ana Souza/ });
    const before = asked(desk, 'people.list').length;
    desk.change({ position: 42, rooms: ['people'] });
    await waitFor(() => expect(asked(desk, 'people.list').length).toBe(before + 1));
  });

  test('a notice that arrives is shown once, with a way to what it is about', async () => {
    const { desk } = openWindow('/people');
    await screen.findByRole('rowheader', { name: /Ana Souza/ });
    const notice = { id: 'n9', title: 'Run failed', body: 'Look at it', link: `/runs/${RUN}`, level: 'failure', to: ['vera'], at: new Date(Date.now() + 1000).toISOString(), read: false, deliveries: [] };
    desk.answer('notices.list', () => ({ rows: [notice], total: 1, next: null }));
    desk.change({ position: 43, rooms: ['notices'] });
    desk.change({ position: 44, rooms: ['notices'] });
    const link = await screen.findByRole('link', { name: 'Look at it' });
    expect(link.getAttribute('href')).toBe(`#/runs/${RUN}`);
    expect(screen.getAllByText('Run failed')).toHaveLength(1);
  });

  test('another language is spoken at once when it is chosen', async () => {
    const desk = fakeDesk();
    desk.answer('settings.show', () => ({ theme: 'dark', language: 'pt-BR', desktop_notices: true, buckets: '/b', mail: { host: '', port: 465, security: 'tls', user: '', from: '', whom: 'here', password_kept: false } }));
    openWindow('/settings', desk);
    expect(await screen.findByRole('heading', { level: 1, name: 'Configurações' })).toBeDefined();
    await waitFor(() => expect(document.documentElement.lang).toBe('pt-BR'));
    await waitFor(() => expect(document.documentElement.dataset['mantineColorScheme']).toBe('dark'));
  });

  test('a page that is not there says so', async () => {
    openWindow('/nowhere');
    expect(await screen.findByRole('heading', { level: 1, name: 'Not found' })).toBeDefined();
  });
});

describe('the inbox', () => {
  test('c claims the row in focus, Enter opens it', async () => {
    const { desk, history } = openWindow('/');
    const grid = await screen.findByRole('grid', { name: 'Tasks' });
    const row = await within(grid).findByRole('row', { name: /Approve model champion/ });
    row.focus();
    fireEvent.keyDown(row, { key: 'c' });
    await waitFor(() => expect(asked(desk, 'workflow.claim')).toEqual([{ task: TASK }]));
    fireEvent.keyDown(row, { key: 'Enter' });
    await waitFor(() => expect(history.location.pathname).toBe(`/tasks/${TASK}`));
  });

  test('a refused claim is shown in the words of the rule', async () => {
    const desk = fakeDesk();
    desk.answer('workflow.claim', () => {
      throw new CallFailure('refused', '`ana` registered this version; a second person must approve it', 'Ask a validator.', []);
    });
    const { user } = openWindow('/', desk);
    await user.click(await screen.findByRole('button', { name: 'Claim' }));
    expect(await screen.findByText(/a second person must approve it/)).toBeDefined();
  });
});

describe('a task', () => {
  test('signing sends the typed answer, the note and the digest that was seen', async () => {
    const { desk, user, history } = openWindow(`/tasks/${TASK}`);
    await user.click(await screen.findByRole('radio', { name: 'Yes' }));
    await user.type(screen.getByLabelText('Note'), 'Good on the holdout.');
    await user.click(screen.getByRole('button', { name: 'Sign and complete' }));
    await waitFor(() =>
      expect(asked(desk, 'workflow.complete')).toEqual([{ task: TASK, answers: { ModelIsApproved: true }, note: 'Good on the holdout.', seen_digest: DIGEST, seen_evidence: [OTHER], seen_definition: DEFINITION }]),
    );
    await waitFor(() => expect(history.location.pathname).toBe(`/instances/${INSTANCE}`));
  });

  test('without the required answer nothing is sent, and the question says so', async () => {
    const { desk, user } = openWindow(`/tasks/${TASK}`);
    await user.click(await screen.findByRole('button', { name: 'Sign and complete' }));
    expect(await screen.findByText('This must be answered.')).toBeDefined();
    expect(asked(desk, 'workflow.complete')).toEqual([]);
  });

  test('a refusal keeps everything that was typed', async () => {
    const desk = fakeDesk();
    desk.answer('workflow.complete', () => {
      throw new CallFailure('refused', 'the package changed since you looked', 'Read the new contents.', []);
    });
    const { user } = openWindow(`/tasks/${TASK}`, desk);
    await user.click(await screen.findByRole('radio', { name: 'No' }));
    await user.type(screen.getByLabelText('Note'), 'Leaks the target.');
    await user.click(screen.getByRole('button', { name: 'Sign and complete' }));
    expect((await screen.findByRole('alert')).textContent).toContain('the package changed since you looked');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe('Leaks the target.');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'No' }).checked).toBe(true);
  });

  test('what was typed is kept as a draft, and is there again', async () => {
    const desk = fakeDesk();
    const { user, unmount } = openWindow(`/tasks/${TASK}`, desk);
    await user.click(await screen.findByRole('radio', { name: 'Yes' }));
    await user.type(screen.getByLabelText('Note'), 'half');
    await waitFor(() => expect(asked(desk, 'workflow.keep_draft').at(-1)).toEqual({ task: TASK, draft: { answers: { ModelIsApproved: true }, note: 'half' } }), { timeout: 3000 });
    unmount();

    const page = (await desk.call('workflow.show_task', { task: TASK })) as Awaited<ReturnType<typeof Object>>;
    desk.answer('workflow.show_task', () => ({ ...page, draft: { answers: { ModelIsApproved: true }, note: 'half' } }));
    openWindow(`/tasks/${TASK}`, desk);
    expect((await screen.findByRole<HTMLInputElement>('radio', { name: 'Yes' })).checked).toBe(true);
    expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe('half');
  });

  test('a package that changes while the page is open is told, and the digest seen first is what would be signed', async () => {
    const { desk, user } = openWindow(`/tasks/${TASK}`);
    await user.click(await screen.findByRole('radio', { name: 'Yes' }));
    const page = (await desk.call('workflow.show_task', { task: TASK })) as Awaited<ReturnType<typeof Object>>;
    desk.answer('workflow.show_task', () => ({ ...page, digest: `sha256:${'0'.repeat(64)}` }));
    desk.change({ position: 50, rooms: ['registry'] });
    expect(await screen.findByText(/The package changed while this page was open/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Sign and complete' }));
    await waitFor(() => expect(asked(desk, 'workflow.complete')).toMatchObject([{ seen_digest: DIGEST }]));
  });

  test('evidence that changes while the page is open is told, and what was seen first is what would be signed', async () => {
    const { desk, user } = openWindow(`/tasks/${TASK}`);
    await user.click(await screen.findByRole('radio', { name: 'Yes' }));
    const page = (await desk.call('workflow.show_task', { task: TASK })) as Awaited<ReturnType<typeof Object>>;
    desk.answer('workflow.show_task', () => ({ ...page, evidence_digests: [DIGEST] }));
    desk.change({ position: 50, rooms: ['registry'] });
    expect(await screen.findByText(/The package changed while this page was open/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Sign and complete' }));
    await waitFor(() => expect(asked(desk, 'workflow.complete')).toMatchObject([{ seen_digest: DIGEST, seen_evidence: [OTHER] }]));
  });
});

describe('a version', () => {
  test('the score code is shown first, another file on a click', async () => {
    const { user, history } = openWindow(`/versions/${VERSION}?tab=files`);
    expect(await screen.findByRole('region', { name: 'score.py' })).toBeDefined();
    await user.click(screen.getByRole('button', { name: /gbt_pipeline\.zip/ }));
    expect(await screen.findByText('This is not text')).toBeDefined();
    expect(history.location.search).toContain('gbt_pipeline.zip');
  });

  test('an approval of other contents does not count', async () => {
    openWindow(`/versions/${VERSION}`);
    expect((await screen.findAllByText('Signed for other contents')).length).toBe(2);
  });

  test('what contradicts a statistic stands beside it', async () => {
    openWindow(`/versions/${VERSION}?tab=performance`);
    const row = await screen.findByRole('row', { name: /KS \(Youden\)/ });
    expect(row.textContent).toContain('0.4871');
    expect(within(row).getByText('no value')).toBeDefined();
  });

  test('a champion is placed by one command; a refusal stays on the page', async () => {
    const desk = fakeDesk();
    desk.answer('registry.show_version', () => ({ ...version, role: 'plain' }));
    desk.answer('registry.set_champion', () => {
      throw new CallFailure('refused', '`ivo` may not place versions', 'Ask a model steward.', []);
    });
    const { user } = openWindow(`/versions/${VERSION}`, desk);
    await user.click(await screen.findByRole('button', { name: 'Place' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Make champion' }));
    expect((await screen.findByRole('alert')).textContent).toContain('may not place versions');
    expect(asked(desk, 'registry.set_champion')).toEqual([{ version: VERSION }]);
  });
});

describe('importing a package', () => {
  test('a dropped zip is read; what blocks must be accepted with a reason before it registers', async () => {
    const { desk, user } = openWindow(`/projects/${PROJECT}`);
    await user.click((await screen.findAllByRole('button', { name: 'Import a package' }))[0] ?? document.body);
    await screen.findByRole('dialog');
    desk.drop({ kind: 'dropped', paths: ['/tmp/notes.txt', '/tmp/churn.ZIP'] });
    expect(await screen.findByText(/looks like a credential/)).toBeDefined();
    expect(asked(desk, 'registry.inspect_package')).toEqual([{ path: '/tmp/churn.ZIP' }]);

    await user.click(screen.getByRole('button', { name: 'Register' }));
    expect(await screen.findByText(/This blocks registration/)).toBeDefined();
    await user.click(screen.getByRole('checkbox', { name: /Accept this finding/ }));
    await user.type(screen.getByLabelText('Reason'), 'sandbox account');
    await user.click(screen.getByRole('button', { name: 'Register' }));
    await waitFor(() =>
      expect(asked(desk, 'registry.import_package')).toMatchObject([{ path: '/tmp/churn.ZIP', project: PROJECT, name: 'churn_gbt', waivers: [{ finding: 'f1', reason: 'sandbox account' }] }]),
    );
  });

  test('a hostile package is refused with its reason', async () => {
    const desk = fakeDesk();
    desk.answer('registry.inspect_package', () => {
      throw new CallFailure('package', '`evil.zip` holds the path `../../etc/passwd`, which leads outside', 'Nothing was written.', []);
    });
    const { user } = openWindow('/projects?import=true', desk);
    await user.type(await screen.findByLabelText('Path of the zip on this machine'), '/tmp/evil.zip');
    await user.click(screen.getByRole('button', { name: 'Read' }));
    expect((await screen.findByRole('alert')).textContent).toContain('leads outside');
    expect(screen.queryByRole('button', { name: 'Register' })).toBeNull();
  });
});

describe('a run', () => {
  test('shows its stages, and a log that can be searched', async () => {
    const { user } = openWindow(`/runs/${RUN}`);
    expect(await screen.findByText('Preparing')).toBeDefined();
    await user.type(await screen.findByRole('searchbox', { name: 'Search the log' }), 'WARN');
    expect(await screen.findByText('1 / 1')).toBeDefined();
    await user.clear(screen.getByRole('searchbox', { name: 'Search the log' }));
    await user.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'nothing like it');
    expect(await screen.findByText('none')).toBeDefined();
  });

  test('a missing output is said with what is wrong', async () => {
    openWindow(`/runs/${RUN}`);
    const row = await screen.findByRole('row', { name: /scored/ });
    expect(row.textContent).toContain('Wrong');
    expect(row.textContent).toContain('no Parquet file lies there');
  });
});

describe('a process', () => {
  test('an incident says when its call is tried again by itself', async () => {
    openWindow(`/instances/${INSTANCE}`);
    expect(await screen.findByText(/tried again by itself \(1 of 3\)/)).toBeDefined();
  });

  test('an incident is skipped only with a reason', async () => {
    const { desk, user } = openWindow(`/instances/${INSTANCE}`);
    await user.click(await screen.findByRole('button', { name: 'Skip' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Skip' }));
    expect(await within(dialog).findByText('Say why.')).toBeDefined();
    await user.type(within(dialog).getByLabelText(/Reason/), 'done by hand');
    await user.click(within(dialog).getByRole('button', { name: 'Skip' }));
    await waitFor(() => expect(asked(desk, 'workflow.skip')).toEqual([{ instance: INSTANCE, incident: 'i1', reason: 'done by hand' }]));
  });
});
