//! Why a document cannot be read or edited.

use crate::sentence::{Part, Sentence, sentence};

/// Why a document cannot be read or edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Beyond a named limit: never worth a second try.
    #[error("{}", self.sentence())]
    TooLarge {
        /// What is too large.
        what: Sentence,
        /// The limit.
        limit: usize,
    },
    /// Not well-formed XML, or not a BPMN document.
    #[error("{}", self.sentence())]
    Malformed(Part),
    /// A document type declaration or an entity, which are never honest in a definition.
    #[error("{}", self.sentence())]
    Hostile {
        /// Where, in bytes.
        at: usize,
    },
    /// An edit names an element that is not there.
    #[error("{}", self.sentence())]
    NotFound(String),
    /// An edit would leave a document that is not well-formed.
    #[error("{}", self.sentence())]
    BadEdit(Sentence),
}

impl Error {
    /// The error, to be said in any language.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::TooLarge { what, limit } => sentence!(
                "document-too-large",
                "{what} is beyond the limit of {limit}; split the definition",
                what = what.clone(),
                limit = *limit
            ),
            Self::Malformed(why) => {
                sentence!("document-malformed", "not a BPMN document: {why}", why = why.clone())
            }
            Self::Hostile { at } => sentence!(
                "document-hostile",
                "the document declares a document type or entities at byte {at}; remove the declaration",
                at = *at
            ),
            Self::NotFound(element) => sentence!(
                "document-lacks",
                "there is no element `{element}` in the document; it may have been removed, reload and try again",
                element = element
            ),
            Self::BadEdit(why) => {
                sentence!("document-bad-edit", "the edit cannot be made: {why}", why = why.clone())
            }
        }
    }
}
