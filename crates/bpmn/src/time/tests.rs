#![allow(clippy::disallowed_methods, reason = "tests read the cases and watch the clock")]

use super::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn due_dates() {
    let now = moment("2026-01-31T09:00:00Z");
    let rows = [
        ("PT10M", "2026-01-31T09:10:00Z"),
        (" P1M ", "2026-02-28T09:00:00Z"),
        ("P1Y1M", "2027-02-28T09:00:00Z"),
        ("P2W", "2026-02-14T09:00:00Z"),
        ("P1DT1.5S", "2026-02-01T09:00:01.5Z"),
        ("-PT1H", "2026-01-31T08:00:00Z"),
        ("PT0S", "2026-01-31T09:00:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("2026-03-01T12:00", "2026-03-01T12:00:00Z"),
        ("2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00Z"),
        ("2026-03-01T12:00:00.250Z", "2026-03-01T12:00:00.250Z"),
    ];
    for (text, wanted) in rows {
        assert_eq!(due_date(text, now), Ok(moment(wanted)), "{text}");
    }
    let bad = [
        "",
        "P",
        "PT",
        "10 minutes",
        "1d",
        "INVALID",
        "P1",
        "2026-02-30",
        "2026-03-01T12:00[Europe/Rome]",
        "P9999999Y",
    ];
    for text in bad {
        assert!(due_date(text, now).is_err(), "{text}: {:?}", due_date(text, now));
    }
}

/// The firings of a cycle set at `2026-01-31T09:00:00Z`, at most five.
fn firings(text: &str) -> Vec<String> {
    let anchor = moment("2026-01-31T09:00:00Z");
    let cycle = Cycle::parse(text).unwrap();
    let mut firings = Vec::new();
    let mut after = anchor;
    while let Some(due) = cycle.next(anchor, after, firings.len() as u32) {
        firings.push(due.to_string());
        if firings.len() == 5 {
            break;
        }
        after = due;
    }
    firings
}

#[test]
fn cycles() {
    let rows: [(&str, &[&str]); 12] = [
        ("R3/PT10S", &["2026-01-31T09:00:10Z", "2026-01-31T09:00:20Z", "2026-01-31T09:00:30Z"]),
        ("R2/P1M", &["2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z"]),
        ("R2/2026-02-01T00:00:00Z/P1D", &["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"]),
        ("R2/2020-02-29T00:00:00Z/P1Y", &["2026-02-28T00:00:00Z", "2027-02-28T00:00:00Z"]),
        ("R/PT1H/2026-01-31T11:00:00Z", &["2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z"]),
        ("R/2026-01-01T00:00:00Z/2026-01-31T12:00:00Z", &["2026-01-31T12:00:00Z"]),
        ("R0/PT1S", &[]),
        (
            "0 0/20 * * * ?",
            &[
                "2026-01-31T09:20:00Z",
                "2026-01-31T09:40:00Z",
                "2026-01-31T10:00:00Z",
                "2026-01-31T10:20:00Z",
                "2026-01-31T10:40:00Z",
            ],
        ),
        (
            "0 0 12 L * ?",
            &[
                "2026-01-31T12:00:00Z",
                "2026-02-28T12:00:00Z",
                "2026-03-31T12:00:00Z",
                "2026-04-30T12:00:00Z",
                "2026-05-31T12:00:00Z",
            ],
        ),
        (
            "0 0 6 ? * 6#3 2026",
            &[
                "2026-02-20T06:00:00Z",
                "2026-03-20T06:00:00Z",
                "2026-04-17T06:00:00Z",
                "2026-05-15T06:00:00Z",
                "2026-06-19T06:00:00Z",
            ],
        ),
        ("0 0 0 29 2 ? 2027", &[]),
        (
            "30 8 1 */6 *",
            &[
                "2026-07-01T08:30:00Z",
                "2027-01-01T08:30:00Z",
                "2027-07-01T08:30:00Z",
                "2028-01-01T08:30:00Z",
                "2028-07-01T08:30:00Z",
            ],
        ),
    ];
    for (text, wanted) in rows {
        assert_eq!(firings(text), wanted, "{text}");
    }
    for text in [
        "",
        "R",
        "R3",
        "RX/PT1S",
        "R3/PT0S",
        "R/-P1D",
        "PT10S",
        "* *",
        "61 * * * *",
        "0 0 1 1 MON ?",
        "x y z a b",
    ] {
        assert!(Cycle::parse(text).is_err(), "{text}: {:?}", Cycle::parse(text));
    }
}

#[test]
fn missed_firings_are_counted_without_firing_them() {
    let anchor = moment("2026-01-01T00:00:00Z");
    let rows = [
        ("R/PT1H", "2026-01-02T00:30:00Z", 0, 24),
        ("R5/PT1H", "2026-01-02T00:30:00Z", 0, 5),
        ("R5/PT1H", "2026-01-02T00:30:00Z", 4, 1),
        ("0 2 * * *", "2026-01-04T00:00:00Z", 0, 3),
        ("R/PT1S", "2026-06-01T00:00:00Z", 0, COUNT_MAX),
        ("R/P1M", "2030-01-01T00:00:00Z", 0, 48),
    ];
    for (text, until, fired, wanted) in rows {
        let count = Cycle::parse(text).unwrap().count(anchor, anchor, moment(until), fired);
        assert_eq!(count, wanted, "{text}");
    }
}

fn explained(cron: &str) -> CronExplanation {
    let (cron, start) = (Cron::parse(cron).unwrap(), moment("2026-01-01T00:00:00Z"));
    CronExplanation::of(&cron, start, &TimeZone::UTC, Tongue::English)
}

/// Documented as every four weeks, it started a training every Monday and Friday.
#[test]
fn every_four_weeks_was_mondays_and_fridays() {
    let explained = explained("0 2 * * 1/4");
    assert_eq!(explained.words, "at 02:00, on Mondays and Fridays");
    assert_eq!(explained.family, "cron");
    assert!(explained.surprises[0].contains("`R/P4W`"), "{:?}", explained.surprises);
    let next: Vec<String> = explained.next.iter().map(Timestamp::to_string).collect();
    assert_eq!(next.len(), 10);
    assert_eq!(next[..3], ["2026-01-02T02:00:00Z", "2026-01-05T02:00:00Z", "2026-01-09T02:00:00Z"]);
}

#[test]
fn cron_is_told_in_words() {
    let rows = [
        ("*/5 * * * *", "at minute 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50 and 55 of every hour", 0),
        ("*/7 * * * *", "at minute 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour", 1),
        (
            "0 9-17 * * MON-FRI",
            "at minute 0 of hour 9, 10, 11, 12, 13, 14, 15, 16 and 17, on Mondays, Tuesdays, Wednesdays, Thursdays and Fridays",
            0,
        ),
        ("0 0 13 * 5", "at 00:00, on day 13 of the month or on Fridays", 1),
        ("0 0 1-7 * */7", "at 00:00, on day 1, 2, 3, 4, 5, 6 and 7 of the month and only on Sundays", 1),
        ("0 0 31 * *", "at 00:00, on day 31 of the month", 1),
        ("@weekly", "at 00:00, on Sundays", 0),
        ("0 15 10 ? * 6L", "at 10:15, on the last Friday of the month", 0),
        (
            "0 0 8 15W JAN,JUL ?",
            "at 08:00, on the weekday nearest to day 15 of the month, in January and July",
            0,
        ),
        ("* * * * * ?", "every second of every minute", 0),
        ("30 0 0 LW * ?", "at 00:00:30, on the last weekday of the month", 0),
        ("0 0 22-2 * * ?", "at 00:00, 01:00, 02:00, 22:00 and 23:00", 0),
        ("0 0 0 L-2 * ?", "at 00:00, 2 days before the last day of the month", 0),
    ];
    for (text, words, surprises) in rows {
        let explained = explained(text);
        assert_eq!(explained.words, words, "{text}");
        assert_eq!(explained.surprises.len(), surprises, "{text}: {:?}", explained.surprises);
    }
}

#[test]
fn what_never_fires_is_found_out_soon() {
    let began = std::time::Instant::now();
    for text in ["0 0 30 2 *", "0 0 0 31 4 ? *", "0 0 0 ? 2 1#5 2025"] {
        let cron = Cron::parse(text).unwrap();
        assert_eq!(cron.next(moment("2026-01-01T00:00:00Z")), None, "{text}");
    }
    assert!(began.elapsed().as_secs() < 5);
}

#[test]
fn time_soup_never_panics() {
    const PIECES: &[&str] = &[
        "R",
        "P",
        "T",
        "/",
        "1",
        "9",
        "99999999999999999999",
        "-",
        "+",
        "D",
        "M",
        "Y",
        "W",
        "H",
        "S",
        ".",
        " ",
        "*",
        "?",
        "L",
        "#",
        ",",
        "MON",
        "JAN",
        "2026",
        "-01",
        "-01",
        "T00:00",
        "Z",
        "@daily",
        "60",
        "é",
        "0",
    ];
    let mut state = 7u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    };
    let now = moment("2026-01-31T09:00:00Z");
    let mut read = 0;
    for round in 0..40_000 {
        let separator = if round % 3 == 0 { " " } else { "" };
        let text: Vec<&str> = (0..1 + below(9)).map(|_| PIECES[below(PIECES.len())]).collect();
        let text = text.join(separator);
        let _ = due_date(&text, now);
        if let Ok(cycle) = Cycle::parse(&text) {
            read += 1;
            let _ = cycle.words_in(Tongue::English);
            if let Cycle::Cron(cron) = &cycle {
                CronExplanation::of(cron, now, &TimeZone::UTC, Tongue::Portuguese);
            }
            if let Some(due) = cycle.next(now, now, 0) {
                assert!(due > now, "{text}");
            }
            let _ = cycle.next(Timestamp::MIN, Timestamp::MAX, 3);
            let _ = cycle.next(Timestamp::MAX, Timestamp::MIN, 3);
        }
    }
    assert!(read > 100, "only {read} cycles were read");
}

#[test]
fn a_repeated_interval_is_told_in_both_languages() {
    for (text, english, portuguese) in [
        ("R/P1D", "every P1D", "a cada P1D"),
        ("R1/PT10S", "every PT10S, once", "a cada PT10S, uma vez"),
        (
            "R3/2026-01-01T09:00:00Z/PT1H",
            "every PT1H from 2026-01-01T09:00:00Z, 3 times",
            "a cada PT1H a partir de 2026-01-01T09:00:00Z, 3 vezes",
        ),
        (
            "R/PT1H/2026-02-01",
            "every PT1H, until 2026-02-01T00:00:00Z",
            "a cada PT1H, até 2026-02-01T00:00:00Z",
        ),
    ] {
        let cycle = Cycle::parse(text).unwrap();
        assert_eq!(cycle.words_in(Tongue::English), english);
        assert_eq!(cycle.words_in(Tongue::Portuguese), portuguese);
    }
}

#[test]
fn cron_is_told_in_portuguese_too() {
    let rows = [
        ("0 2 * * 1/4", "às 02:00, às segundas-feiras e às sextas-feiras"),
        ("0 0 13 * 5", "às 00:00, no dia 13 do mês ou às sextas-feiras"),
        ("@weekly", "às 00:00, aos domingos"),
        ("0 15 10 ? * 6L", "às 10:15, na última sexta-feira do mês"),
        ("0 0 8 15W JAN,JUL ?", "às 08:00, no dia útil mais próximo do dia 15 do mês, em janeiro e julho"),
        ("0 9-10 1,15 * *", "às 09:00 e 10:00, nos dias 1 e 15 do mês"),
        ("*/30 * * * *", "no minuto 0 e 30 de cada hora"),
        ("* * * * * ?", "a cada segundo de cada minuto"),
    ];
    for (text, words) in rows {
        assert_eq!(Cron::parse(text).unwrap().words_in(Tongue::Portuguese), words, "{text}");
    }
    let cron = Cron::parse("0 2 * * 1/4").unwrap();
    let zone = jiff::tz::TimeZone::UTC;
    let told = CronExplanation::of(&cron, moment("2026-01-01T00:00:00Z"), &zone, Tongue::Portuguese);
    assert!(told.surprises[0].contains("não semanas"), "{:?}", told.surprises);
}

/// In Zurich the clocks skip 02:00 to 03:00 on 29 March 2026 and show it twice on 25 October.
#[test]
fn cron_follows_the_clocks_of_a_zone() {
    let zone = jiff::tz::TimeZone::get("Europe/Zurich").unwrap();
    let rows = [
        ("0 2 * * *", "2026-01-01T12:00:00Z", "2026-01-02T01:00:00Z"),
        ("0 2 * * *", "2026-07-01T12:00:00Z", "2026-07-02T00:00:00Z"),
        // 02:30 is not shown that day: an hour later than the clocks say.
        ("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
        ("30 2 * * *", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
        // Shown twice, fired once.
        ("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
    ];
    for (text, after, due) in rows {
        let found = Cron::parse(text).unwrap().next_in(moment(after), &zone);
        assert_eq!(found, Some(moment(due)), "{text} after {after}");
    }
}
