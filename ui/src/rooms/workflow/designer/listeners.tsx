import type { DesignCapture } from '../../../api/bindings/DesignCapture';
import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignListener } from '../../../api/bindings/DesignListener';
import type { DesignMoment } from '../../../api/bindings/DesignMoment';
import { useWords } from '../../../words/words';
import classes from './designer.module.css';
import { Check, Choose, Group, More, Typed, useLocal, Without, type Set } from './typed';

type Kind = DesignListener['listener'];

/** The listeners that do something at an element. */
export function listenersAt(element: DesignElement): readonly Kind[] {
  if (element.job) return ['job-argument', 'job-state'];
  if (element.tag === 'userTask') return ['participants', 'notification'];
  return element.tag === 'boundaryEvent' ? ['notification'] : [];
}

/** When a listener can run at an element. */
export function momentsAt(element: DesignElement, kind: Kind | 'capture'): readonly DesignMoment[] {
  if (kind === 'job-argument') return ['start'];
  if (kind === 'job-state') return ['end'];
  if (kind === 'participants') return ['create', 'assignment'];
  if (element.tag === 'sequenceFlow') return ['take'];
  if (element.tag !== 'userTask') return ['start', 'end'];
  return kind === 'capture' ? ['start', 'create', 'assignment', 'complete', 'all', 'end'] : ['create', 'assignment', 'complete', 'all'];
}

/** A listener as it begins. */
function fresh(kind: Kind, event: DesignMoment, all: readonly DesignListener[], variables: readonly string[]): DesignListener {
  const variable = variables[0] ? `\${${variables[0]}}` : 'true';
  if (kind === 'notification') return { listener: kind, event };
  if (kind === 'participants') return { listener: kind, event, participants: variable };
  if (kind === 'job-state') return { listener: kind, event, variable: 'JobState' };
  return { listener: kind, event, name: `argument${all.filter((one) => one.listener === kind).length + 1}`, value: variable };
}

/** What a listener is told apart from its like by, for who cannot see where it stands. */
function nameOf(one: DesignListener): string {
  if (one.listener === 'job-argument') return one.name;
  if (one.listener === 'participants') return one.participants;
  return one.listener === 'job-state' ? one.variable : one.event;
}

/** What happens besides at an element: each listener with when it runs and what it is told. */
export function Listeners({ element, variables, set }: { element: DesignElement; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  const [value, onValue] = useLocal(element.listeners, (listeners) => set({ property: 'listeners', listeners }));
  const put = (at: number, next: DesignListener) => onValue(value.map((one, place) => (place === at ? next : one)));
  return (
    <Group title={t(element.job ? 'design-job-told' : 'design-listeners')} text={t(element.job ? 'design-job-told-text' : 'design-listeners-text')}>
      {value.map((one, at) => {
        const remove = <Without label={t('design-listener-remove', { what: t(`design-listener-${one.listener}`), name: nameOf(one) })} onClick={() => onValue(value.filter((_, place) => place !== at))} />;
        const when = <Choose label={t('design-moment')} value={one.event} all={momentsAt(element, one.listener)} wordOf={(event) => t(`design-moment-${event}`)} onValue={(event) => put(at, { ...one, event })} />;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- a listener is known by its place: its texts are being typed
          <fieldset key={at} className={classes.question}>
            <legend className="small dim">{t(`design-listener-${one.listener}`)}</legend>
            {one.listener === 'participants' && <Typed label={t('design-participants')} description={t('design-participants-text')} code value={one.participants} onValue={(participants) => put(at, { ...one, participants })} />}
            {one.listener === 'job-argument' ? (
              <div className={classes.choice}>
                <Typed label={t('col-name')} code value={one.name} onValue={(name) => put(at, { ...one, name: name.trim() })} />
                <Typed label={t('col-value')} code value={one.value} onValue={(text) => put(at, { ...one, value: text })} />
                {remove}
              </div>
            ) : (
              <div className={classes.last}>
                {one.listener === 'job-state' ? <Typed label={t('design-variable')} code value={one.variable} onValue={(variable) => put(at, { ...one, variable: variable.trim() })} /> : when}
                {remove}
              </div>
            )}
          </fieldset>
        );
      })}
      {listenersAt(element).map((kind) => (
        <More key={kind} label={t(`design-listener-add-${kind}`)} onClick={() => onValue([...value, fresh(kind, momentsAt(element, kind)[0] ?? 'end', value, variables)])} />
      ))}
    </Group>
  );
}

/** What is kept of a reply, or of another JSON document. */
export function Captures({ element, variables, set }: { element: DesignElement; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  const [value, onValue] = useLocal(element.captures, (captures) => set({ property: 'captures', captures }));
  const put = (at: number, change: Partial<DesignCapture>) => onValue(value.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const moments = momentsAt(element, 'capture');
  const isCall = element.tag === 'serviceTask';
  const json = isCall || !variables[0] ? '${responseBody}' : `\${${variables[0]}}`;
  const event = moments.includes('complete') ? 'complete' : (moments.at(-1) ?? 'end');
  return (
    <Group title={t(isCall ? 'design-captures' : 'design-captures-else')} text={t('design-captures-text')}>
      {value.map((one, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a capture is known by its place: its texts are being typed
        <fieldset key={at} className={classes.question}>
          <legend className="hidden-text">{t('design-capture-n', { n: at + 1 })}</legend>
          <div className={classes.pair}>
            <Typed label={t('design-path')} code value={one.path} onValue={(path) => put(at, { path })} />
            <Typed label={t('design-variable')} code value={one.variable} onValue={(variable) => put(at, { variable: variable.trim() })} />
            <Typed label={t('design-capture-json')} code value={one.json} onValue={(text) => put(at, { json: text })} />
            <Choose label={t('design-moment')} value={one.event} all={moments} wordOf={(moment) => t(`design-moment-${moment}`)} onValue={(moment) => put(at, { event: moment })} />
          </div>
          <div className={classes.last}>
            <Check label={t('design-capture-optional')} value={one.optional} onValue={(optional) => put(at, { optional })} />
            <Without label={t('design-capture-remove', { name: one.variable })} onClick={() => onValue(value.filter((_, place) => place !== at))} />
          </div>
        </fieldset>
      ))}
      <More label={t('design-capture-add')} onClick={() => onValue([...value, { path: '$.id', variable: `Captured${value.length + 1}`, json, optional: false, event }])} />
    </Group>
  );
}
