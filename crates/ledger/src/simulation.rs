//! placeholder
/// x
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mutant {}
