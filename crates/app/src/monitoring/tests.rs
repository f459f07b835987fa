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

/// A report on files of these texts, one a period, over a column `score`.
fn report_on(texts: &[String], target: &str, event: Option<&str>) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let write = |(at, text): (usize, &String)| {
        let path = folder.path().join(format!("S_{at}_Q{}.csv", at + 1));
        std::fs::write(&path, text).unwrap();
        path
    };
    let options = Options {
        data: texts.iter().enumerate().map(write).collect(),
        target: Some(target.to_owned()),
        event: event.map(str::to_owned),
        score: Some("score".to_owned()),
        rules: ::monitoring::Rule::standard(),
        ..Options::default()
    };
    ::monitoring::compute(&options).unwrap()
}

/// Two quarters of predicted numbers; in the second the errors are larger.
fn of_numbers() -> Report {
    let quarter = |error: f64| {
        (0..300).fold("spend,score\n".to_owned(), |text, row| {
            let predicted = 50.0 + f64::from(row % 30);
            text + &format!("{},{predicted}\n", predicted + error * (f64::from(row * 7 % 13) - 6.0))
        })
    };
    report_on(&[quarter(0.5), quarter(1.0)], "spend", None)
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
    let (report, numbers) = (report(), of_numbers());
    for kind in [Kind::Roc, Kind::Ks, Kind::Confusion] {
        assert!(!kind.can(&numbers), "{}", kind.name());
    }
    for mode in [Mode::Screen, Mode::Print] {
        let ink = Ink::new(480, 300, Some("en"), mode).unwrap();
        for kind in Kind::ALL {
            // What a report of numbers shows is shown of one below.
            let report = if kind == Kind::Predicted { &numbers } else { &report };
            assert!(kind.can(report), "{}", kind.name());
            let drawn = draw(report, &Wish { baseline: true, ..Wish::of(kind) }, &ink).unwrap();
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
    let fairness = |reading: &reading::ReportReading| reading.fairness[1][0].notes.clone();
    assert_eq!(fairness(&ours), report.periods[1].fairness.get("sex").unwrap().notes);
    assert!(fairness(&theirs)[0].contains("tem uma só classe"), "{:?}", fairness(&theirs));
    assert_eq!(ours.fairness[1][0].parities.len(), 5);
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

/// One list: what rules may speak of has words in every language, and what the table shows rules may speak of.
#[test]
fn every_number_that_rules_may_speak_of_has_a_title_and_a_definition() {
    for language in ["en", "pt-BR"] {
        let ink = Ink::reader(Some(language)).unwrap();
        let others =
            ["psi.AGE", "q.AGE", "psi_excluding_missing.AGE", "demographicParity_SEX", "equalizedOdds_SEX"];
        for name in ::monitoring::numbers().chain(others) {
            let term = reading::number_term(&ink, name);
            let is_said = !term.title.starts_with("metric-") && term.definition.contains(' ');
            assert!(is_said, "{language}: `{name}` is {term:?}");
            assert!(::monitoring::is_number(name), "{name}");
        }
    }
    let ink = Ink::reader(Some("en")).unwrap();
    for report in [report(), of_numbers()] {
        let read = reading::read(row(), &report, &ink);
        for metric in &read.metrics {
            assert!(
                ::monitoring::is_number(&metric.term.name),
                "no rule may speak of `{}`",
                metric.term.name
            );
        }
    }
    let shown = reading::read(row(), &report(), &ink).metrics.len();
    let wanted = ::monitoring::METRICS.iter().filter(|metric| metric.is_of_events()).count();
    assert_eq!(shown, wanted, "every number of a score for events is shown");
}

#[test]
fn a_metric_that_no_period_has_is_there_with_its_reason() {
    let text = "y,score\n0,0.1\n0,0.2\n0,0.2\n".to_owned();
    let report = report_on(&[text.clone(), text], "y", Some("1"));
    let read = reading::read(row(), &report, &Ink::reader(Some("pt-BR")).unwrap());
    for name in
        ["gini", "sas_gini", "gamma", "recalibration_slope", "hosmer_lemeshow", "precision", "mcc", "recall"]
    {
        let metric =
            read.metrics.iter().find(|it| it.term.name == name).unwrap_or_else(|| panic!("no `{name}`"));
        assert!(metric.values.iter().all(Option::is_none), "{name}");
        assert!(metric.undefined.iter().all(|why| why.as_ref().is_some_and(|it| !it.is_empty())), "{name}");
    }
    let page = {
        let mut ink = Ink::reader(Some("en")).unwrap().on(Mode::Print);
        let read = reading::read(row(), &report, &ink);
        document::html(&read, &report, &mut ink)
    };
    assert!(page.contains("Q1, Gini, AUC, KS"), "the page says which");
    assert!(page.contains("no events among 3 rows"), "and why");
}

#[test]
fn fairness_is_told_of_every_period() {
    let report = report();
    let mut ink = Ink::reader(Some("en")).unwrap().on(Mode::Print);
    let read = reading::read(row(), &report, &ink);
    assert_eq!(read.fairness.len(), 4);
    let areas: Vec<Option<f64>> = read.fairness.iter().map(|of| of[0].groups[0].auc).collect();
    assert!(areas.windows(2).all(|pair| pair[0] != pair[1]), "each period has its own: {areas:?}");
    let page = document::html(&read, &report, &mut ink);
    assert!(page.contains("<h3>region · Q4</h3>"), "the page says of which period");
}

#[test]
fn ks_is_drawn_over_the_scores_own_range() {
    let rows = (0..200).fold("y,score\n".to_owned(), |text, row| {
        text + &format!("{},{}\n", u8::from(row % 3 == 0 || row > 150), 400 + row * 2)
    });
    let report = report_on(&[rows.clone(), rows], "y", Some("1"));
    let ink = Ink::new(480, 300, Some("en"), Mode::Screen).unwrap();
    let drawn = draw(&report, &Wish::of(Kind::Ks), &ink).unwrap();
    let cutoffs: Vec<f64> = drawn.rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(cutoffs.windows(2).all(|pair| pair[0] <= pair[1]), "{cutoffs:?}");
    assert!(cutoffs[0] >= 400.0 && cutoffs[cutoffs.len() - 1] >= 790.0, "{cutoffs:?}");
    assert!(drawn.drawing.hits.iter().any(|hit| hit.text.contains("score 5")), "{:?}", drawn.drawing.hits);
}

#[test]
fn the_course_of_any_number_is_drawn_with_that_of_other_versions() {
    let (report, other) = (report(), std::sync::Arc::new(report_of_two()));
    let ink = Ink::new(560, 300, Some("en"), Mode::Screen).unwrap();
    let read = reading::read(row(), &report, &Ink::reader(Some("en")).unwrap());
    let names: Vec<&str> = read.trends.iter().map(|term| term.name.as_str()).collect();
    assert_eq!(names[0], "gini", "what stands for the model comes first");
    for name in ["ks", "lift10", "p1", "f1"] {
        assert!(names.contains(&name), "{names:?}");
        let wish = Wish {
            metric: Some(name.to_owned()),
            own: "churn 1.0".to_owned(),
            others: vec![("churn 2.0".to_owned(), std::sync::Arc::clone(&other))],
            ..Wish::of(Kind::Trend)
        };
        let drawn = draw(&report, &wish, &ink).unwrap();
        assert_eq!(drawn.columns.len(), 5, "{name}: {:?}", drawn.columns);
        // The other version has the first two quarters only.
        let theirs: Vec<bool> = drawn.rows.iter().take(4).map(|row| row[4] != "–").collect();
        assert_eq!(theirs, [true, true, false, false], "{name}");
        assert!(drawn.drawing.hits.iter().any(|hit| hit.series == "churn 2.0"), "{name}");
    }
}

/// Two quarters of another version.
fn report_of_two() -> Report {
    let mut report = report();
    report.periods.truncate(2);
    report
}

#[test]
fn a_page_says_what_the_window_says() {
    let report = report();
    let mut ink = Ink::reader(Some("en")).unwrap().on(Mode::Print);
    let mut read = reading::read(row(), &report, &ink);
    let course = read.course.as_mut().unwrap();
    (course.crossing, course.crossing_from, course.crossing_to) = (Some(5.25), Some(4.5), None);
    course.charts.push(reading::ControlRead {
        name: "cusum".to_owned(),
        title: "CUSUM".to_owned(),
        explained: "Sums how far each period lies below.".to_owned(),
        alarm: Some("Q3".to_owned()),
    });
    read.variables[0].periods[3].as_mut().unwrap().notable = Some(true);
    read.variables[1].periods[3].as_mut().unwrap().why = Some("the baseline has no value here".to_owned());
    let page = document::html(&read, &report, &mut ink);
    for wanted in [
        "in period 5.2; with 80 % between 4.5 and ∞",
        "CUSUM: Q3. Sums how far each period lies below.",
        "* significant among the inputs",
        ": the baseline has no value here",
        "<dt>Demographic parity</dt>",
    ] {
        assert!(page.contains(wanted), "`{wanted}` is not on the page");
    }
}

#[test]
fn the_tables_hold_what_the_page_has_no_room_for() {
    let report = report();
    let read = reading::read(row(), &report, &Ink::reader(Some("en")).unwrap());
    let names = |table: Vec<::monitoring::TableColumn>| -> Vec<String> {
        table.into_iter().map(|it| it.name).collect()
    };
    let variables = names(super::export::variables(&read, &report));
    for wanted in ["p", "total_variation", "l_infinity", "missing_z", "psi_jeffreys", "psi_null_mean"] {
        assert!(variables.iter().any(|name| name == wanted), "no `{wanted}` among {variables:?}");
    }
    let courses = ::monitoring::csv_table(&super::export::courses(&report)).unwrap();
    let text = String::from_utf8(courses).unwrap();
    assert!(text.starts_with("metric,theil_sen_slope,mann_kendall_p,ols_slope,ols_p"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("gini,-0.")), "{text}");
}

/// A notice names the period and the metric it speaks of, and a rule on inputs alone is no loss of performance.
#[test]
fn a_notice_tells_outcomes_of_the_period_that_has_them() {
    use governance::fact::{AlertRaised, PeriodKept, ReportRecorded};
    let kept = |label: &str, provisional: bool, numbers: &[(&str, f64)]| PeriodKept {
        label: label.to_owned(),
        rows: 9,
        provisional,
        numbers: numbers.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
    };
    let report = ReportRecorded {
        report: crate::ids::new_id(),
        monitor: crate::ids::new_id(),
        number: 1,
        data: Vec::new(),
        blob: crate::session::digest_of(b"x"),
        periods: vec![
            kept("Q3", false, &[("n_obs", 9.0), ("gini", 0.3125), ("giniDecay", 0.02)]),
            kept(
                "Q4",
                true,
                &[("n_obs", 2.0), ("gini", 0.05), ("giniDecay", 0.84), ("score_psi", 0.31), ("p1", 2.0)],
            ),
        ],
        baseline: "Q1".to_owned(),
        recommendation: "watch".to_owned(),
        reasons: Vec::new(),
        reasons_said: Vec::new(),
        cause: None,
        target: None,
    };
    let raised = |rule: &str, name: &str| AlertRaised {
        alert: crate::ids::new_id(),
        report: report.report.clone(),
        period: "Q4".to_owned(),
        level: governance::fact::AlertLevel::Alert,
        rule: rule.to_owned(),
        values: std::iter::once((name.to_owned(), 2.0)).collect(),
    };
    let said = |raised: &[AlertRaised], language: &str| {
        let (title, body) = super::tell::of_report("churn 1.0", &report, raised);
        let words = words::Words::of(language.parse().unwrap());
        (words.say(&title), words.say(&body))
    };
    let (title, body) = said(&[raised("p1>1", "p1")], "en");
    assert_eq!(title, "churn 1.0: its monitor raised an alert");
    assert!(body.starts_with("Q3: Gini 0.312. Q4: score PSI 0.310, 2 inputs drifted."), "{body}");
    assert_eq!(said(&[raised("giniDecay>0.01", "giniDecay")], "en").0, "churn 1.0 has lost 2 % of its Gini");
    let (_, body) = said(&[], "pt-BR");
    assert!(body.starts_with("Q3: Gini 0,312. Q4: PSI do escore 0,310"), "{body}");
}

#[test]
fn failures_of_the_data_are_said_in_the_readers_language() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let options = |path: std::path::PathBuf, rule: &str| Options {
        data: vec![path],
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("score".to_owned()),
        rules: vec![::monitoring::Rule { level: ::monitoring::Level::Alert, when: rule.to_owned() }],
        ..Options::default()
    };
    let rows = [
        ("ragged.csv", "y,score\n1\n", "p1>2", "a linha 1 tem 1 campos"),
        ("comma.csv", "y;score\n1;0,5\n", "p1>2", "tem vírgula decimal; escreva `0.5`"),
        ("column.csv", "y,s\n1,0.5\n", "p1>2", "não tem a coluna `score` (escore)"),
        ("empty.csv", "", "p1>2", "um arquivo vazio"),
        ("rule.csv", "y,score\n1,0.5\n", "p1>", "não pode ser lida no caractere 4"),
    ];
    for (name, text, rule, wanted) in rows {
        let error = ::monitoring::compute(&options(file(name, text), rule)).unwrap_err();
        let failure = super::from_monitoring(&error);
        let theirs = failure.clone().in_words(words::Words::of(words::Locale::PtBr));
        assert!(theirs.message.contains(wanted), "{name}: {theirs}");
        assert!(!theirs.hint.is_empty() && theirs.hint != failure.hint, "{name}: {theirs}");
        // In English it is what the computation itself says.
        let own = error.to_string();
        assert!(own.starts_with(failure.message.as_str()), "{own} / {}", failure.message);
    }
}
