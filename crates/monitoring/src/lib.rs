//! Performance, drift, decay: columns in, numbers out.
//!
//! [`compute`] reads periods of scored data (CSV or Parquet), compares each with a baseline and answers a [`Report`] of
//! aggregates. Every number has one published definition, given where its field is declared; what is undefined is `None`
//! with a reason. Nothing here knows of models, workspaces or people.

mod cause;
mod compute;
mod drift;
mod error;
mod fairness;
mod kolmogorov;
mod metrics;
mod named;
mod options;
mod performance;
mod report;
mod retrain;
pub mod rules;
pub mod sequential;
mod sorted;
mod special;
mod summary;
mod table;
mod tables;

pub use cause::Cause;
pub use compute::{ColumnPreview, TRENDED, Watch, compute, compute_watched, in_order, preview, scored};
pub use drift::{CategoricalDrift, Drift, MISSING_LEVEL, NumericDrift, PSI_ALERT, PSI_WARN, VariableDrift};
pub use error::Error;
pub use fairness::{Fairness, GroupRates, Parity};
pub use metrics::{Better, METRICS, Metric};
pub use named::Named;
pub use options::{Cadence, Level, Options, Rule, TimeSplit};
pub use performance::{
    Association, Calibration, Confusion, DeLong, Dropped, GridAssociation, HosmerLemeshow, LiftBin,
    Performance, Recalibration, RegressionPerformance, ReliabilityBin, ResidualBin, RocPoint, TieGroups,
    grid_association, performance, regression, sas_lift,
};
pub use report::{
    Action, Alert, Decay, PeriodReport, Reason, Recommendation, ReferenceReport, Remark, Report, Scoring,
    dry_run, is_number, is_outcome, numbers,
};
pub use retrain::recommend;
pub use summary::{Part, Request, SCRIPT, compute_counted};
pub use tables::{Cells, TableColumn, csv_table, parquet_table};
