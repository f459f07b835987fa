//! What a run asks of an engine, read from the approved package.
//!
//! The package's own modules go along: those beside the main script as they are, those in folders in one zip, because a
//! path alone would lose the folder that an import names. The zip lies beside the version and not in it, where only what
//! was approved may lie; it is made of the approved files anew for every run, and its digest is held like theirs.

use std::collections::BTreeMap;

use ::runs::bucket::Precondition;
use ::runs::digest::Fingerprint;
use ::runs::{Location, RunFile, RunSpec};
use governance::fact::RunKind;
use governance::runs::Run;
use words::said;

use super::{from_runs, migrate, outputs, unreached};
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// The label that says which workspace a resource in the cloud belongs to.
pub(crate) const WORKSPACE_LABEL: &str = "countersign-workspace";

/// The label of what runs without a run in the ledger: its value says for whom.
pub(crate) const FOR_LABEL: &str = "countersign-for";

/// Folder of the bucket with the zips of modules, each under the beginning of its version's digest.
const MODULES_FOLDER: &str = "countersign/modules";

/// The value of [`WORKSPACE_LABEL`]: the beginning of the workspace's identifier.
pub(crate) fn workspace_label(session: &Session) -> String {
    session.id()["sha256:".len()..][..16].to_owned()
}

/// What to run, as [`of`] says, with the zip of the modules that lie in folders, which is put into the bucket.
pub(crate) async fn placed(
    session: &Session,
    run: &Run,
    package: &packages::Package,
) -> Result<RunSpec, Failure> {
    let mut spec = of(session, run, package)?;
    let main = main(run, package)?;
    let nested: Vec<(String, &packages::FileEntry)> =
        modules(&package.files, &main.path).filter(|(path, _)| path.contains('/')).collect();
    if nested.is_empty() {
        return Ok(spec);
    }
    let folder = session.home.join("staging").join(format!("modules-{}", run.id));
    let _guard = migrate::RemoveAfter(folder.clone());
    crate::make_folder(&folder)?;
    let mut files = Vec::new();
    for (index, (path, entry)) in nested.into_iter().enumerate() {
        let source = folder.join(index.to_string());
        let _ = std::fs::remove_file(&source);
        let digest: ::ledger::Digest = parse("digest", &entry.sha256)?;
        let saved = session.ledger.save_blob(&digest, &source).await;
        saved.map_err(|error| crate::session::from_ledger(&error))?;
        files.push((path, source));
    }
    let zip = folder.join("modules.zip");
    let to = zip.clone();
    tokio::task::spawn_blocking(move || packages::write(&to, &files))
        .await
        .map_err(|cause| Failure::internal("writing the modules was interrupted", &cause))?
        .map_err(|error| {
            let path = folder.display().to_string();
            Failure::said(Code::Denied, said!("cannot-make-folder", path = path)).because(&error)
        })?;
    let print = Fingerprint::of_file(&zip).map_err(|error| from_runs(&error))?;
    let root = run.root.as_str().trim_start_matches("sha256:");
    let name = format!("{MODULES_FOLDER}/{}.zip", &root[..16]);
    let bucket = super::cloud::bucket_at(session, &run.target, run.endpoint.as_deref(), &run.bucket)?;
    let there = match bucket.stat(&name).await {
        Ok(object) => object.crc32c == Some(print.crc32c) && object.size_bytes == print.size_bytes,
        Err(::runs::Error::NotFound { .. }) => false,
        Err(error) => return Err(unreached(&error)),
    };
    // What lies there is read and compared by the engine before anything runs, as every file of a run is.
    if !there {
        let put = bucket.put_file(&name, &zip, Some(print), Precondition::Any, &|_| {}).await;
        put.map_err(|error| unreached(&error))?;
    }
    spec.python_files.push(RunFile {
        from: Location::Object { bucket: run.bucket.clone(), name },
        sha256: Some(print.sha256),
    });
    Ok(spec)
}

/// The script that a run of this kind runs.
fn main<'a>(run: &Run, package: &'a packages::Package) -> Result<&'a packages::FileEntry, Failure> {
    let role = match run.kind {
        RunKind::Score => packages::Role::Score,
        _ => packages::Role::Train,
    };
    let main = match run.kind {
        RunKind::Score => package.score_entry(),
        _ => package.file_with_role(&role),
    };
    main.ok_or_else(|| Failure::said(Code::Refused, said!("no-file-of-role", role = role.to_string())))
}

/// The package's modules besides the main script, each with its path as an import sees it: below the main script's
/// folder, else below the package's.
fn modules<'a>(
    files: &'a [packages::FileEntry],
    main: &'a str,
) -> impl Iterator<Item = (String, &'a packages::FileEntry)> {
    let folder = main.rfind('/').map_or("", |at| &main[..=at]);
    files.iter().filter(move |file| file.path != main && file.path.ends_with(".py")).map(move |file| {
        let path = file.path.strip_prefix(folder).unwrap_or(&file.path);
        (path.to_owned(), file)
    })
}

/// The modules that lie beside the main script. A folder's own `__init__.py` is none: nothing imports it by that name.
fn beside<'a>(
    files: &'a [packages::FileEntry],
    main: &'a str,
) -> impl Iterator<Item = &'a packages::FileEntry> {
    modules(files, main)
        .filter(|(path, _)| !path.contains('/') && path != "__init__.py")
        .map(|(_, file)| file)
}

/// What to run: the approved script with the digest it must have, the configuration beside it, the outputs it declares.
pub(crate) fn of(session: &Session, run: &Run, package: &packages::Package) -> Result<RunSpec, Failure> {
    let main = main(run, package)?;
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
        python_files: beside(&package.files, &main.path).map(file).collect::<Result<_, _>>()?,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> packages::FileEntry {
        packages::FileEntry {
            path: path.to_owned(),
            role: None,
            role_source: packages::RoleSource::None,
            size_bytes: 0,
            sha256: String::new(),
            media: packages::Media::Text,
        }
    }

    #[test]
    fn modules_go_along_as_the_main_script_imports_them() {
        let files = [
            "train.py",
            "features.py",
            "score.py",
            "__init__.py",
            "steps/clean.py",
            "steps/__init__.py",
            "a.json",
        ]
        .map(entry);
        let of = |main: &str| -> (Vec<String>, Vec<String>) {
            let nested = modules(&files, main).map(|(path, _)| path).filter(|path| path.contains('/'));
            (beside(&files, main).map(|file| file.path.clone()).collect(), nested.collect())
        };
        let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            of("train.py"),
            (owned(&["features.py", "score.py"]), owned(&["steps/clean.py", "steps/__init__.py"]))
        );
        // Below the main script's own folder a module is imported without it.
        let files = ["code/train.py", "code/features.py", "code/steps/clean.py", "tools.py"].map(entry);
        let nested = modules(&files, "code/train.py").map(|(path, _)| path).filter(|path| path.contains('/'));
        assert_eq!(nested.collect::<Vec<_>>(), ["steps/clean.py"]);
        let beside: Vec<&str> = beside(&files, "code/train.py").map(|file| file.path.as_str()).collect();
        assert_eq!(beside, ["code/features.py", "tools.py"]);
    }
}
