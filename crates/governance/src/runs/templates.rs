//! Shapes of clusters that a data engineer keeps for the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fact::{ClusterTemplateDropped, ClusterTemplateKept, MappedDecision};
use crate::names::{MemberName, TemplateName};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// The most decisions that a mapping keeps with its result.
const DECISIONS_MAX: usize = 1000;

/// The longest a cluster may live, in seconds: Dataproc's own limit.
const AGE_S_MAX: u64 = 14 * 24 * 3600;

/// Whoever forgets a cluster pays for it until somebody notices; so it always ends by itself.
///
/// # Errors
/// Which limit is missing or too large.
pub(super) fn check_limits(shape: Option<&Value>) -> Result<(), Phrase> {
    for limit in ["idle_delete_s", "age_delete_s"] {
        let seconds = shape.and_then(|shape| shape[limit].as_u64()).unwrap_or(0);
        if seconds == 0 || seconds > AGE_S_MAX {
            return Err(Phrase::new("target-needs-limit").with("limit", limit));
        }
    }
    Ok(())
}

/// A named shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterTemplate {
    /// Its name.
    pub name: TemplateName,
    /// Counts up each time the name gets another shape.
    pub number: u32,
    /// The shape, as the engine's hand reads it.
    pub shape: Value,
    /// How it came about, where it was mapped.
    pub mapped: Vec<MappedDecision>,
    /// Who kept it.
    pub by: MemberName,
    /// When.
    pub at: jiff::Timestamp,
}

impl State {
    pub(crate) fn keep_cluster_template(
        &mut self,
        decision: &Decision,
        fact: &ClusterTemplateKept,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManageTargets)?;
        let refuse = |why: Phrase| Refusal::BadTemplate { template: fact.template.clone(), why };
        check_limits(Some(&fact.shape)).map_err(refuse)?;
        if fact.mapped.len() > DECISIONS_MAX {
            return Err(refuse(Phrase::new("template-decisions").with("most", DECISIONS_MAX)));
        }
        let before = self.cluster_templates.get(&fact.template);
        if before.is_some_and(|before| before.shape == fact.shape && before.mapped == fact.mapped) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("template-has-shape").with("template", &fact.template),
            });
        }
        let template = ClusterTemplate {
            name: fact.template.clone(),
            number: before.map_or(1, |before| before.number.saturating_add(1)),
            shape: fact.shape.clone(),
            mapped: fact.mapped.clone(),
            by: decision.person.clone(),
            at: decision.at,
        };
        self.cluster_templates.put(fact.template.clone(), template);
        Ok(())
    }

    pub(crate) fn drop_cluster_template(
        &mut self,
        decision: &Decision,
        fact: &ClusterTemplateDropped,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManageTargets)?;
        if !self.cluster_templates.has(&fact.template) {
            return Err(Refusal::Unknown { noun: "cluster template", id: fact.template.to_string() });
        }
        // Targets that were made of it hold their own copy.
        self.cluster_templates.remove(&fact.template);
        Ok(())
    }
}
