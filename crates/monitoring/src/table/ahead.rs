//! Parts decoded ahead on cores that have nothing else to do, and handed on in their order.

use crate::error::Error;
use std::sync::mpsc::{Receiver, sync_channel};

/// What waits to be taken of a part that is decoded ahead.
const ITEMS_AHEAD: usize = 2;

/// Takes what a part is made of, one after the other; false when no more is wanted.
pub(super) type Sink<'s, T> = dyn FnMut(T) -> bool + 's;

/// Hands on what `decode` makes of the parts `0 … parts`, with the part's number: in order, and the same however many
/// `helpers` decode ahead. Without helpers each part is decoded when it is wanted.
///
/// # Errors
/// The first of `each`; then no more is decoded.
pub(super) fn in_order<T: Send>(
    parts: usize,
    helpers: usize,
    decode: impl Fn(usize, &mut Sink<'_, T>) + Sync,
    each: &mut dyn FnMut(usize, T) -> Result<(), Error>,
) -> Result<(), Error> {
    if helpers == 0 || parts <= 1 {
        let mut answer = Ok(());
        for part in 0..parts {
            decode(part, &mut |item| {
                answer = each(part, item);
                answer.is_ok()
            });
            if answer.is_err() {
                break;
            }
        }
        return answer;
    }
    let helpers = helpers.min(parts);
    let decode = &decode;
    std::thread::scope(|scope| {
        let made: Vec<Receiver<Option<T>>> = (0..helpers)
            .map(|helper| {
                let (give, take) = sync_channel(ITEMS_AHEAD);
                scope.spawn(move || {
                    let _busy = crate::compute::Busy::begin();
                    for part in (helper..parts).step_by(helpers) {
                        let mut is_wanted = true;
                        decode(part, &mut |item| {
                            is_wanted = give.send(Some(item)).is_ok();
                            is_wanted
                        });
                        // The part's end, told apart from the end of the helper.
                        if !is_wanted || give.send(None).is_err() {
                            break;
                        }
                    }
                });
                take
            })
            .collect();
        for part in 0..parts {
            // A helper that is gone before its part's end has panicked, and the scope says so.
            while let Ok(Some(item)) = made[part % helpers].recv() {
                each(part, item)?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Part `n` has `n % 5` items.
    fn items(part: usize, sink: &mut Sink<'_, (usize, usize)>) {
        for item in 0..part % 5 {
            if !sink((part, item)) {
                return;
            }
        }
    }

    #[test]
    fn what_is_made_comes_in_order_whoever_made_it() {
        for parts in [0, 1, 2, 7, 40] {
            let mut expected = Vec::new();
            for part in 0..parts {
                (0..part % 5).for_each(|item| expected.push((part, item)));
            }
            for helpers in [0, 1, 2, 3, 64] {
                let mut seen = Vec::new();
                let answer = in_order(parts, helpers, items, &mut |part, item| {
                    assert_eq!(part, item.0);
                    seen.push(item);
                    Ok(())
                });
                answer.unwrap();
                assert_eq!(seen, expected, "{parts} parts, {helpers} helpers");
            }
        }
    }

    #[test]
    fn an_error_ends_it_and_little_was_made_in_vain() {
        for helpers in [0, 1, 3] {
            let made = AtomicUsize::new(0);
            let endless = |_: usize, sink: &mut Sink<'_, usize>| {
                while sink(made.fetch_add(1, Ordering::Relaxed)) {}
            };
            let mut taken = 0;
            let answer = in_order(5, helpers, endless, &mut |_, _| {
                taken += 1;
                if taken == 10 { Err(Error::Stopped) } else { Ok(()) }
            });
            assert!(matches!(answer, Err(Error::Stopped)));
            assert_eq!(taken, 10);
            // Each helper had as many as may wait, and one in hand.
            assert!(made.into_inner() <= 10 + helpers.max(1) * (ITEMS_AHEAD + 1) + 1);
        }
    }

    #[test]
    fn a_helper_that_panics_is_not_an_end() {
        let answer = std::panic::catch_unwind(|| {
            in_order(
                4,
                2,
                |part, sink: &mut Sink<'_, usize>| assert!(part != 2 && sink(part)),
                &mut |_, _| Ok(()),
            )
        });
        assert!(answer.is_err());
    }
}
