//! A report's numbers in words, for people who read nothing but the notice, each in their own language.

use std::collections::BTreeSet;

use governance::fact::{AlertRaised, Level, NoticePosted, PeriodKept, ReportRecorded};
use governance::monitoring::{Alert, Monitor};
use governance::{MemberName, NoticeId};
use words::{Said, Words, said};

/// Values of reasons that are numbers, written with a point.
const NUMBERS: [&str; 6] = ["psi", "size", "p", "mix", "threshold", "ahead"];

/// What a recommendation is called.
pub(crate) fn recommended(recommendation: &str) -> Said {
    match recommendation {
        "keep" => said!("recommended-keep"),
        "watch" => said!("recommended-watch"),
        "investigate" => said!("recommended-investigate"),
        "retrain" => said!("recommended-retrain"),
        _ => said!("recommended-unknown"),
    }
}

/// Sentences of a report in a reader's language; as they were written, where a report has no more than that.
pub fn reasons(words: &Words, written: &[String], said: &[serde_json::Value]) -> Vec<String> {
    if said.len() != written.len() {
        return written.to_vec();
    }
    let mark = words.locale().decimal().to_string();
    said.iter()
        .zip(written)
        .map(|(said, written)| {
            let Ok(mut said) = serde_json::from_value::<Said>(said.clone()) else { return written.clone() };
            for name in NUMBERS {
                if let Some(words::Value::Text(text)) = said.values.get_mut(name) {
                    *text = text.replace('.', &mark);
                }
            }
            words.say(&said)
        })
        .collect()
}

/// What a notice of a report is called, and what it says: outcomes of the latest period whose outcomes are in, drift of the
/// latest.
pub(super) fn of_report(label: &str, report: &ReportRecorded, raised: &[AlertRaised]) -> (Said, Said) {
    let judged = judged(&report.periods);
    let number =
        |period: Option<&PeriodKept>, name: &str| period.and_then(|it| it.numbers.get(name)).copied();
    let lost = [("giniDecay", "notice-report-lost"), ("aseDecay", "notice-report-worse")]
        .into_iter()
        .find_map(|(name, id)| Some((number(judged, name)?, id)));
    // Inputs that moved are no loss of performance, whatever else the period shows.
    let of_outcomes = |alert: &AlertRaised| alert.values.keys().any(|name| ::monitoring::is_outcome(name));
    let title = match lost.filter(|(lost, _)| *lost > 0.0 && raised.iter().any(of_outcomes)) {
        Some((lost, id)) => Said::new(id).with("label", label).with("lost", words::decimal(100.0 * lost, 0)),
        None if raised.is_empty() => said!("notice-report-ready", label = label),
        None => said!("notice-report-alert", label = label),
    };
    let last = report.periods.last();
    let shown = |period: Option<&PeriodKept>, name: &str| {
        number(period, name).map_or_else(|| "–".into(), |value| words::decimal(value, 3))
    };
    let name_of = |period: Option<&PeriodKept>| period.map(|it| it.label.clone()).unwrap_or_default();
    let drift = said!(
        "notice-report-drift",
        period = name_of(last),
        psi = shown(last, "score_psi"),
        drifted = number(last, "p1").unwrap_or_default(),
    );
    let metric = judged.and_then(|period| headline([period]));
    let body = match metric {
        Some(metric) => said!(
            "notice-report-body",
            period = name_of(judged),
            metric = Said::new(format!("metric-{metric}")),
            value = shown(judged, metric),
            drift = drift,
            recommendation = recommended(&report.recommendation),
        ),
        None => said!(
            "notice-report-body-drift",
            drift = drift,
            recommendation = recommended(&report.recommendation),
        ),
    };
    if raised.is_empty() {
        return (title, body);
    }
    let rules: Vec<String> = raised.iter().map(|alert| format!("`{}`", alert.rule)).collect();
    (title, said!("notice-report-body-fired", body = body, rules = rules.join(", ")))
}

/// The period by which outcomes are told, as of a whole report: the latest whose outcomes are in, else the latest.
pub(super) fn judged(periods: &[PeriodKept]) -> Option<&PeriodKept> {
    let is_judged = |period: &&PeriodKept| !period.provisional && period.numbers.contains_key("n_obs");
    periods.iter().rfind(is_judged).or_else(|| periods.last())
}

/// The number that stands for a model in lists: of events Gini, of predicted numbers the explained share, or the error.
pub(super) fn headline<'a>(
    periods: impl IntoIterator<Item = &'a PeriodKept> + Clone,
) -> Option<&'static str> {
    ["gini", "r2", "ase"]
        .into_iter()
        .find(|name| periods.clone().into_iter().any(|period| period.numbers.contains_key(*name)))
}

/// What the owner of a monitor is told when the data cannot be judged: what stands in the way is said as it was found.
pub(super) fn of_obstacle(monitor: &Monitor, why: &Said) -> (Said, Said) {
    (said!("notice-no-report", monitor = &monitor.name), why.clone())
}

/// What the people of an alert are told again.
pub(super) fn of_waiting(alert: &Alert) -> (Said, Said) {
    let day = alert.raised_at.strftime("%Y-%m-%d").to_string();
    (
        said!("notice-alert-waiting", monitor = &alert.monitor_name),
        said!("notice-alert-waiting-body", rule = &alert.rule, period = &alert.period, day = day),
    )
}

/// A notice in English, with what it says in no language beside it.
pub(super) fn notice(
    notice: NoticeId,
    to: BTreeSet<MemberName>,
    (title, body): (Said, Said),
    monitor: &Monitor,
    level: Level,
) -> NoticePosted {
    let english = |said: &Said, max: usize| Words::english().say(said).chars().take(max).collect::<String>();
    NoticePosted {
        notice,
        to,
        title: english(&title, 200),
        body: english(&body, 2_000),
        title_said: serde_json::to_value(&title).ok(),
        body_said: serde_json::to_value(&body).ok(),
        link: Some(format!("/monitoring/{}", monitor.id)),
        level,
        mailed_by: None,
    }
}
