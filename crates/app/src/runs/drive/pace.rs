//! How often an engine is asked: often at first, then less and less, and never all at once.

use std::time::Duration;

use super::super::cloud::Distance;

/// Seconds that a run waits for what cannot be reached, beyond its own limit.
pub(super) const WAIT_S: i64 = 3600;
/// The first pause between two looks.
const FIRST: Duration = Duration::from_millis(500);

/// The longest pause: a run that takes hours does not have to be noticed within seconds.
fn longest(distance: Distance) -> Duration {
    match distance {
        Distance::Here => FIRST,
        Distance::Loopback => Duration::from_secs(3),
        Distance::Far => Duration::from_secs(10),
    }
}

/// The pauses between looks at one run.
pub(crate) struct Pace {
    pause: Duration,
    longest: Duration,
    chance: u64,
}

impl Pace {
    /// For an engine that is so far away. `seed` spreads the runs: two hundred that began together do not ask together.
    pub(crate) fn of(distance: Distance, seed: &str) -> Self {
        let chance = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { pause: FIRST, longest: longest(distance), chance }
    }

    /// Something happened: more may follow soon.
    pub(super) fn hurry(&mut self) {
        self.pause = FIRST;
    }

    /// The next pause: half as long again as the one before, and up to a quarter more or less by chance.
    pub(super) fn next(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (self.pause * 3 / 2).min(self.longest);
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let spread = 0.75 + (self.chance >> 33) as f64 / (1u64 << 31) as f64 * 0.5;
        pause.mul_f64(spread)
    }

    /// Waits for the next pause.
    pub(crate) async fn wait(&mut self) {
        let pause = self.next();
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_runs_ask_less_than_once_a_second_each_and_not_together() {
        for (distance, a_second) in [(Distance::Far, 0.3), (Distance::Loopback, 1.0)] {
            let mut firsts = std::collections::BTreeSet::new();
            for run in 0..200 {
                let mut pace = Pace::of(distance, &format!("run {run}"));
                firsts.insert(pace.next());
                let (mut seconds, mut asked) = (0.0, 0);
                while seconds < 600.0 {
                    seconds += pace.next().as_secs_f64();
                    asked += 1;
                }
                // An ask is two requests: one for the job, one for its cluster.
                assert!(f64::from(2 * asked) / seconds < a_second, "{asked} in {seconds}");
            }
            assert!(firsts.len() > 190, "{}", firsts.len());
        }
    }

    #[test]
    fn it_hurries_when_something_happens() {
        let mut pace = Pace::of(Distance::Far, "x");
        for _ in 0..20 {
            pace.next();
        }
        assert!(pace.next() > Duration::from_secs(5));
        pace.hurry();
        assert!(pace.next() < Duration::from_secs(1));
    }
}
