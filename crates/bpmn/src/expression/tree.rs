//! What a parsed text is made of.

use super::evaluation::EXECUTION_NAMES;
use super::functions::variable_read;
use crate::value::Value;

/// A parsed text: literal text, or evaluations with text between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Literal(String),
    /// Exactly one evaluation: keeps its type.
    Evaluation(Node),
    /// Text and evaluations in turn: always text.
    Composite(Vec<Part>),
}

/// A piece of a composite.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    Evaluation(Node),
}

/// A node of an evaluation. Chains are flat, so that only brackets make a tree deep.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Literal(Value),
    Identifier(String),
    Unary(UnaryOperator, Box<Node>),
    /// Operators of one precedence, applied from left to right.
    Chain(Box<Node>, Vec<(BinaryOperator, Node)>),
    Choice(Box<[Node; 3]>),
    /// A base with its properties and method calls, applied from left to right.
    Access(Box<Node>, Vec<Step>),
    /// `prefix:name(…)`; the prefix is empty if there is none.
    Function {
        prefix: String,
        name: String,
        arguments: Vec<Node>,
    },
}

/// One access to a base.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Dot(String),
    Bracket(Node),
    /// `.name(…)` or `[name](…)`.
    Call(Box<Step>, Vec<Node>),
}

/// An operator before its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnaryOperator {
    Not,
    Negate,
    Empty,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOperator {
    /// The higher binds the tighter.
    pub(super) fn precedence(self) -> u8 {
        use BinaryOperator::*;
        match self {
            Or => 1,
            And => 2,
            Equal | NotEqual => 3,
            Less | LessOrEqual | Greater | GreaterOrEqual => 4,
            Add | Subtract => 5,
            Multiply | Divide | Remainder => 6,
        }
    }

    pub(super) fn sign(self) -> &'static str {
        use BinaryOperator::*;
        match self {
            Or => "||",
            And => "&&",
            Equal => "==",
            NotEqual => "!=",
            Less => "<",
            LessOrEqual => "<=",
            Greater => ">",
            GreaterOrEqual => ">=",
            Add => "+",
            Subtract => "-",
            Multiply => "*",
            Divide => "/",
            Remainder => "%",
        }
    }
}

impl Tree {
    /// Every evaluation, in order.
    pub(super) fn evaluations(&self) -> impl Iterator<Item = &Node> {
        let (one, many) = match self {
            Tree::Literal(_) => (None, [].as_slice()),
            Tree::Evaluation(node) => (Some(node), [].as_slice()),
            Tree::Composite(parts) => (None, parts.as_slice()),
        };
        one.into_iter().chain(many.iter().filter_map(|part| match part {
            Part::Evaluation(node) => Some(node),
            Part::Text(_) => None,
        }))
    }

    /// Tells the name of every variable that may be read.
    pub(super) fn for_each_variable<'t>(&'t self, tell: &mut dyn FnMut(&'t str)) {
        for node in self.evaluations() {
            node.visit(&mut |node| match node {
                Node::Identifier(name) if !EXECUTION_NAMES.contains(&name.as_str()) => tell(name),
                Node::Function { prefix, name, arguments } => {
                    variable_read(prefix, name, arguments).into_iter().for_each(&mut *tell);
                }
                Node::Access(base, steps) => {
                    if let Some((method, Some(Node::Literal(Value::String(name))))) =
                        execution_call(base, steps)
                        && matches!(
                            method,
                            "getVariable" | "getVariableLocal" | "hasVariable" | "hasVariableLocal"
                        )
                    {
                        tell(name);
                    }
                }
                _ => {}
            });
        }
    }

    /// Tells the name of every variable that is read by its name alone.
    pub(super) fn for_each_identifier<'t>(&'t self, tell: &mut dyn FnMut(&'t str)) {
        for node in self.evaluations() {
            node.visit(&mut |node| match node {
                Node::Identifier(name) if !EXECUTION_NAMES.contains(&name.as_str()) => tell(name),
                _ => {}
            });
        }
    }

    /// Tells the name of every variable that may be set.
    pub(super) fn for_each_assignment<'t>(&'t self, tell: &mut dyn FnMut(&'t str)) {
        for node in self.evaluations() {
            node.visit(&mut |node| {
                if let Node::Access(base, steps) = node
                    && let Some((method, Some(Node::Literal(Value::String(name))))) =
                        execution_call(base, steps)
                    && matches!(method, "setVariable" | "setVariableLocal")
                {
                    tell(name);
                }
            });
        }
    }
}

/// The method called on the execution, with its first argument.
fn execution_call<'t>(base: &Node, steps: &'t [Step]) -> Option<(&'t str, Option<&'t Node>)> {
    match (base, steps.first()?) {
        (Node::Identifier(name), Step::Call(target, arguments))
            if EXECUTION_NAMES.contains(&name.as_str()) =>
        {
            match &**target {
                Step::Dot(method) => Some((method, arguments.first())),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Node {
    /// This node and all below it. The first argument of a function on variables is a name and is not visited.
    pub(super) fn visit<'t>(&'t self, tell: &mut dyn FnMut(&'t Node)) {
        tell(self);
        match self {
            Node::Literal(_) | Node::Identifier(_) => {}
            Node::Unary(_, node) => node.visit(tell),
            Node::Chain(first, rest) => {
                first.visit(tell);
                rest.iter().for_each(|(_, node)| node.visit(tell));
            }
            Node::Choice(nodes) => nodes.iter().for_each(|node| node.visit(tell)),
            Node::Access(base, steps) => {
                base.visit(tell);
                steps.iter().for_each(|step| step.visit(tell));
            }
            Node::Function { arguments, .. } => {
                let named = usize::from(matches!(arguments.first(), Some(Node::Identifier(_))));
                arguments[named..].iter().for_each(|node| node.visit(tell));
            }
        }
    }
}

impl Step {
    fn visit<'t>(&'t self, tell: &mut dyn FnMut(&'t Node)) {
        match self {
            Step::Dot(_) => {}
            Step::Bracket(node) => node.visit(tell),
            Step::Call(target, arguments) => {
                target.visit(tell);
                arguments.iter().for_each(|node| node.visit(tell));
            }
        }
    }
}
