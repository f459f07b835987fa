//! The value by which one receiver of a message is told from another: where the message is told, there it is set.

use super::*;
use crate::compare::compare;
use crate::model::{NodeKind, ServiceCall, Text, Throw, Trigger};

/// Everything that speaks of a message, as another tool writes it; and an event that speaks of none.
const FOREIGN: &str = "<?xml version='1.0' encoding='UTF-8'?>\r\n\
<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" xmlns:x='urn:strange' targetNamespace='urn:t'>\r\n\
\t<b:message id='m' name='Order'/><!-- declared --><b:signal id='g' name='Stop'/>\r\n\
\t<b:process id='p'>\r\n\
\t\t<b:startEvent id='start'><b:messageEventDefinition id='d1' messageRef='m'/></b:startEvent>\r\n\
\t\t<b:intermediateCatchEvent id='catch' name='Wait &amp; see'>\r\n\
\t\t\t<b:extensionElements><x:own  a='1'/></b:extensionElements>\r\n\
\t\t\t<b:messageEventDefinition   messageRef='m'  id='d2'><b:documentation>kept</b:documentation></b:messageEventDefinition>\r\n\
\t\t</b:intermediateCatchEvent>\r\n\
\t\t<b:intermediateThrowEvent id='throw'><b:messageEventDefinition id='d3' messageRef='m'/></b:intermediateThrowEvent>\r\n\
\t\t<b:sendTask id='send' messageRef='m'/>\r\n\
\t\t<b:receiveTask id='receive' messageRef='m'/>\r\n\
\t\t<b:userTask id='task'/>\r\n\
\t\t<b:boundaryEvent id='boundary' attachedToRef='task'><b:messageEventDefinition id='d4' messageRef='m'/></b:boundaryEvent>\r\n\
\t\t<b:subProcess id='aside' triggeredByEvent='true'>\r\n\
\t\t\t<b:startEvent id='begin'><b:messageEventDefinition id='d5' messageRef='m'/></b:startEvent>\r\n\
\t\t</b:subProcess>\r\n\
\t\t<b:intermediateThrowEvent id='signal'><b:signalEventDefinition signalRef='g'/></b:intermediateThrowEvent>\r\n\
\t\t<b:endEvent id='end'><b:messageEventDefinition id='d6' messageRef='m'/></b:endEvent>\r\n\
\t</b:process>\r\n\
</b:definitions>\r\n";

fn foreign() -> Document {
    Document::parse(FOREIGN).unwrap()
}

fn key(id: &str, text: &str) -> Change {
    set(id, Property::CorrelationKey { text: text.into() })
}

/// What the model reads, as it is written.
fn modelled(document: &Document, id: &str) -> Option<String> {
    let definition = Definition::read(document.clone());
    let process = &definition.processes[0];
    let of_trigger = |trigger: &Trigger| match trigger {
        Trigger::Message { correlation, .. } => correlation.clone(),
        _ => panic!("`{id}` waits for no message"),
    };
    let correlation = match &process.node(process.find(id).unwrap()).kind {
        NodeKind::Start(start) => of_trigger(start.trigger.as_ref().unwrap()),
        NodeKind::Catch(trigger) => of_trigger(trigger),
        NodeKind::Boundary(boundary) => of_trigger(&boundary.trigger),
        NodeKind::End(Throw::Message { correlation, .. })
        | NodeKind::Throw(Throw::Message { correlation, .. }) => correlation.clone(),
        NodeKind::Service(service) => match &service.call {
            ServiceCall::Message { correlation, .. } => correlation.clone(),
            other => panic!("`{id}` calls {other:?}"),
        },
        other => panic!("`{id}` is {other:?}"),
    };
    correlation.map(|text| match text {
        Text::Literal(text) => text,
        Text::Expression(expression) => expression.source().to_owned(),
    })
}

#[test]
fn a_correlation_key_is_set_where_the_message_is_told_and_taken_away_again() {
    let rows = [
        ("start", "<b:messageEventDefinition", " id='d1'"),
        ("catch", "<b:messageEventDefinition", "   messageRef='m'  id='d2'"),
        ("throw", "<b:messageEventDefinition", " id='d3'"),
        ("boundary", "<b:messageEventDefinition", " id='d4'"),
        ("begin", "<b:messageEventDefinition", " id='d5'"),
        ("end", "<b:messageEventDefinition", " id='d6'"),
        ("send", "<b:sendTask", " id='send'"),
    ];
    for (id, tag, rest) in rows {
        assert_eq!(
            (of(&foreign(), id).correlation_key.as_str(), modelled(&foreign(), id)),
            ("", None),
            "{id}"
        );
        let place = format!("{tag}{rest}");
        assert_eq!(FOREIGN.matches(&place).count(), 1, "{place}");
        for (text, written) in [(" ${orderId} ", "${orderId}"), ("A & \"B\"", "A &amp; &quot;B&quot;")] {
            let with = apply(&foreign(), &[key(id, text)]).unwrap();
            let wanted = format!("{tag} camunda:correlationKey=\"{written}\"{rest}");
            assert_eq!(with.text(), FOREIGN.replace(&place, &wanted), "{id}");
            assert_eq!(of(&with, id).correlation_key, text.trim(), "{id}");
            assert_eq!(modelled(&with, id).as_deref(), Some(text.trim()), "{id}");
            assert_eq!(apply(&with, &[key(id, text)]).unwrap(), with, "{id}: twice is once");
            let other = apply(&with, &[key(id, "17")]).unwrap();
            assert_eq!(other.text(), with.text().replace(written, "17"), "{id}");
            for nothing in ["", "  "] {
                let without = apply(&other, &[key(id, nothing)]).unwrap();
                assert_eq!(without.text(), FOREIGN, "{id}");
            }
        }
        assert_eq!(apply(&foreign(), &[key(id, "")]).unwrap(), foreign(), "{id}: nothing to take away");
    }
}

#[test]
fn a_correlation_key_of_another_extension_stays_its_own() {
    let written =
        FOREIGN.replace("id='d2'", "id='d2' xmlns:f='http://flowable.org/bpmn' f:correlationKey='${a}'");
    let before = Document::parse(written.clone()).unwrap();
    assert_eq!(of(&before, "catch").correlation_key, "${a}");
    let after = apply(&before, &[key("catch", "${b}")]).unwrap();
    assert_eq!(after.text(), written.replace("${a}", "${b}"));
}

#[test]
fn nothing_else_has_a_correlation_key() {
    for id in ["signal", "task", "p", "receive"] {
        let refused = apply(&foreign(), &[key(id, "${orderId}")]);
        assert!(matches!(refused, Err(Error::BadEdit(_))), "{id}: {refused:?}");
    }
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    assert!(apply(&foreign(), &[key("catch", &long)]).is_err());
    // What another tool left at a task that receives can be taken away.
    let left = FOREIGN.replace("<b:receiveTask", "<b:receiveTask camunda:correlationKey='${a}'");
    let without = apply(&Document::parse(left).unwrap(), &[key("receive", "")]).unwrap();
    assert_eq!(without.text(), FOREIGN);
}

#[test]
fn another_correlation_key_is_a_difference_told_once() {
    let changes = [key("catch", "${orderId}"), key("send", "17")];
    let after = apply(&foreign(), &changes).unwrap();
    let found = compare(&Definition::read(foreign()), &Definition::read(after), &str::to_owned);
    let rows: Vec<String> = found
        .iter()
        .flat_map(|one| {
            one.what.iter().map(move |what| format!("{} {}: {}", one.element, what.property, what.after))
        })
        .collect();
    assert_eq!(rows, ["catch correlation-key: ${orderId}", "send correlation-key: 17"]);
}
