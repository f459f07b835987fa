//! What data hold before a monitor is defined, and what each column is most likely for.

use governance::fact::{AlertLevel, AlertRule, Baseline, DataPlace, MonitorTerms};
use governance::registry::{Project, Version};
use packages::{Direction, Package};

use super::{DataColumnRow, DataFileRow, DataPreview, PreviewData, data};
use crate::registry::find_version;
use crate::runs::outputs;
use crate::session::Session;
use crate::{App, Failure};

/// Files shown, at most; the latest.
const FILES_SHOWN: usize = 200;

/// Looks at the latest file of a place, and guesses the terms of a monitor from the version's variables.
///
/// # Errors
/// [`crate::Code::NotFound`] when there are no data; [`crate::Code::Failed`] naming the file that cannot be read.
pub async fn preview(app: &App, request: PreviewData) -> Result<DataPreview, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let (files, latest) = data::to_look_at(&session, &request.data).await?;
    let delimiter = super::delimiter(request.delimiter.as_deref())?;
    let columns = tokio::task::spawn_blocking(move || ::monitoring::preview(&latest.path, delimiter))
        .await
        .map_err(|cause| Failure::internal("looking at the data was interrupted", &cause))?
        .map_err(|error| super::from_monitoring(&error))?;
    let package = outputs::reading(&session, &version).await?;
    let guessed = Guess::of(&session, &version, &package, &columns)?;
    let has = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let missing = inputs_of(&package).filter(|name| !has(name)).map(str::to_owned).collect();
    let mut terms = guessed.terms(&session, request.data)?;
    terms.delimiter = request.delimiter;
    Ok(DataPreview {
        files: files
            .iter()
            .skip(files.len().saturating_sub(FILES_SHOWN))
            .map(|found| DataFileRow { name: found.name.clone(), size_bytes: found.size_bytes })
            .collect(),
        columns: columns
            .iter()
            .map(|column| DataColumnRow {
                name: column.name.clone(),
                numeric: column.numeric,
                levels: column.levels.clone(),
                part: guessed.part(&column.name).to_owned(),
            })
            .collect(),
        terms,
        missing,
    })
}

/// Target, its event and the column of the event's probability, as far as version and project say which they are.
pub(crate) fn outcome_columns(
    session: &Session,
    version: &Version,
    package: &Package,
    columns: &[::monitoring::ColumnPreview],
) -> Result<Option<(String, String, String)>, Failure> {
    let guess = Guess::of(session, version, package, columns)?;
    let event = guess.event.clone().unwrap_or_else(|| "1".to_owned());
    Ok(guess.target.zip(guess.score).map(|(target, score)| (target, event, score)))
}

fn inputs_of(package: &Package) -> impl Iterator<Item = &str> {
    package
        .variables
        .iter()
        .filter(|variable| variable.direction == Direction::Input)
        .map(|variable| variable.name.as_str())
}

/// What the columns are most likely for.
struct Guess {
    target: Option<String>,
    event: Option<String>,
    score: Option<String>,
    inputs: Vec<String>,
    identifiers: Vec<String>,
    /// Every column there is.
    all: Vec<String>,
    /// Whether the target is a number to be predicted, and no event.
    predicts_numbers: bool,
}

impl Guess {
    fn of(
        session: &Session,
        version: &Version,
        package: &Package,
        columns: &[::monitoring::ColumnPreview],
    ) -> Result<Self, Failure> {
        let project: Project = session.row("projects", "project", version.project.as_str())?;
        let said = |name: &str| project.properties.get(name).map(String::as_str).filter(|it| !it.is_empty());
        let column = |name: &str| {
            columns.iter().find(|it| it.name.eq_ignore_ascii_case(name)).map(|it| it.name.clone())
        };
        let first = |names: &[Option<&str>]| names.iter().flatten().find_map(|name| column(name));
        let variable = |direction: Direction| {
            package.variables.iter().filter(move |it| it.direction == direction).map(|it| it.name.as_str())
        };
        let target = first(&[said("targetVariable"), package.properties.target_variable.as_deref()])
            .or_else(|| variable(Direction::Target).find_map(column));
        let event = said("targetEventValue")
            .or(package.properties.target_event.as_deref())
            .filter(|_| target.is_some())
            .map(str::to_owned);
        let score = first(&[
            said("eventProbabilityVariable"),
            package.properties.event_probability_variable.as_deref(),
            Some("EM_EVENTPROBABILITY"),
        ])
        .or_else(|| {
            // `P_TARGETEVENT` among the outputs, as the SAS tools name it.
            let wanted = target
                .as_ref()
                .map(|target| format!("P_{target}{}", event.as_deref().unwrap_or("1")).to_lowercase());
            variable(Direction::Output)
                .filter(|name| wanted.as_ref().is_some_and(|wanted| name.to_lowercase() == *wanted))
                .find_map(column)
        })
        .or_else(|| variable(Direction::Output).filter(|name| name.starts_with("P_")).find_map(column));
        let inputs: Vec<String> = inputs_of(package)
            .filter(|name| target.as_deref().is_none_or(|target| !name.eq_ignore_ascii_case(target)))
            .filter_map(column)
            .collect();
        let identifiers = columns
            .iter()
            .filter(|column| {
                let low = column.name.to_lowercase();
                let is_named_so = low == "id" || low.ends_with("_id") || low.ends_with("key");
                !inputs.contains(&column.name) && (is_named_so || column.unique)
            })
            .map(|column| column.name.clone())
            .collect();
        // More levels than are listed: nobody would call one of them the event.
        let predicts_numbers = event.is_none()
            && columns
                .iter()
                .any(|it| Some(&it.name) == target.as_ref() && it.numeric && it.levels.is_empty());
        let all = columns.iter().map(|column| column.name.clone()).collect();
        Ok(Self { target, event, score, inputs, identifiers, all, predicts_numbers })
    }

    fn part(&self, name: &str) -> &'static str {
        let is = |column: &Option<String>| column.as_deref() == Some(name);
        if is(&self.target) {
            "target"
        } else if is(&self.score) {
            "score"
        } else if self.inputs.iter().any(|input| input == name) {
            "input"
        } else if self.identifiers.iter().any(|it| it == name) {
            "identifier"
        } else {
            "other"
        }
    }

    /// The inputs of the version that are there; without any, every column that is no identifier and has no other part, where
    /// naming them makes a difference.
    fn watched(&self) -> Option<Vec<String>> {
        if !self.inputs.is_empty() {
            return Some(self.inputs.clone());
        }
        let others = self.all.iter().filter(|name| self.part(name) == "other").cloned().collect();
        (!self.identifiers.is_empty()).then_some(others)
    }

    fn terms(&self, session: &Session, data: DataPlace) -> Result<MonitorTerms, Failure> {
        let standard = if self.predicts_numbers {
            ::monitoring::Rule::standard_of_numbers()
        } else {
            ::monitoring::Rule::standard()
        };
        let rules = standard
            .into_iter()
            .map(|rule| AlertRule {
                level: match rule.level {
                    ::monitoring::Level::Warning => AlertLevel::Warning,
                    ::monitoring::Level::Alert => AlertLevel::Alert,
                },
                when: rule.when,
            })
            .collect();
        Ok(MonitorTerms {
            data,
            target: self.target.clone(),
            event: self.event.clone(),
            score: self.score.clone(),
            weight: None,
            inputs: self.watched(),
            groups: Vec::new(),
            cutoff: 0.5,
            delimiter: None,
            time: None,
            baseline: Baseline::FirstPeriod,
            cadence: None,
            rules,
            thresholds: std::collections::BTreeMap::new(),
            unlabelled_share_max: None,
            runs_on: None,
            owner: session.me()?,
        })
    }
}
