//! Text to tokens, as JUEL's scanner reads it.

use super::ExpressionError;
use super::tree::BinaryOperator;
use crate::sentence::{Part, Sentence, sentence};

/// A token of an evaluation, or the text between evaluations.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Text(String),
    /// `${`, or `#{` which is deferred.
    Start {
        deferred: bool,
    },
    End,
    Identifier(String),
    String(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Null,
    Binary(BinaryOperator),
    Not,
    Empty,
    Question,
    Colon,
    Dot,
    Comma,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Eof,
}

impl Token {
    /// How a message calls it.
    pub(super) fn words(&self) -> Part {
        match self {
            Token::Text(_) => sentence!("token-text", "text").into(),
            Token::Start { .. } => sentence!("token-start", "the start of an evaluation").into(),
            Token::End => "`}`".into(),
            Token::Identifier(name) => format!("`{name}`").into(),
            Token::String(_) => sentence!("token-string", "a string").into(),
            Token::Integer(value) => format!("`{value}`").into(),
            Token::Float(value) => format!("`{value}`").into(),
            Token::Boolean(value) => format!("`{value}`").into(),
            Token::Null => "`null`".into(),
            Token::Binary(operator) => format!("`{}`", operator.sign()).into(),
            Token::Not => "`!`".into(),
            Token::Empty => "`empty`".into(),
            Token::Question => "`?`".into(),
            Token::Colon => "`:`".into(),
            Token::Dot => "`.`".into(),
            Token::Comma => "`,`".into(),
            Token::OpenBracket => "`[`".into(),
            Token::CloseBracket => "`]`".into(),
            Token::OpenParenthesis => "`(`".into(),
            Token::CloseParenthesis => "`)`".into(),
            Token::Eof => sentence!("token-end", "the end of the text").into(),
        }
    }
}

/// Reads tokens one after the other.
pub(super) struct Scanner<'t> {
    text: &'t str,
    position: usize,
    /// Between `${` and `}`.
    evaluating: bool,
    /// After a colon only `null`, `true` and `false` are words of the language: the name after a function's prefix
    /// may be `empty` or `eq`.
    after_colon: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, position: 0, evaluating: false, after_colon: false }
    }

    /// The next token and where it starts, in bytes.
    pub(super) fn next(&mut self) -> Result<(Token, usize), ExpressionError> {
        if self.evaluating {
            let rest = &self.text[self.position..];
            self.position += rest.len() - rest.trim_start_matches(is_java_whitespace).len();
        }
        let start = self.position;
        if start == self.text.len() {
            return Ok((Token::Eof, start));
        }
        let token = if self.evaluating { self.evaluation_token()? } else { self.text_token() };
        self.after_colon = token == Token::Colon;
        Ok((token, start))
    }

    fn text_token(&mut self) -> Token {
        let rest = &self.text[self.position..];
        if rest.starts_with("${") || rest.starts_with("#{") {
            self.position += 2;
            self.evaluating = true;
            return Token::Start { deferred: rest.starts_with('#') };
        }
        let mut text = String::new();
        let mut escaped = false;
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                // JUEL keeps the escape open after `\\`, so `\\${` is `\${` and no evaluation.
                '\\' if escaped => text.push('\\'),
                '\\' => escaped = true,
                '#' | '$' if characters.peek().is_some_and(|(_, next)| *next == '{') => {
                    if !escaped {
                        self.position += at;
                        return Token::Text(text);
                    }
                    text.push(character);
                    escaped = false;
                }
                _ => {
                    if escaped {
                        text.push('\\');
                    }
                    text.push(character);
                    escaped = false;
                }
            }
        }
        if escaped {
            text.push('\\');
        }
        self.position = self.text.len();
        Token::Text(text)
    }

    fn evaluation_token(&mut self) -> Result<Token, ExpressionError> {
        use BinaryOperator::*;
        let rest = &self.text[self.position..];
        let mut characters = rest.chars();
        let first = characters.next().unwrap_or('}');
        let second = characters.next().unwrap_or('\0');
        let (token, length) = match (first, second) {
            ('}', _) => {
                self.evaluating = false;
                (Token::End, 1)
            }
            ('*', _) => (Token::Binary(Multiply), 1),
            ('/', _) => (Token::Binary(Divide), 1),
            ('%', _) => (Token::Binary(Remainder), 1),
            ('+', _) => (Token::Binary(Add), 1),
            ('-', '>') => {
                let problem = sentence!("expression-lambda", "lambda expressions are not supported");
                return Err(self.refused(problem));
            }
            ('-', _) => (Token::Binary(Subtract), 1),
            ('?', _) => (Token::Question, 1),
            (':', _) => (Token::Colon, 1),
            ('[', _) => (Token::OpenBracket, 1),
            (']', _) => (Token::CloseBracket, 1),
            ('(', _) => (Token::OpenParenthesis, 1),
            (')', _) => (Token::CloseParenthesis, 1),
            (',', _) => (Token::Comma, 1),
            ('=', '=') => (Token::Binary(Equal), 2),
            ('&', '&') => (Token::Binary(And), 2),
            ('|', '|') => (Token::Binary(Or), 2),
            ('!', '=') => (Token::Binary(NotEqual), 2),
            ('!', _) => (Token::Not, 1),
            ('<', '=') => (Token::Binary(LessOrEqual), 2),
            ('<', _) => (Token::Binary(Less), 1),
            ('>', '=') => (Token::Binary(GreaterOrEqual), 2),
            ('>', _) => (Token::Binary(Greater), 1),
            ('"' | '\'', _) => return self.string(rest, first),
            ('.', next) if !next.is_ascii_digit() => (Token::Dot, 1),
            ('.' | '0'..='9', _) => return self.number(rest),
            (other, _) if is_java_identifier_start(other) => {
                let end = rest.find(|c| !is_java_identifier_part(c)).unwrap_or(rest.len());
                (self.word(&rest[..end]), end)
            }
            ('=', _) => {
                let problem = sentence!("expression-assignment", "`=` is not a comparison; write `==`");
                return Err(self.refused(problem));
            }
            (other, _) => {
                let problem = sentence!(
                    "expression-unexpected",
                    "{found} cannot stand here",
                    found = format!("`{other}`")
                );
                return Err(self.refused(problem));
            }
        };
        self.position += length;
        Ok(token)
    }

    fn word(&self, name: &str) -> Token {
        use BinaryOperator::*;
        match (name, self.after_colon) {
            ("null", _) => Token::Null,
            ("true", _) => Token::Boolean(true),
            ("false", _) => Token::Boolean(false),
            ("empty", false) => Token::Empty,
            ("not", false) => Token::Not,
            ("div", false) => Token::Binary(Divide),
            ("mod", false) => Token::Binary(Remainder),
            ("and", false) => Token::Binary(And),
            ("or", false) => Token::Binary(Or),
            ("le", false) => Token::Binary(LessOrEqual),
            ("lt", false) => Token::Binary(Less),
            ("eq", false) => Token::Binary(Equal),
            ("ne", false) => Token::Binary(NotEqual),
            ("ge", false) => Token::Binary(GreaterOrEqual),
            ("gt", false) => Token::Binary(Greater),
            _ => Token::Identifier(name.to_owned()),
        }
    }

    fn string(&mut self, rest: &str, quote: char) -> Result<Token, ExpressionError> {
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\\' | '\'' | '"'))) => text.push(escaped),
                    Some((_, other)) => {
                        return Err(self.refused(sentence!(
                            "expression-escape",
                            "`\\{character}` is no escape; only \\\\, \\' and \\\" are",
                            character = other
                        )));
                    }
                    None => break,
                },
                _ if character == quote => {
                    self.position += at + 1;
                    return Ok(Token::String(text));
                }
                _ => text.push(character),
            }
        }
        Err(self.refused(sentence!("expression-open-string", "the string is not closed")))
    }

    fn number(&mut self, rest: &str) -> Result<Token, ExpressionError> {
        let bytes = rest.as_bytes();
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut end = digits(0);
        let mut whole = true;
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
            whole = false;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
                whole = false;
            }
        }
        let text = &rest[..end];
        let token = if whole {
            let problem = || {
                sentence!("expression-large-number", "`{text}` does not fit a 64-bit integer", text = text)
            };
            Token::Integer(text.parse().map_err(|_| self.refused(problem()))?)
        } else {
            let problem = || sentence!("expression-no-number", "`{text}` is not a number", text = text);
            Token::Float(text.parse().map_err(|_| self.refused(problem()))?)
        };
        self.position += end;
        Ok(token)
    }

    fn refused(&self, problem: Sentence) -> ExpressionError {
        ExpressionError::syntax(self.text, self.position, problem)
    }
}

/// Java's `Character.isWhitespace`: not the spaces that do not break.
fn is_java_whitespace(character: char) -> bool {
    matches!(character, '\u{1c}'..='\u{1f}')
        || (character.is_whitespace() && !matches!(character, '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}'))
}

/// Java's `Character.isJavaIdentifierStart`, with the currency and connector signs that occur.
fn is_java_identifier_start(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | '$' | '¢'..='¥' | '₠'..='₿' | '‿' | '⁀' | '⁔')
}

fn is_java_identifier_part(character: char) -> bool {
    is_java_identifier_start(character) || character.is_alphanumeric()
}
