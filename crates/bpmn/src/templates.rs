//! Definitions that come with the product, ready to be imported and changed.

/// A built-in definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The name it is imported by.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub description: &'static str,
    /// The document.
    pub document: &'static str,
}

const TEMPLATES: &[Template] = &[
    Template {
        name: "migration",
        description: "A validator approves the champion, IT names the bucket, the approved files are migrated there and the engineers are told.",
        document: include_str!("../templates/migration.bpmn"),
    },
    Template {
        name: "monitor-and-retrain",
        description: "A published model is scored and reported on at an interval; its steward keeps it, has it retrained, or retires it.",
        document: include_str!("../templates/monitor-and-retrain.bpmn"),
    },
    Template {
        name: "full-life-cycle",
        description: "Registration, comparison, approval, publication, monitoring and retraining, each with the people it needs.",
        document: include_str!("../templates/full-life-cycle.bpmn"),
    },
];

/// Every template, in the order people meet them.
pub fn all() -> &'static [Template] {
    TEMPLATES
}
