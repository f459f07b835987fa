//! Timers that never fire or fire otherwise than their label says, and what a cycle really means.

use jiff::{SignedDuration, Timestamp};

use super::Findings;
use crate::model::{NodeKind, Text, Timer, Trigger};
use crate::sentence::{Told, sentence};
use crate::time::{Cycle, IsoDuration, date};

/// So many firings are shown.
const SHOWN_FIRINGS: usize = 10;

/// A label and a timer that differ by more than this share disagree.
const TOLERANCE: f64 = 0.15;

pub(super) fn check(now: Timestamp, findings: &mut Findings<'_>) {
    for node in &findings.process.nodes {
        let trigger = match &node.kind {
            NodeKind::Start(start) => start.trigger.as_ref(),
            NodeKind::Catch(trigger) => Some(trigger),
            NodeKind::Boundary(boundary) => Some(&boundary.trigger),
            _ => None,
        };
        let Some(Trigger::Timer(timer)) = trigger else { continue };
        let label = node.label();
        match timer {
            Timer::Date(Text::Literal(text)) => {
                if let Ok(due) = date(text)
                    && due < now
                {
                    let said = sentence!(
                        "timer-past",
                        "the timer `{label}` is due at {due}, which has passed: it fires at once",
                        label = label,
                        due = due.to_string()
                    );
                    findings.warn("timer-past", &node.id, said);
                }
            }
            Timer::Duration(Text::Literal(text)) => {
                if let Ok(duration) = IsoDuration::parse(text)
                    && let Some(due) = duration.after(now)
                    && let Some(said) = spoken_interval(label)
                    && differs(said, due.duration_since(now))
                {
                    let said = sentence!(
                        "timer-label",
                        "`{label}` waits {duration}, which is not what its label says; correct one",
                        label = label,
                        duration = duration.to_string()
                    );
                    findings.warn("timer-label", &node.id, said);
                }
            }
            Timer::Cycle { cycle: Text::Literal(text), end } => {
                if let Ok(cycle) = Cycle::parse(text) {
                    let end = match end {
                        Some(Text::Literal(end)) => crate::time::due_date(end, now).ok(),
                        _ => None,
                    };
                    cycle_meaning(&cycle, text, end, now, label, &node.id, findings);
                }
            }
            _ => {}
        }
    }
}

fn cycle_meaning(
    cycle: &Cycle,
    text: &str,
    end: Option<Timestamp>,
    now: Timestamp,
    label: &str,
    element: &str,
    findings: &mut Findings<'_>,
) {
    let next: Vec<Timestamp> = next_firings(cycle, now, end);
    if next.is_empty() {
        let said = sentence!(
            "timer-never-fires",
            "the timer `{label}` never fires: `{cycle}` ({meaning}) has no time to come",
            label = label,
            cycle = text.trim(),
            meaning = Told::by(|tongue| cycle.words_in(tongue))
        );
        findings.warn("timer-never-fires", element, said);
        return;
    }
    let surprises = Told::by(|tongue| cycle.surprises(tongue).join("; "));
    let contradicted = spoken_interval(label).filter(|said| {
        next.len() > 1 && {
            let spread = next[next.len() - 1].duration_since(next[0]);
            differs(*said, spread / i32::try_from(next.len() - 1).unwrap_or(i32::MAX))
        }
    });
    let meaning = Told::by(|tongue| cycle.words_in(tongue));
    let next = next.iter().map(Timestamp::to_string).collect::<Vec<_>>().join(", ");
    let cycle = text.trim();
    let said = match (contradicted.is_some(), surprises.english.is_empty()) {
        (false, true) => return,
        (true, true) => sentence!(
            "cycle-meaning-label",
            "`{cycle}` means {meaning}, which is not what its label `{label}` says. Next: {next}",
            cycle = cycle,
            meaning = meaning,
            label = label,
            next = next
        ),
        (false, false) => sentence!(
            "cycle-meaning",
            "`{cycle}` means {meaning}; {surprises}. Next: {next}",
            cycle = cycle,
            meaning = meaning,
            surprises = surprises,
            next = next
        ),
        (true, false) => sentence!(
            "cycle-meaning-label-and-more",
            "`{cycle}` means {meaning}, which is not what its label `{label}` says; {surprises}. Next: {next}",
            cycle = cycle,
            meaning = meaning,
            label = label,
            surprises = surprises,
            next = next
        ),
    };
    findings.warn("cycle-meaning", element, said);
}

/// The next ten firings of a cycle that is set now.
fn next_firings(cycle: &Cycle, now: Timestamp, end: Option<Timestamp>) -> Vec<Timestamp> {
    let mut next = Vec::new();
    let mut after = now;
    while next.len() < SHOWN_FIRINGS
        && let Some(due) = cycle.next(now, after, next.len() as u32)
        && end.is_none_or(|end| due <= end)
    {
        next.push(due);
        after = due;
    }
    next
}

fn differs(said: SignedDuration, real: SignedDuration) -> bool {
    let (said, real) = (said.as_secs_f64(), real.as_secs_f64());
    (said - real).abs() > TOLERANCE * said.max(real)
}

/// The interval that a label speaks of, in English or Portuguese: `every 4 weeks`, `daily`, `Wait 2 hours`, `a cada 4 semanas`,
/// `mensal`.
fn spoken_interval(label: &str) -> Option<SignedDuration> {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    const MONTH: i64 = 2_629_746;
    let lower = label.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let unit = |word: &str| {
        Some(match word {
            "second" | "seconds" | "segundo" | "segundos" => 1,
            "minute" | "minutes" | "min" | "minuto" | "minutos" => 60,
            "hour" | "hours" | "hora" | "horas" => HOUR,
            "day" | "days" | "dia" | "dias" => DAY,
            "week" | "weeks" | "semana" | "semanas" => 7 * DAY,
            "fortnight" | "quinzena" | "quinzenas" => 14 * DAY,
            "month" | "months" | "mês" | "mes" | "meses" => MONTH,
            "bimestre" | "bimestres" => 2 * MONTH,
            "quarter" | "quarters" | "trimestre" | "trimestres" => 3 * MONTH,
            "semestre" | "semestres" => 6 * MONTH,
            "year" | "years" | "ano" | "anos" => 31_556_952,
            _ => return None,
        })
    };
    let number = |word: &str| {
        let english = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        let portuguese =
            ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez"];
        let spelled = match word {
            "uma" => "um",
            "duas" => "dois",
            "tres" => "três",
            other => other,
        };
        word.parse::<i64>().ok().or_else(|| {
            let places = [english, portuguese].map(|all| all.iter().position(|other| *other == spelled));
            places.into_iter().flatten().next().map(|at| at as i64)
        })
    };
    for (at, word) in words.iter().enumerate() {
        let whole = match *word {
            "hourly" => Some("hour"),
            "daily" | "diário" | "diária" | "diariamente" => Some("day"),
            "weekly" | "semanal" | "semanalmente" => Some("week"),
            "fortnightly" | "quinzenal" | "quinzenalmente" => Some("fortnight"),
            "monthly" | "mensal" | "mensalmente" => Some("month"),
            "bimestral" | "bimestralmente" => Some("bimestre"),
            "quarterly" | "trimestral" | "trimestralmente" => Some("quarter"),
            "semestral" | "semestralmente" => Some("semestre"),
            "yearly" | "annually" | "annual" | "anual" | "anualmente" => Some("year"),
            _ => None,
        };
        if let Some(whole) = whole {
            return unit(whole).map(SignedDuration::from_secs);
        }
        let Some(seconds) = unit(word) else { continue };
        if matches!(words.get(at + 1), Some(&("útil" | "úteis" | "uteis"))) {
            // Working days are as long as the weekends between them.
            return None;
        }
        let before = at.checked_sub(1).map(|before| words[before]);
        match before {
            Some("every" | "each" | "cada" | "todo" | "toda" | "todos" | "todas") => {
                return Some(SignedDuration::from_secs(seconds));
            }
            Some(before) => {
                if let Some(number) = number(before).filter(|number| (1..=1000).contains(number)) {
                    return Some(SignedDuration::from_secs(seconds * number));
                }
            }
            None => {}
        }
        // `Todos os dias`: an article stands between.
        if let Some([every, "os" | "as"]) = at.checked_sub(2).and_then(|from| words.get(from..at))
            && matches!(*every, "todos" | "todas")
        {
            return Some(SignedDuration::from_secs(seconds));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_speak_of_intervals() {
        let rows = [
            ("Every 4 weeks", Some(28 * 86_400)),
            ("Retrain (daily)", Some(86_400)),
            ("Wait two hours", Some(7_200)),
            ("each month", Some(2_629_746)),
            ("A cada 4 semanas", Some(28 * 86_400)),
            ("diariamente", Some(86_400)),
            ("Revisão mensal", Some(2_629_746)),
            ("Todo mês", Some(2_629_746)),
            ("Todos os dias", Some(86_400)),
            ("Aguardar duas horas", Some(7_200)),
            ("Retreino trimestral", Some(3 * 2_629_746)),
            ("Relatório do mês", None),
            ("Todos os dias úteis", None),
            ("Timer", None),
            ("day of reckoning", None),
            ("Q3 week", None),
        ];
        for (label, seconds) in rows {
            assert_eq!(spoken_interval(label), seconds.map(SignedDuration::from_secs), "{label}");
        }
    }
}
