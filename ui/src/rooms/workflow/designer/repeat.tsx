import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignRepeat } from '../../../api/bindings/DesignRepeat';
import { useWords } from '../../../words/words';
import { Expression } from './expression';
import { Check, Choose, Group, Typed, useLocal, type Set } from './typed';

const WAYS = ['once', 'one-after-another', 'side-by-side', 'while'] as const;
type Way = (typeof WAYS)[number];

/** How often something new is done, until somebody says otherwise. */
const TIMES = '2';

function wayOf(repeat: DesignRepeat | null): Way {
  if (repeat === null) return 'once';
  if (repeat.way === 'while') return 'while';
  return repeat.sequential ? 'one-after-another' : 'side-by-side';
}

/** The same repetition another way: what both can say stays. */
export function repeatedAs(repeat: DesignRepeat | null, way: Way): DesignRepeat | null {
  if (way === 'once') return null;
  if (way === 'while') return { way, before: false, condition: '', most: TIMES };
  const sequential = way === 'one-after-another';
  if (repeat?.way === 'multi') return { ...repeat, sequential };
  return { way: 'multi', sequential, times: TIMES, collection: '', item: '', index: '', until: '' };
}

/** Whether and how an activity is done several times. */
export function Repeat({ element, variables, set }: { element: DesignElement; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  const [repeat, put] = useLocal(element.repeat, (next) => set({ property: 'repeat', repeat: next }, false));
  const way = wayOf(repeat);
  return (
    <Group title={t('design-repeat')}>
      <Choose label={t('design-repeat-way')} value={way} all={WAYS} wordOf={(one) => t(`design-repeat-${one}`)} onValue={(next) => put(repeatedAs(repeat, next))} />
      {repeat?.way === 'multi' && (
        <>
          <Typed label={t('design-repeat-times')} description={t('design-repeat-times-text')} code value={repeat.times} onValue={(text) => put({ ...repeat, times: text })} />
          <Typed label={t('design-repeat-collection')} description={t('design-repeat-collection-text')} code value={repeat.collection} onValue={(text) => put({ ...repeat, collection: text })} />
          <Typed label={t('design-repeat-item')} description={t('design-repeat-item-text')} code value={repeat.item} onValue={(text) => put({ ...repeat, item: text.trim() })} />
          <Typed label={t('design-repeat-index')} description={t('design-repeat-index-text')} code value={repeat.index} onValue={(text) => put({ ...repeat, index: text.trim() })} />
          <Typed
            label={t('design-repeat-until')}
            description={<Expression text={repeat.until} known={variables} none={t('design-repeat-until-none')} />}
            code
            placeholder="${nrOfCompletedInstances == 1}"
            value={repeat.until}
            onValue={(text) => put({ ...repeat, until: text })}
          />
        </>
      )}
      {repeat?.way === 'while' && (
        <>
          <Typed
            label={t('design-repeat-condition')}
            description={<Expression text={repeat.condition} known={variables} none={t('design-repeat-condition-none')} />}
            code
            value={repeat.condition}
            onValue={(text) => put({ ...repeat, condition: text })}
          />
          <Typed label={t('design-repeat-most')} code value={repeat.most} onValue={(text) => put({ ...repeat, most: text.trim() })} />
          <Check label={t('design-repeat-before')} value={repeat.before} onValue={(before) => put({ ...repeat, before })} />
        </>
      )}
    </Group>
  );
}
