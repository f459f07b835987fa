import { ActionIcon, Button, Select } from '@mantine/core';
import { ArrowRight, Plus, Trash2 } from 'lucide-react';

import type { DesignChange } from '../../../api/bindings/DesignChange';
import type { DesignDatum } from '../../../api/bindings/DesignDatum';
import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignGiven } from '../../../api/bindings/DesignGiven';
import type { DesignPage } from '../../../api/bindings/DesignPage';
import type { DesignProperty } from '../../../api/bindings/DesignProperty';
import type { DesignTimerKind } from '../../../api/bindings/DesignTimerKind';
import { useRead } from '../../../api/query';
import { Advice, Ticks } from '../../../parts/advice';
import { useWords } from '../../../words/words';
import { Firings } from '../cycles';
import { Called, Job, JOB_FIELDS } from './calls';
import classes from './designer.module.css';
import { Event } from './events';
import { Excluded } from './excluded';
import { Expression } from './expression';
import { KindIcon } from './kinds';
import { Captures, Listeners, listenersAt } from './listeners';
import { PromptsEditor, questionProblems, TYPES } from './prompts-editor';
import { Repeat } from './repeat';
import { Check, Group, Names, Typed, useLocal, type Set } from './typed';

/** What a service task can do that is ours to do. */
const ACTIONS = ['find-project', 'build', 'migrate', 'train', 'score', 'report', 'publish', 'choose', 'keep', 'champion'] as const;
/** Fields that a call, a notice and a mail have a place of their own for. */
const FIELDS: Record<string, readonly string[]> = {
  '${restTask}': ['url', 'method', 'bodyType', 'body', 'headers', 'statusCode'],
  '${notificationTask}': ['groupIds', 'userIds', 'level', 'templateName', 'mail'],
  '${mailTask}': ['to', 'subject', 'message'],
};

/** Tags of what calls something, which may fail. */
const CALLS: ReadonlySet<string> = new Set(['serviceTask', 'sendTask', 'businessRuleTask']);

export interface Act {
  set: (id: string, property: DesignProperty, shown: boolean) => void;
  edit: (done: string, changes: DesignChange[], shown: boolean) => void;
  /** Through the canvas, which shows it at once. */
  rename: (id: string, name: string) => void;
  connect: (source: string, target: string) => boolean;
  remove: (id: string) => void;
  select: (id: string) => void;
}

/** Everything that can be said of the element selected, or of the process where none is. */
export function Properties({ page, element, act }: { page: DesignPage; element: DesignElement; act: Act }) {
  const { t, known } = useWords();
  const set = (property: DesignProperty, shown = true) => act.set(element.id, property, shown);
  const findings = page.diagnostics.filter((one) => one.element === element.id);
  const isTask = element.tag === 'userTask';
  const isFlow = element.tag === 'sequenceFlow';
  const nameOf = (id: string) => labelOf(page.elements.find((one) => one.id === id), id, t);
  return (
    <div className="stack" style={{ gap: 14 }}>
      <div className="spread">
        <h2 className="line">
          <KindIcon kind={element.kind} tag={element.tag} />
          {element.kind ? t(`design-kind-${element.kind}`) : known('bpmn-tag', element.tag)}
        </h2>
        {element.tag !== 'process' && (
          <ActionIcon aria-label={t('design-remove', { name: labelOf(element, element.id, t) })} onClick={() => act.remove(element.id)}>
            <Trash2 size={15} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {findings.map((one) => (
        <Advice key={`${one.code} ${one.message}`} tone={one.severity === 'error' ? 'bad' : 'warn'}>
          <Ticks text={one.message} />
        </Advice>
      ))}
      {isFlow && (
        <p className="line small dim">
          <button type="button" className={classes.link} onClick={() => act.select(element.source)}>
            {nameOf(element.source)}
          </button>
          <ArrowRight size={13} aria-hidden />
          <button type="button" className={classes.link} onClick={() => act.select(element.target)}>
            {nameOf(element.target)}
          </button>
        </p>
      )}
      <Typed
        key={`${element.id} name`}
        id="design-name"
        label={t(element.tag === 'textAnnotation' ? 'design-text' : 'col-name')}
        lines={element.tag === 'textAnnotation'}
        value={element.name}
        onValue={(text) => (element.tag === 'process' ? set({ property: 'name', text }) : act.rename(element.id, text))}
      />
      {isFlow && <Flow page={page} element={element} act={act} />}
      {isTask && <People key={`${element.id} people`} page={page} element={element} set={set} />}
      {(isTask || element.tag === 'startEvent') && (
        <Group title={t('design-questions')}>
          <Questions key={`${element.id} questions`} page={page} element={element} set={set} />
        </Group>
      )}
      {element.tag === 'serviceTask' && <Service key={`${element.id} service`} page={page} element={element} set={set} />}
      {(CALLS.has(element.tag) || element.tries !== '') && <Tries key={`${element.id} tries`} element={element} set={set} />}
      {element.timer && <Timer key={`${element.id} timer`} element={element} timer={element.timer} set={set} />}
      <Event key={`${element.id} event`} element={element} variables={page.variables} set={set} />
      {element.tag === 'callActivity' && <Called key={`${element.id} called`} element={element} variables={page.variables} set={set} />}
      {(element.tag === 'userTask' || element.captures.length > 0 || element.delegate.trim() === '${restTask}') && <Captures key={`${element.id} captures`} element={element} variables={page.variables} set={set} />}
      {(listenersAt(element).length > 0 || element.listeners.length > 0) && <Listeners key={`${element.id} listeners`} element={element} variables={page.variables} set={set} />}
      {element.repeatable && <Repeat key={`${element.id} repeat`} element={element} variables={page.variables} set={set} />}
      {(element.tag === 'process' || element.tag === 'subProcess') && (
        <Group title={t('design-data')} text={t('design-data-text')}>
          <Data key={`${element.id} data`} value={element.data} onValue={(objects) => set({ property: 'data', objects })} />
        </Group>
      )}
      {!isFlow && element.tag !== 'process' && element.tag !== 'textAnnotation' && <LeadsTo page={page} element={element} act={act} />}
      <Typed key={`${element.id} documentation`} label={t('design-documentation')} lines value={element.documentation} onValue={(text) => set({ property: 'documentation', text })} />
      <p className="small dim">
        {t('identity')} <code>{element.id}</code>
      </p>
    </div>
  );
}

/** What people know an element by. */
export function labelOf(element: DesignElement | undefined, id: string, t: (name: string) => string): string {
  const name = element?.name.replaceAll(/\s+/g, ' ').trim();
  if (name) return name;
  return element?.kind ? `${t(`design-kind-${element.kind}`)} (${id})` : id;
}

function People({ page, element, set }: { page: DesignPage; element: DesignElement; set: Set }) {
  const { t } = useWords();
  const [invited, invite] = useLocal({ groups: element.groups, users: element.users }, (next) => set({ property: 'candidates', ...next }));
  const people = useRead('people.list', {});
  const roles = (people.data?.roles ?? []).map((role) => role.role);
  const members = (people.data?.members ?? []).map((member) => member.name);
  return (
    <Group title={t('design-people')}>
      <Names label={t('design-groups')} value={invited.groups} known={roles} onValue={(groups) => invite({ ...invited, groups })} />
      <Names label={t('design-users')} value={invited.users} known={members} onValue={(users) => invite({ ...invited, users })} />
      <Excluded key={`${element.id} excluded`} page={page} element={element} set={set} roles={roles} members={members} />
      <Typed label={t('design-assignee')} description={t('design-assignee-text')} code value={element.assignee} onValue={(text) => set({ property: 'assignee', text })} />
      <Typed label={t('col-due')} description={<Explained timer={element.due} kind={/^[+-]?P/.test(element.due.trim()) ? 'duration' : 'date'} />} code placeholder="P3D" value={element.due} onValue={(text) => set({ property: 'due', text })} />
      <Typed label={t('col-priority')} description={t('design-priority-text')} code placeholder="50" value={element.priority} onValue={(text) => set({ property: 'priority', text })} />
      <Typed label={t('design-form')} description={t('design-form-text')} code value={element.form} onValue={(text) => set({ property: 'form', text })} />
    </Group>
  );
}

function Questions({ page, element, set }: { page: DesignPage; element: DesignElement; set: Set }) {
  return (
    <PromptsEditor
      value={element.prompts}
      variables={page.variables}
      onValue={(prompts) => {
        if (Object.keys(questionProblems(prompts)).length === 0) set({ property: 'prompts', prompts });
      }}
    />
  );
}

function Flow({ page, element, act }: { page: DesignPage; element: DesignElement; act: Act }) {
  const { t } = useWords();
  if (!element.conditional && element.condition === '' && !element.default) return <p className="small dim">{t('design-flow-plain')}</p>;
  return (
    <Group title={t('design-condition')}>
      <Check key={`${element.id} default`} label={t('design-default')} value={element.default} onValue={(is) => act.set(element.id, { property: 'default', is }, false)} />
      {(!element.default || element.condition !== '') && (
        <Typed
          key={`${element.id} condition`}
          label={t('design-condition-when')}
          code
          placeholder="${ModelIsApproved == true}"
          value={element.condition}
          description={<Expression text={element.condition} known={page.variables} none={t('design-condition-none')} />}
          onValue={(text) => act.set(element.id, { property: 'condition', text }, false)}
        />
      )}
    </Group>
  );
}

/** When a timer or due date falls due, as if it were set now. */
function Explained({ timer, kind }: { timer: string; kind: DesignTimerKind }) {
  const { t } = useWords();
  const text = timer.trim();
  const read = useRead('workflow.explain', { timer: { kind, text } }, { enabled: text !== '', keep: true });
  const said = read.data;
  if (text === '') return <>{t('design-due-none')}</>;
  if (!said) return <>{t('loading')}</>;
  if (said.problem) return <span className={classes.problem}>{said.problem}</span>;
  if (said.next.length === 0) return <>{t(said.variables.length > 0 ? 'design-timer-variable' : 'design-timer-never', { names: said.variables.join(', ') })}</>;
  return (
    <>
      {said.words && <span className={classes.words}>{said.words}. </span>}
      {said.surprises.map((surprise) => (
        <span key={surprise} className={classes.problem}>
          {surprise}.{' '}
        </span>
      ))}
      {t(kind === 'cycle' ? 'design-timer-next' : 'design-timer-once')}{' '}
      <Firings next={kind === 'cycle' ? said.next : said.next.slice(0, 1)} />
    </>
  );
}

function Timer({ element, timer, set }: { element: DesignElement; timer: { kind: DesignTimerKind; text: string }; set: Set }) {
  const { t } = useWords();
  const example: Record<DesignTimerKind, string> = { date: '2027-01-31T09:00:00Z', duration: 'P1D', cycle: 'R/P1D' };
  return (
    <Group title={t('design-timer')}>
      <Select
        label={t('design-timer-kind')}
        data={(['duration', 'date', 'cycle'] as const).map((kind) => ({ value: kind, label: t(`design-timer-${kind}`) }))}
        value={timer.kind}
        onChange={(kind) => kind !== null && kind !== timer.kind && set({ property: 'timer', kind: kind as DesignTimerKind, text: example[kind as DesignTimerKind] })}
      />
      <Typed
        key={`${element.id} ${timer.kind}`}
        label={t('design-timer-text')}
        code
        placeholder={example[timer.kind]}
        value={timer.text}
        description={<Explained timer={timer.text} kind={timer.kind} />}
        onValue={(text) => set({ property: 'timer', kind: timer.kind, text })}
      />
    </Group>
  );
}

function Service({ page, element, set }: { page: DesignPage; element: DesignElement; set: Set }) {
  const { t, known } = useWords();
  const action = element.action;
  const delegate = element.delegate.trim();
  const own = FIELDS[delegate] ?? [];
  const told: readonly string[] = element.job ? JOB_FIELDS : own;
  const field = (name: string) => element.fields.find((one) => one.name === name)?.text ?? '';
  const others = element.fields.filter((one) => !told.includes(one.name) && !(own.includes('statusCode') && one.name === 'statusCodes'));
  const put = (name: string, text: string) => set({ property: 'field', name, text });
  const inputs = action?.inputs ?? [];
  return (
    <>
      {(delegate === '${restTask}' || action) && (
        <Group title={t('design-does')}>
          <Select
            label={t('col-action')}
            data={[...ACTIONS.map((one) => ({ value: one as string, label: known('action', one) })), { value: 'call', label: t('design-kind-call') }]}
            value={action?.name ?? 'call'}
            onChange={(next) => {
              if (next === null || next === (action?.name ?? 'call')) return;
              if (next === 'call') put('url', '/');
              else set({ property: 'act', action: next, inputs: [] });
            }}
          />
          {action && <Givens label={t('col-inputs')} value={inputs} variables={page.variables} onValue={(next) => set({ property: 'act', action: action.name, inputs: next })} />}
        </Group>
      )}
      {!action && own.length > 0 && (
        <Group title={t(`design-fields-${delegate.replaceAll(/\W/g, '').toLowerCase()}`)}>
          {own
            .filter((name) => name !== 'body' || field('bodyType') === 'JSON' || field('body') !== '')
            .map((name) =>
              name === 'method' ? (
                <Select key={name} label={t('design-field-method')} data={['GET', 'POST', 'PUT', 'HEAD', 'DELETE']} value={field('method') || 'GET'} onChange={(next) => next !== null && put('method', next)} />
              ) : name === 'bodyType' ? (
                <Select key={name} label={t('design-field-bodytype')} data={['EMPTY', 'JSON']} value={field('bodyType') || 'EMPTY'} onChange={(next) => next !== null && put('bodyType', next)} />
              ) : name === 'level' ? (
                <Select key={name} label={t('design-field-level')} data={['info', 'success', 'warning', 'failure'].map((one) => ({ value: one, label: known('level-of', one) }))} value={field('level') || 'info'} onChange={(next) => next !== null && put('level', next)} />
              ) : name === 'mail' ? (
                <Check key={name} label={t('design-field-mail')} value={field('mail') === 'true'} onValue={(is) => put('mail', is ? 'true' : 'false')} />
              ) : (
                <Typed
                  key={name}
                  label={t(`design-field-${name.toLowerCase()}`)}
                  lines={name === 'message' || name === 'body' || name === 'headers'}
                  code={name === 'url' || name === 'body' || name === 'headers'}
                  value={name === 'statusCode' && field('statusCodes') !== '' ? field('statusCodes') : field(name)}
                  onValue={(text) => put(name === 'statusCode' && field('statusCodes') !== '' ? 'statusCodes' : name, text)}
                />
              ),
            )}
        </Group>
      )}
      {element.job && <Job job={element.job} set={set} />}
      {others.length > 0 && !action && (
        <Group title={t('design-other-fields')}>
          {others.map((one) => (
            <Typed key={one.name} label={one.name} code value={one.text} onValue={(text) => put(one.name, text)} />
          ))}
        </Group>
      )}
      {own.length === 0 && !element.job && (
        <p className="small dim">
          {t('design-delegate')} <code>{element.delegate || t('none')}</code>
        </p>
      )}
    </>
  );
}

/** How often a call that failed is tried again, and after which waits. */
function Tries({ element, set }: { element: DesignElement; set: Set }) {
  const { t } = useWords();
  return <Typed label={t('design-tries')} description={t('design-tries-text')} code placeholder="R3/PT10M" value={element.tries} onValue={(text) => set({ property: 'tries', text })} />;
}

function Givens({ label, value: kept, variables, onValue: keep }: { label: string; value: DesignGiven[]; variables: readonly string[]; onValue: (value: DesignGiven[]) => void }) {
  const [value, onValue] = useLocal(kept, keep);
  const { t } = useWords();
  const put = (at: number, change: Partial<DesignGiven>) => onValue(value.map((one, place) => (place === at ? { ...one, ...change } : one)));
  return (
    <div className="stack-tight" role="group" aria-label={label}>
      {value.map((one, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- an input is known by its place: its name is being typed
        <div key={at} className={classes.choice}>
          <Typed label={t('col-name')} value={one.name} onValue={(name) => put(at, { name })} />
          <Typed label={t('col-value')} code value={one.text} onValue={(text) => put(at, { text })} />
          <ActionIcon aria-label={t('design-input-remove', { name: one.name })} onClick={() => onValue(value.filter((_, place) => place !== at))}>
            <Trash2 size={13} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button leftSection={<Plus size={13} aria-hidden />} onClick={() => onValue([...value, { name: value.some((one) => one.name === 'bucket') ? 'input' : 'bucket', text: variables[0] ? `\${${variables.find((name) => /bucket/i.test(name)) ?? variables[0]}}` : '' }])}>
        {t('design-input-add')}
      </Button>
    </div>
  );
}

function Data({ value: kept, onValue: keep }: { value: DesignDatum[]; onValue: (value: DesignDatum[]) => void }) {
  const [value, onValue] = useLocal(kept, keep);
  const { t, known } = useWords();
  const put = (at: number, change: Partial<DesignDatum>) => onValue(value.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const fresh = () => {
    let n = value.length + 1;
    while (value.some((one) => one.name === `Data${n}`)) n += 1;
    onValue([...value, { id: '', name: `Data${n}`, type: 'string', value: '' }]);
  };
  return (
    <div className="stack-tight">
      {value.map((one, at) => (
        <div key={one.id === '' ? `new ${at}` : one.id} className={classes.datum}>
          <Typed label={t('col-name')} code value={one.name} onValue={(name) => put(at, { name: name.trim() })} />
          <Select label={t('col-type')} data={[...TYPES, 'any'].map((type) => ({ value: type, label: known('value', type) }))} value={one.type} onChange={(type) => type !== null && put(at, { type: type as DesignDatum['type'] })} />
          <Typed label={t('design-begins-as')} value={one.value} onValue={(text) => put(at, { value: text })} />
          <ActionIcon aria-label={t('design-data-remove', { name: one.name })} onClick={() => onValue(value.filter((_, place) => place !== at))}>
            <Trash2 size={13} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button leftSection={<Plus size={13} aria-hidden />} onClick={fresh}>
        {t('design-data-add')}
      </Button>
    </div>
  );
}

/** Where an element leads, and how to lead it elsewhere without a mouse. */
function LeadsTo({ page, element, act }: { page: DesignPage; element: DesignElement; act: Act }) {
  const { t } = useWords();
  const flows = page.elements.filter((one) => one.tag === 'sequenceFlow' && one.source === element.id);
  const targets = page.elements.filter((one) => one.tag !== 'process' && one.tag !== 'sequenceFlow' && one.tag !== 'startEvent' && one.tag !== 'boundaryEvent' && one.tag !== 'textAnnotation' && one.kind !== 'link-catch' && one.kind !== 'event-sub-process' && one.id !== element.id && !flows.some((flow) => flow.target === one.id));
  if (element.tag === 'endEvent' || element.kind === 'link-throw' || element.kind === 'event-sub-process') return null;
  return (
    <Group title={t('design-leads-to')}>
      {flows.map((flow) => (
        <div key={flow.id} className="spread">
          <button type="button" className={classes.link} onClick={() => act.select(flow.id)}>
            {flow.name ? `${flow.name} → ` : '→ '}
            {labelOf(page.elements.find((one) => one.id === flow.target), flow.target, t)}
          </button>
          <ActionIcon size={22} aria-label={t('design-flow-remove', { name: flow.target })} onClick={() => act.remove(flow.id)}>
            <Trash2 size={12} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Select
        aria-label={t('design-connect')}
        placeholder={t('design-connect')}
        searchable
        value={null}
        data={targets.map((one) => ({ value: one.id, label: labelOf(one, one.id, t) }))}
        onChange={(target) => target !== null && act.connect(element.id, target)}
      />
    </Group>
  );
}
