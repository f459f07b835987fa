import { Select } from '@mantine/core';

import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignJob } from '../../../api/bindings/DesignJob';
import type { DesignJobField } from '../../../api/bindings/DesignJobField';
import type { DesignPassed } from '../../../api/bindings/DesignPassed';
import { useWords } from '../../../words/words';
import classes from './designer.module.css';
import { Check, Group, More, Typed, useLocal, Without, type Set } from './typed';

/** The fields that say which job, in the order in which they are looked up. */
export const JOB_FIELDS: readonly DesignJobField[] = ['jobDefinitionId', 'jobDefinitionUri', 'jobDefinition', 'jobPath', 'jobName', 'job'];

/** Which job a task asks for. */
export function Job({ job, set }: { job: DesignJob; set: Set }) {
  const { t } = useWords();
  return (
    <Group title={t('design-job')} text={t('design-job-text')}>
      <Select
        label={t('design-job-by')}
        data={JOB_FIELDS.map((one) => ({ value: one as string, label: t(`design-job-by-${one.toLowerCase()}`) }))}
        value={job.by}
        onChange={(by) => by !== null && by !== job.by && set({ property: 'job', by: by as DesignJobField, text: job.text })}
      />
      <Typed key={job.by} label={t(`design-job-by-${job.by.toLowerCase()}`)} code value={job.text} onValue={(text) => set({ property: 'job', by: job.by, text })} />
      <Check label={t('design-job-waits')} value={job.triggerable} onValue={(is) => set({ property: 'triggerable', is })} />
    </Group>
  );
}

/** Which process is called, and what is handed over. */
export function Called({ element, variables, set }: { element: DesignElement; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  return (
    <>
      <Group title={t('design-called')}>
        <Typed label={t('design-called-which')} description={t('design-called-text')} code value={element.called} onValue={(text) => set({ property: 'called', text })} />
        <Check label={t('design-inherit')} value={element.inherit} onValue={(is) => set({ property: 'inherit', is })} />
      </Group>
      <Handed way="inputs" value={element.inputs} variables={variables} set={set} />
      <Handed way="outputs" value={element.outputs} variables={variables} set={set} />
    </>
  );
}

function Handed({ way, value: kept, variables, set }: { way: 'inputs' | 'outputs'; value: DesignPassed[]; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  const [value, onValue] = useLocal(kept, (passed) => set({ property: way, passed }));
  const put = (at: number, change: Partial<DesignPassed>) => onValue(value.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const variable = variables[0] ?? 'Value';
  return (
    <Group title={t(`design-${way}`)} text={t('design-handed-text')}>
      {value.map((one, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- what is handed over is known by its place: its names are being typed
        <div key={at} className={one.all ? classes.last : classes.choice}>
          {one.all ? (
            <span className="small">{t('design-handed-all')}</span>
          ) : (
            <>
              <Typed label={t('design-handed-source')} code value={one.source} onValue={(source) => put(at, { source: source.trim() })} />
              <Typed label={t('design-handed-target')} code value={one.target} onValue={(target) => put(at, { target: target.trim() })} />
            </>
          )}
          <Without label={t('design-handed-remove', { name: one.all ? t('design-handed-all') : one.target })} onClick={() => onValue(value.filter((_, place) => place !== at))} />
        </div>
      ))}
      <More label={t(`design-${way}-add`)} onClick={() => onValue([...value, { all: false, source: variable, target: variable }])} />
      {!value.some((one) => one.all) && <More label={t(`design-${way}-add-all`)} onClick={() => onValue([...value, { all: true, source: '', target: '' }])} />}
    </Group>
  );
}
