//! Random definitions and random walks over them, from seeds: no token is lost, a replay is the same, a state survives
//! being stored, and nothing stands still without somebody or something to wait for.

use crate::*;
use bpmn::engine::{At, Library, Reply, Role, Wait, migrate};
use bpmn::{Act, Definition, Event, State};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A block-structured process: every fork has its join, so a token that disappears is the engine's fault.
struct Author<'r> {
    random: &'r mut Random,
    lines: String,
    last: usize,
}

impl Author<'_> {
    fn id(&mut self, kind: &str) -> String {
        self.last += 1;
        format!("{kind}{}", self.last)
    }

    fn line(&mut self, text: &str) {
        self.lines.push_str(text);
        self.lines.push('\n');
    }

    /// A block; its first and last element.
    fn block(&mut self, depth: usize) -> (String, String) {
        match if depth == 0 { self.random.below(6) } else { self.random.below(15) } {
            0 | 1 => self.simple("u", "<userTask id=\"@\" name=\"@\"/>"),
            2 => self.simple("s", "<scriptTask id=\"@\"><script>@</script></scriptTask>"),
            3 => self.simple(
                "h",
                "<serviceTask id=\"@\" flowable:delegateExpression=\"${restTask}\"><extensionElements><flowable:field name=\"url\" stringValue=\"/@\"/></extensionElements></serviceTask>",
            ),
            4 => self.simple(
                "t",
                "<intermediateCatchEvent id=\"@\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>",
            ),
            5 => self.simple("k", "<intermediateCatchEvent id=\"@\"><messageEventDefinition messageRef=\"m\"/></intermediateCatchEvent>"),
            6 => self.sequence(depth),
            7 => self.fork("parallelGateway", depth, false),
            8 => self.fork("exclusiveGateway", depth, true),
            9 => self.fork("inclusiveGateway", depth, true),
            10 => self.level(depth),
            11 => self.attached(depth),
            12 => self.raced(depth),
            13 => self.guarded(depth),
            _ => self.failing(depth),
        }
    }

    fn simple(&mut self, kind: &str, xml: &str) -> (String, String) {
        let id = self.id(kind);
        self.line(&xml.replace('@', &id));
        (id.clone(), id)
    }

    fn sequence(&mut self, depth: usize) -> (String, String) {
        let (first, mut last) = self.block(depth - 1);
        for _ in 0..=self.random.below(2) {
            let (next, end) = self.block(depth - 1);
            self.line(&format!("{last} -> {next}"));
            last = end;
        }
        (first, last)
    }

    fn fork(&mut self, tag: &str, depth: usize, chooses: bool) -> (String, String) {
        let (fork, join) = (self.id("f"), self.id("j"));
        let mut default = String::new();
        for branch in 0..2 + self.random.below(2) {
            let (first, last) = self.block(depth - 1);
            if chooses && branch == 0 {
                default = format!(" default=\"{fork}_{first}\"");
                self.line(&format!("{fork} -> {first}"));
            } else if chooses {
                let limit = self.random.below(10);
                self.line(&format!("{fork} -[${{dice > {limit}}}]-> {first}"));
            } else {
                self.line(&format!("{fork} -> {first}"));
            }
            self.line(&format!("{last} -> {join}"));
        }
        self.line(&format!("<{tag} id=\"{fork}\"{default}/><{tag} id=\"{join}\"/>"));
        (fork, join)
    }

    fn level(&mut self, depth: usize) -> (String, String) {
        let id = self.id("p");
        self.line(&format!("<subProcess id=\"{id}\">"));
        if self.random.one_in(3) {
            self.line("<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>");
        }
        let begin = self.id("b");
        self.line(&format!("<startEvent id=\"{begin}\"/>"));
        let (first, last) = self.block(depth - 1);
        let end = self.id("z");
        self.line(&format!("<endEvent id=\"{end}\"/>"));
        self.line(&format!("{begin} -> {first}"));
        self.line(&format!("{last} -> {end}"));
        self.line("</subProcess>");
        (id.clone(), id)
    }

    /// An event-based gateway with a timer and a message.
    fn raced(&mut self, depth: usize) -> (String, String) {
        let (race, merge) = (self.id("r"), self.id("x"));
        self.line(&format!("<eventBasedGateway id=\"{race}\"/><exclusiveGateway id=\"{merge}\"/>"));
        for event in [
            "<messageEventDefinition messageRef=\"m\"/>",
            "<timerEventDefinition><timeDuration>PT3H</timeDuration></timerEventDefinition>",
        ] {
            let catch = self.id("c");
            self.line(&format!("<intermediateCatchEvent id=\"{catch}\">{event}</intermediateCatchEvent>"));
            let (first, last) = self.block(depth - 1);
            self.line(&format!("{race} -> {catch} -> {first}"));
            self.line(&format!("{last} -> {merge}"));
        }
        (race, merge)
    }

    /// A level with an event sub-process that replaces or accompanies it.
    fn guarded(&mut self, depth: usize) -> (String, String) {
        let (id, begin, end, guard, on) =
            (self.id("p"), self.id("b"), self.id("z"), self.id("q"), self.id("o"));
        let interrupts = self.random.one_in(2);
        self.line(&format!("<subProcess id=\"{id}\"><startEvent id=\"{begin}\"/><endEvent id=\"{end}\"/>"));
        let (first, last) = self.block(depth - 1);
        self.line(&format!("{begin} -> {first}"));
        self.line(&format!("{last} -> {end}"));
        self.line(&format!(
            "<subProcess id=\"{guard}\" triggeredByEvent=\"true\"><startEvent id=\"{on}\" isInterrupting=\"{interrupts}\">\
             <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></startEvent>"
        ));
        let (first, _) = self.simple("u", "<userTask id=\"@\" name=\"@\"/>");
        self.line(&format!("{on} -> {first}"));
        self.line("</subProcess></subProcess>");
        (id.clone(), id)
    }

    /// A level that ends by an error that its boundary catches.
    fn failing(&mut self, depth: usize) -> (String, String) {
        let (id, begin, end, catch, merge) =
            (self.id("p"), self.id("b"), self.id("z"), self.id("e"), self.id("x"));
        self.line(&format!("<subProcess id=\"{id}\"><startEvent id=\"{begin}\"/>"));
        self.line(&format!("<endEvent id=\"{end}\"><errorEventDefinition errorRef=\"e\"/></endEvent>"));
        let (first, last) = self.block(depth - 1);
        self.line(&format!("{begin} -> {first}"));
        self.line(&format!("{last} -> {end}"));
        self.line("</subProcess>");
        self.line(&format!(
            "<boundaryEvent id=\"{catch}\" attachedToRef=\"{id}\"><errorEventDefinition errorRef=\"e\"/></boundaryEvent>\
             <exclusiveGateway id=\"{merge}\"/>"
        ));
        self.line(&format!("{id} -> {merge}"));
        self.line(&format!("{catch} -> {merge}"));
        (id, merge)
    }

    fn attached(&mut self, depth: usize) -> (String, String) {
        let (task, event, merge) = (self.id("u"), self.id("e"), self.id("x"));
        let cancels = self.random.one_in(2);
        self.line(&format!("<userTask id=\"{task}\" name=\"{task}\"/><exclusiveGateway id=\"{merge}\"/>"));
        self.line(&format!(
            "<boundaryEvent id=\"{event}\" attachedToRef=\"{task}\" cancelActivity=\"{cancels}\"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>"
        ));
        let (first, last) = self.block(depth - 1);
        self.line(&format!("{event} -> {first}"));
        self.line(&format!("{task} -> {merge}"));
        if cancels {
            self.line(&format!("{last} -> {merge}"));
        } else {
            let end = self.id("z");
            self.line(&format!("<endEvent id=\"{end}\"/>"));
            self.line(&format!("{last} -> {end}"));
        }
        (task, merge)
    }
}

fn random_definition(random: &mut Random) -> String {
    let mut author = Author { random, lines: String::new(), last: 0 };
    author.line("<startEvent id=\"start\"/><endEvent id=\"end\"/>");
    let (first, last) = author.block(3);
    author.line(&format!("start -> {first}"));
    author.line(&format!("{last} -> end"));
    definition(&author.lines)
}

/// What can be done to a state, one of it at random.
pub(crate) fn choose(state: &State, random: &mut Random, now: &mut Timestamp) -> Option<Act> {
    let mut acts = Vec::new();
    for task in state.tasks.keys() {
        let answers: bpmn::engine::Variables =
            [("dice".to_owned(), bpmn::Value::Long(random.below(10) as i64))].into();
        acts.push((None, Act::Complete { task: *task, answers }));
    }
    for (timer, _, due) in state.timers() {
        acts.push((Some(due), Act::Fire { timer }));
    }
    for (id, watch) in &state.watches {
        let variables = Default::default();
        match &watch.wait {
            Wait::Message { name, correlation } => {
                let (name, correlation) = (name.clone(), correlation.clone());
                acts.push((None, Act::Message { name, correlation, variables }));
            }
            Wait::Signal { name } => acts.push((None, Act::Signal { name: name.clone(), variables })),
            Wait::Receive { .. } | Wait::Job { .. } => {
                acts.push((None, Act::Trigger { waiting: *id, variables }));
            }
            Wait::Timer { .. } | Wait::Condition { .. } => {}
        }
    }
    for key in state.effects.keys() {
        let effect = key.clone();
        acts.push(if random.one_in(5) {
            (None, Act::EffectFailed { effect, message: "unlucky".into(), error: None })
        } else {
            (None, Act::EffectSucceeded { effect, reply: Reply { status: Some(200), ..Reply::default() } })
        });
    }
    for incident in state.incidents.keys() {
        acts.push((None, Act::Retry { incident: *incident }));
        acts.push((None, Act::Skip { incident: *incident, reason: "tried enough".into() }));
    }
    if acts.is_empty() {
        return None;
    }
    let (due, act) = acts.swap_remove(random.below(acts.len()));
    *now = due.map_or(*now, |due| due.max(*now)) + SignedDuration::from_secs(random.below(100) as i64);
    Some(act)
}

/// Every token waits for something that is there, and everything that is there belongs to somebody.
pub(crate) fn consistent(state: &State) {
    for (id, token) in &state.tokens {
        assert!(state.scopes.contains_key(&token.scope), "token {id} is in no scope");
        match &token.at {
            At::Moving => panic!("token {id} still moves"),
            At::Task => assert!(state.tasks.contains_key(id), "token {id} has no task"),
            At::Catch => assert!(state.watches.values().any(|watch| watch.token == Some(*id))),
            At::Effect { key } => assert!(state.effects.contains_key(key)),
            At::Inside { scope } => assert_eq!(state.scopes[scope].owner, Some(*id)),
            At::Incident { incident } => assert_eq!(state.incidents[incident].token, Some(*id)),
            At::Join => {}
        }
    }
    assert!(state.tasks.keys().all(|task| state.tokens.contains_key(task)), "a task without a token");
    for watch in state.watches.values() {
        assert!(state.scopes.contains_key(&watch.scope));
        match watch.token {
            Some(token) => assert!(state.tokens.contains_key(&token), "somebody listens for nobody"),
            None => assert!(matches!(watch.role, Role::Replace | Role::Accompany)),
        }
    }
    for (id, scope) in &state.scopes {
        let occupied = state.tokens.values().any(|token| token.scope == *id)
            || state.scopes.values().any(|inner| inner.parent == Some(*id));
        assert!(state.ended() || occupied, "scope {id} is empty");
        assert!(scope.parent.is_none_or(|parent| state.scopes.contains_key(&parent)));
    }
    assert_eq!(state.ended(), state.tokens.is_empty() && state.started_at.is_some());
}

/// To the same version nothing changes; to one with other ids, and back again, neither.
fn moves_and_comes_back(library: &Library, text: &str, live: &State, seed: u64) {
    let nothing = Default::default();
    let (plan, moved) = migrate(library, library, live, &nothing, live.at);
    assert!(plan.problems.is_empty(), "seed {seed}: {:?}\n{text}", plan.problems);
    assert!(plan.losses.is_empty() && plan.gains.is_empty(), "seed {seed}: {plan:?}");
    assert_eq!(moved, *live, "seed {seed}: the same version is the same state");

    let mut renamed = String::new();
    let (mut there, mut back) = (BTreeMap::new(), BTreeMap::new());
    let (head, process) = text.split_at(text.find("<process").unwrap());
    renamed.push_str(head);
    for (at, part) in process.split('"').enumerate() {
        if at > 0 {
            renamed.push('"');
        }
        let is_id = part.len() > 1
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && part[1..].bytes().all(|byte| byte.is_ascii_digit());
        if is_id {
            renamed.push_str("new-");
            there.insert(part.to_owned(), format!("new-{part}"));
            back.insert(format!("new-{part}"), part.to_owned());
        }
        renamed.push_str(part);
    }
    let other = Library::new(Arc::new(Definition::parse(renamed).unwrap()));
    let (plan, gone) = migrate(library, &other, live, &there, live.at);
    assert!(plan.problems.is_empty() && plan.losses.is_empty(), "seed {seed}: {plan:?}\n{text}");
    consistent(&gone);
    assert!(gone.tokens.values().all(|token| !there.contains_key(&*token.element)), "seed {seed}");
    let (plan, returned) = migrate(&other, library, &gone, &back, live.at);
    assert!(plan.problems.is_empty() && plan.losses.is_empty(), "seed {seed}: {plan:?}\n{text}");
    assert_eq!(without_asked(&returned), without_asked(live), "seed {seed}: there and back is the same");
}

/// A state without the tasks' names, which are ids here, and so differ on the way.
fn without_asked(state: &State) -> State {
    let mut state = state.clone();
    state.tasks.values_mut().for_each(|task| task.name = None);
    state
}

/// An effect is asked for once; again only where somebody retries it.
fn asks_once(asked: &mut BTreeSet<String>, event: &Event, notes: &[bpmn::engine::Note], seed: u64) {
    for note in notes {
        let bpmn::engine::Note::Asked { effect } = note else { continue };
        let is_new = asked.insert(effect.key.clone());
        let is_retry = matches!(event.act, Act::Retry { .. });
        assert!(is_new || is_retry, "seed {seed}: `{}` is asked for twice by {event:?}", effect.key);
    }
}

/// Where the branches of a choice meet at a join that waits for all of them, tokens starve: nothing stands still for ever
/// without an incident that says so, and from every incident there is a way on.
#[test]
fn what_waits_for_a_branch_that_was_not_taken_says_so() {
    let (mut stuck, mut ends) = (0, 0);
    for seed in 1..=300_u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let text =
            random_definition(&mut random).replace("<exclusiveGateway id=\"j", "<parallelGateway id=\"j");
        let parsed = Definition::parse(text.as_str()).unwrap();
        let library = Library::new(Arc::new(parsed));
        let mut now: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();
        let dice = [("dice".to_owned(), bpmn::Value::Long(random.below(10) as i64))].into();
        let mut act = Some(Act::Start { process: "p".into(), variables: dice, begin: None });
        let (mut live, mut asked) = (State::new("i"), BTreeSet::new());
        for _ in 0..300 {
            let Some(next) = act.take() else { break };
            let event = Event::new(now, next);
            let notes = live
                .apply(&library, &event)
                .unwrap_or_else(|refusal| panic!("seed {seed}: {refusal}\n{event:?}\n{text}"));
            asks_once(&mut asked, &event, &notes, seed);
            // As the rules do after every act.
            if live.is_stuck() {
                stuck += 1;
                live.stop_if_stuck(now);
                assert!(!live.incidents.is_empty(), "seed {seed}: stuck without a word\n{text}");
            }
            consistent(&live);
            if live.ended() {
                ends += 1;
                break;
            }
            act = choose(&live, &mut random, &mut now);
            assert!(act.is_some(), "seed {seed}: no way on from {:?}\n{text}", live.tokens);
        }
    }
    assert!(stuck > 20 && ends > 250, "{stuck} were stuck, {ends} ended");
}

#[test]
fn random_walks_lose_nothing_and_replay_the_same() {
    let (mut ends, mut steps) = (0, 0);
    for seed in 1..=400_u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let text = random_definition(&mut random);
        let parsed = Definition::parse(text.as_str()).unwrap();
        assert!(!parsed.has_errors(), "seed {seed}: {:?}\n{text}", parsed.diagnostics);
        let library = Library::new(Arc::new(parsed));
        let mut now: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();
        let dice = [("dice".to_owned(), bpmn::Value::Long(random.below(10) as i64))].into();
        let mut act = Some(Act::Start { process: "p".into(), variables: dice, begin: None });
        let mut live = State::new("i");
        let (mut events, mut asked) = (Vec::new(), BTreeSet::new());
        while let Some(next) = act {
            let event = Event::new(now, next);
            let stored = serde_json::to_string(&live).unwrap();
            let reopened: State = serde_json::from_str(&stored).unwrap();
            assert_eq!(reopened, live, "seed {seed}: a stored state is the same");
            let notes = live
                .apply(&library, &event)
                .unwrap_or_else(|refusal| panic!("seed {seed}: {refusal}\n{event:?}"));
            asks_once(&mut asked, &event, &notes, seed);
            assert!(!live.is_stuck(), "seed {seed}: stuck with {:?}\n{text}", live.tokens);
            let replayed = bpmn::step(&library, &reopened, &event).unwrap().state;
            assert_eq!(replayed, live, "seed {seed}: a replay is the same");
            consistent(&live);
            if !live.ended() {
                moves_and_comes_back(&library, &text, &live, seed);
            }
            events.push(serde_json::to_string(&event).unwrap());
            steps += 1;
            if live.ended() || events.len() > 300 {
                break;
            }
            act = choose(&live, &mut random, &mut now);
            assert!(act.is_some(), "seed {seed}: stuck with {:?}\n{text}", live.tokens);
        }
        ends += usize::from(live.ended());
        let mut again = State::new("i");
        for event in &events {
            again.apply(&library, &serde_json::from_str(event).unwrap()).unwrap();
        }
        assert_eq!(again, live, "seed {seed}: a replay from the ledger is the same");
    }
    println!("{ends} of 400 walks ended, {steps} steps");
    assert!(ends > 390, "only {ends} walks ended");
}
