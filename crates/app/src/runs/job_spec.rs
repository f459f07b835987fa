//! What a run asks of an engine, read from the approved package.

use std::collections::BTreeMap;

use ::runs::{Location, RunFile, RunSpec};
use governance::fact::RunKind;
use governance::runs::Run;
use words::said;

use super::{from_runs, migrate, outputs};
use crate::session::Session;
use crate::{Code, Failure};

/// The label that says which workspace a resource in the cloud belongs to.
pub(crate) const WORKSPACE_LABEL: &str = "countersign-workspace";

/// The value of [`WORKSPACE_LABEL`]: the beginning of the workspace's identifier.
pub(crate) fn workspace_label(session: &Session) -> String {
    session.id()["sha256:".len()..][..16].to_owned()
}

/// What to run: the approved script with the digest it must have, the configuration beside it, the outputs it declares.
pub(crate) fn of(session: &Session, run: &Run, package: &packages::Package) -> Result<RunSpec, Failure> {
    let role = match run.kind {
        RunKind::Score => packages::Role::Score,
        _ => packages::Role::Train,
    };
    let main = match run.kind {
        RunKind::Score => package.score_entry(),
        _ => package.file_with_role(&role),
    };
    let main =
        main.ok_or_else(|| Failure::said(Code::Refused, said!("no-file-of-role", role = role.to_string())))?;
    let file = |entry: &packages::FileEntry| -> Result<RunFile, Failure> {
        let digest = entry.sha256.trim_start_matches("sha256:");
        Ok(RunFile {
            from: Location::Object {
                bucket: run.bucket.clone(),
                name: format!("{}/{}", migrate::MODEL_FOLDER, entry.path),
            },
            sha256: Some(digest.parse().map_err(|error| from_runs(&error))?),
        })
    };
    let configuration =
        outputs::configuration(package).and_then(|configuration| package.file(&configuration.file));
    let mut args = Vec::new();
    let mut files = Vec::new();
    if let Some(configuration) = configuration {
        let name = configuration.path.rsplit('/').next().unwrap_or(&configuration.path);
        args.extend(["--configfile".to_owned(), format!("./{name}")]);
        files.push(file(configuration)?);
    }
    args.extend(run.args.iter().cloned());
    let requirements = outputs::requirements(package);
    Ok(RunSpec {
        key: run.key.parse().map_err(|error| from_runs(&error))?,
        main: file(main)?,
        args,
        files,
        properties: run.properties.clone(),
        environment: BTreeMap::new(),
        requirements,
        outputs: outputs::expected(package, run.kind).into_iter().map(|(_, output)| output).collect(),
        deadline_s: u64::from(run.deadline_s),
        labels: BTreeMap::from([
            (WORKSPACE_LABEL.to_owned(), workspace_label(session)),
            ("countersign-version".to_owned(), run.version.to_string().to_lowercase()),
        ]),
    })
}
