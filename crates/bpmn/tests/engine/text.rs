//! Definitions from a few lines, and whether a text is answered for: for everything that tries the engine.

use bpmn::simulate::{Script, simulate};
use serde_json::json;
use std::time::{Duration, Instant};

/// A definition with one process `p`, from lines of XML and of flows: `a -> b -> c`, and `a -[${x}]-> b` with a
/// condition. The flow from `a` to `b` has the id `a_b`.
pub(crate) fn definition(lines: &str) -> String {
    format!("{HEAD}<process id=\"p\" isExecutable=\"true\">\n{}</process>\n</definitions>", body(lines))
}

pub(crate) const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:flowable="http://flowable.org/bpmn" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:sasbpmn="http://www.sas.com/xml/schema/bpmn" targetNamespace="t">
  <message id="_m" name="m"/><message id="_m2" name="m2"/>
  <signal id="_s" name="s"/><signal id="_s2" name="s2"/>
  <signal id="_own" name="own" flowable:scope="processInstance"/>
  <error id="_e" errorCode="E1"/><error id="_e2" errorCode="E2"/>
  <escalation id="_esc" escalationCode="X1"/>
"#;

/// The inside of a process from lines of XML and of flows.
pub(crate) fn body(lines: &str) -> String {
    let mut xml = String::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('<') {
            xml.push_str(line);
        } else {
            flows(line, &mut xml);
        }
        xml.push('\n');
    }
    // What is declared beside the process has its own ids.
    for reference in ["messageRef", "signalRef", "errorRef", "escalationRef"] {
        xml = xml.replace(&format!("{reference}=\""), &format!("{reference}=\"_"));
    }
    xml
}

fn flows(line: &str, xml: &mut String) {
    let mut from: Option<&str> = None;
    let mut condition = None;
    let mut rest = line;
    loop {
        let (node, arrow) = match rest.find(" -") {
            Some(at) => (rest[..at].trim(), &rest[at + 1..]),
            None => (rest.trim(), ""),
        };
        if let Some(from) = from {
            let condition: Option<&str> = condition.take();
            let inside = condition.map_or(String::new(), |text| {
                format!("<conditionExpression xsi:type=\"tFormalExpression\"><![CDATA[{text}]]></conditionExpression>")
            });
            xml.push_str(&format!(
                "<sequenceFlow id=\"{from}_{node}\" sourceRef=\"{from}\" targetRef=\"{node}\">{inside}</sequenceFlow>"
            ));
        }
        from = Some(node);
        if arrow.is_empty() {
            return;
        }
        rest = if let Some(inside) = arrow.strip_prefix("-[") {
            let (text, after) = inside.split_once("]->").unwrap();
            condition = Some(text);
            after
        } else {
            arrow.strip_prefix("->").unwrap()
        };
    }
}

/// Lints, writes back and plays a text; whether it could be read.
pub(crate) fn tried(text: &[u8], patience: Duration) -> bool {
    let begun = Instant::now();
    let lint = bpmn::simulate::lint(text, jiff::Timestamp::UNIX_EPOCH);
    if let Ok(written) = bpmn::simulate::rewrite(text) {
        assert_eq!(written, text, "what came in goes out");
    }
    let steps = json!([{"start": {}}, {"complete": "*all"}, {"fire": "next"}, {"complete": "*any"}, {"advance": "PT1H"}]);
    let script: Script = serde_json::from_value(json!({ "steps": steps })).unwrap();
    let answer = simulate(text, &script, &[]);
    assert_eq!(answer.states.is_empty() && answer.failure.is_none(), lint.has_errors());
    let took = begun.elapsed();
    assert!(took < patience, "{took:?} for {} bytes", text.len());
    !lint.has_errors()
}
