import { Button, Checkbox } from '@mantine/core';
import { Check, CircleDashed, CircleX, FastForward, LoaderCircle, Play, StepForward } from 'lucide-react';
import { useState } from 'react';

import type { StoryStep } from '../../api/bindings/StoryStep';
import { useRead, useWrite } from '../../api/query';
import { Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Page, PageLoading, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './story.module.css';

/** Milliseconds between two looks at a story that is being played. */
const LOOK_MS = 1000;

/** The demonstration's story, step by step, each with what was verified; played on by a button or by hand. */
export function Story() {
  const { t, known } = useWords();
  // A step our words do not know yet tells itself in the program's.
  const titleOf = (step: StoryStep) => {
    const said = known('story-step', step.name);
    return said === step.name ? step.title : said;
  };
  const play = useWrite('demonstration.play');
  const status = useRead('workspace.status', {}, { refetchInterval: play.isPending ? LOOK_MS : false });
  const story = status.data?.workspace?.demonstration;
  const sandbox = useRead('runs.sandbox', {}, { enabled: story?.place_open === true });
  // Whoever has switched the sandbox on in the settings means to rehearse.
  const [chosen, setChosen] = useState<boolean | null>(null);
  if (status.isPending) return <PageLoading />;
  if (!story) {
    return (
      <Page title={t('nav-story')}>
        <Empty title={t('story-none')}>{t('story-none-text')}</Empty>
      </Page>
    );
  }
  const done = story.steps.filter((step) => step.state === 'done').length;
  const over = done === story.steps.length;
  const playing = story.playing || play.isPending;
  const inSandbox = story.place_open && (chosen ?? sandbox.data?.running === true);
  return (
    <Page
      title={t('nav-story')}
      lead={t('story-lead')}
      badges={
        <>
          <Badge tone={over ? 'good' : 'accent'}>{t('story-of', { done, of: story.steps.length })}</Badge>
          {story.in_sandbox && <Badge tone="quiet">{t('story-is-in-sandbox')}</Badge>}
        </>
      }
      actions={
        !over && (
          <>
            <Button leftSection={<StepForward size={14} aria-hidden />} disabled={playing} onClick={() => play.mutate({ to_end: false, in_sandbox: inSandbox })}>
              {t('story-step')}
            </Button>
            <Button variant="filled" leftSection={<FastForward size={14} aria-hidden />} loading={playing} onClick={() => play.mutate({ to_end: true, in_sandbox: inSandbox })}>
              {t('story-play')}
            </Button>
          </>
        )
      }
    >
      {play.error && <FailureAdvice thrown={play.error} />}
      <Section>
        {story.place_open && (
          <Checkbox
            className={classes.place}
            label={t('story-in-sandbox')}
            description={t('story-in-sandbox-text')}
            checked={inSandbox}
            disabled={playing}
            onChange={(event) => setChosen(event.currentTarget.checked)}
          />
        )}
        <ol className={classes.story}>
          {story.steps.map((step) => (
            <li key={step.name} data-state={step.state} aria-current={step.state === 'playing' || step.state === 'next' ? 'step' : undefined}>
              <Mark state={step.state} />
              <div className="grow">
                <div className="line-wrap">
                  <strong>{titleOf(step)}</strong>
                  {step.link && <a href={`#${step.link}`}>{t('show')}</a>}
                </div>
                {step.detail && (
                  <p className="dim">
                    <Ticks text={step.detail} />
                  </p>
                )}
              </div>
            </li>
          ))}
        </ol>
      </Section>
    </Page>
  );
}

function Mark({ state }: { state: StoryStep['state'] }) {
  const { known } = useWords();
  const Icon = { done: Check, failed: CircleX, playing: LoaderCircle, next: Play }[state] ?? CircleDashed;
  return (
    <span className={classes.mark}>
      <Icon size={16} aria-hidden />
      <span className="hidden-text">{known('step', state)}: </span>
    </span>
  );
}
