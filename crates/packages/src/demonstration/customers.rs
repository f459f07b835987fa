//! Synthetic customers of a telephone company.

use std::fmt::Write;

const TRAIN_COUNT: usize = 2_800;
const TEST_COUNT: usize = 1_200;
const TO_SCORE_COUNT: usize = 800;

pub(super) const CONTRACTS: [&str; 3] = ["month-to-month", "one year", "two years"];
pub(super) const INTERNET: [&str; 3] = ["fiber", "dsl", "none"];
pub(super) const PAYMENTS: [&str; 4] = ["card", "bank transfer", "cheque", "invoice"];

/// The customers of one seed.
pub(super) struct Customers {
    pub(super) train: Vec<Customer>,
    pub(super) test: Vec<Customer>,
    pub(super) to_score: Vec<Customer>,
}

/// A customer at the beginning of a quarter, and whether they left in it. Texts are indices into the lists above.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    id: usize,
    pub(super) contract: usize,
    pub(super) internet: usize,
    pub(super) payment: usize,
    pub(super) tenure_months: u32,
    pub(super) monthly_charges: f64,
    pub(super) total_charges: f64,
    pub(super) support_calls: u32,
    pub(super) paperless_billing: bool,
    pub(super) senior: bool,
    pub(super) churn: bool,
}

impl Customers {
    pub(super) fn draw(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let mut draw =
            |count: usize, first: usize| (first..first + count).map(|id| customer(id, &mut chance)).collect();
        Self {
            train: draw(TRAIN_COUNT, 1),
            test: draw(TEST_COUNT, 1 + TRAIN_COUNT),
            to_score: draw(TO_SCORE_COUNT, 1 + TRAIN_COUNT + TEST_COUNT),
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between 0 and 1, evenly.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn yes(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// Roughly normal: the sum of twelve even shares.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

fn customer(id: usize, chance: &mut Chance) -> Customer {
    let contract = chance.pick(&[0.55, 0.21, 0.24]);
    let internet = chance.pick(&[0.44, 0.34, 0.22]);
    let payment = chance.pick(&[0.24, 0.22, 0.2, 0.34]);
    let longest = [48.0, 66.0, 72.0][contract];
    let tenure_months = (1.0 + longest * chance.share().powf([1.6, 0.9, 0.6][contract])) as u32;
    let monthly = [82.0, 55.0, 22.0][internet] + 9.0 * chance.bell();
    let monthly_charges = (monthly.max(15.0) * 100.0).round() / 100.0;
    let drift = 1.0 + 0.05 * chance.bell();
    let total_charges = (monthly_charges * f64::from(tenure_months) * drift * 100.0).round() / 100.0;
    let troubled = if internet == 0 { 1.5 } else { 0.8 };
    let support_calls = (troubled * -(1.0 - chance.share()).ln()).min(9.0) as u32;
    let paperless_billing = chance.yes(0.59);
    let senior = chance.yes(0.16);

    // What makes a customer leave. The last four terms are steps, a bump and an interaction, which no weighted sum of
    // the inputs holds: calls that pile up, an introductory price that ends after a year, a competitor's offer, and new
    // customers with fast access and no commitment.
    let tenure = f64::from(tenure_months);
    let mut logit =
        -2.3 + [0.9, -0.2, -1.2][contract] + [0.3, 0.0, -0.4][internet] + [-0.2, -0.2, 0.1, 0.4][payment];
    logit += 0.9 * (-tenure / 14.0).exp()
        + if paperless_billing { 0.2 } else { 0.0 }
        + if senior { 0.25 } else { 0.0 };
    logit += if support_calls >= 3 { 1.7 } else { 0.0 };
    logit += if (12..=16).contains(&tenure_months) && contract < 2 { 2.0 } else { 0.0 };
    logit += if (58.0..72.0).contains(&monthly_charges) { 1.6 } else { 0.0 };
    logit += if contract == 0 && internet == 0 && tenure < 18.0 { 1.2 } else { 0.0 };
    let churn = chance.yes(1.0 / (1.0 + (-logit).exp()));
    Customer {
        id,
        contract,
        internet,
        payment,
        tenure_months,
        monthly_charges,
        total_charges,
        support_calls,
        paperless_billing,
        senior,
        churn,
    }
}

/// Customers a quarter that the monitor sees.
const QUARTER_COUNT: usize = 6_000;
/// How strongly the outcome follows the score, quarter by quarter: Gini falls from about 0.31 to 0.17.
const FOLLOWS: [f64; 4] = [0.58, 0.48, 0.38, 0.30];
/// What the monthly charges rise by: an input drifts, and the score does not read it.
const DEARER: [f64; 4] = [1.0, 1.02, 1.08, 1.18];

/// Four quarters of customers as they were scored, with what became of them: name and contents of each file. The score is
/// distributed alike in all of them; what fades is how the outcome follows it.
pub(super) fn quarters(seed: u64) -> Vec<(String, String)> {
    let mut chance = Chance(seed ^ 0x51_4D_4F_4E);
    let mut id = 100_000;
    let mut written = Vec::new();
    for (quarter, (follows, dearer)) in FOLLOWS.iter().zip(DEARER).enumerate() {
        let mut text = header(true);
        text.insert_str(text.len() - 1, ",P_CHURN1");
        for _ in 0..QUARTER_COUNT {
            let mut it = customer(id, &mut chance);
            id += 1;
            it.monthly_charges = (it.monthly_charges * dearer * 100.0).round() / 100.0;
            // A deployed score, standardised: commitment, time as a customer, trouble, and what no column holds.
            let strength = [0.75, -0.35, -1.05][it.contract] - 0.012 * (f64::from(it.tenure_months) - 28.0)
                + 0.18 * (f64::from(it.support_calls) - 0.8)
                + 0.45 * chance.bell();
            let score = 1.0 / (1.0 + (1.1 - 0.8 * strength).exp());
            it.churn = chance.yes(1.0 / (1.0 + (1.05 - follows * strength).exp()));
            row(&mut text, &it);
            let _ = writeln!(text, ",{},{score:.6}", u8::from(it.churn));
        }
        written.push((format!("CHURNPERF_{0}_Q{0}.csv", quarter + 1), text));
    }
    written
}

/// The table as the scripts read it; customers to be scored have no target.
pub(super) fn csv(customers: &[Customer], with_target: bool) -> String {
    let mut text = header(with_target);
    for it in customers {
        row(&mut text, it);
        if with_target {
            let _ = write!(text, ",{}", u8::from(it.churn));
        }
        text.push('\n');
    }
    text
}

fn header(with_target: bool) -> String {
    let target = if with_target { ",churn" } else { "" };
    format!(
        "customer_id,contract,internet_service,payment_method,tenure_months,monthly_charges,total_charges,\
         support_calls,paperless_billing,senior{target}\n"
    )
}

fn row(text: &mut String, it: &Customer) {
    let (contract, internet, payment) = (CONTRACTS[it.contract], INTERNET[it.internet], PAYMENTS[it.payment]);
    let (paperless, senior) = (u8::from(it.paperless_billing), u8::from(it.senior));
    let _ = write!(
        text,
        "C{:05},{contract},{internet},{payment},{},{:.2},{:.2},{},{paperless},{senior}",
        it.id, it.tenure_months, it.monthly_charges, it.total_charges, it.support_calls
    );
}
