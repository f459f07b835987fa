//! Alert rules: expressions over a period's numbers, such as `lift5Decay>0.15 and lift10Decay>0.12`.
//!
//! Numbers, names (letters, digits, `_`, `.`, or anything between backticks), `+ - * /`, comparisons, `and`, `or`, `not`,
//! parentheses. A name that has no number in a period makes its comparison unknown; `false and unknown` is false,
//! `true or unknown` is true, and a rule that stays unknown does not fire but says so.

use crate::error::Error;
use crate::report::Remark;

/// Nesting deeper than this is refused.
const DEPTH_MAX: usize = 64;
/// A rule longer than this is refused.
const LENGTH_MAX: usize = 4_096;

/// A rule that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression(Node);

/// What a rule says about a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It fires.
    Fires,
    /// It does not.
    Quiet,
    /// A number it needs is not there.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Name(String),
    Negate(Box<Node>),
    Not(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Number(f64),
    Truth(bool),
    Unknown,
}

impl Expression {
    /// Reads a rule.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        if text.len() > LENGTH_MAX {
            return Err(parser.error(
                "rule-beyond-length",
                &[("max", &LENGTH_MAX)],
                format!("it is longer than {LENGTH_MAX} characters"),
            ));
        }
        let node = parser.or()?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.error("rule-expected-end", &[], "expected `and`, `or` or the end".to_owned()));
        }
        if !node.is_truth() {
            parser.at = 0;
            let text = "it is a number; compare it with something, as in `p1 > 2`";
            return Err(parser.error("rule-only-number", &[], text.to_owned()));
        }
        Ok(Self(node))
    }

    /// Asks the rule; `lookup` knows the numbers.
    pub fn ask(&self, lookup: &dyn Fn(&str) -> Option<f64>) -> Verdict {
        match self.0.evaluate(lookup) {
            Value::Truth(true) => Verdict::Fires,
            Value::Truth(false) => Verdict::Quiet,
            _ => Verdict::Unknown,
        }
    }

    /// The names the rule uses, in order of appearance.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.names(&mut names);
        names
    }
}

impl Node {
    fn is_truth(&self) -> bool {
        match self {
            Self::Number(_) | Self::Name(_) | Self::Negate(_) => false,
            Self::Not(_) => true,
            Self::Binary(operator, _, _) => !operator.is_arithmetic(),
        }
    }

    fn names<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Name(name) => {
                if !out.contains(&name.as_str()) {
                    out.push(name);
                }
            }
            Self::Negate(node) | Self::Not(node) => node.names(out),
            Self::Binary(_, a, b) => {
                a.names(out);
                b.names(out);
            }
        }
    }

    fn evaluate(&self, lookup: &dyn Fn(&str) -> Option<f64>) -> Value {
        match self {
            Self::Number(v) => Value::Number(*v),
            Self::Name(name) => lookup(name).filter(|v| !v.is_nan()).map_or(Value::Unknown, Value::Number),
            Self::Negate(node) => match node.evaluate(lookup) {
                Value::Number(v) => Value::Number(-v),
                _ => Value::Unknown,
            },
            Self::Not(node) => match node.evaluate(lookup) {
                Value::Truth(t) => Value::Truth(!t),
                _ => Value::Unknown,
            },
            Self::Binary(operator, a, b) => operator.apply(a.evaluate(lookup), b.evaluate(lookup)),
        }
    }
}

impl Operator {
    fn is_arithmetic(self) -> bool {
        matches!(self, Self::Add | Self::Subtract | Self::Multiply | Self::Divide)
    }

    fn apply(self, a: Value, b: Value) -> Value {
        use Value::{Number, Truth, Unknown};
        match (self, a, b) {
            (Self::And, Truth(false), _) | (Self::And, _, Truth(false)) => Truth(false),
            (Self::And, Truth(true), Truth(true)) => Truth(true),
            (Self::Or, Truth(true), _) | (Self::Or, _, Truth(true)) => Truth(true),
            (Self::Or, Truth(false), Truth(false)) => Truth(false),
            (Self::Less, Number(a), Number(b)) => Truth(a < b),
            (Self::LessEqual, Number(a), Number(b)) => Truth(a <= b),
            (Self::Greater, Number(a), Number(b)) => Truth(a > b),
            (Self::GreaterEqual, Number(a), Number(b)) => Truth(a >= b),
            (Self::Equal, Number(a), Number(b)) => Truth(a == b),
            (Self::NotEqual, Number(a), Number(b)) => Truth(a != b),
            (Self::Add, Number(a), Number(b)) => Number(a + b),
            (Self::Subtract, Number(a), Number(b)) => Number(a - b),
            (Self::Multiply, Number(a), Number(b)) => Number(a * b),
            (Self::Divide, Number(a), Number(b)) if b != 0.0 => Number(a / b),
            _ => Unknown,
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, id: &str, values: &[(&str, &dyn std::fmt::Display)], text: String) -> Error {
        let at = self.text.get(..self.at).map_or(1, |t| t.chars().count() + 1);
        let problem = Box::new(Remark::new(id, values, text));
        Error::Rule { rule: self.text.chars().take(200).collect(), at, problem }
    }

    fn expected(&self, found: String) -> Error {
        let text = format!("expected a number or a name, found `{found}`");
        self.error("rule-expected-value", &[("found", &found)], text)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn symbol(&mut self, symbols: &[(&str, Operator)]) -> Option<Operator> {
        self.space();
        for (symbol, operator) in symbols {
            if self.rest().starts_with(symbol) {
                self.at += symbol.len();
                return Some(*operator);
            }
        }
        None
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let rest = self.rest();
        let matches = rest.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word))
            && !rest[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        if matches {
            self.at += word.len();
        }
        matches
    }

    fn truth(&self, node: Node, of: &str) -> Result<Node, Error> {
        if node.is_truth() {
            Ok(node)
        } else {
            Err(self.error(
                "rule-joins-comparisons",
                &[("word", &of)],
                format!("`{of}` joins comparisons, not numbers"),
            ))
        }
    }

    fn number(&self, node: Node) -> Result<Node, Error> {
        if node.is_truth() {
            let text = "a comparison cannot be compared or calculated with";
            Err(self.error("rule-comparison-twice", &[], text.to_owned()))
        } else {
            Ok(node)
        }
    }

    fn or(&mut self) -> Result<Node, Error> {
        let mut left = self.and()?;
        while self.word("or") {
            let right = self.and()?;
            left = Node::Binary(
                Operator::Or,
                Box::new(self.truth(left, "or")?),
                Box::new(self.truth(right, "or")?),
            );
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Node, Error> {
        let mut left = self.not()?;
        while self.word("and") {
            let right = self.not()?;
            left = Node::Binary(
                Operator::And,
                Box::new(self.truth(left, "and")?),
                Box::new(self.truth(right, "and")?),
            );
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Node, Error> {
        if self.word("not") {
            self.deeper()?;
            let node = self.not()?;
            self.depth -= 1;
            return Ok(Node::Not(Box::new(self.truth(node, "not")?)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Node, Error> {
        let left = self.sum()?;
        let operators = [
            (">=", Operator::GreaterEqual),
            ("<=", Operator::LessEqual),
            ("!=", Operator::NotEqual),
            ("<>", Operator::NotEqual),
            ("==", Operator::Equal),
            (">", Operator::Greater),
            ("<", Operator::Less),
            ("=", Operator::Equal),
        ];
        match self.symbol(&operators) {
            None => Ok(left),
            Some(operator) => {
                let right = self.sum()?;
                Ok(Node::Binary(operator, Box::new(self.number(left)?), Box::new(self.number(right)?)))
            }
        }
    }

    fn sum(&mut self) -> Result<Node, Error> {
        let mut left = self.product()?;
        while let Some(operator) = self.symbol(&[("+", Operator::Add), ("-", Operator::Subtract)]) {
            let right = self.product()?;
            left = Node::Binary(operator, Box::new(self.number(left)?), Box::new(self.number(right)?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, Error> {
        let mut left = self.unary()?;
        while let Some(operator) = self.symbol(&[("*", Operator::Multiply), ("/", Operator::Divide)]) {
            let right = self.unary()?;
            left = Node::Binary(operator, Box::new(self.number(left)?), Box::new(self.number(right)?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, Error> {
        self.space();
        if self.rest().starts_with('-') {
            self.at += 1;
            self.deeper()?;
            let node = self.unary()?;
            self.depth -= 1;
            return Ok(Node::Negate(Box::new(self.number(node)?)));
        }
        self.atom()
    }

    fn deeper(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("rule-too-deep", &[], "it is nested too deeply".to_owned()));
        }
        Ok(())
    }

    fn atom(&mut self) -> Result<Node, Error> {
        self.space();
        let rest = self.rest();
        let Some(start) = rest.chars().next() else {
            let text = "expected a number or a name, found the end";
            return Err(self.error("rule-ends-early", &[], text.to_owned()));
        };
        if start == '(' {
            self.at += 1;
            self.deeper()?;
            let node = self.or()?;
            self.depth -= 1;
            self.space();
            if !self.rest().starts_with(')') {
                return Err(self.error("rule-expected-bracket", &[], "expected `)`".to_owned()));
            }
            self.at += 1;
            return Ok(node);
        }
        if start.is_ascii_digit() || start == '.' {
            let bytes = rest.as_bytes();
            let mut end = 0;
            while end < bytes.len()
                && (bytes[end].is_ascii_digit()
                    || bytes[end] == b'.'
                    || bytes[end].eq_ignore_ascii_case(&b'e')
                    || (end > 0
                        && matches!(bytes[end], b'+' | b'-')
                        && bytes[end - 1].eq_ignore_ascii_case(&b'e')))
            {
                end += 1;
            }
            let number = &rest[..end];
            let value = number.parse().map_err(|_| {
                self.error("rule-no-number", &[("text", &number)], format!("`{number}` is not a number"))
            })?;
            self.at += end;
            return Ok(Node::Number(value));
        }
        if start.is_alphabetic() || start == '_' || start == '`' {
            let mut name = String::new();
            let mut quoted = false;
            let mut end = rest.len();
            for (i, c) in rest.char_indices() {
                if c == '`' {
                    quoted = !quoted;
                } else if quoted || c.is_alphanumeric() || c == '_' || c == '.' {
                    name.push(c);
                } else {
                    end = i;
                    break;
                }
            }
            if quoted {
                return Err(self.error("rule-open-backtick", &[], "a backtick is never closed".to_owned()));
            }
            if ["and", "or", "not"].iter().any(|w| name.eq_ignore_ascii_case(w)) {
                return Err(self.expected(name));
            }
            self.at += end;
            return Ok(Node::Name(name));
        }
        Err(self.expected(start.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(text: &str) -> Verdict {
        let numbers = |name: &str| match name {
            "p1" => Some(3.0),
            "p25" => Some(0.0),
            "giniDecay" => Some(0.44),
            "psi.MY VAR" => Some(0.3),
            _ => None,
        };
        Expression::parse(text).unwrap().ask(&numbers)
    }

    #[test]
    fn rules_answer_as_written() {
        let rows = [
            ("p1>2", Verdict::Fires),
            ("p1>5 or p25>0", Verdict::Quiet),
            ("giniDecay>0.1", Verdict::Fires),
            ("lift5Decay>0.15 and lift10Decay>0.12", Verdict::Unknown),
            ("p25>0 and lift5Decay>0.15", Verdict::Quiet),
            ("p1>2 OR lift5Decay>0.15", Verdict::Fires),
            ("not (p1 > 2)", Verdict::Quiet),
            ("not lift5Decay>1", Verdict::Unknown),
            ("p1 + 2 * p1 = 9", Verdict::Fires),
            ("(p1 + 2) * p1 >= 15 and -p1 < 0", Verdict::Fires),
            ("p1 / p25 > 1", Verdict::Unknown),
            ("psi.`MY VAR` > 2.5e-1", Verdict::Fires),
            ("p1 <> 3", Verdict::Quiet),
        ];
        for (rule, verdict) in rows {
            assert_eq!(ask(rule), verdict, "{rule}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_read_says_where() {
        let rows =
            [("p1>", 4), ("p1", 1), ("p1>2 p25>0", 6), ("(p1>2", 6), ("1.2.3>p1", 1), ("p1>2 and 3", 11)];
        for (rule, at) in rows {
            match Expression::parse(rule) {
                Err(Error::Rule { at: found, .. }) => assert_eq!(found, at, "{rule}"),
                other => panic!("{rule}: {other:?}"),
            }
        }
        assert!(Expression::parse(&"(".repeat(1000)).is_err());
        assert!(Expression::parse(&"-".repeat(1000)).is_err());
        assert!(Expression::parse(&"not ".repeat(900)).is_err());
    }
}
