import { Checkbox, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState, type ReactNode } from 'react';

/** Milliseconds of rest after which what was typed becomes a change of the working copy. */
const REST_MS = 700;

/**
 * A value that is changed here and kept elsewhere, by answers that come later. What comes back is taken for an echo where it
 * was sent from here, so that it never undoes what was typed since; anything else (an undo, say) takes its place.
 */
export function useLocal<T>(value: T, onValue: (value: T) => void): [T, (next: T) => void] {
  const [local, setLocal] = useState(value);
  const sent = useRef<string[]>([]);
  const now = JSON.stringify(value);
  useEffect(() => {
    const echo = sent.current.indexOf(now);
    if (echo >= 0) {
      sent.current = sent.current.slice(echo + 1);
      return;
    }
    sent.current = [];
    setLocal(JSON.parse(now) as T);
  }, [now]);
  return [
    local,
    (next) => {
      sent.current.push(JSON.stringify(next));
      setLocal(next);
      onValue(next);
    },
  ];
}

/** A field whose text becomes a change when its writer rests, leaves it or presses Enter. */
export function Typed({
  label,
  description,
  value,
  lines = false,
  code = false,
  placeholder,
  error,
  id,
  onValue,
}: {
  label: string;
  description?: ReactNode;
  value: string;
  /** The text may have several lines. */
  lines?: boolean;
  /** It is an expression or an address: shown in even letters. */
  code?: boolean;
  placeholder?: string;
  error?: ReactNode;
  id?: string;
  onValue: (value: string) => void;
}) {
  const [text, put] = useLocal(value, onValue);
  const [typed, setTyped] = useState<string | null>(null);
  const send = (next: string) => {
    setTyped(null);
    if (next !== text) put(next);
  };
  const soon = useDebouncedCallback(send, { delay: REST_MS, flushOnUnmount: true });
  const common = {
    label,
    description,
    placeholder,
    error,
    id,
    value: typed ?? text,
    spellCheck: !code,
    ...(code ? { styles: { input: { fontFamily: 'var(--mono)', fontSize: 12 } } } : {}),
    onChange: (event: { currentTarget: { value: string } }) => {
      setTyped(event.currentTarget.value);
      soon(event.currentTarget.value);
    },
    onBlur: () => typed !== null && send(typed),
  };
  return lines ? <Textarea {...common} minRows={2} /> : <TextInput {...common} onKeyDown={(event) => event.key === 'Enter' && typed !== null && send(typed)} />;
}

/** A list of names, with those that are known to choose from. */
export function Names({ label, description, value, known, onValue }: { label: string; description?: ReactNode; value: readonly string[]; known: readonly string[]; onValue: (value: string[]) => void }) {
  return <TagsInput size="xs" label={label} description={description} value={[...value]} data={[...new Set(known)]} onChange={onValue} acceptValueOnBlur clearable={false} />;
}

/** A yes or no, which shows at once what was chosen. */
export function Check({ label, value, onValue }: { label: string; value: boolean; onValue: (value: boolean) => void }) {
  const [is, put] = useLocal(value, onValue);
  return <Checkbox label={label} checked={is} onChange={(event) => put(event.currentTarget.checked)} />;
}
