import { ActionIcon, Button, Select, Tabs, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleX, GitCompare, PencilRuler, Play, Trash2, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { BindCall } from '../../api/bindings/BindCall';
import type { BindDefinition } from '../../api/bindings/BindDefinition';
import type { BindGate } from '../../api/bindings/BindGate';
import type { CallRow } from '../../api/bindings/CallRow';
import type { DefinitionPage as Shown } from '../../api/bindings/DefinitionPage';
import type { DiagnosticRow } from '../../api/bindings/DiagnosticRow';
import type { PartyRow } from '../../api/bindings/PartyRow';
import type { Property } from '../../api/bindings/Property';
import type { ReminderRow } from '../../api/bindings/ReminderRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Diagram } from '../../parts/diagram';
import { Digest } from '../../parts/digest';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { BindReminders, readable } from './bind-reminders';
import { CalledProcesses } from './called-processes';
import { Cycles } from './cycles';
import { DefinitionState } from './definitions';
import classes from './definition.module.css';
import { lintMarks } from './marks';
import { Export } from './export';
import { SelfStarts } from './self-starts';
import { StartButton } from './start';
import { Switch } from './switch';

/** One definition: its diagram, what the lint says of it, and what its calls and people mean here. */
export function Definition({ id }: { id: string }) {
  const { t } = useWords();
  const read = useRead('workflow.show_definition', { definition: id });
  if (read.error && !read.data) {
    return (
      <Page title={t('definitions')} crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  return read.data ? <Opened key={read.data.definition.id} shown={read.data} /> : <PageLoading />;
}

function Opened({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const { definition } = shown;
  const [picked, setPicked] = useState<string | null>(null);
  const marks = useMemo(() => lintMarks(shown.diagnostics, picked), [shown.diagnostics, picked]);
  const unbound = shown.calls.filter((call) => call.action === null).length + shown.parties.filter((party) => !party.told && party.role === null && party.member === null).length + shown.called.filter((one) => one.bound === null).length;
  return (
    <Page
      title={definition.name}
      crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}
      badges={<DefinitionState row={definition} />}
      lead={
        <>
          {t('version-n', { n: definition.version })} · {t('imported-by', { who: definition.imported_by })} <Moment at={definition.imported_at} />
        </>
      }
      actions={<Actions shown={shown} />}
    >
      <Section flush>
        <Diagram xml={shown.xml} marks={marks} height={430} onElement={setPicked} description={t('diagram-of-definition', { name: definition.name })} />
      </Section>
      {definition.disabled !== null && (
        <Advice tone="warn" title={t('definition-disabled-text')}>
          {definition.disabled}
        </Advice>
      )}
      {shown.self_starts.length > 0 && <SelfStarts rows={shown.self_starts} />}
      <Cycles rows={shown.cycles} />
      <Tabs defaultValue={definition.errors > 0 ? 'lint' : unbound > 0 ? 'calls' : 'lint'}>
        <Tabs.List>
          <Tabs.Tab value="lint" rightSection={shown.diagnostics.length > 0 ? <Badge>{shown.diagnostics.length}</Badge> : null}>
            {t('lint')}
          </Tabs.Tab>
          <Tabs.Tab value="calls" rightSection={unbound > 0 ? <Badge tone="warn">{unbound}</Badge> : null}>
            {t('bindings')}
          </Tabs.Tab>
          <Tabs.Tab value="versions">{t('tab-versions')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="lint" pt={16}>
          <Lint rows={shown.diagnostics} picked={picked} onPick={setPicked} />
        </Tabs.Panel>
        <Tabs.Panel value="calls" pt={16}>
          <Bindings shown={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt={16}>
          <Versions shown={shown} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** What can be done with a definition: change it, rehearse it, start it. */
function Actions({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const begin = useWrite('workflow.begin_design');
  const { definition } = shown;
  return (
    <>
      <Button
        leftSection={<PencilRuler size={14} aria-hidden />}
        loading={begin.isPending}
        onClick={() =>
          begin.mutate(
            { definition: definition.id },
            {
              onSuccess: (page) => void navigate({ to: '/designs/$design', params: { design: page.design.id } }),
              onError: (failure) => notifications.show({ title: failure.message, message: failure.hint ?? '', color: 'red' }),
            },
          )
        }
      >
        {t('design-change')}
      </Button>
      <Button leftSection={<Play size={14} aria-hidden />} onClick={() => void navigate({ to: '/rehearsal', search: { definition: definition.id } })}>
        {t('rehearse')}
      </Button>
      <Export definition={definition} />
      <Switch definition={definition} />
      {definition.startable && <StartButton definition={definition.id} />}
    </>
  );
}

/** What the lint found. Errors block starting; a click shows the element. */
function Lint({ rows, picked, onPick }: { rows: readonly DiagnosticRow[]; picked: string | null; onPick: (element: string | null) => void }) {
  const { t } = useWords();
  const sorted = rows.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return (
    <Section flush>
      <Table
        label={t('lint')}
        rows={sorted}
        rowKey={(row, at) => `${row.code} ${row.element} ${at}`}
        empty={<Empty title={t('lint-clean')}>{t('lint-clean-text')}</Empty>}
        columns={[
          {
            name: t('col-severity'),
            width: '110px',
            cell: (row) => (
              <Badge tone={row.severity === 'error' ? 'bad' : 'warn'} icon={row.severity === 'error' ? <CircleX aria-hidden /> : <TriangleAlert aria-hidden />}>
                {t(row.severity === 'error' ? 'severity-error' : 'severity-warning')}
              </Badge>
            ),
          },
          { name: t('col-what'), header: true, cell: (row) => <Ticks text={row.message} /> },
          { name: t('col-rule'), cell: (row) => <code>{row.code}</code> },
          {
            name: t('col-element'),
            cell: (row) =>
              row.element && (
                <Button size="compact-xs" variant={picked === row.element ? 'light' : 'default'} onClick={() => onPick(row.element)}>
                  {t('show')}
                </Button>
              ),
          },
        ]}
      />
    </Section>
  );
}

/** What the definition's calls and people mean here. Nothing is written before the button. */
function Bindings({ shown }: { shown: Shown }) {
  const { t, known } = useWords();
  const navigate = useNavigate();
  const people = useRead('people.list', {});
  const connections = useRead('workflow.list_connections', {});
  const bind = useWrite('workflow.bind');
  const [calls, setCalls] = useState<Record<string, BindCall>>({});
  const [parties, setParties] = useState<Record<string, string>>({});
  const [gates, setGates] = useState<BindGate[] | null>(null);
  const [called, setCalled] = useState<Record<string, string>>({});
  const [reminders, setReminders] = useState<ReminderRow[] | null>(null);
  const key = (party: PartyRow) => `${party.kind} ${party.name}`;
  const whom = [
    { group: t('roles'), items: (people.data?.roles ?? []).map((role) => ({ value: `role ${role.role}`, label: known('role', role.role) })) },
    { group: t('members'), items: (people.data?.members ?? []).map((member) => ({ value: `member ${member.name}`, label: member.display_name })) },
  ];
  const gated = gates ?? shown.gates.map(({ element, variable }) => ({ element, variable }));
  // A call over HTTP goes through a connection, or nowhere.
  const undirected = Object.values(calls).some((call) => call.action === 'http' && call.connection === undefined);
  const changed = Object.keys(calls).length + Object.keys(parties).length + Object.keys(called).length > 0 || gates !== null || reminders !== null;
  const taskName = (element: string) => shown.gates.find((gate) => gate.element === element)?.name ?? shown.answers.find((answer) => answer.element === element)?.name ?? element;
  const save = () => {
    const request: BindDefinition = {
      definition: shown.definition.id,
      calls: Object.values(calls),
      called: Object.entries(called).map(([process, definition]) => ({ process, definition })),
      parties: shown.parties.flatMap((party) => {
        const [kind, ...name] = (parties[key(party)] ?? '').split(' ');
        if (name.length === 0) return [];
        return [{ kind: party.kind, name: party.name, ...(kind === 'role' ? { role: name.join(' ') } : { member: name.join(' ') }) }];
      }),
      ...(gates === null ? {} : { gates }),
      ...(reminders === null ? {} : { reminders }),
    };
    bind.mutate(request, {
      onSuccess: (page) => {
        setCalls({});
        setParties({});
        setCalled({});
        setGates(null);
        setReminders(null);
        void navigate({ to: '/definitions/$definition', params: { definition: page.definition.id }, replace: true });
      },
    });
  };
  return (
    <div className="stack">
      <Section title={t('calls')} flush>
        <Table
          label={t('calls')}
          rows={shown.calls}
          rowKey={(row) => row.element}
          empty={<Empty title={t('calls-none')} />}
          columns={[
            { name: t('col-name'), header: true, cell: (row) => row.name },
            { name: t('col-call'), cell: (row) => <code className={classes.call}>{row.call}</code> },
            {
              name: t('col-action'),
              width: '260px',
              cell: (row) => {
                const bound = calls[row.element];
                return (
                  <div className="stack-tight">
                    <Select
                      aria-label={t('bind-call', { name: row.name })}
                      placeholder={t('unbound')}
                      data={shown.actions.map((action) => ({ value: action, label: known('action', action) }))}
                      value={bound?.action ?? row.action}
                      // Another action has other inputs: the host suggests them.
                      onChange={(action) => action !== null && setCalls({ ...calls, [row.element]: { element: row.element, action, inputs: [] } })}
                    />
                    {(bound?.action ?? row.action) === 'http' && (
                      <Select
                        aria-label={t('bind-connection', { name: row.name })}
                        placeholder={t('bind-connection-none')}
                        data={(connections.data ?? []).map((one) => one.name)}
                        value={bound === undefined ? row.connection : (bound.connection ?? null)}
                        onChange={(connection) =>
                          connection !== null && setCalls({ ...calls, [row.element]: { element: row.element, action: 'http', inputs: bound?.inputs ?? row.inputs, connection } })
                        }
                      />
                    )}
                  </div>
                );
              },
            },
            {
              name: t('col-inputs'),
              width: '240px',
              cell: (row) => (
                <Inputs
                  row={row}
                  inputs={calls[row.element]?.inputs ?? row.inputs}
                  onInputs={(inputs) => {
                    const connection = calls[row.element] === undefined ? row.connection : calls[row.element]?.connection;
                    if (row.action !== null) setCalls({ ...calls, [row.element]: { element: row.element, action: calls[row.element]?.action ?? row.action, inputs, ...(connection ? { connection } : {}) } });
                  }}
                />
              ),
            },
            { name: '', width: '120px', cell: (row) => row.by_itself && calls[row.element] === undefined && <span className="small dim">{t('bound-by-itself')}</span> },
          ]}
        />
      </Section>
      <CalledProcesses rows={shown.called} chosen={called} onChosen={setCalled} />
      <Section title={t('parties')} flush>
        <Table
          label={t('parties')}
          rows={shown.parties}
          rowKey={(row) => `${key(row)} ${row.excluded}`}
          empty={<Empty title={t('parties-none')} />}
          columns={[
            {
              name: t('col-name'),
              header: true,
              cell: (row) => (
                <span className="line">
                  <code>{row.name}</code>
                  <Badge>{t(row.kind === 'group' ? 'party-group' : 'party-user')}</Badge>
                  {row.excluded && <Badge tone="warn">{t('party-excluded')}</Badge>}
                  {row.told && <Badge>{t('party-told')}</Badge>}
                </span>
              ),
            },
            {
              name: t('party-means'),
              width: '300px',
              cell: (row) => (
                <Select
                  aria-label={t('bind-party', { name: row.name })}
                  placeholder={t('unbound')}
                  searchable
                  data={whom}
                  value={parties[key(row)] ?? (row.role !== null ? `role ${row.role}` : row.member !== null ? `member ${row.member}` : null)}
                  onChange={(value) => value !== null && setParties({ ...parties, [key(row)]: value })}
                />
              ),
            },
          ]}
        />
      </Section>
      <Section title={t('gates')} flush>
        <Table
          label={t('gates')}
          rows={gated}
          rowKey={(row) => row.element}
          empty={<Empty title={t('gates-none')}>{t('gates-none-text')}</Empty>}
          columns={[
            { name: t('col-task'), header: true, cell: (row) => taskName(row.element) },
            { name: t('gate-variable'), cell: (row) => <code>{row.variable}</code> },
            {
              name: t('gate-guards'),
              cell: (row) => {
                const guarded = shown.gates.find((gate) => gate.element === row.element)?.gate;
                return guarded === undefined ? '' : known('action', guarded);
              },
            },
            {
              name: t('col-actions'),
              width: '70px',
              cell: (row) => (
                <ActionIcon size={24} aria-label={t('gate-remove', { name: taskName(row.element) })} onClick={() => setGates(gated.filter((gate) => gate.element !== row.element))}>
                  <Trash2 size={13} aria-hidden />
                </ActionIcon>
              ),
            },
          ]}
        />
        <div style={{ padding: 12 }}>
          <Select
            label={t('gate-add')}
            placeholder={t('gate-add-what')}
            data={shown.answers
              .filter((answer) => gated.every((gate) => gate.element !== answer.element))
              .map((answer) => ({ value: `${answer.element} ${answer.variable}`, label: `${answer.name} · ${answer.question || answer.variable}` }))}
            value={null}
            onChange={(value) => {
              const answer = shown.answers.find((one) => `${one.element} ${one.variable}` === value);
              if (answer !== undefined) setGates([...gated, { element: answer.element, variable: answer.variable }]);
            }}
          />
        </div>
      </Section>
      <BindReminders
        rows={reminders ?? shown.reminders}
        tasks={shown.tasks}
        whom={[
          { group: t('roles'), items: (people.data?.roles ?? []).map((role) => ({ value: role.role, label: known('role', role.role) })) },
          { group: t('members'), items: (people.data?.members ?? []).map((member) => ({ value: `@${member.name}`, label: member.display_name })) },
        ]}
        onRows={setReminders}
      />
      {bind.error && <FailureAdvice thrown={bind.error} />}
      <div className="line" style={{ justifyContent: 'flex-end' }}>
        <Button variant="filled" disabled={!changed || undirected || (reminders !== null && !readable(reminders))} loading={bind.isPending} onClick={save}>
          {t('bind-save')}
        </Button>
      </div>
    </div>
  );
}

/** Inputs that an action may have and that no import suggests: where its run goes, and when it is stopped. */
const OFFERED: Record<string, readonly string[]> = { train: ['target', 'deadline'], score: ['target', 'deadline'], retrain: ['target', 'deadline'], migrate: ['target'] };

/** The variables that an action's inputs come from. */
function Inputs({ row, inputs, onInputs }: { row: CallRow; inputs: readonly Property[]; onInputs: (inputs: Property[]) => void }) {
  const { t } = useWords();
  const action = row.action ?? '';
  const missing = (OFFERED[action] ?? []).filter((name) => !inputs.some((one) => one.name === name));
  const offered = [...inputs, ...missing.map((name) => ({ name, value: '' }))];
  const said = (name: string, value: string) => offered.map((one) => (one.name === name ? { ...one, value } : one)).filter((one) => one.value !== '' || !missing.includes(one.name));
  return (
    <div className="stack-tight">
      {offered.map((input) => (
        <TextInput
          key={input.name}
          aria-label={t('bind-input', { input: input.name, name: row.name })}
          leftSection={<span className="small dim">{input.name}</span>}
          leftSectionWidth={84}
          value={input.value}
          onChange={(event) => onInputs(said(input.name, event.currentTarget.value))}
        />
      ))}
    </div>
  );
}

function Versions({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <Section flush>
      <Table
        label={t('tab-versions')}
        rows={shown.versions}
        rowKey={(row) => row.id}
        empty={<Empty title={t('versions-only')} />}
        columns={[
          {
            name: t('col-version'),
            header: true,
            cell: (row) =>
              row.id === shown.definition.id ? (
                <strong>{row.version}</strong>
              ) : (
                <Link to="/definitions/$definition" params={{ definition: row.id }}>
                  {row.version}
                </Link>
              ),
          },
          { name: t('col-digest'), cell: (row) => <Digest value={row.digest} /> },
          { name: t('col-state'), cell: (row) => <DefinitionState row={row} /> },
          { name: t('col-by'), cell: (row) => row.imported_by },
          { name: t('col-imported'), cell: (row) => <Moment at={row.imported_at} /> },
          {
            name: t('col-actions'),
            width: '150px',
            cell: (row) => {
              const before = shown.versions.find((other) => other.version === row.version - 1);
              return (
                before && (
                  <Button
                    size="compact-xs"
                    leftSection={<GitCompare size={12} aria-hidden />}
                    onClick={() => void navigate({ to: '/compare-definitions', search: { before: before.id, after: row.id } })}
                  >
                    {t('compare-with-n', { n: before.version })}
                  </Button>
                )
              );
            },
          },
        ]}
      />
    </Section>
  );
}
