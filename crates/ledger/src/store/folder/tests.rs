use super::*;
pub(super) struct Fault;
pub(super) fn with_fault<T>(
    _f: &Mutex<Option<Fault>>,
    _s: Step,
    call: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    call()
}
