import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';

import type { CommentRow } from '../../api/bindings/CommentRow';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Ago } from '../../parts/moment';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';

/** What people said in a process, and a place to say something. */
export function Comments({ instance, comments }: { instance: string; comments: readonly CommentRow[] }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const comment = useWrite('workflow.comment');
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
        <Textarea
          aria-label={t('comment-write')}
          placeholder={t('comment-hint')}
          minRows={1}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && event.ctrlKey) send();
          }}
        />
        {comment.error && <FailureAdvice thrown={comment.error} />}
        <Button style={{ alignSelf: 'flex-end' }} disabled={text.trim() === ''} loading={comment.isPending} onClick={send}>
          {t('comment-send')}
        </Button>
      </div>
    </Section>
  );
}
