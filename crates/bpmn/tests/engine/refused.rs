//! What is not run is refused by element, never run wrongly.

use crate::*;
use bpmn::Severity;

/// Reading `process` gives an error with this code at this element.
fn refused(lines: &str, code: &str, element: &str) {
    let text = definition(&format!("<startEvent id=\"start\"/><endEvent id=\"end\"/>\n{lines}"));
    let script: Script = serde_json::from_value(json!({"steps": [{"start": {}}]})).unwrap();
    let answer = simulate(text.as_bytes(), &script, &[]);
    assert!(answer.states.is_empty() && !answer.is_complete(), "played: {lines}");
    let errors: Vec<_> =
        answer.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(
        errors.iter().any(|error| error.code == code && error.element.as_deref() == Some(element)),
        "{lines}: {errors:#?}"
    );
}

#[test]
fn constructs_that_are_not_run() {
    let rows = [
        ("<complexGateway id=\"x\"/>\nstart -> x -> end", "unsupported-element"),
        (
            "<adHocSubProcess id=\"x\"><task id=\"t\"/></adHocSubProcess>\nstart -> x -> end",
            "unsupported-element",
        ),
        ("<transaction id=\"x\"><task id=\"t\"/></transaction>\nstart -> x -> end", "unsupported-element"),
        ("<task id=\"x\" startQuantity=\"2\"/>\nstart -> x -> end", "unsupported-quantity"),
        ("<task id=\"x\" isForCompensation=\"true\"/>\nstart -> end", "unsupported-compensation"),
        (
            "<intermediateThrowEvent id=\"x\"><compensateEventDefinition/></intermediateThrowEvent>\nstart -> x -> end",
            "unsupported-compensation",
        ),
        ("<serviceTask id=\"x\"/>\nstart -> x -> end", "no-implementation"),
        ("<serviceTask id=\"x\" flowable:type=\"shell\"/>\nstart -> x -> end", "unsupported-service"),
        ("<businessRuleTask id=\"x\"/>\nstart -> x -> end", "no-implementation"),
        ("<serviceTask id=\"x\" flowable:delegateExpression=\"${restTask}\"/>\nstart -> x -> end", "no-url"),
        ("<receiveTask id=\"x\" instantiate=\"true\"/>\nx -> end", "unsupported-element"),
        (
            "<task id=\"x\"><multiInstanceLoopCharacteristics behavior=\"Complex\"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>\nstart -> x -> end",
            "unsupported-repetition",
        ),
        ("<task id=\"x\"><multiInstanceLoopCharacteristics/></task>\nstart -> x -> end", "no-cardinality"),
        ("<task id=\"x\"><standardLoopCharacteristics/></task>\nstart -> x -> end", "endless-loop"),
        (
            "<intermediateCatchEvent id=\"x\"><signalEventDefinition signalRef=\"s\"/><signalEventDefinition signalRef=\"s2\"/></intermediateCatchEvent>\nstart -> x -> end",
            "unsupported-event",
        ),
        (
            "<task id=\"x\"><extensionElements><camunda:inputOutput/></extensionElements></task>\nstart -> x -> end",
            "unsupported-extension",
        ),
        (
            "<userTask id=\"x\"><extensionElements><camunda:inputOutput><camunda:inputParameter name=\"a\">${b}</camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>\nstart -> x -> end",
            "unsupported-extension",
        ),
        (
            "<intermediateCatchEvent id=\"x\"><extensionElements><flowable:variableListenerEventDefinition variableName=\"v\"/></extensionElements></intermediateCatchEvent>\nstart -> x -> end",
            "unsupported-extension",
        ),
        (
            "<receiveTask id=\"x\"><extensionElements><flowable:eventType>order</flowable:eventType></extensionElements></receiveTask>\nstart -> x -> end",
            "unsupported-extension",
        ),
        (
            "<task id=\"x\"><multiInstanceLoopCharacteristics><extensionElements><flowable:variableAggregation target=\"all\"/></extensionElements><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>\nstart -> x -> end",
            "unsupported-extension",
        ),
        (
            "<task id=\"x\"><extensionElements><flowable:executionListener class=\"a.B\" event=\"start\"/></extensionElements></task>\nstart -> x -> end",
            "unsupported-listener",
        ),
        ("<callActivity id=\"x\"/>\nstart -> x -> end", "no-implementation"),
        ("<callActivity id=\"x\" calledElement=\"end\"/>\nstart -> x -> end", "unsupported-element"),
    ];
    for (lines, code) in rows {
        refused(lines, code, "x");
    }
}

#[test]
fn drawings_that_cannot_be_run() {
    let timer = |inside: &str| {
        format!(
            "<intermediateCatchEvent id=\"x\"><timerEventDefinition>{inside}</timerEventDefinition></intermediateCatchEvent>\nstart -> x -> end"
        )
    };
    let rows = [
        (timer(""), "timer"),
        (timer("<timeDuration/>"), "timer"),
        (timer("<timeDuration>soon</timeDuration>"), "timer"),
        (timer("<timeCycle>R3</timeCycle>"), "timer"),
        (timer("<timeDuration>PT1S</timeDuration><timeDate>2026-01-01</timeDate>"), "timer"),
        ("<userTask id=\"x\" name=\"${a +}\"/>\nstart -> x -> end".to_owned(), "expression"),
        ("<userTask id=\"x\" flowable:dueDate=\"soon\"/>\nstart -> x -> end".to_owned(), "due-date"),
        ("<boundaryEvent id=\"x\" attachedToRef=\"nothing\"/>\nstart -> end".to_owned(), "broken-boundary"),
        ("<task id=\"t\"/><boundaryEvent id=\"x\" attachedToRef=\"t\"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition></boundaryEvent>\nstart -> t -> end".to_owned(), "dead-end"),
        ("<intermediateCatchEvent id=\"x\"/>\nstart -> x -> end".to_owned(), "empty-catch"),
        ("<intermediateCatchEvent id=\"x\"><messageEventDefinition messageRef=\"s\"/></intermediateCatchEvent>\nstart -> x -> end".to_owned(), "no-name"),
        ("<exclusiveGateway id=\"x\" default=\"start_x\"/>\nstart -> x -> end".to_owned(), "broken-default"),
        ("<eventBasedGateway id=\"x\"/><task id=\"t\"/>\nstart -> x -> t -> end".to_owned(), "event-gateway-target"),
        ("<startEvent id=\"x\"/>\nstart -> x -> end".to_owned(), "flow-into-start"),
        ("<intermediateThrowEvent id=\"x\"><linkEventDefinition name=\"L\"/></intermediateThrowEvent>\nstart -> x".to_owned(), "broken-link"),
        ("<subProcess id=\"x\" triggeredByEvent=\"true\"><startEvent id=\"y\"/></subProcess>\nstart -> end".to_owned(), "event-sub-process-start"),
        ("<userTask id=\"x\"><extensionElements><sasbpmn:promptDefinition promptRef=\"nothing\"/></extensionElements></userTask>\nstart -> x -> end".to_owned(), "broken-prompt"),
    ];
    for (lines, code) in rows {
        // A message reference to a signal is reported where references are checked.
        if code == "no-name" {
            let text = definition(&format!("<startEvent id=\"start\"/><endEvent id=\"end\"/>\n{lines}"));
            assert!(bpmn::Definition::parse(text).unwrap().has_errors());
            continue;
        }
        refused(&lines, code, "x");
    }
    refused("start -> nowhere", "broken-flow", "start_nowhere");
    refused("start -[text]-> end", "not-a-condition", "start_end");
    refused("<task id=\"d\"/><task id=\"d\"/>\nstart -> d -> end", "duplicate-id", "d");
}

#[test]
fn what_is_no_definition_at_all() {
    for text in ["", "<a/>", "<definitions/>", "not xml", "<!DOCTYPE x><a/>"] {
        let answer = bpmn::simulate::lint(text.as_bytes(), jiff::Timestamp::UNIX_EPOCH);
        assert!(answer.has_errors(), "{text}");
        assert_eq!(
            bpmn::simulate::rewrite(text.as_bytes()).is_err(),
            !text.starts_with('<') || text.starts_with("<!")
        );
    }
}
