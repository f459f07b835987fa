//! Walks over definitions that others drew: the templates, and the cases where they are at hand. After every step the state
//! holds together, is the same when it was stored meanwhile, and is the same again when its events are replayed.

use crate::walks::{Random, choose, consistent};
use bpmn::engine::{Library, Wait};
use bpmn::{Act, Definition, Event, State};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// Walks over each definition.
const SEEDS: u64 = 4;
/// Steps of one walk; some definitions go round for ever.
const STEPS_MAX: usize = 60;

/// Templates first, then whatever lies in the folder of cases, which belongs to others and is not kept here.
pub(crate) fn definitions() -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = bpmn::templates::all()
        .iter()
        .map(|template| (template.name.to_owned(), template.document.as_bytes().to_vec()))
        .collect();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/bpmn")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "bpmn" || end == "xml") {
                found.push((path.display().to_string(), std::fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// One walk; how many steps it had. What is asked at a start is answered by nobody, as an author rehearses it.
fn walk(name: &str, library: &Library, process: &str, seed: u64) -> usize {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut now: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();
    let mut act =
        Some(Act::Start { process: process.to_owned(), variables: Default::default(), begin: None });
    let (mut live, mut events) = (State::new("i"), Vec::new());
    while let Some(next) = act {
        let event = Event::new(now, next);
        let reopened: State = serde_json::from_str(&serde_json::to_string(&live).unwrap()).unwrap();
        assert_eq!(reopened, live, "{name} {seed}: a stored state is the same");
        let stepped = bpmn::step(library, &reopened, &event);
        match live.apply(library, &event) {
            Ok(_) => assert_eq!(stepped.unwrap().state, live, "{name} {seed}: a replay is the same"),
            // What a task asks for, or whom it is for, may stand against what chance chose.
            Err(refusal) => {
                assert_eq!(stepped.unwrap_err(), refusal, "{name} {seed}");
                assert_eq!(reopened, live, "{name} {seed}: a refused event changed something");
            }
        }
        consistent(&live);
        events.push(serde_json::to_string(&event).unwrap());
        if live.started_at.is_none() || live.ended() || events.len() >= STEPS_MAX {
            break;
        }
        act = choose(&live, &mut random, &mut now);
        let listens = live.watches.values().any(|watch| matches!(watch.wait, Wait::Condition { .. }));
        assert!(act.is_some() || listens || live.is_stuck(), "{name} {seed}: {:?}", live.tokens);
    }
    let mut again = State::new("i");
    for event in &events {
        // A refused event is refused again.
        let _ = again.apply(library, &serde_json::from_str(event).unwrap());
    }
    assert_eq!(again, live, "{name} {seed}: a replay from the ledger is the same");
    events.len()
}

#[test]
fn whatever_others_drew_replays_as_it_ran_after_every_step() {
    let (mut walked, mut steps) = (0, 0);
    for (name, bytes) in definitions() {
        let Ok(definition) = Definition::parse(bytes) else { continue };
        if definition.has_errors() {
            continue;
        }
        let processes: Vec<String> = definition.processes.iter().map(|one| one.id.to_string()).collect();
        let library = Library::new(Arc::new(definition));
        for process in processes {
            walked += 1;
            steps += (1..=SEEDS).map(|seed| walk(&name, &library, &process, seed)).sum::<usize>();
        }
    }
    println!("{walked} processes, {steps} steps");
    assert!(walked >= 3 && steps > 100, "{walked} processes, {steps} steps");
}
