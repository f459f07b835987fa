//! Definitions that come with the product, ready to be imported and changed.

/// A built-in definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The name it is imported by.
    pub name: &'static str,
    /// The document.
    pub document: &'static str,
}

const TEMPLATES: &[Template] = &[
    Template { name: "migration", document: include_str!("../templates/migration.bpmn") },
    Template { name: "monitor-and-retrain", document: include_str!("../templates/monitor-and-retrain.bpmn") },
    Template { name: "full-life-cycle", document: include_str!("../templates/full-life-cycle.bpmn") },
];

/// Every template, in the order people meet them.
pub fn all() -> &'static [Template] {
    TEMPLATES
}
