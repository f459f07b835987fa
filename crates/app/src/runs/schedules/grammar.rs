//! Rules as people write them, in English or Portuguese. What is kept is the English form: every desk reads the same.

use bpmn::time::Tongue;
use governance::runs::schedules::{Rule, Unfit};
use words::{Said, said};

/// Reads a rule in either language.
///
/// # Errors
/// What is to be said of a text that is none.
pub(super) fn read(text: &str) -> Result<Rule, Said> {
    let text = text.trim();
    let parsed = match (Rule::read(text), in_english(text)) {
        (Err(Unfit::Unreadable), Some(english)) => Rule::read(&english),
        (parsed, _) => parsed,
    };
    parsed.map_err(|unfit| {
        let shown: String = text.chars().take(80).collect();
        match unfit {
            Unfit::TooLong => said!("rule-too-long"),
            Unfit::Unreadable => said!("rule-unreadable", rule = shown),
            Unfit::NoZone => said!("rule-no-zone", rule = shown),
            Unfit::Never => said!("rule-never-due", rule = shown),
            Unfit::TooOften => said!("rule-too-often", rule = shown),
        }
    })
}

/// A rule as somebody of that language would have written it; [`read`] reads it again.
pub(super) fn written(rule: &Rule, tongue: Tongue) -> String {
    let text = rule.to_string();
    if tongue == Tongue::English {
        return text;
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let mut told = Vec::new();
    let mut rest = words.as_slice();
    while let [word, after @ ..] = rest {
        rest = after;
        match (*word, after) {
            ("every", _) => told.push("a cada".to_owned()),
            ("on", ["day", day, further @ ..]) => {
                told.push(format!("no dia {day}"));
                rest = further;
            }
            ("on", [day, further @ ..]) => {
                told.push(on_weekday(day));
                rest = further;
            }
            ("at", _) => told.push("às".to_owned()),
            ("in", [zone]) => {
                told.push(format!("em {zone}"));
                rest = &[];
            }
            (word, _) => told.push(unit(word).unwrap_or(word).to_owned()),
        }
    }
    told.join(" ")
}

/// Units of an interval, by their English names.
const UNITS: [(&str, &[&str]); 8] = [
    ("hour", &["hora"]),
    ("hours", &["horas"]),
    ("day", &["dia"]),
    ("days", &["dias"]),
    ("week", &["semana"]),
    ("weeks", &["semanas"]),
    ("month", &["mês", "mes"]),
    ("months", &["meses"]),
];

fn unit(english: &str) -> Option<&'static str> {
    UNITS.iter().find(|(name, _)| *name == english).and_then(|(_, told)| told.first().copied())
}

/// `na segunda-feira`, `no sábado`.
fn on_weekday(english: &str) -> String {
    let number = (0..7).find(|number| Tongue::English.weekday(*number).eq_ignore_ascii_case(english));
    let name = number.map_or(english, |number| Tongue::Portuguese.weekday(number));
    format!("{} {name}", if matches!(number, Some(0 | 6)) { "no" } else { "na" })
}

/// The English form of a Portuguese rule; `None` where a word of it is none of that grammar.
fn in_english(text: &str) -> Option<String> {
    let lower: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let own: Vec<&str> = text.split_whitespace().collect();
    let words: Vec<&str> = lower.iter().map(String::as_str).collect();
    let mut told: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = words.get(at + 1..).unwrap_or_default();
        let (english, taken) = match (*word, rest) {
            ("a", ["cada", ..]) => ("every".to_owned(), 2),
            ("cada", _) => ("every".to_owned(), 1),
            ("no", ["dia", day, ..]) => (format!("on day {day}"), 3),
            ("no", ["último" | "ultimo", "dia", ..]) => ("on the last day".to_owned(), 3),
            ("na" | "no", [day, ..]) => (format!("on {}", weekday(day)?), 2),
            ("às" | "as" | "à" | "a", _) => ("at".to_owned(), 1),
            ("em", [_]) => (format!("in {}", own.get(at + 1)?), 2),
            (word, _) => match UNITS.iter().find(|(_, names)| names.contains(&word)) {
                Some((english, _)) => ((*english).to_owned(), 1),
                // A number, a time, a field of cron, or the zone: as it stands.
                None => ((*own.get(at)?).to_owned(), 1),
            },
        };
        told.push(english);
        at += taken;
    }
    Some(told.join(" "))
}

/// The English name of a Portuguese day: `segunda-feira`, `segunda`, `sábado`, `sabado`.
fn weekday(told: &str) -> Option<&'static str> {
    let plain = |text: &str| text.replace('á', "a").replace('ç', "c");
    let number = (0..7).find(|number| {
        let name = plain(Tongue::Portuguese.weekday(*number));
        let told = plain(told);
        name == told || name.strip_suffix("-feira") == Some(&told)
    })?;
    Some(Tongue::English.weekday(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_in_either_language_and_kept_in_english() {
        let rows = [
            (
                "a cada 4 semanas na segunda-feira às 02:00 em Europe/Zurich",
                "every 4 weeks on Monday at 02:00 in Europe/Zurich",
            ),
            ("A cada 2 dias às 06:30 em America/Sao_Paulo", "every 2 days at 06:30 in America/Sao_Paulo"),
            ("a cada mês no dia 1 às 02:00", "every month on day 1 at 02:00 in UTC"),
            ("a cada 3 meses no último dia às 02:00 em UTC", "every 3 months on day 31 at 02:00 in UTC"),
            ("a cada 6 horas", "every 6 hours in UTC"),
            ("cada semana no sabado as 23:15 UTC", "every week on Saturday at 23:15 in UTC"),
            ("cada semana na terça às 23:15", "every week on Tuesday at 23:15 in UTC"),
            ("0 2 * * 1 em Europe/Zurich", "0 2 * * 1 in Europe/Zurich"),
            (
                "every 4 weeks on Monday at 02:00 in Europe/Zurich",
                "every 4 weeks on Monday at 02:00 in Europe/Zurich",
            ),
        ];
        for (text, kept) in rows {
            let rule = read(text).unwrap_or_else(|said| panic!("{text}: {said:?}"));
            assert_eq!(rule.to_string(), kept, "{text}");
            for tongue in [Tongue::English, Tongue::Portuguese] {
                let again = written(&rule, tongue);
                assert_eq!(read(&again).ok().as_ref(), Some(&rule), "{again}");
            }
        }
        let rule = read("every 4 weeks on Monday at 02:00 in Europe/Zurich").unwrap();
        let told = "a cada 4 semanas na segunda-feira às 02:00 em Europe/Zurich";
        assert_eq!(written(&rule, Tongue::Portuguese), told);
    }

    #[test]
    fn what_is_no_rule_is_said_in_words_that_both_languages_have() {
        for (text, id) in [
            ("de vez em quando", "rule-unreadable"),
            ("a cada 0 dias às 06:30", "rule-unreadable"),
            ("a cada 2 dias às 06:30 em nowhere!", "rule-no-zone"),
            ("0 0 31 2 *", "rule-never-due"),
            ("* * * * *", "rule-too-often"),
            (&"x".repeat(300), "rule-too-long"),
        ] {
            let said = read(text).unwrap_err();
            assert_eq!(said.id, id, "{text}");
            for locale in words::Locale::ALL {
                assert!(words::Words::of(locale).knows(id), "{id} in {locale}");
            }
        }
    }
}
