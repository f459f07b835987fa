//! A report on its way to people: read, drawn, written as a page and as tables.

use std::fmt::Write;

use ::monitoring::{Options, Report, Scoring};
use charts::Mode;

use super::figures::{Kind, Wish, draw};
use super::{ReportRow, document, reading};
use crate::drawing::Ink;

/// Four quarters in which a relation fades: the score orders the outcome well at first, and hardly at the end. One input
/// moves away, one has a hostile name, one is text.
fn report() -> Report {
    let folder = tempfile::tempdir().unwrap();
    let mut data = Vec::new();
    for quarter in 0..4u32 {
        let mut text = String::from("y,score,moving,\"<script>alert('x')</script>\",region\n");
        let mut seed = 7 + quarter;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 8) / f64::from(1u32 << 24)
        };
        for _ in 0..600 {
            let score = next();
            let keen = 1.0 - 0.28 * f64::from(quarter);
            let y = u8::from(next() < 0.3 + keen * 0.5 * (score - 0.5));
            let moving = next() + 0.2 * f64::from(quarter);
            let region = if next() < 0.5 { "north" } else { "=south" };
            let _ = writeln!(text, "{y},{score:.4},{moving:.4},{:.4},{region}", next());
        }
        let path = folder.path().join(format!("S_{quarter}_Q{}.csv", quarter + 1));
        std::fs::write(&path, text).unwrap();
        data.push(path);
    }
    let options = Options {
        data,
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("score".to_owned()),
        groups: vec!["region".to_owned()],
        rules: ::monitoring::Rule::standard(),
        ..Options::default()
    };
    ::monitoring::compute(&options).unwrap()
}

fn row() -> ReportRow {
    ReportRow {
        id: "01REPORT".to_owned(),
        monitor: "01MONITOR".to_owned(),
        monitor_name: "a <b> monitor".to_owned(),
        version: "01VERSION".to_owned(),
        version_label: "churn 1.0".to_owned(),
        number: 1,
        periods: "Q1 … Q4".to_owned(),
        baseline: "Q1".to_owned(),
        recommendation: "retrain".to_owned(),
        alerts: 1,
        data: Vec::new(),
        blob: "sha256:00".to_owned(),
        recorded_by: "ana".to_owned(),
        recorded_at: "2026-01-02T03:04:05Z".to_owned(),
        instance: None,
        target: None,
        known: false,
    }
}

#[test]
fn a_reading_has_the_numbers_of_the_report_and_the_worst_input_first() {
    let report = report();
    let ink = Ink::reader(Some("pt-BR")).unwrap();
    let read = reading::read(row(), &report, &ink);
    let gini = read.metrics.iter().find(|m| m.term.name == "gini").unwrap();
    let last = report.periods[3].performance.as_ref().and_then(Scoring::binary).unwrap();
    assert_eq!(gini.values[3], last.exact.gini);
    assert!(gini.values[0] > gini.values[3], "{:?}", gini.values);
    assert_eq!(gini.baseline, gini.values[0]);
    assert!(gini.term.definition.contains("Pares concordantes"), "{}", gini.term.definition);
    assert_eq!(read.variables[0].name, "moving");
    assert_eq!((read.now, read.periods.len(), read.decay.len()), (3, 4, 4));
    for term in read.metrics.iter().map(|m| &m.term).chain(&read.statistics) {
        assert!(!term.title.contains('-') || term.title == "Jensen–Shannon", "`{}` has no words", term.title);
        assert!(term.definition.contains(' '), "`{}` has no definition", term.name);
    }
}

#[test]
fn every_figure_a_report_offers_is_drawn_and_says_its_numbers() {
    let report = report();
    for mode in [Mode::Screen, Mode::Print] {
        let ink = Ink::new(480, 300, Some("en"), mode).unwrap();
        for kind in Kind::ALL {
            assert!(kind.can(&report), "{}", kind.name());
            let drawn = draw(&report, &Wish { baseline: true, ..Wish::of(kind) }, &ink).unwrap();
            assert!(!drawn.rows.is_empty() && drawn.rows.iter().all(|row| row.len() == drawn.columns.len()));
            assert!(drawn.drawing.svg.contains("<title"), "{}", kind.name());
            assert!(!drawn.drawing.svg.contains("chart-") || mode == Mode::Screen, "{}", kind.name());
        }
    }
    let nothing = Report::default();
    for kind in Kind::ALL {
        assert!(!kind.can(&nothing), "{}", kind.name());
    }
    let ink = Ink::new(480, 300, None, Mode::Screen).unwrap();
    let wish = Wish { period: Some("Q9".to_owned()), ..Wish::of(Kind::Roc) };
    assert!(draw(&report, &wish, &ink).err().unwrap().message.contains("Q9"));
}

#[test]
fn a_page_has_everything_in_it_and_names_from_data_cannot_leave_their_place() {
    let report = report();
    for language in ["en", "pt-BR"] {
        let mut ink = Ink::reader(Some(language)).unwrap().on(Mode::Print);
        let read = reading::read(row(), &report, &ink);
        let page = document::html(&read, &report, &mut ink);
        assert!(page.starts_with("<!doctype html>") && page.contains(&format!("<html lang=\"{language}\"")));
        for forbidden in
            ["<script", "var(--", "src=\"", "href=", "a <b> monitor", "{ $", "report-", "metric-", "chart-"]
        {
            assert!(!page.contains(forbidden), "{language}: the page has `{forbidden}`");
        }
        assert!(page.matches("<figure>").count() >= 12, "{}", page.matches("<figure>").count());
        assert!(page.contains("&lt;script&gt;") && page.contains("data:font/ttf"));
    }
}

#[test]
fn reasons_are_said_in_the_readers_language_and_english_is_that_of_the_report() {
    let report = report();
    let said: Vec<serde_json::Value> =
        report.recommendation.said.iter().map(|it| serde_json::to_value(it).unwrap()).collect();
    let written = &report.recommendation.reasons;
    assert!(written.len() > 2, "{written:?}");
    let words = |language: &str| words::Words::of(language.parse().unwrap());
    assert_eq!(&super::tell::reasons(words("en"), written, &said), written);
    let portuguese = super::tell::reasons(words("pt-BR"), written, &said);
    assert!(portuguese.iter().any(|it| it.contains("o Gini está") && it.contains(',')), "{portuguese:?}");
    assert!(portuguese.iter().zip(written).all(|(a, b)| a != b), "{portuguese:?}");
    // A report of before is told as it was written.
    assert_eq!(&super::tell::reasons(words("pt-BR"), written, &[]), written);
}

#[test]
fn what_a_reader_should_know_of_the_data_is_said_in_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    let many: String = (0..1_200).fold(String::new(), |mut rows, row| {
        let _ = writeln!(rows, "0,0.5,{row},id {row},\"1,5\"");
        rows
    });
    let rows: [(&str, &str, &str, &[&str]); 3] = [
        (
            "P_1_Q1",
            "y,score,age,name,rate\n",
            many.as_str(),
            &["warning-no-event", "warning-identifier", "warning-decimal-comma", "warning-rule-unjudged"],
        ),
        (
            "P_2_Q2",
            "y,score,age,region\n",
            "1,0.5,old,x\n0,0.2,7,y\n",
            &["warning-mixed", "warning-new-columns", "warning-no-column"],
        ),
        ("P_3_Q3", "y,age,name,rate\n", "1,3,a,2.5\n0,4,b,2.5\n", &["warning-no-score"]),
    ];
    let mut data = Vec::new();
    for (name, header, text, _) in rows {
        let path = folder.path().join(format!("{name}.csv"));
        std::fs::write(&path, format!("{header}{text}")).unwrap();
        data.push(path);
    }
    let options = Options {
        data,
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("score".to_owned()),
        rules: ::monitoring::Rule::standard(),
        ..Options::default()
    };
    let report = ::monitoring::compute(&options).unwrap();
    let ids: Vec<&str> = report.warnings_said.iter().map(|said| said.id.as_str()).collect();
    for id in rows.iter().flat_map(|row| row.3) {
        assert!(ids.contains(id), "`{id}` is not among {ids:?}");
    }
    let in_words = |language| reading::read(row(), &report, &Ink::reader(Some(language)).unwrap()).warnings;
    assert_eq!(in_words("en"), report.warnings, "both ways to say it in English agree");
    let theirs = in_words("pt-BR");
    assert_eq!(theirs.len(), report.warnings.len());
    assert!(theirs.iter().zip(&report.warnings).all(|(theirs, ours)| theirs != ours), "{theirs:#?}");
    let older = Report { warnings_said: Vec::new(), ..report.clone() };
    let read = reading::read(row(), &older, &Ink::reader(Some("pt-BR")).unwrap());
    assert_eq!(read.warnings, report.warnings, "a report that keeps no names is shown as it was written");
}

/// Whatever a number is missing for, or limits it, is said in the reader's language; in English as it was written.
#[test]
fn notes_and_missing_numbers_are_said_in_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let options = Options {
        data: vec![
            file("S_1_Q1.csv", "y,score,sex\n1,0.9,f\n0,0.2,f\n1,0.7,m\n0,0.4,f\n"),
            file("S_2_Q2.csv", "y,score,sex\n0,0.9,f\n0,0.2,f\n0,0.7,m\n"),
        ],
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("score".to_owned()),
        groups: vec!["sex".to_owned()],
        ..Options::default()
    };
    let report = ::monitoring::compute(&options).unwrap();
    let read = |language| reading::read(row(), &report, &Ink::reader(Some(language)).unwrap());
    let (ours, theirs) = (read("en"), read("pt-BR"));
    let gini = |reading: &reading::ReportReading| {
        let metric = reading.metrics.iter().find(|metric| metric.term.name == "gini").unwrap().clone();
        (metric.values[1], metric.undefined)
    };
    assert_eq!(gini(&ours), (None, vec![None, Some("no events among 3 rows".to_owned())]));
    assert_eq!(gini(&theirs).1[1].as_deref(), Some("nenhum evento entre 3 linhas"));
    let course = |reading: &reading::ReportReading| reading.course.clone().unwrap().notes;
    assert_eq!(course(&ours)[1], "Mann–Kendall says nothing below 8 periods");
    assert!(course(&ours).iter().zip(course(&theirs)).all(|(ours, theirs)| *ours != theirs));
    let fairness = |reading: &reading::ReportReading| reading.fairness[0].notes.clone();
    assert_eq!(fairness(&ours), report.periods[1].fairness.get("sex").unwrap().notes);
    assert!(fairness(&theirs)[0].contains("tem uma só classe"), "{:?}", fairness(&theirs));
    assert_eq!(ours.fairness[0].parities.len(), 5);
}

/// How a control chart judges is explained with its parameters, and its alarm is named by its period.
#[test]
fn control_charts_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = Vec::new();
    for quarter in 0..11 {
        let mut text = String::from("y,score\n");
        for row in 0..200 {
            // The first eight quarters differ a little, the last three rank hardly at all.
            let wrong = if quarter < 8 { 40 + quarter * 2 } else { 96 };
            let score = f64::from(row % 100) / 100.0;
            let y = if row % 100 < wrong { row % 2 } else { i32::from(score > 0.5) };
            let _ = writeln!(text, "{y},{score:.2}");
        }
        let path = folder.path().join(format!("S_{quarter}_Q{}.csv", quarter + 1));
        std::fs::write(&path, text).unwrap();
        data.push(path);
    }
    let options = Options {
        data,
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("score".to_owned()),
        ..Options::default()
    };
    let report = ::monitoring::compute(&options).unwrap();
    let course = reading::read(row(), &report, &Ink::reader(Some("en")).unwrap()).course.unwrap();
    assert_eq!(course.metric, "Gini");
    let titles: Vec<&str> = course.charts.iter().map(|chart| chart.title.as_str()).collect();
    assert_eq!(titles, ["CUSUM", "Page–Hinkley", "EWMA"]);
    assert_eq!(course.charts[0].alarm.as_deref(), Some("Q10"), "{course:#?}");
    assert!(course.charts[0].explained.contains("less an allowance of 0.5"), "{course:#?}");
    assert!(course.charts[2].explained.contains("the newest period weighs 0.2"), "{course:#?}");
}
