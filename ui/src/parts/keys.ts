import { useEffect, useRef } from 'react';

/** Milliseconds within which the second key of a pair like `g i` must follow. */
const PAIR_MS = 1200;

/**
 * Single keys (`c`) and pairs (`g i`) that work wherever no text is being typed and no dialog is open.
 * Keys held with Ctrl, Alt or Meta belong to the system and are left alone.
 */
export function useKeys(keys: Record<string, () => void>): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const pair = first && event.timeStamp - first.at < PAIR_MS ? current.current[`${first.key} ${event.key}`] : undefined;
      const act = pair ?? current.current[event.key];
      first = pair ? null : { key: event.key, at: event.timeStamp };
      if (act) {
        event.preventDefault();
        act();
      }
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
