import { ActionIcon, Button, Select, Tabs } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowUpFromLine, CircleStop, PencilLine, Plus, Replace, RotateCcw, SkipForward } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { IncidentRow } from '../../api/bindings/IncidentRow';
import type { InstanceDiagram } from '../../api/bindings/InstanceDiagram';
import type { InstancePage as Shown } from '../../api/bindings/InstancePage';
import type { TokenRow } from '../../api/bindings/TokenRow';
import type { VariableValue } from '../../api/bindings/VariableValue';
import type { WaitingRow } from '../../api/bindings/WaitingRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Diagram } from '../../parts/diagram';
import { ReasonDialog } from '../../parts/dialog';
import { Digest } from '../../parts/digest';
import { Ago, Due, Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords, type Words } from '../../words/words';
import { Comments } from './comments';
import { AddVariable, Correct } from './correct';
import { Deliver } from './deliver';
import { InstanceState } from './instances';
import { marksIn } from './marks';
import { MoveVersion } from './move-version';
import { Reminders } from './reminders';
import { candidate, TaskState } from './tasks';
import { TurnVersion } from './turn-version';

/** One running process: where it stands, what it waits for, what went wrong and what can be done about it. */
export function Instance({ id }: { id: string }) {
  const words = useWords();
  const { t } = words;
  const read = useRead('workflow.show_instance', { instance: id });
  const [cancelling, setCancelling] = useState(false);
  const [moving, setMoving] = useState(false);
  const [turning, setTurning] = useState(false);
  const cancel = useWrite('workflow.cancel');
  // Which of the diagrams is looked at: its own is the first.
  const [drawn, setDrawn] = useState(0);
  const diagram = read.data?.diagrams[drawn] ?? read.data?.diagrams[0];
  const marks = useMemo(() => (read.data && diagram ? marksIn(diagram, read.data.tokens, read.data.elements, words) : []), [read.data, diagram, words]);
  if (read.error && !read.data) {
    return (
      <Page title={t('instances')} crumbs={[<Link to="/workflows">{t('nav-workflows')}</Link>]}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const { instance } = shown;
  return (
    <Page
      title={instance.definition}
      crumbs={[
        <Link to="/workflows">{t('nav-workflows')}</Link>,
        <Link to="/projects/$project" params={{ project: instance.project }} search={{ tab: 'workflow' }}>
          {instance.project_name}
        </Link>,
      ]}
      badges={<InstanceState row={instance} />}
      lead={
        <>
          {instance.version && (
            <>
              <Link to="/versions/$version" params={{ version: instance.version.version }}>
                {instance.version.label}
              </Link>
              {' · '}
            </>
          )}
          {t(instance.begun === null ? 'instance-started' : 'instance-begun', { who: instance.started_by })} <Ago at={instance.started_at} />
          {instance.begun?.due && (
            <>
              {' · '}
              {t('instance-begun-due')} <Moment at={instance.begun.due} />
            </>
          )}
          {instance.begun && instance.begun.missed > 0 && ` · ${t('self-start-missed', { n: instance.begun.missed })}`}
        </>
      }
      actions={
        <>
          <Link to="/definitions/$definition" params={{ definition: instance.definition_id }}>
            {t('col-definition')}
          </Link>
          {instance.state === 'running' && (
            <Button leftSection={<Replace size={14} aria-hidden />} onClick={() => setTurning(true)}>
              {t('turn-version')}
            </Button>
          )}
          {instance.state === 'running' && (
            <Button leftSection={<ArrowUpFromLine size={14} aria-hidden />} onClick={() => setMoving(true)}>
              {t('move-version')}
            </Button>
          )}
          {instance.state === 'running' && (
            <Button color="red" leftSection={<CircleStop size={14} aria-hidden />} onClick={() => setCancelling(true)}>
              {t('instance-cancel')}
            </Button>
          )}
        </>
      }
    >
      {shown.incidents.map((incident) => (
        <Incident key={incident.id} instance={instance.id} incident={incident} />
      ))}
      <Section
        title={t('where-it-stands')}
        aside={
          shown.diagrams.length > 1 && (
            <Select
              size="xs"
              w={320}
              aria-label={t('diagram-which')}
              allowDeselect={false}
              data={shown.diagrams.map((one, at) => ({ value: String(at), label: standsIn(one, shown.tokens, t) }))}
              value={String(drawn)}
              onChange={(at) => at !== null && setDrawn(Number(at))}
            />
          )
        }
        flush
      >
        <Diagram
          key={diagram?.definition}
          xml={diagram?.xml ?? ''}
          marks={marks}
          height={440}
          description={t('diagram-of', { name: diagram?.name ?? instance.definition, tasks: shown.tasks.map((task) => task.name).join(', ') || t('none') })}
        />
      </Section>
      <div className="columns">
        <div className="stack">
          <Waiting shown={shown} />
          <Record shown={shown} />
        </div>
        <Comments instance={instance.id} comments={shown.comments} />
      </div>
      {turning && <TurnVersion instance={instance} onClose={() => setTurning(false)} />}
      {moving && <MoveVersion instance={instance} onClose={() => setMoving(false)} />}
      <ReasonDialog
        opened={cancelling}
        onClose={() => setCancelling(false)}
        title={t('instance-cancel')}
        text={t('instance-cancel-text')}
        action={t('instance-cancel')}
        danger
        busy={cancel.isPending}
        error={cancel.error}
        onReason={(reason) => cancel.mutate({ instance: instance.id, reason }, { onSuccess: () => setCancelling(false) })}
      />
    </Page>
  );
}

/** What a diagram is called, and how many tokens stand in it. */
function standsIn(diagram: InstanceDiagram, tokens: readonly TokenRow[], t: Words['t']): string {
  const n = tokens.filter((token) => token.kind !== 'armed' && diagram.processes.includes(token.process)).length;
  return n === 0 ? diagram.name : t('diagram-stands', { name: diagram.name, n });
}

/** Something went wrong on one branch: try again, go on without it, or look at the run. */
function Incident({ instance, incident }: { instance: string; incident: IncidentRow }) {
  const { t } = useWords();
  const [skipping, setSkipping] = useState(false);
  const retry = useWrite('workflow.retry');
  const skip = useWrite('workflow.skip');
  const of = { instance, incident: incident.id };
  return (
    <>
      <Advice
        tone="bad"
        title={
          <>
            {incident.name} · <Ago at={incident.at} />
          </>
        }
        actions={
          <>
            <Button leftSection={<RotateCcw size={14} aria-hidden />} loading={retry.isPending} onClick={() => retry.mutate({ ...of, reason: '' })}>
              {t('incident-retry')}
            </Button>
            <Button leftSection={<SkipForward size={14} aria-hidden />} onClick={() => setSkipping(true)}>
              {t('incident-skip')}
            </Button>
          </>
        }
      >
        <Ticks text={incident.message} />
        {incident.again && (
          <p className="line small">
            {t('incident-again', { number: incident.again.number, of: incident.again.of })} <Due at={incident.again.at} />
          </p>
        )}
      </Advice>
      {retry.error && <FailureAdvice thrown={retry.error} />}
      <ReasonDialog
        opened={skipping}
        onClose={() => setSkipping(false)}
        title={t('incident-skip')}
        text={t('incident-skip-text', { name: incident.name })}
        action={t('incident-skip')}
        danger
        busy={skip.isPending}
        error={skip.error}
        onReason={(reason) => skip.mutate({ ...of, reason }, { onSuccess: () => setSkipping(false) })}
      />
    </>
  );
}

/** What the process waits for: people, timers, and work under way. */
function Waiting({ shown }: { shown: Shown }) {
  const words = useWords();
  const { t, known } = words;
  const [delivering, setDelivering] = useState<WaitingRow | null>(null);
  const idle = shown.tasks.length + shown.timers.length + shown.effects.length + shown.waiting.length === 0;
  return (
    <Section title={t('col-waits-for')} flush>
      {idle && <Empty title={t(shown.incidents.length > 0 ? 'waits-for-incident' : 'waits-for-nothing')} />}
      {shown.tasks.length > 0 && (
        <Table
          label={t('tasks')}
          rows={shown.tasks}
          rowKey={(row) => row.id}
          columns={[
            {
              name: t('col-task'),
              header: true,
              cell: (row) => (
                <Link to="/tasks/$" params={{ _splat: row.id }}>
                  {row.name}
                </Link>
              ),
            },
            { name: t('col-who'), cell: (row) => row.candidates.map((one) => candidate(one, words)).join(', ') },
            { name: t('col-state'), cell: (row) => <TaskState row={row} /> },
            { name: t('col-due'), cell: (row) => (row.due ? <Due at={row.due} /> : '') },
            { name: t('reminders-of'), cell: (row) => <Reminders task={row} /> },
          ]}
        />
      )}
      {shown.effects.length > 0 && (
        <Table
          label={t('effects')}
          rows={shown.effects}
          rowKey={(row) => row.key}
          columns={[
            { name: t('col-work'), header: true, cell: (row) => row.name },
            { name: t('col-action'), cell: (row) => <Badge tone="accent">{known('action', row.action)}</Badge> },
            {
              name: t('col-run'),
              cell: (row) =>
                row.run ? (
                  <Link to="/runs/$run" params={{ run: row.run }}>
                    {t('open')}
                  </Link>
                ) : (
                  ''
                ),
            },
            { name: t('col-key'), cell: (row) => <Digest value={row.key} length={18} /> },
          ]}
        />
      )}
      {shown.timers.length > 0 && (
        <Table
          label={t('timers')}
          rows={shown.timers}
          rowKey={(row) => `${row.element} ${row.due}`}
          columns={[
            { name: t('col-timer'), header: true, cell: (row) => row.name },
            { name: t('col-due'), cell: (row) => <Moment at={row.due} /> },
          ]}
        />
      )}
      {shown.waiting.length > 0 && (
        <Table
          label={t('waits-to-be-told')}
          rows={shown.waiting}
          rowKey={(row) => row.id}
          columns={[
            { name: t('waits-to-be-told'), header: true, cell: (row) => row.name },
            { name: t('col-type'), cell: (row) => t(`awaits-${row.kind as 'message' | 'signal' | 'receive' | 'job'}`) },
            { name: t('col-awaits'), cell: (row) => <code>{row.correlation === null ? row.awaits : `${row.awaits} · ${row.correlation}`}</code> },
            {
              name: t('col-actions'),
              width: '110px',
              cell: (row) => (
                <Button size="compact-xs" aria-label={t('deliver-title', { name: row.name })} onClick={() => setDelivering(row)}>
                  {t('deliver')}
                </Button>
              ),
            },
          ]}
        />
      )}
      {delivering && <Deliver instance={shown.instance.id} waiting={delivering} onClose={() => setDelivering(null)} />}
    </Section>
  );
}

/** What happened, and what the process knows. */
function Record({ shown }: { shown: Shown }) {
  const { t, duration } = useWords();
  const running = shown.instance.state === 'running';
  const [correcting, setCorrecting] = useState<{ variable: VariableValue; scope: string | null } | null>(null);
  const [adding, setAdding] = useState(false);
  return (
    <Section flush>
      <Tabs defaultValue="log">
        <Tabs.List px={12}>
          <Tabs.Tab value="log">{t('operations')}</Tabs.Tab>
          <Tabs.Tab value="variables">{t('process-variables')}</Tabs.Tab>
          <Tabs.Tab value="times">{t('times')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="times">
          <Table
            label={t('times')}
            rows={shown.elements.toSorted((a, b) => b.spent_s - a.spent_s)}
            rowKey={(row) => `${row.process} ${row.element}`}
            empty={<Empty title={t('nothing-here')} />}
            columns={[
              { name: t('col-element'), header: true, cell: (row) => row.name },
              { name: t('col-who'), cell: (row) => row.by.join(', ') },
              { name: t('times-last'), width: '170px', cell: (row) => <Moment at={row.last_at} /> },
              { name: t('times-left'), numeric: true, width: '110px', cell: (row) => row.times },
              { name: t('times-spent'), numeric: true, width: '150px', cell: (row) => duration(row.spent_s) },
            ]}
          />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <Table
            label={t('operations')}
            rows={shown.log}
            rowKey={(row, at) => `${row.position} ${at}`}
            columns={[
              { name: t('col-when'), width: '170px', cell: (row) => <Moment at={row.at} /> },
              { name: t('col-who'), width: '100px', cell: (row) => row.member },
              { name: t('col-what'), header: true, cell: (row) => <Ticks text={row.text} /> },
              {
                name: t('col-entry'),
                numeric: true,
                width: '70px',
                cell: (row) => (
                  <Link to="/ledger/$position" params={{ position: String(row.position) }}>
                    {row.position}
                  </Link>
                ),
              },
            ]}
          />
        </Tabs.Panel>
        <Tabs.Panel value="variables">
          <Variables label={t('process-variables')} rows={shown.variables} onCorrect={running ? (variable) => setCorrecting({ variable, scope: null }) : null} />
          {shown.scopes.map((scope) => (
            <Variables
              key={scope.id}
              label={t('variables-of', { name: scope.name })}
              titled
              rows={scope.variables}
              onCorrect={running ? (variable) => setCorrecting({ variable, scope: scope.id }) : null}
            />
          ))}
          {running && (
            <div className="line" style={{ padding: 12 }}>
              <Button size="compact-sm" leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>
                {t('variable-add')}
              </Button>
            </div>
          )}
        </Tabs.Panel>
      </Tabs>
      {correcting && <Correct instance={shown.instance.id} variable={correcting.variable} scope={correcting.scope} onClose={() => setCorrecting(null)} />}
      {adding && <AddVariable instance={shown.instance.id} known={shown.variables.map((one) => one.name)} onClose={() => setAdding(false)} />}
    </Section>
  );
}

/** Variables with their values, each to be corrected. */
function Variables({ label, titled = false, rows, onCorrect }: { label: string; titled?: boolean; rows: readonly VariableValue[]; onCorrect: ((variable: VariableValue) => void) | null }) {
  const { t, known } = useWords();
  return (
    <>
      {titled && (
        <p className="small dim" style={{ padding: '12px 12px 0' }}>
          {label}
        </p>
      )}
      <Table
        label={label}
        rows={rows}
        rowKey={(row) => row.name}
        empty={<Empty title={t('nothing-here')} />}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => <code>{row.name}</code> },
          { name: t('col-type'), cell: (row) => known('value', row.kind) },
          { name: t('col-value'), cell: (row) => <code>{typeof row.value === 'string' ? row.value : JSON.stringify(row.value)}</code> },
          {
            name: t('col-actions'),
            width: '70px',
            cell: (row) =>
              onCorrect && (
                <ActionIcon size={24} aria-label={t('correct-title', { name: row.name })} onClick={() => onCorrect(row)}>
                  <PencilLine size={13} aria-hidden />
                </ActionIcon>
              ),
          },
        ]}
      />
    </>
  );
}
