//! The two algorithms of the packages, small: what Spark fits on a cluster, fitted here for the published statistics.

use super::customers::{CONTRACTS, Customer, INTERNET, PAYMENTS};

/// Inputs in the order of `inputVar.json`, and how many columns each takes once texts are encoded.
pub(super) const INPUTS: [(&str, usize); 9] = [
    ("tenure_months", 1),
    ("monthly_charges", 1),
    ("total_charges", 1),
    ("support_calls", 1),
    ("paperless_billing", 1),
    ("senior", 1),
    ("contract", CONTRACTS.len()),
    ("internet_service", INTERNET.len()),
    ("payment_method", PAYMENTS.len()),
];

/// Settings of `demo/churn_gbt/demo-config.yml`, and Spark's default step.
const TREES: usize = 40;
const DEPTH: usize = 3;
const BINS: usize = 32;
const STEP: f64 = 0.1;
/// Rounds of Newton's method; it converges in six or seven.
const NEWTON_ROUNDS: usize = 25;

/// Customers as numbers.
pub(super) struct Table {
    pub(super) rows: Vec<Vec<f64>>,
    pub(super) events: Vec<bool>,
}

impl Table {
    pub(super) fn of(customers: &[Customer]) -> Self {
        let encode = |it: &Customer| {
            let mut row = vec![
                f64::from(it.tenure_months),
                it.monthly_charges,
                it.total_charges,
                f64::from(it.support_calls),
                f64::from(u8::from(it.paperless_billing)),
                f64::from(u8::from(it.senior)),
            ];
            for (value, count) in
                [(it.contract, CONTRACTS.len()), (it.internet, INTERNET.len()), (it.payment, PAYMENTS.len())]
            {
                row.extend((0..count).map(|index| if index == value { 1.0 } else { 0.0 }));
            }
            row
        };
        Self {
            rows: customers.iter().map(encode).collect(),
            events: customers.iter().map(|it| it.churn).collect(),
        }
    }
}

/// Sums over the columns of each input, relative to the largest.
fn by_input(columns: &[f64]) -> Vec<f64> {
    let mut rest = columns;
    let mut sums = Vec::with_capacity(INPUTS.len());
    for (_, width) in INPUTS {
        let (mine, left) = rest.split_at(width);
        sums.push(mine.iter().sum::<f64>());
        rest = left;
    }
    let largest = sums.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    sums.iter().map(|sum| sum / largest).collect()
}

/// Gradient-boosted regression trees on log loss, as Spark's `GBTClassifier` fits them: labels are -1 and 1, the first
/// tree counts whole, each later one fits the negative gradient and counts by the step. Source: Friedman 2001, "Greedy
/// function approximation", and `org.apache.spark.mllib.tree.loss.LogLoss`.
pub(super) struct Boosting {
    trees: Vec<(f64, Node)>,
    gains: Vec<f64>,
}

enum Node {
    Leaf(f64),
    Split { column: usize, at: f64, below: Box<Node>, above: Box<Node> },
}

impl Node {
    fn value(&self, row: &[f64]) -> f64 {
        match self {
            Self::Leaf(value) => *value,
            Self::Split { column, at, below, above } => {
                if row[*column] <= *at { below } else { above }.value(row)
            }
        }
    }
}

impl Boosting {
    pub(super) fn fit(table: &Table) -> Self {
        let labels: Vec<f64> = table.events.iter().map(|&event| if event { 1.0 } else { -1.0 }).collect();
        let cuts = cuts(&table.rows);
        let all: Vec<usize> = (0..table.rows.len()).collect();
        let mut model = Self { trees: Vec::new(), gains: vec![0.0; table.rows[0].len()] };
        let mut scores = vec![0.0; labels.len()];
        let mut wanted = labels.clone();
        for index in 0..TREES {
            let tree = grow(&table.rows, &wanted, &cuts, &all, DEPTH, &mut model.gains);
            let weight = if index == 0 { 1.0 } else { STEP };
            for (row, score) in table.rows.iter().zip(&mut scores) {
                *score += weight * tree.value(row);
            }
            for ((wanted, label), score) in wanted.iter_mut().zip(&labels).zip(&scores) {
                *wanted = 4.0 * label / (1.0 + (2.0 * label * score).exp());
            }
            model.trees.push((weight, tree));
        }
        model
    }

    pub(super) fn probability(&self, row: &[f64]) -> f64 {
        let score: f64 = self.trees.iter().map(|(weight, tree)| weight * tree.value(row)).sum();
        1.0 / (1.0 + (-2.0 * score).exp())
    }

    /// Reduction of squared error by the splits on each input.
    pub(super) fn importance(&self) -> Vec<f64> {
        by_input(&self.gains)
    }
}

/// Where each column may be split: between neighbouring bins of about equal size.
fn cuts(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cut = |column: usize| {
        let mut values: Vec<f64> = rows.iter().map(|row| row[column]).collect();
        values.sort_by(f64::total_cmp);
        let mut cuts: Vec<f64> = (1..BINS)
            .map(|bin| bin * values.len() / BINS)
            .filter(|&at| values[at] > values[at - 1] || values.first() != values.last())
            .map(|at| {
                // The border above the value that ends the bin.
                let next = values[at..].iter().find(|value| **value > values[at]);
                next.map_or(values[at], |next| (values[at] + next) / 2.0)
            })
            .collect();
        cuts.extend(values.windows(2).find(|pair| pair[1] > pair[0]).map(|pair| (pair[0] + pair[1]) / 2.0));
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        cuts
    };
    (0..rows[0].len()).map(cut).collect()
}

fn grow(
    rows: &[Vec<f64>],
    wanted: &[f64],
    cuts: &[Vec<f64>],
    members: &[usize],
    depth: usize,
    gains: &mut [f64],
) -> Node {
    let sum: f64 = members.iter().map(|&index| wanted[index]).sum();
    let count = members.len() as f64;
    let mut best: Option<(f64, usize, f64)> = None;
    if depth > 0 && members.len() > 1 {
        for (column, cuts) in cuts.iter().enumerate() {
            let (mut counts, mut sums) = (vec![0.0; cuts.len() + 1], vec![0.0; cuts.len() + 1]);
            for &index in members {
                let bin = cuts.partition_point(|cut| *cut < rows[index][column]);
                counts[bin] += 1.0;
                sums[bin] += wanted[index];
            }
            let (mut below_count, mut below_sum) = (0.0, 0.0);
            for (bin, &at) in cuts.iter().enumerate() {
                below_count += counts[bin];
                below_sum += sums[bin];
                let above_count = count - below_count;
                if below_count < 1.0 || above_count < 1.0 {
                    continue;
                }
                let above_sum = sum - below_sum;
                let gain = below_sum * below_sum / below_count + above_sum * above_sum / above_count
                    - sum * sum / count;
                if gain > best.map_or(1e-9, |(gain, ..)| gain) {
                    best = Some((gain, column, at));
                }
            }
        }
    }
    let Some((gain, column, at)) = best else { return Node::Leaf(sum / count) };
    gains[column] += gain;
    let (below, above): (Vec<usize>, Vec<usize>) =
        members.iter().partition(|&&index| rows[index][column] <= at);
    let below = Box::new(grow(rows, wanted, cuts, &below, depth - 1, gains));
    let above = Box::new(grow(rows, wanted, cuts, &above, depth - 1, gains));
    Node::Split { column, at, below, above }
}

/// Logistic regression without penalty, by Newton's method on standardised columns.
pub(super) struct Logistic {
    /// The intercept, then one a column; the last column of each encoded text is left out and stays zero.
    weights: Vec<f64>,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl Logistic {
    pub(super) fn fit(table: &Table) -> Self {
        let columns = table.rows[0].len();
        let count = table.rows.len() as f64;
        let mean = |column: usize| table.rows.iter().map(|row| row[column]).sum::<f64>() / count;
        let means: Vec<f64> = (0..columns).map(mean).collect();
        let deviation = |column: usize| {
            let squares = table.rows.iter().map(|row| (row[column] - means[column]).powi(2)).sum::<f64>();
            (squares / count).sqrt().max(f64::MIN_POSITIVE)
        };
        let deviations: Vec<f64> = (0..columns).map(deviation).collect();
        let mut model = Self { weights: vec![0.0; columns + 1], means, deviations };
        let used = used_columns();
        for _ in 0..NEWTON_ROUNDS {
            let size = used.len() + 1;
            let (mut gradient, mut curvature) = (vec![0.0; size], vec![vec![0.0; size]; size]);
            for (row, &event) in table.rows.iter().zip(&table.events) {
                let probability = model.probability(row);
                let inputs: Vec<f64> = std::iter::once(1.0)
                    .chain(used.iter().map(|&column| model.standard(row, column)))
                    .collect();
                let error = f64::from(u8::from(event)) - probability;
                for (i, x) in inputs.iter().enumerate() {
                    gradient[i] += error * x;
                    for (j, y) in inputs.iter().enumerate() {
                        curvature[i][j] += probability * (1.0 - probability) * x * y;
                    }
                }
            }
            let step = solve(curvature, gradient);
            model.weights[0] += step[0];
            for (&column, step) in used.iter().zip(&step[1..]) {
                model.weights[column + 1] += step;
            }
        }
        model
    }

    fn standard(&self, row: &[f64], column: usize) -> f64 {
        (row[column] - self.means[column]) / self.deviations[column]
    }

    pub(super) fn probability(&self, row: &[f64]) -> f64 {
        let terms = (0..row.len()).map(|column| self.weights[column + 1] * self.standard(row, column));
        1.0 / (1.0 + (-self.weights[0] - terms.sum::<f64>()).exp())
    }

    /// Size of the standardised weights of each input.
    pub(super) fn importance(&self) -> Vec<f64> {
        by_input(&self.weights[1..].iter().map(|weight| weight.abs()).collect::<Vec<_>>())
    }
}

/// Columns with a weight: of an encoded text all but the last, which the others determine.
fn used_columns() -> Vec<usize> {
    let mut used = Vec::new();
    let mut first = 0;
    for (_, width) in INPUTS {
        used.extend(first..first + if width > 1 { width - 1 } else { 1 });
        first += width;
    }
    used
}

/// Solves a positive definite system by elimination with pivots.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let pivot =
            (column..size).max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()));
        let pivot = pivot.unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let head = matrix[column].clone();
        for row in column + 1..size {
            let factor = matrix[row][column] / head[column];
            for (cell, above) in matrix[row].iter_mut().zip(&head).skip(column) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for column in (0..size).rev() {
        let known: f64 = (column + 1..size).map(|at| matrix[column][at] * right[at]).sum();
        right[column] = (right[column] - known) / matrix[column][column];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let solved = solve(vec![vec![0.0, 2.0], vec![3.0, 1.0]], vec![4.0, 5.0]);
        assert!((solved[0] - 1.0).abs() < 1e-12 && (solved[1] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_fitted_regression_has_the_mean_of_its_events() {
        let table = Table::of(&super::super::customers::Customers::draw(3).train);
        let model = Logistic::fit(&table);
        let mean = table.rows.iter().map(|row| model.probability(row)).sum::<f64>() / table.rows.len() as f64;
        let events = table.events.iter().filter(|event| **event).count() as f64 / table.events.len() as f64;
        assert!((mean - events).abs() < 1e-9, "{mean} {events}");
    }
}
