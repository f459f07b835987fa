import { Button, Select, Textarea } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';

import type { InstanceRow } from '../../api/bindings/InstanceRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

/** Moves a running process to another version of its definition: first what would become of it, then the fact. */
export function MoveVersion({ instance, onClose }: { instance: InstanceRow; onClose: () => void }) {
  const { t } = useWords();
  const definition = useRead('workflow.show_definition', { definition: instance.definition_id });
  const others = (definition.data?.versions ?? []).filter((one) => one.id !== instance.definition_id);
  const [picked, setPicked] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  /** Counterparts that somebody chose, for elements that have none by id or name. */
  const [map, setMap] = useState<Record<string, string>>({});
  const to = picked ?? others[0]?.id ?? null;
  const plan = useRead('workflow.plan_migration', { instance: instance.id, map, ...(to === null ? {} : { to }) }, { enabled: to !== null });
  const move = useWrite('workflow.migrate_instance');
  const short = reason.trim() === '';
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={t('move-version')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            disabled={to === null || !plan.data?.possible}
            loading={move.isPending}
            onClick={() => {
              setTried(true);
              if (to === null || short) return;
              move.mutate({ instance: instance.id, to, map, reason: reason.trim() }, { onSuccess: onClose });
            }}
          >
            {t('move-version')}
          </Button>
        </>
      }
    >
      {definition.data && others.length === 0 && <Advice tone="info">{t('versions-only')}</Advice>}
      {others.length > 0 && (
        <Select
          label={t('move-version-to')}
          data={others.map((one) => ({ value: one.id, label: t('version-n', { n: one.version }) }))}
          value={to}
          onChange={(next) => {
            setPicked(next);
            setMap({});
          }}
        />
      )}
      {plan.error && <FailureAdvice thrown={plan.error} />}
      {plan.data && (
        <>
          {plan.data.problems.length > 0 ? (
            <Advice tone="bad" title={t('move-version-problems')}>
              <Remarks rows={plan.data.problems} />
            </Advice>
          ) : (
            <Advice tone="good">{t('move-version-possible')}</Advice>
          )}
          {[...new Set([...Object.keys(map), ...plan.data.problems.map((one) => one.of)])]
            .filter((of) => of !== '')
            .map((of) => (
              <Select
                key={of}
                label={t('move-version-map', { name: of })}
                placeholder={t('move-version-map-none')}
                clearable
                searchable
                data={plan.data.targets.map((one) => ({ value: one.element, label: one.name === one.element ? one.name : `${one.name} · ${one.element}` }))}
                value={map[of] ?? null}
                onChange={(target) => {
                  const { [of]: _, ...rest } = map;
                  setMap(target === null ? rest : { ...rest, [of]: target });
                }}
              />
            ))}
          {plan.data.moves.length > 0 && (
            <ul className="small" style={{ margin: 0, paddingInlineStart: 18 }}>
              {plan.data.moves.map((one) => (
                <li key={one.from}>
                  <code>{one.from}</code> <ArrowRight size={12} aria-hidden /> {one.name}
                </li>
              ))}
            </ul>
          )}
          {plan.data.losses.length > 0 && (
            <Advice tone="warn" title={t('move-version-losses')}>
              <Remarks rows={plan.data.losses} />
            </Advice>
          )}
          {plan.data.gains.length > 0 && (
            <Advice tone="info" title={t('move-version-gains')}>
              <Remarks rows={plan.data.gains} />
            </Advice>
          )}
          {plan.data.possible && (
            <Textarea label={t('reason')} description={t('reason-recorded')} required value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && short ? t('required') : null} />
          )}
        </>
      )}
      {move.error && <FailureAdvice thrown={move.error} />}
    </Dialog>
  );
}

function Remarks({ rows }: { rows: readonly { of: string; message: string }[] }) {
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {rows.map((row) => (
        <li key={`${row.of} ${row.message}`}>
          <Ticks text={row.message} />
        </li>
      ))}
    </ul>
  );
}
