//! Tokens to a tree, by JUEL's grammar.

use super::scanner::{Scanner, Token};
use super::tree::{BinaryOperator, Node, Part, Step, Tree, UnaryOperator};
use super::{ExpressionError, NESTING_MAX, functions};
use crate::sentence::{Sentence, sentence};
use crate::value::Value;

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Tree, ExpressionError> {
    let mut scanner = Scanner::new(text);
    let (token, position) = scanner.next()?;
    let mut parser = Parser { text, scanner, token, position, taken: 0, ahead: Vec::new(), depth: 0 };
    parser.tree()
}

struct Parser<'t> {
    text: &'t str,
    scanner: Scanner<'t>,
    token: Token,
    position: usize,
    /// Where the token taken last started.
    taken: usize,
    /// Tokens read ahead to tell `a ? b : c` from `prefix:function(…)`; the next one last.
    ahead: Vec<(Token, usize)>,
    depth: usize,
}

impl Parser<'_> {
    fn tree(&mut self) -> Result<Tree, ExpressionError> {
        let mut parts = Vec::new();
        let mut deferred = None;
        loop {
            match self.advance()? {
                Token::Text(text) => parts.push(Part::Text(text)),
                Token::Start { deferred: this } => {
                    if deferred.is_some_and(|first: bool| first != this) {
                        return Err(self.refused(sentence!(
                            "expression-mixed",
                            "`${{` and `#{{` cannot be mixed in one text"
                        )));
                    }
                    deferred = Some(this);
                    parts.push(Part::Evaluation(self.expression()?));
                    self.expect(Token::End)?;
                }
                Token::Eof => break,
                other => return Err(self.unexpected(&other)),
            }
        }
        Ok(match (parts.pop(), parts.is_empty()) {
            (None, _) => Tree::Literal(String::new()),
            (Some(Part::Text(text)), true) => Tree::Literal(text),
            (Some(Part::Evaluation(node)), true) => Tree::Evaluation(node),
            (Some(last), false) => {
                parts.push(last);
                Tree::Composite(parts)
            }
        })
    }

    /// `or ('?' expression ':' expression)?`
    fn expression(&mut self) -> Result<Node, ExpressionError> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(ExpressionError::Limit(sentence!(
                "expression-too-deep",
                "the expression is nested more than {limit} deep; compute parts of it in steps before",
                limit = NESTING_MAX
            )));
        }
        let mut node = self.binary(1)?;
        if self.token == Token::Question {
            self.advance()?;
            let yes = self.expression()?;
            self.expect(Token::Colon)?;
            let no = self.expression()?;
            node = Node::Choice(Box::new([node, yes, no]));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn binary(&mut self, precedence_min: u8) -> Result<Node, ExpressionError> {
        let mut left = self.unary()?;
        let mut precedence = 0;
        while let Token::Binary(operator) = self.token {
            if operator.precedence() < precedence_min {
                break;
            }
            self.advance()?;
            let right = self.binary(operator.precedence() + 1)?;
            match &mut left {
                Node::Chain(_, rest) if precedence == operator.precedence() => rest.push((operator, right)),
                _ => left = Node::Chain(Box::new(left), vec![(operator, right)]),
            }
            precedence = operator.precedence();
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, ExpressionError> {
        let operator = match self.token {
            Token::Not => UnaryOperator::Not,
            Token::Empty => UnaryOperator::Empty,
            Token::Binary(BinaryOperator::Subtract) => UnaryOperator::Negate,
            _ => return self.access(),
        };
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(ExpressionError::Limit(sentence!(
                "expression-too-many-operators",
                "more than {limit} operators precede one value",
                limit = NESTING_MAX
            )));
        }
        self.advance()?;
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(Node::Unary(operator, Box::new(operand)))
    }

    /// A value with what follows it: `.name`, `[…]`, `.name(…)`.
    fn access(&mut self) -> Result<Node, ExpressionError> {
        let base = self.value()?;
        let mut steps = Vec::new();
        loop {
            let step = match self.token {
                Token::Dot => {
                    self.advance()?;
                    match self.advance()? {
                        Token::Identifier(name) => Step::Dot(name),
                        other => {
                            let property = sentence!("token-property", "a property name");
                            return Err(self.wanted(property, &other));
                        }
                    }
                }
                Token::OpenBracket => {
                    self.advance()?;
                    let property = self.expression()?;
                    self.expect(Token::CloseBracket)?;
                    Step::Bracket(property)
                }
                _ => break,
            };
            steps.push(if self.token == Token::OpenParenthesis {
                Step::Call(Box::new(step), self.arguments()?)
            } else {
                step
            });
        }
        Ok(if steps.is_empty() { base } else { Node::Access(Box::new(base), steps) })
    }

    fn value(&mut self) -> Result<Node, ExpressionError> {
        Ok(match self.advance()? {
            Token::Identifier(name) => self.named(name)?,
            Token::OpenParenthesis => {
                let inner = self.expression()?;
                self.expect(Token::CloseParenthesis)?;
                inner
            }
            Token::Boolean(value) => Node::Literal(Value::Boolean(value)),
            Token::String(value) => Node::Literal(Value::String(value)),
            Token::Integer(value) => Node::Literal(Value::Long(value)),
            Token::Float(value) => Node::Literal(Value::Double(value)),
            Token::Null => Node::Literal(Value::Null),
            other => return Err(self.wanted(sentence!("token-value", "a value"), &other)),
        })
    }

    /// A variable, `function(…)` or `prefix:function(…)`.
    fn named(&mut self, name: String) -> Result<Node, ExpressionError> {
        if self.token == Token::Colon
            && matches!(self.ahead(0)?, Token::Identifier(_))
            && *self.ahead(1)? == Token::OpenParenthesis
        {
            self.advance()?;
            let function = match self.advance()? {
                Token::Identifier(function) => function,
                other => return Err(self.unexpected(&other)),
            };
            return self.function(name, function);
        }
        if self.token == Token::OpenParenthesis {
            return self.function(String::new(), name);
        }
        Ok(Node::Identifier(name))
    }

    fn function(&mut self, prefix: String, name: String) -> Result<Node, ExpressionError> {
        let start = self.taken;
        let arguments = self.arguments()?;
        functions::check(&prefix, &name, &arguments)
            .map_err(|problem| ExpressionError::syntax(self.text, start, problem))?;
        Ok(Node::Function { prefix, name, arguments })
    }

    fn arguments(&mut self) -> Result<Vec<Node>, ExpressionError> {
        self.expect(Token::OpenParenthesis)?;
        let mut arguments = Vec::new();
        if self.token != Token::CloseParenthesis {
            arguments.push(self.expression()?);
            while self.token == Token::Comma {
                self.advance()?;
                arguments.push(self.expression()?);
            }
        }
        self.expect(Token::CloseParenthesis)?;
        Ok(arguments)
    }

    /// Takes the current token and reads the next.
    fn advance(&mut self) -> Result<Token, ExpressionError> {
        let (next, position) = match self.ahead.pop() {
            Some(read) => read,
            None => self.scanner.next()?,
        };
        self.taken = self.position;
        self.position = position;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn ahead(&mut self, index: usize) -> Result<&Token, ExpressionError> {
        while self.ahead.len() <= index {
            let read = self.scanner.next()?;
            self.ahead.insert(0, read);
        }
        Ok(&self.ahead[self.ahead.len() - 1 - index].0)
    }

    fn expect(&mut self, wanted: Token) -> Result<(), ExpressionError> {
        if self.token == wanted {
            self.advance()?;
            return Ok(());
        }
        Err(ExpressionError::syntax(self.text, self.position, instead(wanted.words(), &self.token)))
    }

    fn unexpected(&self, found: &Token) -> ExpressionError {
        self.refused(sentence!("expression-unexpected", "{found} cannot stand here", found = found.words()))
    }

    fn wanted(&self, wanted: Sentence, found: &Token) -> ExpressionError {
        self.refused(instead(wanted.into(), found))
    }

    fn refused(&self, problem: Sentence) -> ExpressionError {
        ExpressionError::syntax(self.text, self.taken, problem)
    }
}

fn instead(wanted: crate::sentence::Part, found: &Token) -> Sentence {
    sentence!(
        "expression-instead",
        "{wanted} should stand here, not {found}",
        wanted = wanted,
        found = found.words()
    )
}
