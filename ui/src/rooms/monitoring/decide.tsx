import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';

import type { MonitorPage } from '../../api/bindings/MonitorPage';
import type { RetrainAnswer } from '../../api/bindings/RetrainAnswer';
import { useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';
import classes from './monitoring.module.css';

/** Characters of a reason; the rule lives in `governance`, this only says it sooner. */
const REASON_MIN = 10;
const ANSWERS = ['yes', 'no', 'unsure'];

/** The decision on retraining: what the report says, the questionnaire, the answer and its reason. */
export function Decide({ opened, onClose, shown }: { opened: boolean; onClose: () => void; shown: MonitorPage }) {
  const { t } = useWords();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('retrain-title', { model: shown.monitor.version_label })} size="640px">
      {opened && <Questions shown={shown} onClose={onClose} />}
    </Dialog>
  );
}

function Questions({ shown, onClose }: { shown: MonitorPage; onClose: () => void }) {
  const { t, known } = useWords();
  const [questionnaire, setQuestionnaire] = useState<Record<string, string>>({});
  const [answer, setAnswer] = useState<RetrainAnswer>(shown.monitor.recommendation === 'keep' || shown.may_not_retrain !== null ? 'wait' : 'retrain');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const decide = useWrite('monitoring.decide');
  const obstacle = answer === 'retrain' ? shown.may_not_retrain : shown.may_not_wait;
  const short = reason.trim().length < REASON_MIN;
  const open = shown.questions.filter((question) => questionnaire[question] === undefined);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (short || open.length > 0 || shown.monitor.latest === null) return;
        decide.mutate({ monitor: shown.monitor.id, report: shown.monitor.latest, answer, reason: reason.trim(), questionnaire }, { onSuccess: onClose });
      }}
    >
      <ul className={classes.reasons}>
        {shown.reasons.map((why) => (
          <li key={why}>
            <Ticks text={why} />
          </li>
        ))}
      </ul>
      {shown.questions.map((question) => (
        <div key={question} className="stack-tight">
          <span id={`question-${question}`}>{known('question', question)}</span>
          <SegmentedControl
            size="xs"
            aria-labelledby={`question-${question}`}
            value={questionnaire[question] ?? ''}
            onChange={(value) => setQuestionnaire({ ...questionnaire, [question]: value })}
            data={ANSWERS.map((value) => ({ value, label: t(`questionnaire-${value}`) }))}
          />
          {tried && questionnaire[question] === undefined && (
            <span role="alert" className="small" style={{ color: 'var(--bad)' }}>
              {t('question-open')}
            </span>
          )}
        </div>
      ))}
      <div className="stack-tight">
        <span id="decide-answer">{t('decide-answer')}</span>
        <SegmentedControl
          aria-labelledby="decide-answer"
          value={answer}
          onChange={(value) => setAnswer(value === 'retrain' ? 'retrain' : 'wait')}
          data={[
            { value: 'retrain', label: t('answer-retrain') },
            { value: 'wait', label: t('answer-wait') },
          ]}
        />
      </div>
      {obstacle && (
        <Advice tone="warn">
          <Ticks text={obstacle} />
        </Advice>
      )}
      <Textarea
        label={t('reason')}
        description={t('reason-recorded')}
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && short ? t('reason-short', { n: REASON_MIN }) : null}
      />
      {decide.error && <FailureAdvice thrown={decide.error} />}
      <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button type="submit" variant="filled" loading={decide.isPending} disabled={obstacle !== null}>
          {t('decide-record')}
        </Button>
      </div>
    </form>
  );
}
