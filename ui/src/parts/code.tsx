import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';

import classes from './code.module.css';

/** Height of a line of code in pixels; the same in the stylesheet. */
const LINE_PX = 19;

/** A text with line numbers and quiet colours. Only the lines that are seen are drawn. */
export function Code({ text, language, label, height }: { text: string; language: string; label: string; height: number }) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the virtualizer's own contract
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
    initialRect: { width: 800, height },
  });
  const gutter = `${String(lines.length).length + 1}ch`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a keyboard must be able to scroll it
    <div ref={scroller} className={classes.code} style={{ height }} tabIndex={0} role="group" aria-label={label}>
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.index} className={classes.line} style={{ transform: `translateY(${item.start}px)` }}>
            <span className={classes.number} style={{ width: gutter }} aria-hidden>
              {item.index + 1}
            </span>
            <code>{colour(lines[item.index] ?? '', language)}</code>
          </div>
        ))}
      </div>
    </div>
  );
}

type Kind = 'remark' | 'text' | 'number' | 'key' | null;

const PYTHON_WORDS =
  'and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield';
const SAS_WORDS = 'data|set|run|proc|quit|if|then|else|do|end|keep|drop|length|format|where|by|output|merge|retain|array|method|package|dcl|return';

/** One pattern a language; the names of its groups are the kinds. */
const GRAMMARS: Record<string, RegExp> = {
  python: new RegExp(String.raw`(?<remark>#.*$)|(?<text>[rbfu]{0,2}(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?))|(?<number>\b\d[\d_.]*(?:e[+-]?\d+)?\b)|(?<key>\b(?:${PYTHON_WORDS})\b)`, 'g'),
  json: /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\]|\\.)*"?)|(?<number>-?\b\d[\d.]*(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b)/g,
  yaml: /(?<remark>(?:^|\s)#.*$)|(?<key>^\s*(?:- )?[\w.-]+(?=:))|(?<text>"(?:[^"\\]|\\.)*"?|'[^']*'?)|(?<number>\b-?\d[\d.]*\b|\b(?:true|false|null)\b)/g,
  xml: /(?<remark><!--.*?-->)|(?<key><\/?[\w:.-]+|\/?>)|(?<text>"[^"]*"?)/g,
  sas: new RegExp(String.raw`(?<remark>/\*.*?\*/|^\s*\*.*;)|(?<text>"[^"]*"?|'[^']*'?)|(?<number>\b\d[\d.]*\b)|(?<key>\b(?:${SAS_WORDS})\b)`, 'gi'),
};

/** Pieces of a line with what each is. A reading aid, not a parser: a text over several lines is coloured line by line. */
export function pieces(line: string, language: string): [text: string, kind: Kind][] {
  const grammar = GRAMMARS[language];
  if (!grammar || line.length > 2000) return [[line, null]];
  const found: [string, Kind][] = [];
  let from = 0;
  for (const match of line.matchAll(grammar)) {
    if (match.index > from) found.push([line.slice(from, match.index), null]);
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    found.push([match[0], (kind ?? null) as Kind]);
    from = match.index + match[0].length;
  }
  if (from < line.length) found.push([line.slice(from), null]);
  return found;
}

function colour(line: string, language: string) {
  return pieces(line, language).map(([text, kind], at) =>
    // oxlint-disable-next-line react/no-array-index-key -- pieces of one line have an order and nothing else
    kind ? <span key={at} data-kind={kind}>{text}</span> : text,
  );
}
