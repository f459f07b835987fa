//! Why a document cannot be read or edited.

/// Why a document cannot be read or edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Beyond a named limit: never worth a second try.
    #[error("{what} is beyond the limit of {limit}; split the definition")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Not well-formed XML, or not a BPMN document.
    #[error("not a BPMN document: {0}")]
    Malformed(String),
    /// A document type declaration or an entity, which are never honest in a definition.
    #[error("the document declares a document type or entities at byte {at}; remove the declaration")]
    Hostile {
        /// Where, in bytes.
        at: usize,
    },
    /// An edit names an element that is not there.
    #[error("there is no element `{0}` in the document; it may have been removed, reload and try again")]
    NotFound(String),
    /// An edit would leave a document that is not well-formed.
    #[error("the edit cannot be made: {0}")]
    BadEdit(String),
}
