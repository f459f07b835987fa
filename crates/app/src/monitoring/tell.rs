//! A report's numbers in words, for people who read nothing but the notice, each in their own language.

use std::collections::BTreeSet;

use governance::fact::{AlertRaised, Level, NoticePosted, ReportRecorded};
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

/// Reasons of a recommendation in a reader's language; as they were written, where a report has no more than that.
pub(crate) fn reasons(words: &Words, written: &[String], said: &[serde_json::Value]) -> Vec<String> {
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

/// What a notice of a report is called, and what it says.
pub(super) fn of_report(label: &str, report: &ReportRecorded, raised: &[AlertRaised]) -> (Said, Said) {
    let last = report.periods.last();
    let number = |name: &str| last.and_then(|period| period.numbers.get(name)).copied();
    let title = match (number("giniDecay"), raised.is_empty()) {
        (Some(lost), false) if lost > 0.0 => {
            said!("notice-report-lost", label = label, lost = format!("{:.0}", 100.0 * lost))
        }
        (_, false) => said!("notice-report-alert", label = label),
        (_, true) => said!("notice-report-ready", label = label),
    };
    let shown = |name: &str| number(name).map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
    let body = said!(
        "notice-report-body",
        period = last.map(|period| period.label.clone()).unwrap_or_default(),
        gini = shown("gini"),
        psi = shown("score_psi"),
        drifted = number("p1").unwrap_or_default(),
        recommendation = recommended(&report.recommendation),
    );
    if raised.is_empty() {
        return (title, body);
    }
    let rules: Vec<String> = raised.iter().map(|alert| format!("`{}`", alert.rule)).collect();
    (title, said!("notice-report-body-fired", body = body, rules = rules.join(", ")))
}

/// What the owner of a monitor is told when the data cannot be judged: what stands in the way is said as it was found.
pub(super) fn of_obstacle(monitor: &Monitor, why: &str) -> (Said, Said) {
    (said!("notice-no-report", monitor = &monitor.name), said!("as-it-says", detail = why))
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
    }
}
