import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignKind } from '../../../api/bindings/DesignKind';
import type { DesignOccasion } from '../../../api/bindings/DesignOccasion';
import { Ticks } from '../../../parts/advice';
import { useWords } from '../../../words/words';
import { Expression } from './expression';
import { Check, Choose, Typed, type Set } from './typed';

const OCCASIONS: readonly DesignOccasion[] = ['timer', 'message', 'signal', 'error', 'escalation', 'condition'];

const speaksOf = (kind: DesignKind | null, what: string) => kind === what || kind?.startsWith(`${what}-`);

/** What an event waits for or throws, and what becomes of where it comes from. */
export function Event({ element, variables, set }: { element: DesignElement; variables: readonly string[]; set: Set }) {
  const { t } = useWords();
  const { kind, tag } = element;
  const throws = tag === 'endEvent' || tag === 'intermediateThrowEvent';
  const isStart = tag === 'startEvent' && element.by_event;
  // A task that receives hears every message of its name: it has no key to ask for.
  const sendsOrAwaits = speaksOf(kind, 'message') || kind === 'send';
  const isError = speaksOf(kind, 'error');
  const occasion = OCCASIONS.find((one) => kind === `${one}-start`) ?? null;
  /** A name that must be there. */
  const named = (property: 'message' | 'signal' | 'link') => (text: string) => text.trim() !== '' && set({ property, text });
  return (
    <>
      {isStart && <Choose label={t('design-set-off')} value={occasion} all={OCCASIONS} wordOf={(one) => t(`design-set-off-${one}`)} onValue={(by) => set({ property: 'set-off', by }, false)} />}
      {sendsOrAwaits && (
        <>
          <Typed label={t('design-message')} description={t('design-message-text')} value={element.message} onValue={named('message')} />
          <Typed
            label={t('design-correlation-key')}
            description={<Ticks text={t(throws || kind === 'send' ? 'design-correlation-key-carried' : 'design-correlation-key-awaited', { example: '${orderId}' })} />}
            code
            value={element.correlation_key}
            onValue={(text) => set({ property: 'correlation-key', text })}
          />
        </>
      )}
      {kind === 'receive' && <Typed label={t('design-message')} description={t('design-receive-text')} value={element.message} onValue={(text) => set({ property: 'message', text })} />}
      {speaksOf(kind, 'signal') && <Typed label={t('design-signal')} description={t('design-signal-text')} value={element.signal} onValue={named('signal')} />}
      {speaksOf(kind, 'link') && <Typed label={t('design-link')} description={t('design-link-text')} value={element.link} onValue={named('link')} />}
      {speaksOf(kind, 'condition') && (
        <Typed
          label={t('design-awaited')}
          description={<Expression text={element.condition} known={variables} none={t('design-awaited-none')} />}
          code
          value={element.condition}
          onValue={(text) => text.trim() !== '' && set({ property: 'condition', text })}
        />
      )}
      {isError && (
        <Typed
          label={t('design-error')}
          description={t(throws ? 'design-code-thrown' : 'design-code-any')}
          code
          value={element.error}
          onValue={(text) => (!throws || text.trim() !== '') && set({ property: 'error', text })}
        />
      )}
      {isError && !throws && <Typed label={t('design-error-variable')} description={t('design-error-variable-text')} code value={element.error_variable} onValue={(text) => set({ property: 'error-variable', text })} />}
      {speaksOf(kind, 'escalation') && <Typed label={t('design-escalation')} description={t(throws ? 'design-code-thrown' : 'design-code-any')} code value={element.escalation} onValue={(text) => set({ property: 'escalation', text })} />}
      {(tag === 'boundaryEvent' || isStart) && !isError && (
        <Check label={t(isStart ? 'design-interrupting-start' : 'design-interrupting')} value={element.interrupting} onValue={(is) => set({ property: 'interrupting', is }, false)} />
      )}
    </>
  );
}
