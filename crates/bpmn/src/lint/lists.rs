//! Files say twice how flows run: each flow names its ends, and an element may list the flows at it. Where the two
//! disagree, the drawing that people approved and the process that runs are not the same.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::model::Definition;
use crate::sentence::sentence;

/// The namespace of BPMN 2.0 models.
const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

pub(super) fn check(definition: &Definition, diagnostics: &mut Vec<Diagnostic>) {
    if !definition.document.text().contains("coming>") && !definition.document.text().contains("going>") {
        return;
    }
    let Ok(tree) = definition.document.tree() else { return };
    // What each element lists, and which elements there are.
    let mut listed = HashSet::new();
    let mut elements = HashSet::new();
    for element in tree.descendants().filter(|node| node.tag_name().namespace() == Some(BPMN)) {
        let Some(id) = element.attribute("id") else { continue };
        elements.insert(id);
        for list in element.children().filter(|child| child.tag_name().namespace() == Some(BPMN)) {
            let kind = list.tag_name().name();
            if kind == "incoming" || kind == "outgoing" {
                listed.insert((id, kind, local(list.text().unwrap_or_default())));
            }
        }
    }
    for flow in tree.descendants().filter(|node| node.has_tag_name((BPMN, "sequenceFlow"))) {
        let Some(id) = flow.attribute("id") else { continue };
        let ends = [("sourceRef", "outgoing"), ("targetRef", "incoming")]
            .map(|(end, list)| (local(flow.attribute(end).unwrap_or_default()), list));
        let lists = ends.map(|(element, list)| listed.contains(&(element, list, id)));
        if lists[0] == lists[1] {
            continue;
        }
        let (element, list) = if lists[0] { ends[1] } else { ends[0] };
        if elements.contains(element) {
            let said = sentence!(
                "flow-lists-disagree",
                "the flow `{id}` names `{element}`, which does not list it as {list}, while its other end does; \
                 correct the flow or the list",
                id = id,
                element = element,
                list = list
            );
            diagnostics.push(Diagnostic::error("flow-lists-disagree", Some(element), said));
        }
    }
}

/// A reference without its prefix.
fn local(reference: &str) -> &str {
    let reference = reference.trim();
    reference.rsplit(':').next().unwrap_or(reference)
}
