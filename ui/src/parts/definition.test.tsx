import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';

import { showPart } from '../testing/render';
import { Defined } from './definition';

const MEANS = 'Twice the area under the ROC, less one.';

/** The word, and how to look for what it means. */
function defined() {
  showPart(<Defined title="Gini" definition={MEANS} />);
  return { word: screen.getByRole('button', { name: `Gini: ${MEANS}` }), meant: () => screen.queryByText(MEANS) };
}

describe('a definition', () => {
  test('shows when its word is pointed at, and goes when the pointer does', async () => {
    const { word, meant } = defined();
    expect(meant()).toBeNull();
    fireEvent.pointerEnter(word);
    expect(meant(), 'not before the pointer has rested').toBeNull();
    await screen.findByText(MEANS);
    fireEvent.pointerLeave(word);
    await waitFor(() => expect(meant()).toBeNull());
  });

  test('is not shown to a pointer that only passes', async () => {
    const { word, meant } = defined();
    fireEvent.pointerEnter(word);
    fireEvent.pointerLeave(word);
    await new Promise((later) => setTimeout(later, 300));
    expect(meant()).toBeNull();
  });

  test('goes at Escape, which nothing around it hears', async () => {
    const { word, meant } = defined();
    fireEvent.pointerEnter(word);
    await screen.findByText(MEANS);
    const heard = vi.fn<() => void>();
    document.body.addEventListener('keydown', heard);
    fireEvent.keyDown(word, { key: 'Escape' });
    await waitFor(() => expect(meant()).toBeNull());
    expect(heard).not.toHaveBeenCalled();
    // Nothing is shown now, so that this one is for what stands around it.
    fireEvent.keyDown(word, { key: 'Escape' });
    document.body.removeEventListener('keydown', heard);
    expect(heard).toHaveBeenCalledOnce();
  });
});
