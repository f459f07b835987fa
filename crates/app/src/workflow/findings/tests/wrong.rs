//! Definitions with something wrong in each.

const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" xmlns:sas="http://www.sas.com/xml/schema/bpmn" xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="test"><message id="m" name="M"/><signal id="sig" name="S"/>"#;

/// A document with one process.
pub(super) fn process(inside: &str) -> String {
    format!(r#"{HEAD}<process id="p">{inside}</process></definitions>"#)
}

/// All of them.
pub(super) fn documents() -> Vec<String> {
    let mut documents: Vec<String> = READING.iter().chain(&LINT).map(|inside| process(inside)).collect();
    documents.extend(CONDITIONS.map(|text| {
        process(&format!(
            r#"<startEvent id="s"/><task id="t"/><sequenceFlow id="f" sourceRef="s" targetRef="t"><conditionExpression><![CDATA[{text}]]></conditionExpression></sequenceFlow>"#
        ))
    }));
    for text in [
        format!("${{{}1}}", "(".repeat(70)),
        format!("${{{}1}}", "!".repeat(70)),
        format!("${{'{}'}}", "a".repeat(1 << 20)),
    ] {
        documents
            .push(process(&format!(r#"<startEvent id="s"/><userTask id="t" flowable:assignee="{text}"/>"#)));
    }
    documents.extend(CYCLES.map(|text| waiting("Wait", "timeCycle", text)));
    documents.extend(LABELLED.map(|(label, kind, text)| waiting(label, kind, text)));
    documents.push(waiting("Wait", "timeDuration", &format!("P{}D", "1".repeat(300))));
    documents.extend(PATHS.map(captured));
    documents.push(captured(&format!("$.{}", "a".repeat(5_000))));
    documents.push(captured(&format!("$[?{}@.a{}]", "(".repeat(40), ")".repeat(40))));
    documents.extend(secrets().iter().map(|text| {
        process(&format!(r#"<scriptTask id="c"><script><![CDATA[{text}]]></script></scriptTask>"#))
    }));
    documents.extend(NO_DOCUMENTS.map(str::to_owned));
    documents.push("<a>".repeat(300));
    documents.push(format!(r#"{HEAD}<process id="p" isExecutable="false"/></definitions>"#));
    documents.push(format!("{HEAD}</definitions>"));
    let many: String = (0..300).map(|at| format!(r#"<endEvent id="e{at}"/>"#)).collect();
    documents.push(process(&format!(r#"<startEvent id="s"/>{many}"#)));
    let spaces: String = (0..70_000).map(|at| format!(r#"<b xmlns:n="u:{at}"/>"#)).collect();
    documents.push(format!("<a>{spaces}</a>"));
    documents
}

fn waiting(label: &str, kind: &str, text: &str) -> String {
    process(&format!(
        r#"<startEvent id="s"/><intermediateCatchEvent id="t" name="{label}"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></intermediateCatchEvent><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#
    ))
}

fn captured(path: &str) -> String {
    process(&format!(
        r#"<startEvent id="s"/><task id="t"><extensionElements><flowable:executionListener event="end" delegateExpression="${{jsonPathListener}}"><flowable:field name="jsonPath"><flowable:string><![CDATA[{path}]]></flowable:string></flowable:field></flowable:executionListener></extensionElements></task>"#
    ))
}

/// What reading says of an element.
const READING: [&str; 57] = [
    r#"<boundaryEvent id="b" attachedToRef="nope"/>"#,
    r#"<task id="t"/><boundaryEvent id="b" attachedToRef="t"/>"#,
    r#"<task id="t"/><subProcess id="u"><boundaryEvent id="b" attachedToRef="t"><signalEventDefinition signalRef="sig"/></boundaryEvent></subProcess>"#,
    r#"<startEvent id="s"/><boundaryEvent id="b" attachedToRef="s"><signalEventDefinition signalRef="sig"/></boundaryEvent>"#,
    r#"<task id="t"/><boundaryEvent id="b" attachedToRef="t"><linkEventDefinition name="l"/></boundaryEvent>"#,
    r#"<task id="t"/><boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>"#,
    r#"<exclusiveGateway id="g" default="nope"/>"#,
    r#"<task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="nope"/>"#,
    r#"<task id="a"/><subProcess id="u"><task id="b"/></subProcess><sequenceFlow id="f" sourceRef="a" targetRef="b"/>"#,
    r#"<intermediateThrowEvent id="l"><linkEventDefinition name="n"/></intermediateThrowEvent>"#,
    r#"<userTask id="u"><extensionElements><sas:promptDefinition promptRef="x"/></extensionElements></userTask>"#,
    r#"<extensionElements><sas:prompt id="q" dataObjectRef="x" name="Q"/></extensionElements><userTask id="u"><extensionElements><sas:promptDefinition promptRef="q"/></extensionElements></userTask>"#,
    r#"<extensionElements><sas:prompt id="q" dataObjectRef="d" name="Q"/><sas:promptValue id="v" name="V" value="many"/></extensionElements><dataObject id="d" name="n" itemSubjectRef="xsd:long"/><userTask id="u"><extensionElements><sas:promptDefinition promptRef="q"><sas:promptValueDefinition promptValueRef="x"/><sas:promptValueDefinition promptValueRef="v"/></sas:promptDefinition></extensionElements></userTask>"#,
    r#"<receiveTask id="r" messageRef="nope"/>"#,
    r#"<receiveTask id="r" messageRef="sig"/>"#,
    r#"<receiveTask id="r" instantiate="true"/>"#,
    r#"<task id="t"><dataInputAssociation><targetRef>m</targetRef></dataInputAssociation><incoming>nope</incoming></task>"#,
    r#"<endEvent id="e"><errorEventDefinition errorRef="m"/></endEvent>"#,
    r#"<endEvent id="e"><errorEventDefinition errorRef="nope"/></endEvent>"#,
    r#"<endEvent id="e"><errorEventDefinition/></endEvent>"#,
    r#"<endEvent id="e"><escalationEventDefinition escalationRef="m"/></endEvent>"#,
    r#"<endEvent id="e"><escalationEventDefinition escalationRef="nope"/></endEvent>"#,
    r#"<endEvent id="e"><cancelEventDefinition/></endEvent>"#,
    r#"<endEvent id="e"><compensateEventDefinition/></endEvent>"#,
    r#"<startEvent id="s"><eventDefinitionRef>m</eventDefinitionRef></startEvent>"#,
    r#"<startEvent id="s"><cancelEventDefinition/></startEvent>"#,
    r#"<startEvent id="s"><errorEventDefinition/></startEvent>"#,
    r#"<startEvent id="s"><signalEventDefinition/></startEvent>"#,
    r#"<startEvent id="s" parallelMultiple="true"><messageEventDefinition/><signalEventDefinition/></startEvent>"#,
    r#"<startEvent id="s"><conditionalEventDefinition><condition/></conditionalEventDefinition></startEvent>"#,
    r#"<startEvent id="s"><timerEventDefinition/></startEvent>"#,
    r#"<startEvent id="s"><timerEventDefinition><timeDate/></timerEventDefinition></startEvent>"#,
    r#"<startEvent id="s"/><startEvent id="t"/>"#,
    r#"<endEvent id="e"/><subProcess id="u"><endEvent id="f"/></subProcess>"#,
    r#"<subProcess id="u"><startEvent id="s"/><startEvent id="t"/></subProcess>"#,
    r#"<subProcess id="u" triggeredByEvent="true"><startEvent id="s"/></subProcess>"#,
    r#"<subProcess id="u" triggeredByEvent="true"><task id="t"/></subProcess><task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="u"/>"#,
    r#"<intermediateCatchEvent id="c"/>"#,
    r#"<intermediateCatchEvent id="c"><errorEventDefinition/></intermediateCatchEvent>"#,
    r#"<intermediateCatchEvent id="c"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent><intermediateThrowEvent id="t"/><eventBasedGateway id="g"/>"#,
    r#"<startEvent id="s"/><endEvent id="e"/><task id="t"/><boundaryEvent id="b" attachedToRef="t"><signalEventDefinition signalRef="sig"/></boundaryEvent><intermediateCatchEvent id="c"><linkEventDefinition name="n"/></intermediateCatchEvent><intermediateThrowEvent id="l"><linkEventDefinition name="n"/></intermediateThrowEvent>
       <sequenceFlow id="f1" sourceRef="e" targetRef="s"/><sequenceFlow id="f2" sourceRef="e" targetRef="b"/><sequenceFlow id="f3" sourceRef="l" targetRef="c"/>"#,
    r#"<eventBasedGateway id="g"/><task id="t"/><sequenceFlow id="f" sourceRef="g" targetRef="t"><conditionExpression>${a}</conditionExpression></sequenceFlow>"#,
    r#"<eventBasedGateway id="g" instantiate="true"/>"#,
    r#"<eventBasedGateway id="g" eventGatewayType="Parallel"/>"#,
    r#"<complexGateway id="g"/><transaction id="t"/><callActivity id="c"/><callActivity id="d" calledElement="m"/>"#,
    r#"<task id="t" startQuantity="2" isForCompensation="true" flowable:skipExpression="${a}"/>"#,
    r#"<task id="t"><extensionElements><flowable:inputOutput/><flowable:connector/><flowable:mapException/><flowable:eventType/><flowable:variableListenerEventDefinition/></extensionElements><multiInstanceLoopCharacteristics behavior="One"><extensionElements><flowable:variableAggregation/></extensionElements></multiInstanceLoopCharacteristics></task>"#,
    r#"<task id="t"><standardLoopCharacteristics/></task>"#,
    r#"<serviceTask id="t" flowable:delegateExpression="${restTask}"><extensionElements><flowable:failedJobRetryTimeCycle>often</flowable:failedJobRetryTimeCycle></extensionElements></serviceTask>"#,
    r#"<serviceTask id="t"/><serviceTask id="u" flowable:type="mule"/>"#,
    r#"<scriptTask id="t"/><userTask id="u" flowable:dueDate="soon"/><userTask id="v" flowable:dueDate="P99999999Y"/>"#,
    r#"<userTask id="u" flowable:dueDate="P19998Y"/><userTask id="v" flowable:dueDate="2026-02-30"/><userTask id="w" flowable:dueDate="2026-03-01T12:00[Europe/Rome]"/><userTask id="x" flowable:dueDate="PX"/>"#,
    r#"<task id="t"><extensionElements><flowable:executionListener class="org.Some"/></extensionElements></task>"#,
    r#"<dataObject id="d" name="n" itemSubjectRef="xsd:long"><extensionElements><flowable:value>many</flowable:value></extensionElements></dataObject><dataObject id="e" name="n"/><task id="d"/>"#,
    r#"<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression language="groovy">a</conditionExpression></sequenceFlow>"#,
    r#"<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression flowable:resource="a.groovy"/></sequenceFlow>"#,
    r#"<startEvent id="s"><outgoing>f</outgoing></startEvent><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/>"#,
];

/// What lint says of a process.
const LINT: [&str; 16] = [
    // A gateway and a task from which nothing goes on, and an end to which nothing leads.
    r#"<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/><task id="t" name="Do
       it"/><sequenceFlow id="f" sourceRef="s" targetRef="g"/>"#,
    r#"<startEvent id="s"/><userTask id="a"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="a"/>"#,
    // One way ends, the other goes round in a circle.
    r#"<startEvent id="s"/><exclusiveGateway id="g" default="f2"/><userTask id="a"/><endEvent id="e"/><sequenceFlow id="f0" sourceRef="s" targetRef="g"/><sequenceFlow id="f1" sourceRef="g" targetRef="e"><conditionExpression>${x == 1}</conditionExpression></sequenceFlow><sequenceFlow id="f2" sourceRef="g" targetRef="a"/><sequenceFlow id="f3" sourceRef="a" targetRef="a"/>"#,
    r#"<startEvent id="s"/><scriptTask id="t"><script>1</script></scriptTask><task id="u"/><task id="v"/><task id="w"/><task id="x"/><exclusiveGateway id="g" default="f6"/><endEvent id="e"/><sequenceFlow id="f0" sourceRef="s" targetRef="t"/><sequenceFlow id="f1" sourceRef="t" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="v"/><sequenceFlow id="f3" sourceRef="v" targetRef="w"/><sequenceFlow id="f4" sourceRef="w" targetRef="x"/><sequenceFlow id="f5" sourceRef="x" targetRef="g"/><sequenceFlow id="f6" sourceRef="g" targetRef="t"/><sequenceFlow id="f7" sourceRef="g" targetRef="e"><conditionExpression>${a and b}</conditionExpression></sequenceFlow>"#,
    r#"<startEvent id="s"/><serviceTask id="c" flowable:delegateExpression="${mailTask}"/><exclusiveGateway id="g" default="f2"/><endEvent id="e"/><sequenceFlow id="f0" sourceRef="s" targetRef="c"/><sequenceFlow id="f1" sourceRef="c" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="c"/><sequenceFlow id="f3" sourceRef="g" targetRef="e"><conditionExpression>${1 == 2}</conditionExpression></sequenceFlow>"#,
    r#"<startEvent id="s"/><exclusiveGateway id="g" default="f1"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><parallelGateway id="k"/><endEvent id="e"/><sequenceFlow id="f0" sourceRef="s" targetRef="g"/><sequenceFlow id="f1" sourceRef="g" targetRef="a"/><sequenceFlow id="f2" sourceRef="g" targetRef="b"><conditionExpression>${x == 1}</conditionExpression></sequenceFlow><sequenceFlow id="f3" sourceRef="a" targetRef="j"/><sequenceFlow id="f4" sourceRef="b" targetRef="j"/><sequenceFlow id="f5" sourceRef="j" targetRef="k"/><sequenceFlow id="f6" sourceRef="k" targetRef="e"><conditionExpression>${x == 1}</conditionExpression></sequenceFlow>"#,
    // Nobody may take the first; the second is for a group without members.
    r#"<startEvent id="s"/><userTask id="t"><extensionElements><flowable:customResource name="ExcludedOwner"><resourceAssignmentExpression><formalExpression>user(ana), user(bo)</formalExpression></resourceAssignmentExpression></flowable:customResource></extensionElements><potentialOwner><resourceAssignmentExpression><formalExpression>user(ana), user(bo)</formalExpression></resourceAssignmentExpression></potentialOwner></userTask><userTask id="u" flowable:candidateGroups="Nobody"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="u"/><sequenceFlow id="h" sourceRef="u" targetRef="e"/>"#,
    // An optional answer decides; one of its ways is the default.
    r#"<extensionElements><sas:prompt id="q" dataObjectRef="d" name="Go on?"/></extensionElements><dataObject id="d" name="go" itemSubjectRef="xsd:boolean"/><startEvent id="s"/><userTask id="u"><extensionElements><sas:promptDefinition promptRef="q"/></extensionElements></userTask><exclusiveGateway id="g" default="f3"/><endEvent id="e"/><endEvent id="h"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="g"/><sequenceFlow id="f3" sourceRef="g" targetRef="e"/><sequenceFlow id="f4" sourceRef="g" targetRef="h"><conditionExpression>${go}</conditionExpression></sequenceFlow>"#,
    r#"<extensionElements><sas:prompt id="q" dataObjectRef="d" name="Go on?"/></extensionElements><dataObject id="d" name="go" itemSubjectRef="xsd:boolean"/><startEvent id="s"/><userTask id="u"><extensionElements><sas:promptDefinition promptRef="q"/></extensionElements></userTask><exclusiveGateway id="g"/><endEvent id="e"/><endEvent id="h"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="g"/><sequenceFlow id="f3" sourceRef="g" targetRef="e"><conditionExpression>${go == true}</conditionExpression></sequenceFlow><sequenceFlow id="f4" sourceRef="g" targetRef="h"><conditionExpression>${go == false}</conditionExpression></sequenceFlow>"#,
    // Two answers that may be left open, and values that no condition names.
    r#"<dataObject id="d" name="a" itemSubjectRef="xsd:boolean"/><dataObject id="e" name="b" itemSubjectRef="xsd:boolean"/><startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="x"><conditionExpression>${a || b}</conditionExpression></sequenceFlow>"#,
    r#"<startEvent id="s"/><userTask id="u"><extensionElements><flowable:formProperty id="a" required="true"/><flowable:formProperty id="n" type="long" required="true"/></extensionElements></userTask><exclusiveGateway id="g"/><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="g"/><sequenceFlow id="f3" sourceRef="g" targetRef="x"><conditionExpression>${a == 'x' || n == 1}</conditionExpression></sequenceFlow>"#,
    r#"<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="x"><conditionExpression>${1 == 2}</conditionExpression></sequenceFlow>"#,
    r#"<dataObject id="d" name="a" itemSubjectRef="xsd:boolean"/><startEvent id="s"/><exclusiveGateway id="g" default="f3"/><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="x"><conditionExpression>${a and !a}</conditionExpression></sequenceFlow><sequenceFlow id="f3" sourceRef="g" targetRef="x"/>"#,
    // Answers that nobody reads, before no call, one, and two; a variable that two tasks read.
    r#"<startEvent id="s"/><userTask id="u"><extensionElements><flowable:formProperty id="a" name="What { $kind }?"/></extensionElements></userTask><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="x"/>"#,
    r#"<dataObject id="d" name="b"/><startEvent id="s"/><userTask id="u"><extensionElements><flowable:formProperty id="a"/></extensionElements></userTask><serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url" stringValue="/x"/></extensionElements></serviceTask><userTask id="v" flowable:assignee="${b}"/><userTask id="w" flowable:assignee="${b}"/><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="c"/><sequenceFlow id="f3" sourceRef="c" targetRef="v"/><sequenceFlow id="f4" sourceRef="v" targetRef="w"/><sequenceFlow id="f5" sourceRef="w" targetRef="x"/>"#,
    r#"<dataObject id="d" name="apiKey"><extensionElements><flowable:value>hunter22hunter</flowable:value></extensionElements></dataObject><startEvent id="s"/><userTask id="u"><documentation>password=hunter22</documentation><extensionElements><flowable:formProperty id="a"/></extensionElements></userTask><serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements><flowable:executionListener event="end" delegateExpression="${notificationListener}"><flowable:field name="password" stringValue="hunter22"/></flowable:executionListener></extensionElements></serviceTask><serviceTask id="d2" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url" stringValue="https://u:hunter22@host/x"/></extensionElements></serviceTask><endEvent id="x"/><sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="c"/><sequenceFlow id="f3" sourceRef="c" targetRef="d2"/><sequenceFlow id="f4" sourceRef="d2" targetRef="x"/>"#,
];

/// Conditions that cannot be read.
const CONDITIONS: [&str; 17] = [
    "yes",
    "${",
    "${}",
    "${a b}",
    "${(a}",
    "${a.}",
    "${a ? b}",
    "${a = b}",
    "${a -> b}",
    "${a ; b}",
    "${'a}",
    r"${'\n'}",
    "${99999999999999999999}",
    "${a} #{b}",
    "${f(a)}",
    "${var:get()}",
    "${a 'b'}",
];

/// Cycles that cannot be read, never come again, or mean something else.
const CYCLES: [&str; 24] = [
    "often",
    "RX/PT1S",
    "R3",
    "R/PT0S",
    "R/P1D/soon",
    "R/PT1H/2025-01-01",
    "0 0 0 31 4 ?",
    "1 2 3",
    "0 0 0 1 * 2",
    "0 0 0 L-40 * ?",
    "0 0 0 LX * ?",
    "0 0 0 ? * 2#9",
    "0/0 0 0 * * ?",
    "99 0 0 * * ?",
    "0 99 0 * * ?",
    "0 0 99 * * ?",
    "0 0 0 99 * ?",
    "0 0 0 ? 99 *",
    "0 0 0 ? * 9",
    "0 0 0 ? * 2 1900",
    "0 2 * * 1/4",
    "*/7 * * * *",
    "0 0 13 * 5",
    "0 0 30 * *",
];

/// Timers by their labels.
const LABELLED: [(&str, &str, &str); 6] = [
    ("Every 4 weeks", "timeCycle", "0 2 * * 1/4"),
    ("Daily", "timeCycle", "0 2 * * 1"),
    ("Daily", "timeCycle", "R3/PT1H"),
    ("Wait 2 days", "timeDuration", "PT2H"),
    ("Wait", "timeDate", "2025-12-31"),
    ("Wait", "timeDate", "someday"),
];

/// Paths that cannot be followed.
const PATHS: [&str; 3] = ["$.items[x]", "$.", "$..a..b..c..d"];

/// What looks like a credential. Put together here, so that no scanner takes this file for a leak.
fn secrets() -> Vec<String> {
    let long = "0123456789abcdefghijklmnopqrstuvwxy";
    let joined = |parts: &[&str]| parts.concat();
    vec![
        joined(&["-----BEGIN RSA PRIVATE", " KEY-----"]),
        joined(&["AI", "za", long]),
        joined(&["ya", "29.", long]),
        joined(&["AK", "IA", "ABCDEFGHIJKLMNOP"]),
        joined(&["gh", "p_", long]),
        joined(&["gl", "pat-", long]),
        joined(&["xo", "xb-", long]),
        joined(&["hooks.slack", ".com/services/", long]),
        joined(&["webhook.office", ".com/webhookb2/", long]),
        joined(&["ey", "J0123456789", ".ey", "J0123456789", ".0123456789"]),
        joined(&["https://user:", "hunter22", "@host/"]),
        joined(&["Authorization: Basic ", "dXNlcjpwYXNzd29yZA=="]),
        joined(&["Authorization: Bearer ", "abcdef0123456789"]),
        joined(&["client_secret: ", "s3cr3tvalue"]),
    ]
}

/// What is no document.
const NO_DOCUMENTS: [&str; 28] = [
    "",
    "<a/>",
    "<",
    "<a",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a b='1' b='2'/>",
    "<a b='1",
    "<a b=1/>",
    "<a b='1'c='2'/>",
    "<a b/>",
    "<a>&x;</a>",
    "<a>&</a>",
    "<a><!-- -- --></a>",
    "<a>]]></a>",
    "<a>\u{1}</a>",
    "<p:a/>",
    "<a xmlns:p='x' xmlns:p='y'/>",
    "<xmlns:a/>",
    "<a xmlns:xml='x'/>",
    "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
    "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
    "<a/><?xml version='1.0'?>",
    "<?xml version='1.0'",
    "<1/>",
    "<!DOCTYPE a><a/>",
    "<a><![x]></a>",
];
