import { useWords } from '../words/words';
import classes from './command.module.css';
import { CopyIcon } from './digest';

/** A line to be read and copied as a whole: a command for a terminal, a link, a key. */
export function CommandLine({ text, label, copy }: { text: string; label?: string; copy?: string }) {
  const { t } = useWords();
  return (
    <div className={classes.command}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long line scrolls, and a keyboard must reach it */}
      <pre tabIndex={0} role="group" aria-label={label ?? t('command')}>
        {broken(text)}
      </pre>
      <CopyIcon value={text} label={copy ?? t('command-copy')} />
    </div>
  );
}

/** One option a line, as people write long commands; the copy is one line. */
function broken(text: string): string {
  return text.replaceAll(/ (?=--[a-z])/g, ' \\\n  ').replaceAll(' && ', ' &&\n');
}
