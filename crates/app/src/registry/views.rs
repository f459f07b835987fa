//! What the registry room asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::page::PageOf;

/// Lists projects. Sorts: `name` (default), `created_at`, `models`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListProjects {
    /// Which page.
    pub page: PageOf,
}

/// A project in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProjectRow {
    /// Identifier (ULID).
    pub id: String,
    /// Name, unique in the workspace.
    pub name: String,
    /// What business problem it stands for.
    pub description: String,
    /// `classification`, `prediction`, …
    pub function: Option<String>,
    /// Models registered.
    pub models: u32,
    /// Name of the champion, with its version.
    pub champion: Option<VersionRef>,
    /// Versions competing with it.
    pub challengers: Vec<VersionRef>,
    /// Process instances running in this project.
    pub instances_running: u32,
    /// When it was created (RFC 3339).
    pub created_at: String,
    /// Who created it.
    pub created_by: String,
}

/// Points at a version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VersionRef {
    /// Identifier of the version.
    pub version: String,
    /// Identifier of its model.
    pub model: String,
    /// The model's name.
    pub model_name: String,
    /// `major.minor`.
    pub number: String,
}

/// Creates a project.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CreateProject {
    /// Name, unique in the workspace (1 to 128 characters).
    pub name: String,
    /// What business problem it stands for.
    pub description: String,
    /// `classification`, `prediction`, `cluster`, `forecasting`, `text analytics`, `transformation`, `analytical`.
    #[ts(optional)]
    pub function: Option<String>,
    /// `binary`, `nominal` or `interval`.
    #[ts(optional)]
    pub target_level: Option<String>,
    /// Name of the target variable.
    #[ts(optional)]
    pub target_variable: Option<String>,
    /// Value of the target that is the event.
    #[ts(optional)]
    pub target_event: Option<String>,
    /// Name of the output that holds the event's probability.
    #[ts(optional)]
    pub event_probability_variable: Option<String>,
}

/// Names a project, by identifier or by name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProjectOf {
    /// Identifier or name.
    pub project: String,
}

/// A project with what its page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProjectPage {
    /// The row.
    pub project: ProjectRow,
    /// Its typed properties, name and value.
    pub properties: Vec<Property>,
    /// Its models, by name, each with its latest version.
    pub models: Vec<ModelRow>,
}

/// A name and a value.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Property {
    /// Name.
    pub name: String,
    /// Value as text.
    pub value: String,
}

/// Lists models. Sorts: `name` (default), `project`, `algorithm`, `modified_at`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListModels {
    /// Only of this project (identifier or name).
    #[ts(optional)]
    pub project: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// A model in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ModelRow {
    /// Identifier (ULID).
    pub id: String,
    /// Name, unique in its project.
    pub name: String,
    /// Identifier of its project.
    pub project: String,
    /// Name of its project.
    pub project_name: String,
    /// `plain`, `champion` or `challenger`: the role of its best placed version.
    pub role: String,
    /// Latest version.
    pub latest: VersionRef,
    /// Algorithm as the package says.
    pub algorithm: Option<String>,
    /// Tool that made it.
    pub tool: Option<String>,
    /// Who registered the latest version.
    pub modified_by: String,
    /// When (RFC 3339).
    pub modified_at: String,
}

/// Reads a package without registering it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct InspectPackage {
    /// Path of the zip on this machine.
    pub path: String,
}

/// Registers a package as a model, or as a new version of one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImportPackage {
    /// Path of the zip on this machine.
    pub path: String,
    /// Project, by identifier or name.
    pub project: String,
    /// Name of the model; the package's own if absent. A model of that name gets a new version.
    #[ts(optional)]
    pub name: Option<String>,
    /// For a model that exists: `major` (default) or `minor`, the step of the version number; or `replace`, new contents
    /// for its latest version (approvals of the old contents then no longer count).
    #[ts(optional)]
    pub version: Option<String>,
    /// Findings accepted, each with a reason.
    pub waivers: Vec<Waiver>,
}

/// Accepts a finding that would block registration.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Waiver {
    /// `id` of the finding.
    pub finding: String,
    /// Why it is acceptable (at least 10 characters).
    pub reason: String,
}

/// What reading a package showed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PackageReading {
    /// Root digest of the contents: what an approval signs.
    pub digest: String,
    /// Name the package gives its model.
    pub name: Option<String>,
    /// Files, by path.
    pub files: Vec<FileRow>,
    /// Variables.
    pub variables: Vec<VariableRow>,
    /// Properties, name and value.
    pub properties: Vec<Property>,
    /// Things to know that block nothing.
    pub warnings: Vec<String>,
    /// Things that block registration until waived, and notes of the pickle scan.
    pub findings: Vec<FindingRow>,
}

/// A registered version, as `registry.import_package` answers (and `model import --json`).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Registered {
    /// Identifier of the model.
    pub model: String,
    /// Identifier of the version.
    pub version: String,
    /// `major.minor`.
    pub number: String,
    /// Root digest of the contents.
    pub digest: String,
    /// Files, by path.
    pub files: Vec<FileRow>,
    /// Variables.
    pub variables: Vec<VariableRow>,
    /// Things to know that blocked nothing.
    pub warnings: Vec<String>,
    /// Position of the entry that recorded it.
    pub position: u64,
}

/// A file of a package.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileRow {
    /// Path in the package, below its top folder.
    pub path: String,
    /// `score`, `train`, `inputVariables`, … or none.
    pub role: Option<String>,
    /// Size in bytes.
    pub size: u64,
    /// `sha256:…` of the contents.
    pub sha256: String,
}

/// A variable of a model.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariableRow {
    /// Name.
    pub name: String,
    /// `input`, `output` or `target`.
    pub direction: String,
    /// `string`, `decimal`, `integer`, … as the package says.
    pub data_type: String,
    /// `interval`, `nominal`, `binary`, …
    pub level: Option<String>,
    /// Length in characters or bytes, as the package says.
    pub length: Option<u32>,
    /// Description.
    pub description: Option<String>,
}

/// A finding of the package scan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FindingRow {
    /// Identifier of the finding: the same for the same place and contents.
    pub id: String,
    /// `secret`, `pickle`, `pipeline`, …
    pub kind: String,
    /// `blocking`, or `note`.
    pub severity: String,
    /// File.
    pub file: String,
    /// Line in the file, from 1.
    pub line: Option<u32>,
    /// What was found, secrets masked.
    pub message: String,
    /// Reason it was waived for, and by whom.
    pub waived: Option<String>,
}

/// Names a version by identifier.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VersionOf {
    /// Identifier of the version; of a model, for its latest; or `project/model` or `project/model@1.0` by names.
    pub version: String,
}

/// Everything the version page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VersionPage {
    /// Identifier of the version.
    pub version: String,
    /// `major.minor`.
    pub number: String,
    /// The model.
    pub model: ModelRow,
    /// Root digest of the contents.
    pub digest: String,
    /// `plain`, `champion` or `challenger`.
    pub role: String,
    /// Who registered it.
    pub registered_by: String,
    /// When (RFC 3339).
    pub registered_at: String,
    /// Position of the entry that recorded it.
    pub position: u64,
    /// Files, by path.
    pub files: Vec<FileRow>,
    /// Variables.
    pub variables: Vec<VariableRow>,
    /// Properties as the package says.
    pub properties: Vec<Property>,
    /// Fit statistics: one row a statistic, one column a partition.
    pub fit_statistics: FitTable,
    /// Whether the package brought points for a ROC figure.
    pub has_roc: bool,
    /// Whether the package brought points for a lift figure.
    pub has_lift: bool,
    /// Importance of the inputs, largest first.
    pub importance: Vec<ImportanceRow>,
    /// Things to know.
    pub warnings: Vec<String>,
    /// Findings with their waivers.
    pub findings: Vec<FindingRow>,
    /// All versions of this model, latest first.
    pub versions: Vec<VersionSummary>,
    /// Approvals and rejections that speak of exactly this digest, latest first.
    pub approvals: Vec<ApprovalRow>,
    /// Where it was migrated to.
    pub migrations: Vec<MigrationRow>,
}

/// Fit statistics by partition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct FitTable {
    /// Partitions, for example `TRAIN`, `VALIDATE`, `TEST`.
    pub partitions: Vec<String>,
    /// Statistics.
    pub rows: Vec<FitRow>,
    /// What contradicts the points of ROC and lift, and what else has no row.
    pub curves: Vec<String>,
    /// How many contradictions there are, in rows and curves.
    pub contradictions: u32,
}

/// One statistic.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FitRow {
    /// Name as published, for example `_GINI_`.
    pub name: String,
    /// What it is called on screens.
    pub label: String,
    /// One value a partition; absent where the package has none.
    pub values: Vec<Option<f64>>,
    /// What contradicts it, if something does.
    pub inconsistent: Option<String>,
}

/// Importance of one input.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ImportanceRow {
    /// The input.
    pub variable: String,
    /// Importance as the package says.
    pub importance: f64,
}

/// One version of a model.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VersionSummary {
    /// Identifier.
    pub version: String,
    /// `major.minor`.
    pub number: String,
    /// Root digest.
    pub digest: String,
    /// `plain`, `champion` or `challenger`.
    pub role: String,
    /// Who registered it.
    pub registered_by: String,
    /// When (RFC 3339).
    pub registered_at: String,
}

/// A signed decision on exactly one digest.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ApprovalRow {
    /// What was decided: `approved` or `rejected`.
    pub decision: String,
    /// Who signed.
    pub member: String,
    /// When (RFC 3339).
    pub at: String,
    /// The gate, for example `migrate`.
    pub gate: String,
    /// Digest signed.
    pub digest: String,
    /// Whether that is still the digest of the version.
    pub current: bool,
    /// Whether it decided: the signature of the last person asked for, or a no. The ones before count towards it.
    pub decides: bool,
    /// Where its gate waits for more persons: who has approved these contents so far, and how many are asked for.
    pub waiting: Option<SignaturesRow>,
    /// What the signer wrote.
    pub note: String,
    /// Instance it belongs to.
    pub instance: String,
    /// Position of the entry.
    pub position: u64,
}

/// Signatures of a gate that waits for more.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SignaturesRow {
    /// Who has signed so far.
    pub signed_by: Vec<String>,
    /// How many persons must sign.
    pub needed: u32,
}

/// A migration.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MigrationRow {
    /// Run that carried it.
    pub run: String,
    /// Bucket.
    pub bucket: String,
    /// Digest of the manifest.
    pub manifest: String,
    /// When it was verified (RFC 3339).
    pub at: String,
}

/// Reads a file of a version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReadFile {
    /// Identifier of the version.
    pub version: String,
    /// Path in the package.
    pub path: String,
}

/// A file's contents for the viewer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileContents {
    /// The file.
    pub file: FileRow,
    /// Text, up to the first megabyte; absent for a binary file.
    pub text: Option<String>,
    /// Whether the text was cut.
    pub truncated: bool,
    /// `python`, `json`, `yaml`, `xml`, `sas`, `text` or `binary`.
    pub language: String,
}

/// Compares two to four versions.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CompareVersions {
    /// Identifiers of the versions.
    pub versions: Vec<String>,
}

/// Two to four versions side by side.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// The versions, in the order asked for.
    pub versions: Vec<VersionRef>,
    /// Fit statistics: name, partition, one value a version.
    pub statistics: Vec<ComparedStatistic>,
    /// Variables: name, and for each version how it has it (`input interval decimal`), absent where it has none.
    pub variables: Vec<ComparedText>,
    /// Properties that some version has.
    pub properties: Vec<ComparedText>,
    /// Files: name, and the digest each version has.
    pub files: Vec<ComparedText>,
    /// Unified text differences between the first version and each other, for the text files that differ.
    pub diffs: Vec<FileDiff>,
}

/// One statistic of several versions.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ComparedStatistic {
    /// Name as published.
    pub name: String,
    /// What it is called on screens.
    pub label: String,
    /// Partition.
    pub partition: String,
    /// One value a version.
    pub values: Vec<Option<f64>>,
    /// Whether more is better (`higher`), less is (`lower`), or neither (`none`).
    pub better: String,
}

/// One text of several versions.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ComparedText {
    /// Name.
    pub name: String,
    /// One value a version.
    pub values: Vec<Option<String>>,
    /// Whether they are all the same.
    pub same: bool,
}

/// A unified difference of one file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileDiff {
    /// Path in the package.
    pub path: String,
    /// The second version.
    pub other: String,
    /// Unified difference.
    pub diff: String,
}

/// Places a version in its project.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PlaceVersion {
    /// Identifier of the version, or `project/model@1.0` by names.
    pub version: String,
}

/// Asks for a figure of a version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FigureOf {
    /// Identifier of the version.
    pub version: String,
    /// `roc` or `lift`.
    pub kind: String,
    /// Width in CSS pixels, 200 to 2000.
    pub width: u32,
    /// Height in CSS pixels, 150 to 1200.
    pub height: u32,
    /// Further versions to overlay.
    #[serde(default)]
    pub with: Vec<String>,
    /// The reader's language, `en` or `pt-BR`; English without.
    #[serde(default)]
    #[ts(optional)]
    pub language: Option<String>,
}

/// A figure drawn in Rust.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Figure {
    /// The drawing; colours are CSS variables with fallbacks.
    pub svg: String,
    /// The plot area in pixels: left, top, width, height.
    pub plot: [f64; 4],
    /// Points that can be pointed at, with what they say.
    pub hits: Vec<FigureHit>,
    /// The same numbers as a table: header and rows.
    pub table: FigureTable,
}

/// A point of a figure.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FigureHit {
    /// Horizontal position in pixels.
    pub x: f64,
    /// Vertical position in pixels.
    pub y: f64,
    /// Series it belongs to.
    pub series: String,
    /// What it says.
    pub label: String,
}

/// A figure's numbers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FigureTable {
    /// Column names.
    pub columns: Vec<String>,
    /// Cells as text.
    pub rows: Vec<Vec<String>>,
}

/// Answer to a change: where it was recorded.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Recorded {
    /// Position of the entry.
    pub position: u64,
    /// Identifier of what was made or changed.
    pub id: String,
}
