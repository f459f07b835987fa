//! Listeners: what runs when an element starts or ends, a flow is taken, or a task is offered, given or completed.

use super::fields::{JOB, field_in, is_extension, made};
use super::listed::{self, Kind};
use super::read::{extension, given};
use super::tag::{Lines, Names, Tag};
use super::{check_text, check_variable, element as find, is};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, set_attribute};
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When a listener runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "DesignMoment")]
pub enum Moment {
    /// When the element starts.
    Start,
    /// When it ends.
    End,
    /// When the flow is taken.
    Take,
    /// When the task is offered.
    Create,
    /// When somebody gets the task.
    Assignment,
    /// When the task is completed.
    Complete,
    /// At each of these moments of the task.
    All,
}

/// What is kept of a JSON document, such as the reply to a call: a `${jsonPathListener}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignCapture")]
pub struct Captured {
    /// The JSON path.
    pub path: String,
    /// The variable that takes what is there.
    pub variable: String,
    /// The document, as an expression: most often the reply.
    pub json: String,
    /// Whether there may be nothing there.
    pub optional: bool,
    /// When it is kept.
    pub event: Moment,
}

/// A listener of another kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "listener", rename_all = "kebab-case")]
#[ts(rename = "DesignListener")]
pub enum Listener {
    /// `${notificationListener}`: notices that follow go to whoever has or may have the task.
    Notification {
        /// When it runs.
        event: Moment,
    },
    /// `${jsonParticipantListener}`: the task is offered to more people.
    Participants {
        /// When it runs.
        event: Moment,
        /// Who, as names, JSON or an expression.
        participants: String,
    },
    /// `${jobArgumentListener}`: the job is given something.
    JobArgument {
        /// When it runs, as written: it is read when the job is asked for.
        event: Moment,
        /// The argument's name.
        name: String,
        /// Its value, which may hold expressions.
        value: String,
    },
    /// `${jobStateListener}`: what the job ended as is kept.
    JobState {
        /// When it runs.
        event: Moment,
        /// The variable that takes it.
        variable: String,
    },
}

impl Moment {
    /// Its name, as a definition writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Take => "take",
            Self::Create => "create",
            Self::Assignment => "assignment",
            Self::Complete => "complete",
            Self::All => "all",
        }
    }

    /// The tag of listeners that hear of it.
    fn tag(self) -> &'static str {
        match self {
            Self::Start | Self::End | Self::Take => "executionListener",
            Self::Create | Self::Assignment | Self::Complete | Self::All => "taskListener",
        }
    }

    /// When a listener runs, if it is one that the engine knows by this tag.
    fn of(listener: Xml<'_, '_>) -> Option<Self> {
        let word = listener.attribute("event").unwrap_or("start");
        let all =
            [Self::Start, Self::End, Self::Take, Self::Create, Self::Assignment, Self::Complete, Self::All];
        all.into_iter().find(|one| one.word() == word && is_extension(&listener, one.tag()))
    }
}

/// A listener as it is written.
struct Written<'a> {
    event: Moment,
    delegate: &'static str,
    /// Its fields; one without text is not written.
    fields: Vec<(&'static str, &'a str)>,
}

impl Captured {
    fn written(&self) -> Written<'_> {
        let fields = vec![
            ("json", self.json.trim()),
            ("outputDataObjectName", self.variable.trim()),
            ("jsonPath", self.path.trim()),
            ("optional", if self.optional { "true" } else { "" }),
        ];
        Written { event: self.event, delegate: "jsonPathListener", fields }
    }

    fn read(listener: Xml<'_, '_>) -> Option<Self> {
        let event = Moment::of(listener)?;
        let field = fields_of(listener, "jsonPathListener")?;
        Some(Self {
            path: field("jsonPath"),
            variable: field("outputDataObjectName"),
            json: field("json"),
            optional: field("optional").eq_ignore_ascii_case("true"),
            event,
        })
    }
}

impl Listener {
    /// The variable it sets, where it sets one.
    pub fn sets(&self) -> Option<&str> {
        match self {
            Self::JobState { variable, .. } => Some(variable),
            _ => None,
        }
    }

    fn written(&self) -> Written<'_> {
        let (event, delegate, fields) = match self {
            Self::Notification { event } => (*event, "notificationListener", Vec::new()),
            Self::Participants { event, participants } => {
                (*event, "jsonParticipantListener", vec![("participants", participants.trim())])
            }
            Self::JobArgument { event, name, value } => (
                *event,
                "jobArgumentListener",
                vec![("jobArgumentName", name.trim()), ("jobArgumentValue", value.trim())],
            ),
            Self::JobState { event, variable } => {
                (*event, "jobStateListener", vec![("outputDataObjectName", variable.trim())])
            }
        };
        Written { event, delegate, fields }
    }

    fn read(listener: Xml<'_, '_>) -> Option<Self> {
        let event = Moment::of(listener)?;
        let named = |delegate: &str| fields_of(listener, delegate);
        if named("notificationListener").is_some() {
            return Some(Self::Notification { event });
        }
        if let Some(field) = named("jsonParticipantListener") {
            return Some(Self::Participants { event, participants: field("participants") });
        }
        if let Some(field) = named("jobArgumentListener") {
            let (name, value) = (field("jobArgumentName"), field("jobArgumentValue"));
            return Some(Self::JobArgument { event, name, value });
        }
        let field = named("jobStateListener")?;
        Some(Self::JobState { event, variable: field("outputDataObjectName") })
    }
}

/// Whether a listener is one that a designer shows.
pub(super) fn is_shown(listener: Xml<'_, '_>) -> bool {
    Captured::read(listener).is_some() || Listener::read(listener).is_some()
}

/// Whether a listener runs the bean of that name.
fn runs(listener: Xml<'_, '_>, delegate: &str) -> bool {
    let written = listener.attribute("delegateExpression").map(str::trim).unwrap_or_default();
    let inside = written.strip_prefix("${").or_else(|| written.strip_prefix("#{"));
    inside.and_then(|inside| inside.strip_suffix('}')).map(str::trim) == Some(delegate)
}

/// The fields of a listener, if it runs that: an absent one is empty.
fn fields_of(listener: Xml<'_, '_>, delegate: &str) -> Option<impl Fn(&str) -> String + use<>> {
    if !runs(listener, delegate) {
        return None;
    }
    let fields = given(listener.children());
    Some(move |name: &str| {
        let found = fields.iter().find(|field| field.name == name);
        found.map(|field| field.text.trim().to_owned()).unwrap_or_default()
    })
}

fn tag(names: &Names, one: &Written<'_>) -> Tag {
    let fields = one.fields.iter().filter(|(_, text)| !text.is_empty());
    names
        .extension(one.event.tag())
        .with("event", one.event.word())
        .with("delegateExpression", &format!("${{{}}}", one.delegate))
        .children(fields.map(|(name, text)| made(names, name, text)).collect::<Vec<_>>())
}

fn changed(listener: Xml<'_, '_>, source: &str, now: &Written<'_>) -> Result<Vec<Patch>, Error> {
    let other = !is_extension(&listener, now.event.tag()) || !runs(listener, now.delegate);
    // What has nothing inside is written anew, too: there is nothing to be kept.
    if other || listener.first_element_child().is_none() {
        let outer = listener.parent_element().unwrap_or(listener);
        let written = tag(&Names::at(outer), now).write(&Lines::inside(outer));
        return Ok(vec![(listener.range(), written)]);
    }
    let mut patches = Vec::new();
    if Moment::of(listener) != Some(now.event) {
        patches.extend(set_attribute(listener, source, None, "event", Some(now.event.word()))?);
    }
    let known = given(listener.children());
    for (name, text) in &now.fields {
        let written = known.iter().find(|field| field.name == *name).map(|field| field.text.trim());
        if written.unwrap_or_default() != *text {
            // What is not optional may say so.
            let says_so = *name == "optional" && text.is_empty() && written == Some("false");
            if !says_so {
                patches.extend(field_in(listener, source, name, text)?);
            }
        }
    }
    Ok(patches)
}

const CAPTURES: Kind<Captured> = Kind {
    read: Captured::read,
    write: |names, one| tag(names, &one.written()),
    change: |listener, source, one| changed(listener, source, &one.written()),
};

const LISTENERS: Kind<Listener> = Kind {
    read: Listener::read,
    write: |names, one| tag(names, &one.written()),
    change: |listener, source, one| changed(listener, source, &one.written()),
};

/// What an element keeps of JSON documents.
pub(super) fn captures(node: Xml<'_, '_>) -> Vec<Captured> {
    listed::all(node, CAPTURES.read).into_iter().map(|(_, one)| one).collect()
}

/// The other listeners of an element.
pub(super) fn listeners(node: Xml<'_, '_>) -> Vec<Listener> {
    listed::all(node, LISTENERS.read).into_iter().map(|(_, one)| one).collect()
}

pub(super) fn set_captures(document: &Document, id: &str, wanted: &[Captured]) -> Result<Document, Error> {
    document.patched(|tree| {
        let node = find(tree.root_element(), id)?;
        let known = captures(node);
        for one in wanted.iter().filter(|one| !known.contains(one)) {
            check_text(sentence!("edit-text-path", "the path"), &one.path)?;
            check_text(sentence!("edit-text-document", "the document"), &one.json)?;
            check_variable(&one.variable)?;
            check_moment(node, one.event)?;
        }
        listed::set(node, tree.input_text(), wanted, &CAPTURES)
    })
}

pub(super) fn set_listeners(document: &Document, id: &str, wanted: &[Listener]) -> Result<Document, Error> {
    document.patched(|tree| {
        let node = find(tree.root_element(), id)?;
        let known = listeners(node);
        for one in wanted.iter().filter(|one| !known.contains(one)) {
            check(node, one)?;
        }
        listed::set(node, tree.input_text(), wanted, &LISTENERS)
    })
}

/// Whether an element has such a moment at all.
fn check_moment(node: Xml<'_, '_>, event: Moment) -> Result<(), Error> {
    let (task, flow) = (is(&node, "userTask"), is(&node, "sequenceFlow"));
    let fits = match event {
        Moment::Take => flow,
        Moment::Start | Moment::End => !flow && !is(&node, "process"),
        Moment::Create | Moment::Assignment | Moment::Complete | Moment::All => task,
    };
    if fits {
        return Ok(());
    }
    let (tag, word) = (node.tag_name().name(), event.word());
    Err(Error::BadEdit(sentence!(
        "edit-moment",
        "a `{tag}` knows no `{moment}`; let the listener run at another moment",
        tag = tag,
        moment = word
    )))
}

/// Whether the engine does what a listener says at this element.
fn check(node: Xml<'_, '_>, one: &Listener) -> Result<(), Error> {
    let (task, boundary) = (is(&node, "userTask"), is(&node, "boundaryEvent"));
    let job = extension(node, "delegateExpression").map(str::trim) == Some(JOB);
    let (event, fits, place) = match one {
        // Who has a task is known while it is open, and at its boundary.
        Listener::Notification { event } => (
            *event,
            boundary || task && event.tag() == "taskListener",
            sentence!("edit-place-open-task", "an open task or its boundary"),
        ),
        Listener::Participants { event, participants } => {
            check_text(sentence!("edit-text-participants", "the participants"), participants)?;
            (
                *event,
                task && matches!(event, Moment::Create | Moment::Assignment),
                sentence!("edit-place-offered-task", "a task that is being offered"),
            )
        }
        Listener::JobArgument { event, name, value } => {
            check_text(sentence!("edit-text-argument", "the argument"), value)?;
            if name.trim().is_empty() {
                return Err(Error::BadEdit(sentence!("edit-argument-no-name", "an argument needs a name")));
            }
            (*event, job, sentence!("edit-place-job", "a job"))
        }
        Listener::JobState { event, variable } => {
            check_variable(variable)?;
            (*event, job && *event == Moment::End, sentence!("edit-place-end-of-job", "the end of a job"))
        }
    };
    check_moment(node, event)?;
    if fits {
        return Ok(());
    }
    let (delegate, tag) = (one.written().delegate, node.tag_name().name());
    Err(Error::BadEdit(sentence!(
        "edit-does-nothing",
        "`{delegate}` does nothing at the `{moment}` of a `{tag}`; it is for {place}",
        delegate = delegate,
        moment = event.word(),
        tag = tag,
        place = place
    )))
}
