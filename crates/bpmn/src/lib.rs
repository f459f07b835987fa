//! BPMN 2.0 as a value: read, write back, lint, step.
