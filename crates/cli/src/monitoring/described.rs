//! A report as text: periods, courses as sparklines, the worst variables first, alerts, forecast and recommendation.

use serde_json::{Value, json};
use words::said;

use crate::output::{Reader, at, cell, plain};

/// Variables that a terminal shows, the worst.
const VARIABLES_SHOWN: usize = 12;
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Values as bars between the lowest and the highest; a gap for what is undefined.
pub(super) fn sparkline(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let low = known().fold(f64::INFINITY, f64::min);
    let span = known().fold(f64::NEG_INFINITY, f64::max) - low;
    values
        .iter()
        .map(|value| match value.filter(|value| value.is_finite()) {
            None => ' ',
            Some(_) if span <= 0.0 => BARS[3],
            Some(value) => BARS[(((value - low) / span * 7.0).round() as usize).min(7)],
        })
        .collect()
}

fn number(reader: Reader, value: &Value, digits: usize) -> Value {
    match value.as_f64() {
        Some(value) => reader.number(value, digits).into(),
        None => Value::Null,
    }
}

/// A p-value as people read it.
fn p_value(reader: Reader, value: &Value) -> Value {
    match value.as_f64() {
        Some(p) if p < 0.0001 => format!("< {}", reader.number(0.0001, 4)).into(),
        _ => number(reader, value, 4),
    }
}

/// The period by which outcomes are told: the latest whose outcomes are in, else the latest.
fn now(report: &Value) -> Option<&Value> {
    let periods = report["periods"].as_array()?;
    let is_judged = |period: &&Value| period["provisional"] != true && !period["performance"].is_null();
    periods.iter().rfind(is_judged).or_else(|| periods.last())
}

/// A whole report.
pub(super) fn described(reader: Reader, report: &Value) -> String {
    let all = || report["periods"].as_array().into_iter().flatten();
    let rows: Vec<Value> = all()
        .map(|period| {
            let label = period["label"].as_str().unwrap_or_default();
            let decay = &report["decay"][label];
            let label_told = match period["provisional"] == true {
                true => reader.say(&said!("value-provisional", period = plain(label))),
                false => plain(label),
            };
            json!({
                "label": label_told, "n": period["rows"], "events": at(period, "performance/n_events"),
                "gini": number(reader, at(period, "performance/exact/gini"), 4), "ks": number(reader, at(period, "performance/exact/ks"), 4),
                "r2": number(reader, at(period, "performance/r2"), 4), "mae": number(reader, at(period, "performance/mae"), 4),
                "ase": number(reader, at(period, "performance/ase"), 4), "score": number(reader, at(period, "drift/score/psi"), 4),
                "loss": decay["giniDecay"].as_f64().or(decay["aseDecay"].as_f64()).map(|loss| format!("{} %{}", reader.number(100.0 * loss, 1),
                    if decay["significant"] == true { " *" } else { "" })),
                "p1": at(period, "drift/p1"), "p25": at(period, "drift/p25"),
            })
        })
        .collect();
    // A predicted number has an error, and no order to lose.
    let of_numbers = all().any(|period| period["performance"]["r2"].is_number());
    let judged: &[(&str, &str)] = if of_numbers {
        &[("R²", "r2"), ("label-lost-error", "loss"), ("MAE", "mae")]
    } else {
        &[("label-events", "events"), ("label-gini", "gini"), ("label-lost", "loss"), ("label-ks", "ks")]
    };
    let limit = format!("≥ {}", reader.number(0.25, 2));
    let columns: Vec<(&str, &str)> = [("label-period", "label"), ("label-rows", "n")]
        .into_iter()
        .chain(judged.iter().copied())
        .chain([
            ("label-ase", "ase"),
            ("label-score-psi", "score"),
            ("label-inputs-over", "p1"),
            (limit.as_str(), "p25"),
        ])
        .collect();
    let mut text = reader.table(&rows.into(), &columns, "none-periods");
    if all()
        .any(|period| report["decay"][period["label"].as_str().unwrap_or_default()]["significant"] == true)
    {
        let marked = if of_numbers { "said-significant-error" } else { "said-significant" };
        text.push_str(&format!("\n{}", reader.word(marked)));
    }
    text.push_str(&reader.section("title-course", &courses(reader, report)));
    text.push_str(&reader.section("title-drift", &variables(reader, report)));
    text.push_str(&reader.section("title-alerts", &alerts(reader, report)));
    text.push_str(&reader.section("title-forecast", &forecast(reader, report)));
    text.push_str(&reader.section("title-control", &control(reader, report)));
    text.push_str(&reader.section("title-cause", &cause(reader, report)));
    text.push_str(&reader.section("title-fairness", &fairness(reader, report)));
    text.push_str(&reader.section("title-undefined", &undefined(reader, report)));
    let reasons = told(reader, &report["recommendation"]["reasons"], &report["recommendation"]["said"]);
    let action = reader.word(&format!("recommended-{}", cell(&report["recommendation"]["action"])));
    text.push_str(&reader.section("title-recommended", &format!("{action}\n{}", indent(&reasons))));
    let warnings = told(reader, &report["warnings"], &report["warnings_said"]);
    text.push_str(&reader.section("title-warnings", &indent(&warnings)));
    text
}

/// Sentences of a report in the reader's language; as they were written, where no more of them is kept.
fn told(reader: Reader, written: &Value, said: &Value) -> Vec<String> {
    let written: Vec<String> = written.as_array().into_iter().flatten().map(cell).collect();
    let said = said.as_array().map_or(&[] as &[Value], Vec::as_slice);
    app::monitoring::sentences(reader.words(), &written, said)
}

/// The metric whose course is told: of an event Gini, of a number its squared error.
fn judged(report: &Value) -> &'static str {
    if report["trend"]["gini"].is_object() { "gini" } else { "ase" }
}

/// Which control charts alarmed, and how each of them judges.
fn control(reader: Reader, report: &Value) -> String {
    let trend = &report["trend"][judged(report)];
    let shown = |value: &Value| value.as_f64().map_or_else(String::new, |value| reader.number(value, 4));
    // Parameters are round.
    let round = |value: &Value| {
        let digits = |value: f64| usize::from(value.fract() != 0.0);
        value.as_f64().map_or_else(String::new, |value| reader.number(value, digits(value)))
    };
    let periods = cell(&trend["baseline_periods"]);
    let either = |a: &str, b: &str| if trend[a].is_object() { &trend[a] } else { &trend[b] };
    let (cusum, hinkley) =
        (either("cusum_lower", "cusum_upper"), either("page_hinkley_decrease", "page_hinkley_increase"));
    let ewma = &trend["ewma"];
    let charts = [
        (
            "CUSUM",
            cusum,
            said!(
                "control-cusum",
                periods = &periods,
                mean = shown(&cusum["mu0"]),
                spread = shown(&cusum["sigma0_ddof1"]),
                k = round(&cusum["k"]),
                h = round(&cusum["h"])
            ),
        ),
        (
            "Page–Hinkley",
            hinkley,
            said!(
                "control-page-hinkley",
                delta = shown(&hinkley["delta"]),
                lambda = shown(&hinkley["lambda_"])
            ),
        ),
        (
            "EWMA",
            ewma,
            said!(
                "control-ewma",
                periods = &periods,
                lambda = round(&ewma["lambda_"]),
                limit = round(&ewma["L"])
            ),
        ),
    ];
    let mut lines = Vec::new();
    for (name, chart, explained) in charts.iter().filter(|(_, chart, _)| chart.is_object()) {
        let at = chart["alarm_period"].as_u64().and_then(|at| usize::try_from(at).ok());
        let alarm = match at.map(|at| cell(&trend["labels"][at])) {
            Some(period) => reader.say(&said!("said-alarm-in", period = period)),
            None => reader.word("said-no-alarm"),
        };
        lines.push(format!("{name}: {alarm}"));
        lines.push(format!("  {}", reader.say(explained)));
    }
    lines.extend(told(reader, &trend["notes"], &trend["notes_said"]));
    lines.join("\n")
}

/// Groups of the latest period that has any, which is named, and how far they are apart.
fn fairness(reader: Reader, report: &Value) -> String {
    let of = |period: &Value| {
        let fairness = period["fairness"].as_object().filter(|it| !it.is_empty()).cloned()?;
        Some((cell(&period["label"]), fairness))
    };
    let latest = report["periods"].as_array().into_iter().flatten().rev().find_map(of);
    let mut blocks = Vec::new();
    let (period, of_columns) = latest.unwrap_or_default();
    for (column, fairness) in of_columns {
        let groups: Vec<Value> = fairness["groups"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, group)| {
                json!({ "name": plain(name), "n": group["n_obs"], "rate": number(reader, &group["event_rate"], 4),
                    "selected": number(reader, &group["selection_rate"], 4), "tpr": number(reader, &group["tpr"], 4),
                    "fpr": number(reader, &group["fpr"], 4), "auc": number(reader, &group["auc"], 4) })
            })
            .collect();
        let columns = [
            ("label-group", "name"),
            ("label-rows", "n"),
            ("label-event-rate", "rate"),
            ("label-selected", "selected"),
            ("label-tpr", "tpr"),
            ("label-fpr", "fpr"),
            ("AUC", "auc"),
        ];
        blocks.push(format!("{} · {period}\n{}", plain(&column), reader.table(&groups.into(), &columns, "")));
        let parities: Vec<Value> = fairness["differences"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "mean_score")
            .map(|(name, difference)| {
                json!({ "name": reader.word(&format!("parity-{}", name.replace('_', "-"))),
                    "difference": number(reader, difference, 4), "ratio": number(reader, &fairness["ratios"][name.as_str()], 4) })
            })
            .collect();
        let columns =
            [("label-parity", "name"), ("label-difference", "difference"), ("label-ratio", "ratio")];
        blocks.push(reader.table(&parities.into(), &columns, ""));
        blocks.extend(told(reader, &fairness["notes"], &fairness["notes_said"]));
    }
    blocks.join("\n")
}

/// Why numbers of the period that stands for now are missing.
fn undefined(reader: Reader, report: &Value) -> String {
    let Some(now) = now(report) else { return String::new() };
    let performance = &now["performance"];
    let lines: Vec<String> = performance["undefined"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, written)| {
            let said = &performance["undefined_said"][name.as_str()];
            let why = told(reader, &json!([written]), &json!([said])).concat();
            format!("{}: {why}", if name == "*" { reader.word("value-everything") } else { name.clone() })
        })
        .collect();
    lines.join("\n")
}

fn indent(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn courses(reader: Reader, report: &Value) -> String {
    let lines: Vec<Value> = report["trend"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, trend)| {
            let values: Vec<Option<f64>> = trend["values"].as_array()?.iter().map(Value::as_f64).collect();
            let (first, last) = (values.first()?.as_ref()?, values.last()?.as_ref()?);
            let tests = &trend["mann_kendall"];
            Some(json!({
                "name": reader.word(&format!("metric-{}", name.replace('_', "-"))), "line": sparkline(&values),
                "from": reader.number(*first, 4), "to": reader.number(*last, 4),
                "slope": number(reader, &tests["theil_sen_slope"], 4),
                "p": p_value(reader, &tests["mann_kendall_p_two_sided"]),
            }))
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    reader.table(
        &lines.into(),
        &[
            ("label-metric", "name"),
            ("", "line"),
            ("label-first", "from"),
            ("label-last", "to"),
            ("label-slope", "slope"),
            ("label-mann-kendall", "p"),
        ],
        "",
    )
}

fn variables(reader: Reader, report: &Value) -> String {
    let Some(last) = report["periods"].as_array().and_then(|periods| periods.last()) else {
        return String::new();
    };
    let Some(variables) = last["drift"]["variables"].as_object() else { return String::new() };
    let psi = |drift: &Value| drift["psi"].as_f64().unwrap_or(f64::NEG_INFINITY);
    let mut named: Vec<(&String, &Value)> = variables.iter().collect();
    named.sort_by(|a, b| psi(b.1).total_cmp(&psi(a.1)));
    let rows: Vec<Value> = named
        .iter()
        .take(VARIABLES_SHOWN)
        .map(|(name, drift)| {
            let course: Vec<Option<f64>> = report["periods"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|period| period["drift"]["variables"][name.as_str()]["psi"].as_f64())
                .collect();
            let mark = match psi(drift) {
                psi if psi >= 0.25 => reader.word("value-drifted"),
                psi if psi > 0.1 => reader.word("value-drifting"),
                _ => String::new(),
            };
            json!({ "name": plain(name), "psi": number(reader, &drift["psi"], 4),
                    "without": number(reader, &drift["psi_excluding_missing"], 4), "course": sparkline(&course), "mark": mark,
                    "q": p_value(reader, &drift["bh_q"]),
                    "notable": if drift["notable"] == true { "*" } else { "" } })
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let columns = [
        ("label-variable", "name"),
        ("label-psi", "psi"),
        ("label-without-missing", "without"),
        ("label-q", "q"),
        ("", "notable"),
        ("label-course", "course"),
        ("", "mark"),
    ];
    let is_notable = rows.iter().any(|row| row["notable"] == "*");
    let mut text = reader.table(&rows.into(), &columns, "");
    if is_notable {
        text.push_str(&format!("\n{}", reader.word("report-notable")));
    }
    if named.len() > VARIABLES_SHOWN {
        let more = reader.say(&said!("said-and-more", count = named.len() - VARIABLES_SHOWN));
        text.push_str(&format!("\n{more}"));
    }
    text
}

fn alerts(reader: Reader, report: &Value) -> String {
    let fired: Vec<Value> = report["alerts"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|alert| {
            let values: Vec<String> = alert["values"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| format!("{name} {}", cell(&number(reader, value, 4))))
                .collect();
            let level = reader.word(&format!("report-level-{}", cell(&alert["level"])));
            json!({ "period": alert["period"], "level": level, "rule": alert["rule"], "values": values.join(", ") })
        })
        .collect();
    if fired.is_empty() {
        return String::new();
    }
    reader.table(
        &fired.into(),
        &[
            ("label-period", "period"),
            ("label-level", "level"),
            ("label-rule", "rule"),
            ("label-because", "values"),
        ],
        "",
    )
}

fn forecast(reader: Reader, report: &Value) -> String {
    let metric = reader.word(&format!("metric-{}", judged(report)));
    let forecast = &report["trend"][judged(report)]["ols_forecast"];
    let Some(threshold) = forecast["threshold"].as_f64() else { return String::new() };
    let threshold = reader.number(threshold, 3);
    let mut lines = Vec::new();
    match forecast["crossing_period"].as_f64() {
        Some(at) => {
            let end = |name: &str| {
                forecast[name].as_f64().map_or_else(|| reader.word("value-open"), |at| reader.number(at, 1))
            };
            lines.push(reader.say(&said!(
                "said-crosses",
                metric = &metric,
                threshold = threshold,
                period = reader.number(at, 1),
                low = end("crossing_earliest_80"),
                high = end("crossing_latest_80")
            )));
        }
        None => lines.push(reader.say(&said!("said-stays", metric = &metric, threshold = threshold))),
    }
    if let Some(next) = forecast["horizon"].as_array().and_then(|periods| periods.first()) {
        lines.push(reader.say(&said!(
            "said-next",
            metric = &metric,
            value = cell(&number(reader, &next["forecast"], 3)),
            low = cell(&number(reader, &next["lo80"], 3)),
            high = cell(&number(reader, &next["hi80"], 3))
        )));
    }
    lines.join("\n")
}

fn cause(reader: Reader, report: &Value) -> String {
    let Some(now) = now(report) else { return String::new() };
    let cause = &report["decay"][now["label"].as_str().unwrap_or_default()]["cause"];
    let notes = told(reader, &cause["notes"], &cause["notes_said"]).join("\n");
    let Some(relation) = cause["relation_share"].as_f64() else { return notes };
    // A mix that makes cases easier, or harder by more than was lost, has no share to speak of.
    if !(0.0..=1.0).contains(&relation) {
        let said = if relation > 1.0 { "reason-cause-relation" } else { "reason-cause-mix" };
        return [reader.word(said), notes].join("\n").trim_end().to_owned();
    }
    let split = reader.say(&said!(
        "said-cause",
        relation = format!("{:.0}", 100.0 * relation),
        mix = format!("{:.0}", 100.0 * (1.0 - relation))
    ));
    [split, notes].join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two quarters, of which the second is provisional.
    fn report() -> Value {
        let tests = json!({ "theil_sen_slope": -0.0525, "mann_kendall_p_two_sided": 0.00001 });
        json!({
            "periods": [
                { "label": "Q1", "rows": 9, "provisional": false, "performance": { "exact": { "gini": 0.3125 } },
                  "drift": { "variables": {} } },
                { "label": "Q2", "rows": 9, "provisional": true, "performance": { "exact": { "gini": 0.1 } },
                  "drift": { "variables": {
                      "AGE": { "psi": 0.31, "bh_q": 0.00001, "notable": true }, "SEX": { "psi": 0.01, "bh_q": 0.4, "notable": false } } } },
            ],
            "decay": {
                "Q1": { "giniDecay": 0.125, "cause": { "relation_share": 0.75, "notes": [], "notes_said": [] } },
                "Q2": { "giniDecay": 0.9, "cause": { "relation_share": 0.1, "notes": [], "notes_said": [] } },
            },
            "trend": { "gini": { "values": [0.3125], "mann_kendall": tests }, "score_psi": { "values": [0.01], "mann_kendall": {} } },
            "recommendation": { "action": "watch", "reasons": ["a"], "said": [{ "id": "reason-score-stable", "values": { "psi": "0.0125" } }] },
        })
    }

    #[test]
    fn a_portuguese_terminal_has_its_decimal_mark_names_tests_and_what_is_notable() {
        let reader = Reader::of(words::Words::of(words::Locale::PtBr));
        let text = described(reader, &report());
        for wanted in
            ["0,3125", "12,5 %", "-0,0525", "< 0,0001", "PSI do escore", "≥ 0,25", "PSI 0,0125", "0,4000"]
        {
            assert!(text.contains(wanted), "`{wanted}` is not in {text}");
        }
        assert!(!text.contains("score_psi") && !text.contains("0.31"), "{text}");
        let of = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        assert!(of("AGE").contains(" * ") && !of("SEX").contains('*'), "{text}");
    }

    #[test]
    fn the_cause_is_that_of_the_latest_period_whose_outcomes_are_in() {
        let reader = Reader::of(words::Words::of(words::Locale::En));
        assert!(cause(reader, &report()).contains("75"), "{}", cause(reader, &report()));
    }

    #[test]
    fn predicted_numbers_have_their_own_columns() {
        let reader = Reader::of(words::Words::of(words::Locale::En));
        let mut report = report();
        for period in report["periods"].as_array_mut().unwrap() {
            period["performance"] = json!({ "r2": 0.81, "mae": 2.5, "ase": 9.0 });
        }
        let head = described(reader, &report).lines().next().unwrap_or_default().to_owned();
        assert!(head.contains("R²") && head.contains("MAE") && !head.contains("GINI"), "{head}");
    }

    #[test]
    fn a_course_is_seen_at_a_glance() {
        assert_eq!(sparkline(&[Some(0.31), Some(0.27), None, Some(0.17)]), "█▆ ▁");
        assert_eq!(sparkline(&[Some(1.0), Some(1.0)]), "▄▄");
        assert_eq!(sparkline(&[None, Some(f64::NAN)]), "  ");
    }
}
