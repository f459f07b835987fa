//! Where things are in a package: one top folder or none, names in any case, roles declared or inferred.

use std::collections::HashMap;

use serde_json::Value;

use crate::archive;
use crate::error::Refused;
use crate::package::{FileEntry, Media, Role, RoleSource, Warning};
use crate::staging::StagedFile;
use crate::text;

/// The one folder that holds every file, if there is one.
pub(crate) fn top_folder<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut top = None;
    for path in paths {
        let (first, _) = path.split_once('/')?;
        if top.get_or_insert(first) != &first {
            return None;
        }
    }
    top.map(str::to_owned)
}

/// Whether an entry is the litter of a file manager, which no model needs.
pub(crate) fn is_litter(path: &str) -> bool {
    path.starts_with("__MACOSX/") || matches!(base_name(path), ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// The last part of a path.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The file of that name in any case, nearest to the top.
pub(crate) fn find<'a>(files: &'a [StagedFile], names: &[&str]) -> Option<&'a StagedFile> {
    let named =
        |file: &&StagedFile| names.iter().any(|name| name.eq_ignore_ascii_case(base_name(&file.path)));
    files
        .iter()
        .filter(named)
        .min_by_key(|file| (file.path.matches('/').count(), position(names, &file.path)))
}

fn position(names: &[&str], path: &str) -> usize {
    names.iter().position(|name| name.eq_ignore_ascii_case(base_name(path))).unwrap_or(names.len())
}

/// What a file looks like, by its first bytes and its name.
pub(crate) fn media(path: &str, head: &[u8]) -> Media {
    if head.starts_with(archive::MAGIC) {
        return Media::Zip;
    }
    if head.starts_with(b"PAR1") {
        return Media::Parquet;
    }
    let name = base_name(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let pickle_name =
        matches!(extension, "pickle" | "pkl" | "pck" | "pcl" | "joblib" | "dill" | "cloudpickle");
    let pickle_head = matches!(head, [0x80, 2..=5, ..]);
    if pickle_name || pickle_head {
        return Media::Pickle;
    }
    if !text::looks_like_text(head) {
        return if extension == "zip" { Media::Zip } else { Media::Binary };
    }
    match extension {
        "py" => Media::Python,
        "json" | "ipynb" => Media::Json,
        "yml" | "yaml" => Media::Yaml,
        "xml" | "pmml" | "bpmn" => Media::Xml,
        "csv" | "tsv" => Media::Csv,
        "sas" => Media::Sas,
        _ => Media::Text,
    }
}

/// Roles that `fileMetadata.json` declares, by file name in lower case.
pub(crate) fn declared_roles(
    entry: &str,
    json: Value,
    files: &[StagedFile],
    warnings: &mut Vec<Warning>,
) -> Result<HashMap<String, Role>, Refused> {
    let bad = |why: String| Refused::BadContents { entry: text::shown(entry), why };
    let items = match json {
        Value::Array(items) => items,
        // `{"items": [...]}`, as a registry lists contents.
        Value::Object(mut members) => match members.remove("items") {
            Some(Value::Array(items)) => items,
            _ => return Err(bad("a list of `{role, name}` is expected".to_owned())),
        },
        other => {
            return Err(bad(format!(
                "a list of `{{role, name}}` is expected, not {}",
                text::json_kind(&other)
            )));
        }
    };
    let mut roles = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let member = |key: &str| {
            let found = item.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            found.and_then(|(_, value)| text::scalar(value)).filter(|text| !text.is_empty())
        };
        let name = member("name").ok_or_else(|| bad(format!("item {} has no `name`", index + 1)))?;
        let Some(role) = member("role") else { continue };
        let named = |file: &StagedFile| {
            file.path.eq_ignore_ascii_case(&name) || base_name(&file.path).eq_ignore_ascii_case(&name)
        };
        if !files.iter().any(named) {
            let message = format!(
                "`{}` gives `{}` the role `{}`, but the package holds no such file",
                text::shown(entry),
                text::shown(&name),
                text::shown(&role)
            );
            warnings.push(Warning::new("missing-file", Some(entry), message));
            continue;
        }
        roles.insert(name.to_lowercase(), Role::from(role));
    }
    Ok(roles)
}

/// Gives every file its role: as declared, else as its name says; the score code is found in the order in which the
/// score container looks (`ContainerWrapper.py`, the role `score`, the first `*score.py`).
pub(crate) fn assign_roles(files: &mut [FileEntry], declared: &HashMap<String, Role>) {
    for file in files.iter_mut() {
        let said = declared
            .get(&file.path.to_lowercase())
            .or_else(|| declared.get(&base_name(&file.path).to_lowercase()));
        (file.role, file.role_source) = match (said, inferred(&file.path, file.media)) {
            (Some(role), _) => (Some(role.clone()), RoleSource::Declared),
            (None, Some(role)) => (Some(role), RoleSource::Inferred),
            (None, None) => (None, RoleSource::None),
        };
    }
    for (role, ranks) in [(Role::Score, score_rank as fn(&str) -> Option<u32>), (Role::Train, train_rank)] {
        if files.iter().any(|file| file.role.as_ref() == Some(&role)) {
            continue;
        }
        let unassigned = files.iter_mut().filter(|file| file.role.is_none());
        let best =
            unassigned.filter_map(|file| Some((ranks(&file.path)?, file))).min_by_key(|(rank, _)| *rank);
        if let Some((_, file)) = best {
            (file.role, file.role_source) = (Some(role), RoleSource::Inferred);
        }
    }
}

/// The file that scores, as the score container finds it.
pub(crate) fn score_entry(files: &[FileEntry]) -> Option<&FileEntry> {
    let wrapper = files.iter().find(|file| base_name(&file.path).eq_ignore_ascii_case("ContainerWrapper.py"));
    let with_role = || files.iter().find(|file| file.role == Some(Role::Score));
    wrapper.or_else(with_role)
}

fn inferred(path: &str, media: Media) -> Option<Role> {
    let name = base_name(path).to_ascii_lowercase();
    match name.as_str() {
        "inputvar.json" => Some(Role::InputVariables),
        "outputvar.json" => Some(Role::OutputVariables),
        "projectkpi.sas" => Some(Role::StandardKpi),
        _ if media == Media::Pickle => Some(Role::PythonPickle),
        _ if [".astore", ".mojo", ".h5", ".onnx"].iter().any(|ending| name.ends_with(ending)) => {
            Some(Role::ScoreResource)
        }
        _ if name.ends_with(".pmml") => Some(Role::Model),
        _ if media == Media::Zip && !path.contains('/') => Some(Role::ScoreResource),
        _ => None,
    }
}

fn score_rank(path: &str) -> Option<u32> {
    let name = base_name(path).to_ascii_lowercase();
    let folders = path.matches('/').count() as u32 * 10;
    let rank = match name.as_str() {
        "score.py" => 0,
        _ if name.ends_with("score.py") => 1,
        _ if name.starts_with("score") && name.ends_with(".py") => 2,
        "dmcas_epscorecode.sas" | "score.sas" => 3,
        "dmcas_packagescorecode.sas" => 4,
        _ => return None,
    };
    Some(folders + rank)
}

fn train_rank(path: &str) -> Option<u32> {
    let name = base_name(path).to_ascii_lowercase();
    let folders = path.matches('/').count() as u32 * 10;
    let rank = match name.as_str() {
        "train.py" => 0,
        _ if name.ends_with("train.py") => 1,
        _ if name.starts_with("train") && (name.ends_with(".py") || name.ends_with(".sas")) => 2,
        _ => return None,
    };
    Some(folders + rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn top_folders() {
        let rows: [(&[&str], Option<&str>); 5] = [
            (&["m/a", "m/b/c"], Some("m")),
            (&["a", "b/c"], None),
            (&["m/a", "n/b"], None),
            (&["a"], None),
            (&[], None),
        ];
        for (paths, top) in rows {
            assert_eq!(top_folder(paths.iter().copied()).as_deref(), top, "{paths:?}");
        }
    }

    fn roles(paths: &[&str], declared: &[(&str, &str)]) -> Vec<Option<String>> {
        let entry = |path: &&str| FileEntry {
            path: (*path).to_owned(),
            role: None,
            role_source: RoleSource::None,
            size_bytes: 0,
            sha256: String::new(),
            media: media(path, b"text"),
        };
        let mut files: Vec<FileEntry> = paths.iter().map(entry).collect();
        let declared = declared
            .iter()
            .map(|(name, role)| (name.to_lowercase(), Role::from((*role).to_owned())))
            .collect();
        assign_roles(&mut files, &declared);
        files.into_iter().map(|file| file.role.map(String::from)).collect()
    }

    #[test]
    fn roles_are_declared_or_inferred() {
        let some = |word: &str| Some(word.to_owned());
        assert_eq!(
            roles(&["inputVar.json", "a_score.py", "score.py", "train.py", "m.pickle", "x.txt"], &[]),
            [some("inputVariables"), None, some("score"), some("train"), some("python pickle"), None]
        );
        assert_eq!(
            roles(
                &["score_DTC.py", "run.py", "M.pickle"],
                &[("RUN.py", "Score"), ("M.pickle", "scoreResource")]
            ),
            [None, some("score"), some("scoreResource")]
        );
        assert_eq!(roles(&["train_gbt.py", "score_Gbt.py"], &[]), [some("train"), some("score")]);
        assert_eq!(roles(&["notes.txt"], &[("notes.txt", "documentation")]), [some("documentation")]);
    }

    #[test]
    fn media_by_head_and_name() {
        let rows: [(&str, &[u8], Media); 8] = [
            ("a.py", b"import x", Media::Python),
            ("a.bin", b"PK\x03\x04", Media::Zip),
            ("a.txt", b"\x80\x04\x95", Media::Pickle),
            ("a.pkl", b"(lp0\n", Media::Pickle),
            ("a.csv", b"a,b\n", Media::Csv),
            ("a.py", b"\0\0\0", Media::Binary),
            ("a", b"hello", Media::Text),
            ("a.parquet", b"PAR1\x15", Media::Parquet),
        ];
        for (path, head, expected) in rows {
            assert_eq!(media(path, head), expected, "{path}");
        }
    }
}
