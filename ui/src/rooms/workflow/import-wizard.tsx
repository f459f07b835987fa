import { Button, Checkbox, Select, Stepper, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleX, TriangleAlert, Workflow } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { BindCall } from '../../api/bindings/BindCall';
import type { DefinitionReading } from '../../api/bindings/DefinitionReading';
import type { ImportDefinition as Request } from '../../api/bindings/ImportDefinition';
import { call } from '../../api/call';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Diagram } from '../../parts/diagram';
import { Page, PageLoading, Section } from '../../parts/page';
import { PathField } from '../../parts/path-field';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { CalledProcesses } from './called-processes';
import { Cycles } from './cycles';
import classes from './definitions.module.css';
import { lintMarks } from './marks';

/** The name under which the half-filled wizard is kept on this desk. */
const FORM = 'import-definition';
/** Milliseconds of rest after which it is kept. */
const KEEP_MS = 500;

/** Everything somebody chose so far. */
interface Chosen {
  step: number;
  path: string;
  template: string | null;
  name: string;
  calls: Record<string, string>;
  inputs: Record<string, { name: string; value: string }[]>;
  /** Connections of calls over HTTP, by element. */
  connections: Record<string, string>;
  parties: Record<string, string>;
  /** Definitions that called processes are in, by process. */
  called: Record<string, string>;
  gates: string[] | null;
}

const NOTHING: Chosen = { step: 0, path: '', template: null, name: '', calls: {}, inputs: {}, connections: {}, parties: {}, called: {}, gates: null };

/** From a file to a definition that can be started: what it says, what its calls do here, and whom its people mean. */
export function ImportWizard() {
  const kept = useRead('workflow.show_form', { form: FORM });
  if (!kept.data && !kept.error) return <PageLoading />;
  return <Wizard first={{ ...NOTHING, ...(kept.data?.values as Partial<Chosen> | null | undefined) }} />;
}

/** The import as Rust is asked for it. */
export function importRequest(chosen: Chosen, reading: DefinitionReading | null): Request {
  const calls: BindCall[] = Object.entries({ ...Object.fromEntries(Object.keys(chosen.inputs).map((element) => [element, reading?.calls.find((one) => one.element === element)?.action ?? ''])), ...chosen.calls })
    .filter(([, action]) => action !== '')
    .map(([element, action]) => {
      const connection = action === 'http' ? chosen.connections[element] : undefined;
      return { element, action, inputs: chosen.inputs[element] ?? [], ...(connection === undefined ? {} : { connection }) };
    });
  const parties = (reading?.parties ?? []).flatMap((party) => {
    const picked = chosen.parties[`${party.kind} ${party.name}`];
    if (picked === undefined) return [];
    const [kind, ...name] = picked.split(' ');
    return [{ kind: party.kind, name: party.name, ...(kind === 'role' ? { role: name.join(' ') } : { member: name.join(' ') }) }];
  });
  const called = Object.entries(chosen.called).map(([process, definition]) => ({ process, definition }));
  const gates = chosen.gates === null ? {} : { gates: (reading?.gates ?? []).filter((gate) => chosen.gates?.includes(gate.element)).map(({ element, variable }) => ({ element, variable })) };
  return {
    ...(chosen.template === null ? { path: chosen.path.trim() } : { template: chosen.template }),
    ...(chosen.name.trim() === '' ? {} : { name: chosen.name.trim() }),
    ...(calls.length > 0 ? { calls } : {}),
    ...(parties.length > 0 ? { parties } : {}),
    ...(called.length > 0 ? { called } : {}),
    ...gates,
  };
}

function Wizard({ first }: { first: Chosen }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(first);
  const keep = useDebouncedCallback((values: Chosen | null) => void call('workflow.keep_form', { form: FORM, values: values as Record<string, unknown> | null }).catch(() => {}), { delay: KEEP_MS, flushOnUnmount: true });
  const set = (change: Partial<Chosen>) => {
    const next = { ...chosen, ...change };
    setChosen(next);
    keep(next);
  };
  const source = chosen.template !== null ? { template: chosen.template } : { path: chosen.path.trim() };
  const named = chosen.name.trim() === '' ? {} : { name: chosen.name.trim() };
  const read = useRead('workflow.inspect_definition', { ...source, ...named }, { enabled: chosen.step > 0 && (chosen.template !== null || chosen.path.trim() !== ''), keep: true });
  const reading = read.data ?? null;
  const take = useWrite('workflow.import_definition');
  const errors = reading?.diagnostics.filter((one) => one.severity === 'error').length ?? 0;
  const unboundCalls = (reading?.calls ?? []).filter((one) => one.action === null && !chosen.calls[one.element]).length;
  // A call over HTTP goes through a connection, or nowhere.
  const undirected = Object.entries(chosen.calls).filter(([element, action]) => action === 'http' && chosen.connections[element] === undefined).length;
  const unboundParties = (reading?.parties ?? []).filter((one) => !one.told && one.role === null && one.member === null && !chosen.parties[`${one.kind} ${one.name}`]).length;
  const unboundCalled = (reading?.called ?? []).filter((one) => one.bound === null && !chosen.called[one.process]).length;
  const forget = () => {
    keep.cancel();
    void call('workflow.keep_form', { form: FORM, values: null }).catch(() => {});
  };
  const finish = () =>
    take.mutate(importRequest(chosen, reading), {
      onSuccess: (page) => {
        forget();
        notifications.show({ message: t('wizard-done', { name: page.definition.name, n: page.definition.version }), color: 'green' });
        void navigate({ to: '/definitions/$definition', params: { definition: page.definition.id } });
      },
    });
  const steps = [t('wizard-file'), t('wizard-checks'), t('wizard-calls'), t('wizard-people'), t('wizard-import')];
  return (
    <Page
      title={t('definition-import')}
      crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}
      lead={t('wizard-lead')}
      actions={
        chosen.step > 0 && (
          <Button
            onClick={() => {
              forget();
              setChosen(NOTHING);
              take.reset();
            }}
          >
            {t('wizard-again')}
          </Button>
        )
      }
    >
      <Stepper active={chosen.step} onStepClick={(step) => (step === 0 || reading) && set({ step })} size="xs" iconSize={28} allowNextStepsSelect={reading !== null}>
        {steps.map((label) => (
          <Stepper.Step key={label} label={label} />
        ))}
      </Stepper>
      {read.error && chosen.step > 0 && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {chosen.step === 0 && <From chosen={chosen} set={set} />}
      {chosen.step > 0 && !read.error && !reading && <PageLoading />}
      {chosen.step === 1 && reading && <Checks reading={reading} chosen={chosen} set={set} />}
      {chosen.step === 2 && reading && <Calls reading={reading} chosen={chosen} set={set} />}
      {chosen.step === 3 && reading && <Parties reading={reading} chosen={chosen} set={set} />}
      {chosen.step === 4 && reading && (
        <Section title={chosen.name.trim() || reading.name}>
          <div className="stack">
            <p>{reading.replaces === null ? t('wizard-new', { name: reading.name }) : t('wizard-next', { name: reading.name, n: reading.replaces + 1 })}</p>
            {errors + unboundCalls + undirected + unboundParties + unboundCalled === 0 ? (
              <Advice tone="good">{t('wizard-startable')}</Advice>
            ) : (
              <Advice tone="warn" title={t('wizard-not-startable')}>
                <ul>
                  {errors > 0 && <li>{t('errors-n', { n: errors })}</li>}
                  {unboundCalls > 0 && <li>{t('wizard-unbound-calls', { n: unboundCalls })}</li>}
                  {undirected > 0 && <li>{t('wizard-undirected', { n: undirected })}</li>}
                  {unboundCalled > 0 && <li>{t('wizard-unbound-called', { n: unboundCalled })}</li>}
                  {unboundParties > 0 && <li>{t('wizard-unbound-people', { n: unboundParties })}</li>}
                </ul>
              </Advice>
            )}
            {take.error && <FailureAdvice thrown={take.error} />}
          </div>
        </Section>
      )}
      {chosen.step > 0 && (
        <div className="line" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={() => set({ step: chosen.step - 1 })}>{t('back')}</Button>
          {chosen.step < 4 ? (
            <Button variant="filled" disabled={!reading || Boolean(read.error)} onClick={() => set({ step: chosen.step + 1 })}>
              {t('next')}
            </Button>
          ) : (
            <Button variant="filled" disabled={undirected > 0} loading={take.isPending} onClick={finish}>
              {t('definition-import')}
            </Button>
          )}
        </div>
      )}
    </Page>
  );
}

interface Part {
  chosen: Chosen;
  set: (change: Partial<Chosen>) => void;
}

function From({ chosen, set }: Part) {
  const { t } = useWords();
  const templates = useRead('workflow.templates', {});
  const ready = chosen.path.trim() !== '';
  return (
    <div className="halves">
      <Section title={t('definition-from-file')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) set({ ...NOTHING, path: chosen.path, step: 1 });
          }}
        >
          <PathField label={t('definition-path')} what="file" extensions={['bpmn', 'xml']} placeholder="/home/…/process.bpmn" value={chosen.path} onValue={(path) => set({ path, template: null })} onChosen={(path) => set({ ...NOTHING, path, step: 1 })} />
          <p className="small dim">{t('wizard-file-text')}</p>
          <Button type="submit" variant="filled" disabled={!ready} style={{ alignSelf: 'flex-end' }}>
            {t('wizard-read')}
          </Button>
        </form>
      </Section>
      <Section title={t('templates')}>
        <div className="stack-tight">
          {(templates.data ?? []).map((template) => (
            <button key={template.name} type="button" className={classes.template} onClick={() => set({ ...NOTHING, template: template.name, step: 1 })}>
              <Workflow size={16} aria-hidden />
              <span>
                <strong>{template.name}</strong>
                <span className="small dim" style={{ display: 'block' }}>
                  {template.description}
                </span>
              </span>
            </button>
          ))}
        </div>
      </Section>
    </div>
  );
}

function Checks({ reading, chosen, set }: Part & { reading: DefinitionReading }) {
  const { t } = useWords();
  const [picked, setPicked] = useState<string | null>(null);
  const marks = useMemo(() => lintMarks(reading.diagnostics, picked), [reading.diagnostics, picked]);
  return (
    <div className="stack">
      <Section flush>
        <Diagram xml={reading.xml} marks={marks} height={340} onElement={setPicked} description={t('diagram-of-definition', { name: reading.name })} />
      </Section>
      <Section>
        <TextInput label={t('col-name')} description={reading.replaces === null ? t('wizard-new', { name: reading.name }) : t('wizard-next', { name: reading.name, n: reading.replaces + 1 })} placeholder={reading.name} value={chosen.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      </Section>
      <Cycles rows={reading.cycles} />
      <Section title={t('lint')} flush>
        <Table
          label={t('lint')}
          rows={reading.diagnostics.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))}
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
            { name: t('col-element'), width: '90px', cell: (row) => row.element && <Button size="compact-xs" onClick={() => setPicked(row.element)}>{t('show')}</Button> },
          ]}
        />
      </Section>
    </div>
  );
}

function Calls({ reading, chosen, set }: Part & { reading: DefinitionReading }) {
  const { t, known } = useWords();
  const connections = useRead('workflow.list_connections', {});
  return (
    <div className="stack">
      <Section title={t('calls')} flush>
        <Table
          label={t('calls')}
          rows={reading.calls}
          rowKey={(row) => row.element}
          empty={<Empty title={t('calls-none')} />}
          columns={[
            { name: t('col-name'), header: true, cell: (row) => row.name },
            { name: t('col-call'), cell: (row) => <code className={classes.call}>{row.call}</code> },
            {
              name: t('col-action'),
              width: '230px',
              cell: (row) => (
                <div className="stack-tight">
                  <Select
                    aria-label={t('bind-call', { name: row.name })}
                    placeholder={t('unbound')}
                    data={reading.actions.map((action) => ({ value: action, label: known('action', action) }))}
                    value={chosen.calls[row.element] ?? row.action}
                    onChange={(action) => action !== null && set({ calls: { ...chosen.calls, [row.element]: action }, inputs: { ...chosen.inputs, [row.element]: [] } })}
                  />
                  {(chosen.calls[row.element] ?? row.action) === 'http' && (
                    <Select
                      aria-label={t('bind-connection', { name: row.name })}
                      placeholder={t('bind-connection-none')}
                      data={(connections.data ?? []).map((one) => one.name)}
                      value={chosen.connections[row.element] ?? null}
                      onChange={(connection) => connection !== null && set({ calls: { ...chosen.calls, [row.element]: 'http' }, connections: { ...chosen.connections, [row.element]: connection } })}
                    />
                  )}
                </div>
              ),
            },
            {
              name: t('col-inputs'),
              width: '220px',
              cell: (row) => {
                const inputs = chosen.inputs[row.element] ?? (chosen.calls[row.element] === undefined || chosen.calls[row.element] === row.action ? row.inputs : []);
                return (
                  <div className="stack-tight">
                    {inputs.map((input) => (
                      <TextInput
                        key={input.name}
                        aria-label={t('bind-input', { input: input.name, name: row.name })}
                        leftSection={<span className="small dim">{input.name}</span>}
                        leftSectionWidth={70}
                        value={input.value}
                        onChange={(event) => set({ inputs: { ...chosen.inputs, [row.element]: inputs.map((one) => (one.name === input.name ? { ...one, value: event.currentTarget.value } : one)) } })}
                      />
                    ))}
                  </div>
                );
              },
            },
            { name: '', width: '120px', cell: (row) => row.by_itself && chosen.calls[row.element] === undefined && <span className="small dim">{t('bound-by-itself')}</span> },
          ]}
        />
      </Section>
      <CalledProcesses rows={reading.called} chosen={chosen.called} onChosen={(called) => set({ called })} />
      <Section title={t('gates')} flush>
        <Table
          label={t('gates')}
          rows={reading.gates}
          rowKey={(row) => row.element}
          empty={<Empty title={t('gates-none')}>{t('gates-none-text')}</Empty>}
          columns={[
            { name: t('col-task'), header: true, cell: (row) => row.name },
            { name: t('gate-variable'), cell: (row) => <code>{row.variable}</code> },
            {
              name: t('gate-signed'),
              cell: (row) => {
                const now = chosen.gates ?? reading.gates.map((gate) => gate.element);
                return (
                  <Checkbox
                    aria-label={t('gate-of', { name: row.name })}
                    checked={now.includes(row.element)}
                    onChange={(event) => set({ gates: event.currentTarget.checked ? [...now, row.element] : now.filter((one) => one !== row.element) })}
                  />
                );
              },
            },
          ]}
        />
      </Section>
    </div>
  );
}

function Parties({ reading, chosen, set }: Part & { reading: DefinitionReading }) {
  const { t, known } = useWords();
  const people = useRead('people.list', {});
  const whom = [
    { group: t('roles'), items: (people.data?.roles ?? []).map((role) => ({ value: `role ${role.role}`, label: known('role', role.role) })) },
    { group: t('members'), items: (people.data?.members ?? []).map((member) => ({ value: `member ${member.name}`, label: member.display_name })) },
  ];
  return (
    <Section title={t('parties')} flush>
      <Table
        label={t('parties')}
        rows={reading.parties}
        rowKey={(row) => `${row.kind} ${row.name} ${row.excluded}`}
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
          { name: t('wizard-named-by'), cell: (row) => <span className="small dim">{t('wizard-tasks-n', { n: row.elements.length })}</span> },
          {
            name: t('party-means'),
            width: '300px',
            cell: (row) => (
              <Select
                aria-label={t('bind-party', { name: row.name })}
                placeholder={t('unbound')}
                searchable
                data={whom}
                value={chosen.parties[`${row.kind} ${row.name}`] ?? (row.role !== null ? `role ${row.role}` : row.member !== null ? `member ${row.member}` : null)}
                onChange={(value) => value !== null && set({ parties: { ...chosen.parties, [`${row.kind} ${row.name}`]: value } })}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}
