//! Calls that failed and that their definition has tried again: how often, and when next.

use super::{Library, State};
use crate::time;
use jiff::Timestamp;

/// The next try of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextTry {
    /// When it is due.
    pub at: Timestamp,
    /// Which it is, counted from one; the first call is none of them.
    pub number: u32,
    /// How many there are at most.
    pub of: u32,
}

/// When the call that an incident stands for is tried again by itself, after so many tries since control came there: what
/// `failedJobRetryTimeCycle` says. Nothing where the definition says nothing, where all tries are used up, and where
/// it is no call that failed: an expression that cannot be evaluated fails again.
///
/// The engine tries nothing by itself: whoever carries effects out sends [`Act::Retry`](super::Act::Retry) then.
pub fn next_try(library: &Library, state: &State, incident: u64, made: u32) -> Option<NextTry> {
    let stopped = state.incidents.get(&incident)?;
    if !matches!(stopped.code.as_str(), "effect" | "status") {
        return None;
    }
    let token = state.tokens.get(&stopped.token?)?;
    let process = library.process(&state.scopes.get(&token.scope)?.process)?;
    let waits = &process.node(process.find(&stopped.element)?).tries;
    let wait = waits.get(usize::try_from(made).ok()?)?;
    let at = time::due_date(wait, stopped.at).ok()?;
    Some(NextTry { at, number: made.saturating_add(1), of: u32::try_from(waits.len()).unwrap_or(u32::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definition;
    use crate::engine::{Act, Event, step};

    fn library(cycle: &str) -> Library {
        let xml = format!(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
<process id="p" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="call"/>
<serviceTask id="call" flowable:async="true" flowable:delegateExpression="${{restTask}}"><extensionElements>
<flowable:field name="url"><flowable:string>/x</flowable:string></flowable:field>
<flowable:failedJobRetryTimeCycle>{cycle}</flowable:failedJobRetryTimeCycle></extensionElements></serviceTask>
<sequenceFlow id="g" sourceRef="call" targetRef="e"/><endEvent id="e"/></process></definitions>"#
        );
        Library::new(Definition::parse(xml.into_bytes()).unwrap().into())
    }

    fn failed(library: &Library) -> (State, u64, Timestamp) {
        let at = Timestamp::UNIX_EPOCH;
        let start = Act::Start { process: "p".to_owned(), variables: Default::default(), begin: None };
        let state = step(library, &State::new("i"), &Event::new(at, start)).unwrap().state;
        fail(library, &state, at)
    }

    fn fail(library: &Library, state: &State, at: Timestamp) -> (State, u64, Timestamp) {
        let effect = state.effects.keys().next().unwrap().clone();
        let failed = Act::EffectFailed { effect, message: "nobody answers".to_owned(), error: None };
        let state = step(library, state, &Event::new(at, failed)).unwrap().state;
        let incident = *state.incidents.keys().next().unwrap();
        (state, incident, at)
    }

    #[test]
    fn a_call_is_tried_again_as_often_as_the_definition_says() {
        for (cycle, minutes) in
            [("R3/PT10M", &[10, 10, 10][..]), ("PT1M, PT5M", &[1, 5]), ("R/PT10M", &[]), ("soon", &[])]
        {
            let library = library(cycle);
            let (mut state, mut incident, mut at) = failed(&library);
            let of = u32::try_from(minutes.len()).unwrap();
            for (made, wait) in (0..).zip(minutes) {
                let next = next_try(&library, &state, incident, made).unwrap();
                assert_eq!(next.at.duration_since(at), jiff::SignedDuration::from_mins(*wait), "{cycle}");
                assert_eq!((next.number, next.of), (made + 1, of));
                let retry = Event::new(next.at, Act::Retry { incident });
                let again = step(&library, &state, &retry).unwrap().state;
                assert!(again.incidents.is_empty() && again.effects.len() == 1);
                (state, incident, at) = fail(&library, &again, next.at);
            }
            assert_eq!(next_try(&library, &state, incident, of), None, "{cycle}");
            let told = library.definitions()[0].diagnostics.iter().any(|one| one.code == "retries");
            assert_eq!(told, minutes.is_empty(), "{cycle}");
        }
    }
}
