import { Button, Textarea } from '@mantine/core';
import { useId, useRef, useState } from 'react';

import type { CommentRow } from '../../api/bindings/CommentRow';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Ago } from '../../parts/moment';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './comments.module.css';

/** Members that are offered while a name is typed. */
const MENTIONS_MAX = 6;

/** The name after an @ that stands right before the caret. */
export function mentionAt(text: string, caret: number): { from: number; name: string } | null {
  const found = /(?:^|[\s(,;])@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1]?.length ?? 0), name: found[1] ?? '' } : null;
}

/** What people said in a process, and a place to say something. */
export function Comments({ instance, comments }: { instance: string; comments: readonly CommentRow[] }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const comment = useWrite('workflow.comment');
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const people = useRead('people.list', {});
  /** Where the name that is being typed after an @ begins, and what of it is there. */
  const [begun, setBegun] = useState<{ from: number; name: string } | null>(null);
  const [at, setAt] = useState(0);
  const found = begun === null ? [] : (people.data?.members ?? []).filter((one) => one.name.startsWith(begun.name) || one.display_name.toLocaleLowerCase().includes(begun.name.toLocaleLowerCase())).slice(0, MENTIONS_MAX);
  const mention = (name: string) => {
    if (begun === null) return;
    const rest = text.slice(begun.from + begun.name.length);
    setText(`${text.slice(0, begun.from)}${name}${rest.startsWith(' ') ? '' : ' '}${rest}`);
    setBegun(null);
    field.current?.focus();
  };
  const send = () => {
    const said = text.trim();
    // What was typed stays until it is recorded.
    if (said !== '') comment.mutate({ instance, text: said }, { onSuccess: () => setText('') });
  };
  return (
    <Section title={t('comments')}>
      <div className="stack">
        {comments.map((one) => (
          <div key={`${one.at} ${one.member}`}>
            <div className="spread">
              <strong>{one.member}</strong>
              <span className="small dim">
                <Ago at={one.at} />
              </span>
            </div>
            <p style={{ whiteSpace: 'pre-wrap' }}>{one.text}</p>
          </div>
        ))}
        <div className={classes.write}>
          <Textarea
            ref={field}
            aria-label={t('comment-write')}
            placeholder={t('comment-hint')}
            minRows={1}
            value={text}
            aria-autocomplete="list"
            aria-controls={found.length > 0 ? list : undefined}
            aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setBegun(mentionAt(event.currentTarget.value, event.currentTarget.selectionStart));
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && event.ctrlKey) return send();
              if (found.length === 0) return;
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              const one = found[at];
              if (step !== undefined) setAt((at + step + found.length) % found.length);
              else if ((event.key === 'Enter' || event.key === 'Tab') && one) mention(one.name);
              else if (event.key === 'Escape') setBegun(null);
              else return;
              event.preventDefault();
            }}
            onBlur={() => setBegun(null)}
          />
          {found.length > 0 && (
            <div className={classes.mentions} id={list} role="listbox" aria-label={t('comment-mention')}>
              {found.map((one, n) => (
                // The keys are heard by the field, which has the focus.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={one.name}
                  id={`${list}-${n}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={n === at}
                  onMouseDown={(event) => {
                    event.preventDefault();
                    mention(one.name);
                  }}
                >
                  <strong>@{one.name}</strong> <span className="dim">{one.display_name}</span>
                </div>
              ))}
            </div>
          )}
        </div>
        {comment.error && <FailureAdvice thrown={comment.error} />}
        <Button style={{ alignSelf: 'flex-end' }} disabled={text.trim() === ''} loading={comment.isPending} onClick={send}>
          {t('comment-send')}
        </Button>
      </div>
    </Section>
  );
}
