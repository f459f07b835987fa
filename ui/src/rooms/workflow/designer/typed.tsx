import { ActionIcon, Button, Checkbox, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import type { DesignProperty } from '../../../api/bindings/DesignProperty';

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

/** Sets a property; `shown` where the canvas need not be drawn anew. */
export type Set = (property: DesignProperty, shown?: boolean) => void;

/** Properties that belong together. */
export function Group({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      {text && <p className="small dim">{text}</p>}
      {children}
    </section>
  );
}

/** A choice of a few words. */
export function Choose<T extends string>({ label, value, all, wordOf, onValue }: { label: string; value: T | null; all: readonly T[]; wordOf: (one: T) => string; onValue: (value: T) => void }) {
  const known = value === null || all.includes(value) ? all : [value, ...all];
  return <Select label={label} data={known.map((one) => ({ value: one as string, label: wordOf(one) }))} value={value} onChange={(next) => next !== null && next !== value && onValue(next as T)} />;
}

/** Takes one thing out of a list. */
export function Without({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon aria-label={label} onClick={onClick}>
      <Trash2 size={13} aria-hidden />
    </ActionIcon>
  );
}

/** Adds something to a list. */
export function More({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button leftSection={<Plus size={13} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
}
