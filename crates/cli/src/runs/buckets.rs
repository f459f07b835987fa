//! Buckets in a terminal: what lies there, and files that are put there by hand.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use crate::desk::Desk;
use crate::output::Answer;

#[derive(Debug, Subcommand)]
pub(crate) enum BucketCommand {
    /// Buckets this desk knows, and which version lies ready in each
    List,
    /// One folder of a bucket
    Show {
        /// Its name, or the URL of a folder
        bucket: String,
        /// The folder (`data/`); the top where this is not given
        #[arg(long, default_value = "")]
        prefix: String,
        /// What the page before said comes next
        #[arg(long)]
        after: Option<String>,
        #[command(flatten)]
        reached: Reached,
    },
    /// Put files and folders into a bucket
    Upload {
        /// Its name, or the URL of a folder
        bucket: String,
        /// The files; a folder is gone through
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder (`data/`); the top where this is not given
        #[arg(long, default_value = "", conflicts_with = "score")]
        prefix: String,
        /// As the data to score with the version that lies ready there: they replace what was there, and the marker that
        /// sets the run off is written last
        #[arg(long)]
        score: bool,
        #[command(flatten)]
        reached: Reached,
    },
}

/// How a bucket is reached.
#[derive(Args, Debug)]
pub(crate) struct Reached {
    /// A target whose sign-in reaches it; the one that something was migrated there by where this is not given
    #[arg(long)]
    target: Option<String>,
    /// Where the services are, where that is not Google: an address, or `sandbox`
    #[arg(long)]
    endpoint: Option<String>,
}

impl Reached {
    fn name(self, request: &mut Value) {
        for (field, value) in [("target", self.target), ("endpoint", self.endpoint)] {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
    }
}

impl BucketCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List => {
                let list = desk.call("runs.buckets", json!({}))?;
                let columns = [
                    ("label-bucket", "name"),
                    ("label-kind", "kind"),
                    ("label-version", "version_label"),
                    ("label-target", "target"),
                    ("label-endpoint", "endpoint"),
                    ("label-place", "place"),
                ];
                let mut text = desk.reader().table(&list, &columns, "none-buckets");
                for row in list.as_array().into_iter().flatten() {
                    let differs = [("label-object", "path"), ("label-found", "how")];
                    text.push_str(&desk.reader().list("title-not-approved", &row["differs"], &differs));
                }
                Ok(Answer::new(list, text))
            }
            Self::Show { bucket, prefix, after, reached } => {
                let mut request = json!({ "bucket": bucket, "prefix": prefix });
                if let Some(after) = after {
                    request["after"] = after.into();
                }
                reached.name(&mut request);
                let listing = desk.call("runs.list_objects", request)?;
                let folders = listing["folders"].as_array().into_iter().flatten();
                let mut rows: Vec<Value> = folders.map(|name| json!({ "name": name })).collect();
                rows.extend(listing["objects"].as_array().into_iter().flatten().cloned());
                let mut text = desk.reader().table(&rows.into(), &OBJECTS, "none-objects");
                if let Some(next) = listing["next"].as_str() {
                    text = format!(
                        "{}\n{}",
                        text.trim_end(),
                        desk.reader().say(&said!("said-more-objects", next = next))
                    );
                }
                Ok(Answer::new(listing, text))
            }
            Self::Upload { bucket, files, prefix, score, reached } => {
                let mut paths = Vec::new();
                for file in &files {
                    // The desk that reads them may be in another folder.
                    let path = std::path::absolute(file).map_err(|error| {
                        Failure::not_found("file", &file.display().to_string()).because(&error)
                    })?;
                    let path = path.to_str().map(str::to_owned).ok_or_else(|| {
                        Failure::said(
                            Code::Usage,
                            said!("upload-name-unreadable", file = file.display().to_string()),
                        )
                    })?;
                    paths.push(path);
                }
                let mut request =
                    json!({ "bucket": bucket, "prefix": prefix, "files": paths, "score": score });
                reached.name(&mut request);
                let put = desk.call("runs.upload", request)?;
                let text = desk.reader().table(&put, &OBJECTS, "none-objects");
                Ok(Answer::new(put, text))
            }
        }
    }
}

const OBJECTS: [(&str, &str); 4] = [
    ("label-object", "name"),
    ("label-bytes", "size_bytes"),
    ("label-modified", "modified_at"),
    ("label-generation", "generation"),
];
