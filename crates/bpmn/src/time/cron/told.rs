//! A cron expression told to people: what it means, and what its author may have meant otherwise.

use super::{Cron, Numbers};

/// A language in which times are told. The two are told by one set of sentences each, side by side, because how a
/// calendar is spoken of (articles, genders, what follows what) is not a matter of replacing words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// Brazilian Portuguese.
    Portuguese,
}

use Tongue::{English, Portuguese};

const MONTHS: [[&str; 2]; 12] = [
    ["January", "janeiro"],
    ["February", "fevereiro"],
    ["March", "março"],
    ["April", "abril"],
    ["May", "maio"],
    ["June", "junho"],
    ["July", "julho"],
    ["August", "agosto"],
    ["September", "setembro"],
    ["October", "outubro"],
    ["November", "novembro"],
    ["December", "dezembro"],
];

const WEEKDAYS: [[&str; 2]; 7] = [
    ["Sunday", "domingo"],
    ["Monday", "segunda-feira"],
    ["Tuesday", "terça-feira"],
    ["Wednesday", "quarta-feira"],
    ["Thursday", "quinta-feira"],
    ["Friday", "sexta-feira"],
    ["Saturday", "sábado"],
];

impl Tongue {
    /// The month of that number, January 1.
    pub fn month(self, number: u8) -> &'static str {
        MONTHS.get(usize::from(number).wrapping_sub(1)).map_or("", |names| names[self as usize])
    }

    /// The day of the week of that number, Sunday 0.
    pub fn weekday(self, number: u8) -> &'static str {
        WEEKDAYS.get(usize::from(number)).map_or("", |names| names[self as usize])
    }

    /// A list in words: `a, b and c`.
    pub fn and(self, items: &[String]) -> String {
        list(items, if self == English { "and" } else { "e" })
    }

    fn or(self, items: &[String]) -> String {
        list(items, if self == English { "or" } else { "ou" })
    }

    /// `Mondays`, `às segundas-feiras`: a day of the week, every time.
    fn every_weekday(self, number: u8) -> String {
        let name = self.weekday(number);
        match self {
            English => format!("{name}s"),
            Portuguese if is_feminine(number) => format!("às {}s", name.replace("-", "s-")),
            Portuguese => format!("aos {name}s"),
        }
    }

    fn numbers(self, numbers: &Numbers) -> String {
        self.and(&numbers.allowed.iter().map(u16::to_string).collect::<Vec<_>>())
    }
}

/// The days from Monday to Friday are feminine in Portuguese.
fn is_feminine(weekday: u8) -> bool {
    (1..=5).contains(&weekday)
}

impl Cron {
    /// What it means, in words: `at 02:00, on Mondays and Fridays`.
    pub fn words_in(&self, tongue: Tongue) -> String {
        let mut words = self.time_words(tongue);
        let days = self.day_words(tongue);
        if !days.is_empty() {
            words += &format!(", {days}");
        }
        let into = if tongue == English { "in" } else { "em" };
        if !self.months.any {
            let months = self
                .months
                .allowed
                .iter()
                .filter_map(|month| u8::try_from(*month).ok())
                .map(|month| tongue.month(month));
            words += &format!(", {into} {}", tongue.and(&months.map(str::to_owned).collect::<Vec<_>>()));
        }
        if let Some(years) = &self.years {
            words += &format!(", {into} {}", tongue.numbers(years));
        }
        words
    }

    fn time_words(&self, tongue: Tongue) -> String {
        let single =
            |numbers: &Numbers| (numbers.allowed.len() == 1 && !numbers.any).then(|| numbers.allowed[0]);
        if let (Some(second), Some(minute), false) =
            (single(&self.seconds), single(&self.minutes), self.hours.any)
            && self.hours.allowed.len() <= 6
        {
            let at = |hour: &u16| match second {
                0 => format!("{hour:02}:{minute:02}"),
                _ => format!("{hour:02}:{minute:02}:{second:02}"),
            };
            let times = tongue.and(&self.hours.allowed.iter().map(at).collect::<Vec<_>>());
            return match tongue {
                English => format!("at {times}"),
                Portuguese => format!("às {times}"),
            };
        }
        let mut parts: Vec<(&Numbers, [&str; 2])> = vec![(&self.minutes, ["minute", "minuto"])];
        if single(&self.seconds) != Some(0) {
            parts.insert(0, (&self.seconds, ["second", "segundo"]));
        }
        if !(self.minutes.any && self.hours.any) {
            parts.push((&self.hours, ["hour", "hora"]));
        }
        let told = parts.iter().enumerate().map(|(at, (numbers, unit))| {
            let (unit, first) = (unit[tongue as usize], at == 0);
            match (tongue, numbers.any, first) {
                (English, true, true) => format!("every {unit}"),
                (English, true, false) => format!("of every {unit}"),
                (English, false, true) => format!("at {unit} {}", tongue.numbers(numbers)),
                (English, false, false) => format!("of {unit} {}", tongue.numbers(numbers)),
                (Portuguese, true, true) => format!("a cada {unit}"),
                (Portuguese, true, false) => format!("de cada {unit}"),
                (Portuguese, false, true) => format!("no {unit} {}", tongue.numbers(numbers)),
                (Portuguese, false, false) => {
                    let of = if unit == "hora" { "da" } else { "do" };
                    format!("{of} {unit} {}", tongue.numbers(numbers))
                }
            }
        });
        told.collect::<Vec<_>>().join(" ")
    }

    fn day_words(&self, tongue: Tongue) -> String {
        let (of_month, of_week) = (self.month_day_words(tongue), self.weekday_words(tongue));
        let both = !of_month.is_empty() && !of_week.is_empty();
        let both_needed = self.days.text.starts_with('*') || self.weekdays.text.starts_with('*');
        let joint = match (tongue, both && both_needed) {
            (English, true) => " and only ",
            (English, false) => " or ",
            (Portuguese, true) => " e somente ",
            (Portuguese, false) => " ou ",
        };
        let joined =
            [tongue.or(&of_month), tongue.or(&of_week)].into_iter().filter(|words| !words.is_empty());
        joined.collect::<Vec<_>>().join(joint)
    }

    fn month_day_words(&self, tongue: Tongue) -> Vec<String> {
        let mut told = Vec::new();
        if !self.days.any {
            let days = tongue.numbers(&self.days);
            told.push(match (tongue, self.days.allowed.len()) {
                (English, _) => format!("on day {days} of the month"),
                (Portuguese, 1) => format!("no dia {days} do mês"),
                (Portuguese, _) => format!("nos dias {days} do mês"),
            });
        }
        for offset in &self.last_days {
            told.push(match (tongue, offset) {
                (English, 0) => "on the last day of the month".to_owned(),
                (English, offset) => format!("{offset} days before the last day of the month"),
                (Portuguese, 0) => "no último dia do mês".to_owned(),
                (Portuguese, offset) => format!("{offset} dias antes do último dia do mês"),
            });
        }
        for day in &self.nearest_weekdays {
            told.push(match (tongue, day) {
                (English, 0) => "on the last weekday of the month".to_owned(),
                (English, day) => format!("on the weekday nearest to day {day} of the month"),
                (Portuguese, 0) => "no último dia útil do mês".to_owned(),
                (Portuguese, day) => format!("no dia útil mais próximo do dia {day} do mês"),
            });
        }
        told
    }

    fn weekday_words(&self, tongue: Tongue) -> Vec<String> {
        let mut told = Vec::new();
        if !self.weekdays.any {
            let days = self.weekdays.allowed.iter().filter_map(|day| u8::try_from(*day).ok());
            let days = tongue.and(&days.map(|day| tongue.every_weekday(day)).collect::<Vec<_>>());
            told.push(if tongue == English { format!("on {days}") } else { days });
        }
        for (day, place) in &self.nth_weekdays {
            let (place, name) = (usize::from(*place), tongue.weekday(*day));
            told.push(match tongue {
                English => {
                    let place = ["last", "first", "second", "third", "fourth", "fifth"][place];
                    format!("on the {place} {name} of the month")
                }
                Portuguese => {
                    let place = ["últim", "primeir", "segund", "terceir", "quart", "quint"][place];
                    let (to, ending) = if is_feminine(*day) { ("na", "a") } else { ("no", "o") };
                    format!("{to} {place}{ending} {name} do mês")
                }
            });
        }
        told
    }

    /// What its author may have meant otherwise.
    pub fn surprises(&self, tongue: Tongue) -> Vec<String> {
        let mut surprises = Vec::new();
        let step_of = |numbers: &Numbers| {
            numbers.text.split(',').find_map(|part| part.split_once('/')?.1.parse::<u16>().ok())
        };
        if let Some(step) = step_of(&self.weekdays) {
            let (text, days) = (&self.weekdays.text, self.day_words(tongue));
            surprises.push(match tongue {
                English => format!(
                    "`{text}` counts days within each week, not weeks: it means {days}. For every {step} weeks use an interval, `R/P{step}W`"
                ),
                Portuguese => format!(
                    "`{text}` conta dias dentro de cada semana, não semanas: significa {days}. Para cada {step} semanas use um intervalo, `R/P{step}W`"
                ),
            });
        }
        if let Some(step) = step_of(&self.days).filter(|step| *step > 1) {
            let text = &self.days.text;
            surprises.push(match tongue {
                English => format!(
                    "`{text}` starts again on the first of every month; for every {step} days use an interval, `R/P{step}D`"
                ),
                Portuguese => format!(
                    "`{text}` recomeça no primeiro dia de cada mês; para cada {step} dias use um intervalo, `R/P{step}D`"
                ),
            });
        }
        for (numbers, unit, count, letter) in [
            (&self.minutes, ["hour", "hora"], 60, 'M'),
            (&self.hours, ["day", "dia"], 24, 'H'),
            (&self.months, ["year", "ano"], 12, 'm'),
        ] {
            let Some(step) = step_of(numbers).filter(|step| *step > 0 && count % step != 0) else { continue };
            let interval = match letter {
                'm' => format!("R/P{step}M"),
                letter => format!("R/PT{step}{letter}"),
            };
            let (text, unit) = (&numbers.text, unit[tongue as usize]);
            surprises.push(match tongue {
                English => format!(
                    "`{text}` starts again with every {unit}, so the last step is shorter; for even steps use an interval, `{interval}`"
                ),
                Portuguese => format!(
                    "`{text}` recomeça a cada {unit}, e o último passo fica mais curto; para passos iguais use um intervalo, `{interval}`"
                ),
            });
        }
        if self.restricts_days() && self.restricts_weekdays() && self.has_alternatives() {
            surprises.push(
                match tongue {
                    English => "the day of the month and the day of the week are alternatives: it fires when either fits",
                    Portuguese => "o dia do mês e o dia da semana são alternativas: dispara quando qualquer um deles serve",
                }
                .to_owned(),
            );
        }
        if !self.days.any && self.days.allowed.iter().all(|day| *day > 28) {
            surprises.push(
                match tongue {
                    English => "it skips the months that are shorter; `L` is the last day of each",
                    Portuguese => "pula os meses mais curtos; `L` é o último dia de cada um",
                }
                .to_owned(),
            );
        }
        surprises
    }
}

fn list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
