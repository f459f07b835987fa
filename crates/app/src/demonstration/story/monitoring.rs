//! After the migration: the champion is watched, decays, and is trained again.

use governance::fact::{RetrainAnswer, RunState};
use governance::monitoring::{Monitor, Report, RetrainDecision};
use governance::workflow::{Instance, OpenTask};
use serde_json::json;

use super::{BUCKET, MODEL, PROJECT, SEED, VALIDATOR, act_as, bound, key, open_tasks, put, settle, wrong};
use crate::session::Session;
use crate::{App, Code, Failure, monitoring, notices, registry, runs, workflow};

/// Where the scored quarters lie in the bucket.
const FOLDER: &str = "performance";
/// Bounds of what the generated quarters must show.
const GINI_FIRST: std::ops::Range<f64> = 0.28..0.34;
const GINI_LAST: std::ops::Range<f64> = 0.14..0.20;
const SCORE_PSI_MAX: f64 = 0.02;

/// The demonstration's monitor.
pub(super) fn watched(session: &Session) -> Result<Option<Monitor>, Failure> {
    Ok(session
        .cache
        .all("monitors")?
        .into_iter()
        .next()
        .and_then(|(_, row)| serde_json::from_value(row).ok()))
}

/// Whether it was decided to retrain, and the run that follows from it succeeded.
pub(super) fn retrained(session: &Session) -> Result<bool, Failure> {
    let Some(monitor) = watched(session)? else { return Ok(false) };
    let decided: Vec<(String, RetrainDecision)> =
        session.cache.having("retrain_decisions", "monitor", monitor.id.as_str())?;
    let Some(decided) = decided.iter().map(|(_, it)| it).find(|it| it.answer == RetrainAnswer::Retrain)
    else {
        return Ok(false);
    };
    let runs: Vec<(String, governance::runs::Run)> =
        session.cache.having("runs", "version", monitor.version.as_str())?;
    Ok(runs.iter().any(|(_, run)| run.requested_at >= decided.at && run.state == RunState::Succeeded))
}

pub(super) async fn monitor_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let made = app.home.join("demo").join("quarters");
    crate::make_folder(&made)?;
    let quarters = packages::demonstration::write_demo_quarters(&made, SEED)
        .map_err(|error| Failure::new(Code::Denied, error.to_string(), "Check the space on the disk."))?;
    // What came of the customers is known at this desk, wherever the model runs.
    super::make_folder_bucket(app)?;
    let bucket = runs::cloud::bucket_at(&session, runs::BUCKET, None, BUCKET)?;
    for file in &quarters {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        put(&bucket, &format!("{FOLDER}/{name}"), file).await?;
    }
    act_as(app, "sam").await?;
    let place = governance::fact::DataPlace {
        bucket: Some(BUCKET.to_owned()),
        target: None,
        folder: FOLDER.to_owned(),
        pattern: "CHURNPERF_*.csv".to_owned(),
    };
    let preview = monitoring::preview(
        app,
        monitoring::PreviewData { version: MODEL.to_owned(), data: place, delimiter: None },
    )
    .await?;
    if preview.files.len() != quarters.len() || !preview.missing.is_empty() {
        return Err(wrong(format!("the data lack {}", preview.missing.join(", "))));
    }
    let guessed = (preview.terms.target.as_deref(), preview.terms.score.as_deref());
    if guessed != (Some("churn"), Some("P_CHURN1")) {
        return Err(wrong(format!("target and score were guessed as {guessed:?}")));
    }
    // A report comes from the process in this story; by itself the agent would make the next one in a quarter.
    let mut terms = preview.terms;
    terms.cadence = Some("P3M".to_owned());
    let inputs = terms.inputs.as_ref().map_or(0, Vec::len);
    monitoring::define(
        app,
        monitoring::DefineMonitor { version: MODEL.to_owned(), name: "Churn by quarter".to_owned(), terms },
    )
    .await?;
    Ok(format!(
        "{} quarters in gs://{BUCKET}/{FOLDER}, {inputs} inputs, target `churn`, score `P_CHURN1`",
        quarters.len()
    ))
}

pub(super) async fn decay_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    act_as(app, "ada").await?;
    let page = workflow::import_definition(
        app,
        workflow::ImportDefinition {
            template: Some("monitor-and-retrain".to_owned()),
            ..workflow::ImportDefinition::default()
        },
    )
    .await?;
    let page = bound(app, page).await?;
    if !page.definition.startable {
        return Err(wrong(format!("`{}` cannot be started: {:?}", page.definition.name, page.diagnostics)));
    }
    act_as(app, "sam").await?;
    let today = session.now().strftime("%F").to_string();
    let variables = json!({ "StartUsing": today, "AssessEvery": "P3M" });
    workflow::start(
        app,
        workflow::StartInstance {
            definition: page.definition.id.clone(),
            project: PROJECT.to_owned(),
            version: None,
            process: None,
            variables: variables.as_object().cloned().unwrap_or_default(),
        },
    )
    .await?;
    settle(app).await?;
    let task = review(&session)?;
    let monitor = watched(&session)?.ok_or_else(|| wrong("nothing watches the champion"))?;
    let report: Report = match &monitor.latest {
        Some(report) => session.row("reports", "report", report.as_str())?,
        None => return Err(wrong(incidents(&session)?)),
    };
    let number = |period: Option<&governance::fact::PeriodKept>, name: &str| {
        period.and_then(|period| period.numbers.get(name)).copied().unwrap_or(f64::NAN)
    };
    let (first, last) = (report.periods.first(), report.periods.last());
    let (from, to) = (number(first, "gini"), number(last, "gini"));
    if !GINI_FIRST.contains(&from) || !GINI_LAST.contains(&to) {
        return Err(wrong(format!("Gini goes from {from:.3} to {to:.3}")));
    }
    if let Some(shaken) = report.periods.iter().find(|it| number(Some(it), "score_psi") > SCORE_PSI_MAX) {
        return Err(wrong(format!("the score is not stable in {}", shaken.label)));
    }
    if monitor.open_alerts == 0 || report.recommendation != "retrain" {
        return Err(wrong(format!("the report recommends {} and raised no alert", report.recommendation)));
    }
    let told = notices::list(app, notices::ListNotices::default()).await?;
    let told = told
        .rows
        .iter()
        .find(|notice| notice.link.as_deref() == Some(&format!("/monitoring/{}", monitor.id)))
        .ok_or_else(|| wrong("Sam was not told of the alert"))?;
    if task.is_none() {
        return Err(wrong(incidents(&session)?));
    }
    Ok(format!(
        "Gini {from:.3} → {to:.3}, score PSI {:.4}; {} alerts; Sam reads `{}`",
        number(last, "score_psi"),
        monitor.open_alerts,
        told.title
    ))
}

/// The open task in which the steward reviews the report.
fn review(session: &Session) -> Result<Option<OpenTask>, Failure> {
    Ok(open_tasks(session)?.into_iter().find(|task| task.element == "review"))
}

fn incidents(session: &Session) -> Result<String, Failure> {
    let running: Vec<(String, Instance)> = session.cache.having("instances", "status", "running")?;
    let open: Vec<String> = running
        .iter()
        .flat_map(|(_, instance)| instance.engine.incidents.values())
        .map(|incident| incident.message.clone())
        .collect();
    Ok(format!("the steward has nothing to review: {}", open.join("; ")))
}

pub(super) async fn retrain_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let monitor = watched(&session)?.ok_or_else(|| wrong("nothing watches the champion"))?;
    act_as(app, "ana").await?;
    let before = session.head()?;
    let own = monitoring::decide(
        app,
        monitoring::DecideRetrain {
            monitor: monitor.id.to_string(),
            report: None,
            answer: RetrainAnswer::Wait,
            reason: "it is still good enough for me".to_owned(),
            questionnaire: std::collections::BTreeMap::new(),
        },
    )
    .await;
    act_as(app, "sam").await?;
    match own {
        Err(failure) if failure.code == Code::Refused && session.head()? == before => {}
        Err(failure) => return Err(wrong(format!("the refusal was not the rule's: {failure}"))),
        Ok(_) => return Err(wrong("the modeler could judge that her own model is still good enough")),
    }
    let task = review(&session)?.ok_or_else(|| wrong("the steward has nothing to review"))?;
    if task.assignee.is_none() {
        workflow::claim(app, workflow::TaskOf { task: key(&task) }).await?;
    }
    let answers = json!({
        "performs": "no", "data": "yes", "context": "yes", "impact": "yes", "Decision": "retrain",
    });
    workflow::complete(
        app,
        workflow::CompleteTask {
            task: key(&task),
            answers: answers.as_object().cloned().unwrap_or_default(),
            note: "Gini lost almost half while the mix of customers stayed: the relation changed.".to_owned(),
            ..workflow::CompleteTask::default()
        },
    )
    .await?;
    settle(app).await?;
    if !retrained(&session)? {
        return Err(wrong("the decision did not lead to a training that succeeded"));
    }
    let monitor = watched(&session)?.ok_or_else(|| wrong("nothing watches the champion"))?;
    if monitor.open_alerts != 0 || monitor.health != "retraining" {
        return Err(wrong(format!("the decision settled nothing: the monitor is {}", monitor.health)));
    }
    let decided: Vec<(String, RetrainDecision)> =
        session.cache.having("retrain_decisions", "monitor", monitor.id.as_str())?;
    if !decided
        .iter()
        .any(|(_, decision)| decision.questionnaire.get("performs").is_some_and(|it| it == "no"))
    {
        return Err(wrong("the steward's answers are not with the decision"));
    }
    let shown = monitoring::show(app, monitoring::MonitorOf { monitor: monitor.id.to_string() }).await?;
    if shown.decisions.first().is_none_or(|decision| decision.retrained.is_none()) {
        return Err(wrong("what the retraining made is not registered as a version"));
    }
    act_as(app, VALIDATOR).await?;
    let made = registered(app, &session).await?;
    let waits = open_tasks(&session)?.into_iter().find(|task| task.element == "approve");
    let waits = waits.ok_or_else(|| wrong("nobody is asked to approve the retrained model"))?;
    Ok(format!("`{}` waits for Vera; {made}", waits.name))
}

/// What came of the retraining was registered by itself, with its metrics.
async fn registered(app: &App, session: &Session) -> Result<String, Failure> {
    let runs = super::runs_of(session, governance::fact::RunKind::Retrain)?;
    let run = runs.last().ok_or_else(|| wrong("nothing was trained again"))?;
    super::place::check_run(session, run)?;
    let version = runs::retrain::registered(session, run)?
        .ok_or_else(|| wrong("what came of the retraining is no version of the model"))?;
    let of = registry::VersionOf { version: version.id.to_string() };
    let page = registry::show_version(app, of).await?;
    // Its statistics are of the new fit, from the test data that the retraining scored, and not those it began with.
    let of_base = registry::VersionOf { version: run.version.to_string() };
    let base = registry::show_version(app, of_base).await?;
    let area = |page: &registry::VersionPage| -> Option<f64> {
        let at = page.fit_statistics.partitions.iter().position(|partition| partition == "TEST")?;
        page.fit_statistics.rows.iter().find(|row| row.name == "_C_")?.values.get(at).copied()?
    };
    if !page.has_roc || !page.has_lift || area(&page).is_none() || area(&page) == area(&base) {
        return Err(wrong(format!(
            "the retrained version publishes no statistics of its own: the area under ROC is {:?}, of the version before {:?}",
            area(&page),
            area(&base)
        )));
    }
    let kept = page.files.iter().any(|file| file.path == "retrained/retrained.json");
    let fitted = page.files.iter().any(|file| file.path.starts_with("retrained/fitted-pipeline/"));
    if run.metrics.is_empty() || !kept || !fitted {
        return Err(wrong(format!("version {} lacks the metrics or the pipeline of its run", page.number)));
    }
    let metrics: Vec<&str> = run.metrics.keys().map(String::as_str).collect();
    Ok(format!("version {} was registered with {}", page.number, metrics.join(", ")))
}
