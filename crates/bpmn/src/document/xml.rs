//! What the reader of XML says, to be said in any language. The English is the library's own.

use roxmltree::Error;

use crate::sentence::{Part, sentence};

/// The error in words. What only a declared document type could cause stands as the library says it: such documents are
/// refused before.
pub(super) fn said(error: &Error) -> Part {
    let sentence = match error {
        Error::InvalidXmlPrefixUri(at) => sentence!(
            "xml-prefix-address",
            "'xml' namespace prefix mapped to wrong URI at {at}",
            at = at.to_string()
        ),
        Error::UnexpectedXmlUri(at) => sentence!(
            "xml-address-prefix",
            "the 'xml' namespace URI is used for not 'xml' prefix at {at}",
            at = at.to_string()
        ),
        Error::UnexpectedXmlnsUri(at) => sentence!(
            "xml-xmlns-address",
            "the 'xmlns' URI is used at {at}, but it must not be declared",
            at = at.to_string()
        ),
        Error::InvalidElementNamePrefix(at) => sentence!(
            "xml-xmlns-prefix",
            "the 'xmlns' prefix is used at {at}, but it must not be",
            at = at.to_string()
        ),
        Error::DuplicatedNamespace(name, at) => sentence!(
            "xml-namespace-twice",
            "namespace '{name}' at {at} is already defined",
            name = name,
            at = at.to_string()
        ),
        Error::UnknownNamespace(name, at) => sentence!(
            "xml-unknown-prefix",
            "an unknown namespace prefix '{name}' at {at}",
            name = name,
            at = at.to_string()
        ),
        Error::UnexpectedCloseTag(wanted, found, at) => sentence!(
            "xml-close-tag",
            "expected '{wanted}' tag, not '{found}' at {at}",
            wanted = wanted,
            found = found,
            at = at.to_string()
        ),
        Error::UnknownEntityReference(name, at) => sentence!(
            "xml-unknown-entity",
            "unknown entity reference '{name}' at {at}",
            name = name,
            at = at.to_string()
        ),
        Error::MalformedEntityReference(at) => {
            sentence!("xml-entity", "malformed entity reference at {at}", at = at.to_string())
        }
        Error::InvalidAttributeValue(at) => {
            sentence!("xml-less-than", "unescaped '<' found at {at}", at = at.to_string())
        }
        Error::DuplicatedAttribute(name, at) => sentence!(
            "xml-attribute-twice",
            "attribute '{name}' at {at} is already defined",
            name = name,
            at = at.to_string()
        ),
        Error::NoRootNode => sentence!("xml-no-root", "the document does not have a root node"),
        Error::UnclosedRootNode => sentence!("xml-open-root", "the root node was opened but never closed"),
        Error::UnexpectedDeclaration(at) => {
            sentence!("xml-declaration", "unexpected XML declaration at {at}", at = at.to_string())
        }
        Error::AttributesLimitReached => {
            sentence!("xml-attributes", "more than 2^32 attributes were parsed")
        }
        Error::NamespacesLimitReached => {
            sentence!("xml-namespaces", "more than 2^16 unique namespaces were parsed")
        }
        Error::InvalidName(at) => sentence!("xml-name", "invalid name token at {at}", at = at.to_string()),
        Error::NonXmlChar(character, at) => sentence!(
            "xml-no-character",
            "a non-XML character {character} found at {at}",
            character = format!("{character:?}"),
            at = at.to_string()
        ),
        Error::InvalidChar(wanted, found, at) => sentence!(
            "xml-character",
            "expected {wanted} not '{found}' at {at}",
            wanted = format!("'{}'", char::from(*wanted)),
            found = char::from(*found),
            at = at.to_string()
        ),
        Error::InvalidChar2(wanted, found, at) => {
            let wanted: Part = match *wanted {
                "a whitespace" => sentence!("xml-a-whitespace", "a whitespace").into(),
                "a quote" => sentence!("xml-a-quote", "a quote").into(),
                quoted => quoted.into(),
            };
            sentence!(
                "xml-character",
                "expected {wanted} not '{found}' at {at}",
                wanted = wanted,
                found = char::from(*found),
                at = at.to_string()
            )
        }
        Error::InvalidString(wanted, at) => {
            sentence!("xml-string", "expected '{wanted}' at {at}", wanted = *wanted, at = at.to_string())
        }
        Error::InvalidComment(at) => {
            sentence!("xml-comment", "comment at {at} contains '--'", at = at.to_string())
        }
        Error::InvalidCharacterData(at) => sentence!(
            "xml-character-data",
            "']]>' at {at} is not allowed inside a character data",
            at = at.to_string()
        ),
        Error::UnknownToken(at) => sentence!("xml-token", "unknown token at {at}", at = at.to_string()),
        Error::UnexpectedEndOfStream => sentence!("xml-end", "unexpected end of stream"),
        Error::NodesLimitReached
        | Error::UnexpectedEntityCloseTag(_)
        | Error::EntityReferenceLoop(_)
        | Error::DtdDetected
        | Error::InvalidExternalID(_)
        | Error::EntityResolver(..) => return error.to_string().into(),
    };
    sentence.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::TextPos;

    #[test]
    fn the_english_is_the_library_s_own() {
        let at = TextPos::new(3, 14);
        let name = || "a".to_owned();
        let errors = [
            Error::InvalidXmlPrefixUri(at),
            Error::UnexpectedXmlUri(at),
            Error::UnexpectedXmlnsUri(at),
            Error::InvalidElementNamePrefix(at),
            Error::DuplicatedNamespace(name(), at),
            Error::UnknownNamespace(name(), at),
            Error::UnexpectedCloseTag(name(), "b".to_owned(), at),
            Error::UnexpectedEntityCloseTag(at),
            Error::UnknownEntityReference(name(), at),
            Error::MalformedEntityReference(at),
            Error::EntityReferenceLoop(at),
            Error::InvalidAttributeValue(at),
            Error::DuplicatedAttribute(name(), at),
            Error::NoRootNode,
            Error::UnclosedRootNode,
            Error::UnexpectedDeclaration(at),
            Error::DtdDetected,
            Error::NodesLimitReached,
            Error::AttributesLimitReached,
            Error::NamespacesLimitReached,
            Error::InvalidName(at),
            Error::NonXmlChar('\u{1}', at),
            Error::InvalidChar(b'>', b'x', at),
            Error::InvalidChar2("a whitespace", b'x', at),
            Error::InvalidChar2("a quote", b'x', at),
            Error::InvalidChar2("'[' or '>'", b'x', at),
            Error::InvalidString("?>", at),
            Error::InvalidExternalID(at),
            Error::EntityResolver(at, name()),
            Error::InvalidComment(at),
            Error::InvalidCharacterData(at),
            Error::UnknownToken(at),
            Error::UnexpectedEndOfStream,
        ];
        for error in errors {
            assert_eq!(said(&error).to_string(), error.to_string());
        }
    }
}
