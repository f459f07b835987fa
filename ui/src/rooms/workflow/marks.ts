import type { DiagnosticRow } from '../../api/bindings/DiagnosticRow';
import type { ElementTime } from '../../api/bindings/ElementTime';
import type { InstanceDiagram } from '../../api/bindings/InstanceDiagram';
import type { TokenRow } from '../../api/bindings/TokenRow';
import type { DiagramMark } from '../../parts/diagram';
import type { Words } from '../../words/words';

/** What a live diagram shows: where the tokens are, who holds them, what is late, what is done, by whom and how long it took. */
export function liveMarks(tokens: readonly TokenRow[], elements: readonly ElementTime[], words: Words, now = Date.now()): DiagramMark[] {
  const here = new Set(tokens.map((token) => token.element));
  return [
    ...elements
      .filter((element) => !here.has(element.element))
      .map((element) => {
        const badge = [element.by.join(', '), element.spent_s >= 1 ? words.duration(element.spent_s) : ''].filter((part) => part !== '').join(' · ');
        return { element: element.element, tone: 'done' as const, ...(badge === '' ? {} : { badge }) };
      }),
    ...tokens.map((token) => {
      const late = token.due !== null && Date.parse(token.due) < now;
      const badge = [token.badge, token.due ? words.ago(token.due, now) : null].filter((part) => part !== null && part !== '').join(', ');
      return {
        element: token.element,
        tone: token.kind === 'incident' ? ('incident' as const) : late ? ('late' as const) : token.kind === 'armed' ? ('armed' as const) : ('token' as const),
        ...(badge === '' ? {} : { badge }),
      };
    }),
  ];
}

/** The marks of one diagram: of what is drawn in it, and not of an element elsewhere that has the same identifier. */
export function marksIn(diagram: InstanceDiagram, tokens: readonly TokenRow[], elements: readonly ElementTime[], words: Words): DiagramMark[] {
  const drawn = (process: string | null) => process !== null && diagram.processes.includes(process);
  return liveMarks(
    tokens.filter((token) => drawn(token.process)),
    elements.filter((element) => drawn(element.process)),
    words,
  );
}

/** What the lint says, on the elements it says it of; the one that was picked stands out. */
export function lintMarks(rows: readonly DiagnosticRow[], picked: string | null): DiagramMark[] {
  const worst = new Map<string, 'error' | 'warning'>();
  for (const row of rows) {
    if (row.element && worst.get(row.element) !== 'error') worst.set(row.element, row.severity === 'error' ? 'error' : 'warning');
  }
  const marks: DiagramMark[] = [...worst].map(([element, tone]) => ({ element, tone }));
  return picked === null ? marks : [...marks.filter((mark) => mark.element !== picked), { element: picked, tone: 'token' }];
}
