import { ActionIcon, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { call } from '../../api/call';
import { CallFailure } from '../../api/failure';
import { FailureAdvice } from '../../parts/advice';
import { CopyIcon } from '../../parts/digest';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './log.module.css';

const LINE_PX = 18;
/** Milliseconds between two looks at a log that still grows. */
const LOOK_MS = 700;
/** Lines kept in the window; older ones stay in the file. */
const LINES_MAX = 100_000;

/** A run's log as it grows: follow its end, search it, copy it. */
export function Log({ run, height = 420 }: { run: string; height?: number }) {
  const [tries, setTries] = useState(0);
  return <Tail key={`${run} ${tries}`} run={run} height={height} again={() => setTries(tries + 1)} />;
}

function Tail({ run, height, again }: { run: string; height: number; again: () => void }) {
  const { t } = useWords();
  const { lines, ended, error } = useLog(run);
  const [follow, setFollow] = useState(true);
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the virtualizer's own contract
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
    initialRect: { width: 900, height },
  });
  const found = useMemo(() => matches(lines, search), [lines, search]);
  const current = found.length === 0 ? -1 : found[((at % found.length) + found.length) % found.length];

  useEffect(() => {
    if (follow && search === '' && lines.length > 0) virtual.scrollToIndex(lines.length - 1);
  }, [follow, search, lines.length, virtual]);
  useEffect(() => {
    if (current !== undefined && current >= 0) virtual.scrollToIndex(current, { align: 'center' });
  }, [current, virtual]);

  return (
    <Section
      title={t('log')}
      flush
      aside={
        <>
          <TextInput
            type="search"
            w={200}
            aria-label={t('log-search')}
            placeholder={t('log-search')}
            leftSection={<Search size={13} aria-hidden />}
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') setAt(at + (event.shiftKey ? -1 : 1));
            }}
          />
          {search !== '' && (
            <>
              <span className="num" aria-live="polite">
                {found.length === 0 ? t('log-none') : `${found.indexOf(current ?? -1) + 1} / ${found.length}`}
              </span>
              <ActionIcon size={24} aria-label={t('log-before')} onClick={() => setAt(at - 1)}>
                <ChevronUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon size={24} aria-label={t('log-after')} onClick={() => setAt(at + 1)}>
                <ChevronDown size={14} aria-hidden />
              </ActionIcon>
            </>
          )}
          {!ended && <Switch size="xs" label={t('log-follow')} checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />}
          <CopyIcon value={lines.join('\n')} label={t('log-copy')} />
        </>
      }
    >
      {error && <FailureAdvice thrown={error} again={again} />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a keyboard must be able to scroll it */}
      <div ref={scroller} className={classes.log} style={{ height }} tabIndex={0} role="log" aria-live="off" aria-label={t('log')}>
        {lines.length === 0 && !error && <p className={classes.none}>{t(ended ? 'log-empty' : 'log-waiting')}</p>}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index] ?? '';
            return (
              <div
                key={item.index}
                className={classes.line}
                data-level={level(line)}
                data-found={item.index === current}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {line}
              </div>
            );
          })}
        </div>
      </div>
    </Section>
  );
}

/** Places of the lines that contain the text, whatever its case. */
export function matches(lines: readonly string[], search: string): number[] {
  const wanted = search.toLowerCase();
  if (wanted === '') return [];
  return lines.flatMap((line, at) => (line.toLowerCase().includes(wanted) ? [at] : []));
}

function level(line: string): string | undefined {
  if (/\b(ERROR|FATAL|CRITICAL)\b|^(stderr\| )?Traceback|\w+(Error|Exception):/.test(line)) return 'error';
  if (/\bWARN(ING)?\b/.test(line)) return 'warning';
  return undefined;
}

/** Reads the log from its beginning, then looks for more until the run has ended. */
function useLog(run: string): { lines: string[]; ended: boolean; error: CallFailure | null } {
  const client = useQueryClient();
  const [lines, setLines] = useState<string[]>([]);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<CallFailure | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = 0;
    let errors = 0;
    let kept: string[] = [''];
    const look = async () => {
      try {
        const chunk = await call('runs.log', { run, from, errors_from: errors });
        if (gone) return;
        if (chunk.text !== '') {
          const [first = '', ...rest] = chunk.text.split('\n');
          kept = [...kept.slice(0, -1), (kept.at(-1) ?? '') + first, ...rest].slice(-LINES_MAX);
          setLines(kept.at(-1) === '' ? kept.slice(0, -1) : kept);
        }
        const moved = chunk.next > from || chunk.errors_next > errors;
        from = chunk.next;
        errors = chunk.errors_next;
        if (chunk.ended && !moved) {
          setEnded(true);
          void client.invalidateQueries({ queryKey: ['runs'] });
          return;
        }
        timer = setTimeout(() => void look(), moved ? 0 : LOOK_MS);
      } catch (thrown) {
        if (!gone) setError(CallFailure.from(thrown));
      }
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [run, client]);
  return { lines, ended, error };
}
