//! A Cloud Storage bucket, by its JSON API.
//!
//! The service keeps the promises of [`super`] itself: writes are atomic, generations and preconditions are its own.
//! What is added here: every upload announces the crc32c it must arrive with, small files go in one call, larger
//! ones by a resumable session that asks after every interruption how far it came (308 and `Range`), also when the
//! interruption was the end of this program, and an answer lost after its effect is recognised by what is there.
//!
//! Source: <https://cloud.google.com/storage/docs/json_api/v1>,
//! <https://cloud.google.com/storage/docs/performing-resumable-uploads>.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::sessions::{Claim, UploadSessions};
use super::{FolderPage, LISTING_OBJECTS_MAX, Object, PAGE_OBJECTS_MAX, Precondition, check_object_name};
use crate::Error;
use crate::cloud::{Answer, Ask, Cloud, Repeat, encoded};
use crate::digest::{Crc32c, Digesting, Fingerprint, Sha256};

/// Bytes sent at a time in a resumable session: a multiple of 256 KiB, as the service asks.
pub const PIECE_BYTES: usize = 8 * 1024 * 1024;

/// Pieces of an upload that wait, read and digested, while one is under way.
const AHEAD: usize = 2;

/// Interruptions of one upload after which it is given up.
const INTERRUPTIONS_MAX: u32 = 10;

/// Times an object may be replaced while it is read.
const REPLACED_MAX: u32 = 3;

/// Times an interrupted download goes on.
const RESUMES_MAX: u32 = 10;

/// What a migration does to a bucket, and the role that allows no more than that.
const PERMISSIONS: [&str; 4] =
    ["storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list"];

/// A bucket in Cloud Storage.
#[derive(Clone, Debug)]
pub struct GoogleBucket {
    name: String,
    cloud: Arc<Cloud>,
    sessions: Option<UploadSessions>,
}

/// One upload of a large file.
struct Upload<'a> {
    name: &'a str,
    what: String,
    source: &'a Path,
    expected: Fingerprint,
    precondition: Precondition,
    sent: &'a (dyn Fn(u64) + Send + Sync),
}

/// How far an upload session came.
enum Far {
    /// So many bytes are there, and more are wanted.
    At(u64),
    /// The object is written: the answer that says so.
    Over(Answer),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    name: String,
    size: String,
    generation: String,
    crc32c: Option<Crc32c>,
    updated: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    items: Vec<Resource>,
    #[serde(default)]
    prefixes: Vec<String>,
    next_page_token: Option<String>,
}

/// Somebody whom a bucket tells of its objects: a notification configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Listener {
    /// The topic of Pub/Sub that is told.
    pub topic: String,
    /// Only of objects whose names begin so.
    #[serde(default)]
    pub object_name_prefix: String,
    /// Only of these events; of all when there are none.
    #[serde(default)]
    pub event_types: Vec<String>,
}

impl Listener {
    /// Whether it is told when an object of this name is written.
    pub fn hears_of(&self, name: &str) -> bool {
        let written = self.event_types.is_empty() || self.event_types.iter().any(|e| e == "OBJECT_FINALIZE");
        written && name.starts_with(&self.object_name_prefix)
    }
}

#[derive(Debug, Deserialize)]
struct Listeners {
    #[serde(default)]
    items: Vec<Listener>,
}

#[derive(Debug, Deserialize)]
struct Located {
    location: String,
}

#[derive(Debug, Deserialize)]
struct Granted {
    #[serde(default)]
    permissions: Vec<String>,
}

impl Resource {
    fn into_object(self) -> Result<Object, Error> {
        let number = |text: &str| {
            text.parse::<i64>().map_err(|e| Error::Corrupt {
                what: format!("the answer about object `{}`", self.name),
                why: format!("`{text}` is no number: {e}"),
            })
        };
        Ok(Object {
            size_bytes: number(&self.size)?.unsigned_abs(),
            generation: number(&self.generation)?,
            crc32c: self.crc32c,
            sha256: None,
            modified_at: self.updated,
            name: self.name,
        })
    }
}

impl GoogleBucket {
    pub(super) fn asking_once(self) -> GoogleBucket {
        GoogleBucket { cloud: Arc::new(self.cloud.asking_once()), ..self }
    }

    /// The bucket `name`. Whether it exists is for [`super::Bucket::probe`] to say.
    pub fn new(name: &str, cloud: Arc<Cloud>) -> Result<GoogleBucket, Error> {
        if !crate::spec::bucket_name_is_valid(name) {
            return Err(Error::invalid(
                format!("bucket name `{name}`"),
                "a bucket name has 3 to 222 lower-case letters, digits, `-`, `_` and `.`",
            ));
        }
        Ok(GoogleBucket { name: name.to_owned(), cloud, sessions: None })
    }

    /// Keeps the sessions of large uploads, so that one that was cut off goes on where it was.
    #[must_use]
    pub fn remembering(mut self, sessions: UploadSessions) -> GoogleBucket {
        self.sessions = Some(sessions);
        self
    }

    /// The bucket's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn url(&self, path: &str) -> String {
        format!("{}/storage/v1/b/{}{path}", self.cloud.endpoints().storage, encoded(&self.name))
    }

    fn object_url(&self, name: &str) -> String {
        self.url(&format!("/o/{}", encoded(name)))
    }

    fn upload_url(&self) -> String {
        format!("{}/upload/storage/v1/b/{}/o", self.cloud.endpoints().storage, encoded(&self.name))
    }

    fn what(&self, name: &str) -> String {
        format!("object `gs://{}/{name}`", self.name)
    }

    pub(super) async fn probe(&self) -> Result<(), Error> {
        let what = format!("bucket `{}`", self.name);
        let mut ask = Ask::new(Method::GET, self.url("/iam/testPermissions"), &what);
        for permission in PERMISSIONS {
            ask = ask.query("permissions", permission);
        }
        let granted: Granted = self.cloud.ask(&ask).await?.json(&what)?;
        let missing: Vec<&str> =
            PERMISSIONS.into_iter().filter(|p| !granted.permissions.iter().any(|g| g == p)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Denied {
            what,
            why: format!(
                "`{}` is missing; the least role that has it is `roles/storage.objectUser`: `gcloud storage buckets \
                 add-iam-policy-binding gs://{} --member=user:YOU --role=roles/storage.objectUser`",
                missing.join("`, `"),
                self.name
            ),
        })
    }

    /// Where its data are: a region, or a larger place such as `EU`.
    pub(crate) async fn location(&self) -> Result<String, Error> {
        let what = format!("bucket `{}`", self.name);
        let ask = Ask::new(Method::GET, self.url(""), &what).query("fields", "location");
        Ok(self.cloud.ask(&ask).await?.json::<Located>(&what)?.location)
    }

    /// Whom the bucket tells of its objects. It takes `storage.buckets.get`, which whoever writes objects need not have.
    ///
    /// # Errors
    /// [`Error::Denied`] where that may not be seen.
    pub async fn listeners(&self) -> Result<Vec<Listener>, Error> {
        let what = format!("notifications of bucket `{}`", self.name);
        let ask = Ask::new(Method::GET, self.url("/notificationConfigs"), &what);
        Ok(self.cloud.ask(&ask).await?.json::<Listeners>(&what)?.items)
    }

    pub(super) async fn stat(&self, name: &str) -> Result<Object, Error> {
        check_object_name(name)?;
        let what = self.what(name);
        let ask = Ask::new(Method::GET, self.object_url(name), &what);
        self.cloud.ask(&ask).await?.json::<Resource>(&what)?.into_object()
    }

    pub(super) async fn list(&self, prefix: &str) -> Result<Vec<Object>, Error> {
        let what = format!("bucket `{}`", self.name);
        let mut objects = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut ask = Ask::new(Method::GET, self.url("/o"), &what)
                .query("prefix", prefix)
                .query("fields", "items(name,size,generation,crc32c,updated),nextPageToken");
            if let Some(token) = &token {
                ask = ask.query("pageToken", token);
            }
            let page: Page = self.cloud.ask(&ask).await?.json(&what)?;
            for item in page.items {
                objects.push(item.into_object()?);
            }
            if objects.len() > LISTING_OBJECTS_MAX {
                return Err(Error::Unsupported {
                    what: format!("a listing of `gs://{}/{prefix}`", self.name),
                    why: format!("it has more than {LISTING_OBJECTS_MAX} objects; use a narrower prefix"),
                });
            }
            match page.next_page_token.filter(|next| !next.is_empty()) {
                // The same token again would go round for ever.
                Some(next) if Some(&next) != token.as_ref() => token = Some(next),
                _ => break,
            }
        }
        objects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(objects)
    }

    pub(super) async fn page(&self, folder: &str, after: Option<&str>) -> Result<FolderPage, Error> {
        let what = format!("bucket `{}`", self.name);
        let most = PAGE_OBJECTS_MAX.to_string();
        let mut ask = Ask::new(Method::GET, self.url("/o"), &what)
            .query("prefix", folder)
            .query("delimiter", "/")
            .query("maxResults", &most)
            .query("fields", "items(name,size,generation,crc32c,updated),prefixes,nextPageToken");
        if let Some(token) = after {
            ask = ask.query("pageToken", token);
        }
        let page: Page = self.cloud.ask(&ask).await?.json(&what)?;
        // An object that is called like the folder itself marks it, and lies nowhere in it.
        let items = page.items.into_iter().map(Resource::into_object);
        let objects = items.filter(|object| !matches!(object, Ok(object) if object.name == folder));
        Ok(FolderPage {
            folders: page.prefixes,
            objects: objects.collect::<Result<_, Error>>()?,
            next: page.next_page_token.filter(|next| !next.is_empty()),
        })
    }

    pub(super) async fn delete(&self, name: &str, precondition: Precondition) -> Result<(), Error> {
        check_object_name(name)?;
        let what = self.what(name);
        let ask = conditioned(Ask::new(Method::DELETE, self.object_url(name), &what), precondition);
        self.cloud.ask(&ask).await?.ok(&what).map(|_| ())
    }

    pub(super) async fn put(
        &self,
        name: &str,
        content: &[u8],
        precondition: Precondition,
    ) -> Result<Object, Error> {
        check_object_name(name)?;
        let print = Fingerprint::of(content);
        let what = self.what(name);
        let boundary = format!("countersign-{}", &print.sha256.to_string()[..32]);
        let about = json!({ "name": name, "crc32c": print.crc32c }).to_string();
        let mut body =
            format!("--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{about}\r\n");
        body.push_str(&format!("--{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n"));
        let mut body = body.into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let ask = Ask::new(Method::POST, self.upload_url(), &what)
            .query("uploadType", "multipart")
            .header("content-type", format!("multipart/related; boundary={boundary}"))
            .bytes(body.into());
        let answer = self.cloud.ask(&conditioned(ask, precondition)).await?;
        self.concluded(answer, name, print, precondition).await
    }

    pub(super) async fn put_file(
        &self,
        name: &str,
        source: &Path,
        expected: Option<Fingerprint>,
        precondition: Precondition,
        sent: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Object, Error> {
        check_object_name(name)?;
        let size = std::fs::metadata(source).map_err(Error::io("could not look at", source))?.len();
        if size <= PIECE_BYTES as u64 {
            let content = std::fs::read(source).map_err(Error::io("could not read", source))?;
            refuse_changed(source, expected, Fingerprint::of(&content))?;
            let object = self.put(name, &content, precondition).await?;
            sent(object.size_bytes);
            return Ok(object);
        }
        let expected = match expected {
            Some(expected) => expected,
            None => {
                let source = source.to_owned();
                let digested = tokio::task::spawn_blocking(move || Fingerprint::of_file(&source)).await;
                digested
                    .map_err(|e| Error::Offline { what: "digesting a file".into(), why: e.to_string() })??
            }
        };
        self.put_resumable(name, source, expected, precondition, sent).await
    }

    /// Sends a large file in a session. One that this desk began earlier, also before its program ended, goes on where it was.
    async fn put_resumable(
        &self,
        name: &str,
        source: &Path,
        expected: Fingerprint,
        precondition: Precondition,
        sent: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Object, Error> {
        let upload = Upload { name, what: self.what(name), source, expected, precondition, sent };
        let mut claim = match &self.sessions {
            Some(sessions) => sessions.claim(&self.upload_key(&upload))?,
            None => None,
        };
        let earlier = match claim.as_mut().and_then(Claim::address) {
            Some(session) => self.how_far(&session, &upload).await?.map(|far| (session, far)),
            None => None,
        };
        let done = match earlier {
            Some((_, Far::Over(answer))) => {
                sent(expected.size_bytes);
                self.concluded(answer, name, expected, precondition).await
            }
            Some((session, Far::At(begins))) => self.send_from(&session, begins, &upload).await,
            None => {
                let session = self.begin(&upload).await?;
                if let Some(claim) = &mut claim {
                    claim.keep(&session)?;
                }
                self.send_from(&session, 0, &upload).await
            }
        };
        // What was only interrupted goes on in this session; after everything else it is of no use.
        if let Some(claim) = claim
            && !done.as_ref().is_err_and(Error::is_transient)
        {
            claim.forget();
        }
        done
    }

    /// Exactly what is uploaded to where: the same again goes on in the same session.
    fn upload_key(&self, upload: &Upload<'_>) -> Sha256 {
        let Upload { expected, precondition, .. } = upload;
        let text = format!("{}\n{}\n{expected:?}\n{precondition:?}", self.upload_url(), upload.name);
        Sha256::of(text.as_bytes())
    }

    /// Begins a session, and answers its address.
    async fn begin(&self, upload: &Upload<'_>) -> Result<String, Error> {
        let what = &upload.what;
        let start = Ask::new(Method::POST, self.upload_url(), what)
            .query("uploadType", "resumable")
            .header("x-upload-content-length", upload.expected.size_bytes.to_string())
            .json(&json!({ "name": upload.name, "crc32c": upload.expected.crc32c }));
        let started = self.cloud.ask(&conditioned(start, upload.precondition)).await?.ok(what)?;
        let session = started.headers.get("location").and_then(|value| value.to_str().ok());
        session.map(str::to_owned).ok_or_else(|| Error::Corrupt {
            what: format!("the answer about {what}"),
            why: "it names no session".into(),
        })
    }

    /// How far a session came; `None` when the service does not know it any more.
    async fn how_far(&self, session: &str, upload: &Upload<'_>) -> Result<Option<Far>, Error> {
        let total = upload.expected.size_bytes;
        let answer = self.cloud.ask(&status_of(session, &upload.what, total)).await?;
        Ok(match answer.status {
            308 if acknowledged(&answer) < total => Some(Far::At(acknowledged(&answer))),
            200..300 => Some(Far::Over(answer)),
            _ => None,
        })
    }

    /// Sends what a session does not have yet.
    async fn send_from(&self, session: &str, from: u64, upload: &Upload<'_>) -> Result<Object, Error> {
        let Upload { name, what, source, expected, precondition, sent } = upload;
        let total = expected.size_bytes;
        // Read and digested ahead, while the piece before is under way; from the beginning, whatever is there already.
        let mut pieces = read_ahead(source.to_path_buf());
        let (mut begins, mut known, mut interruptions) = (from, from, 0u32);
        sent(from);
        while let Some(piece) = pieces.recv().await {
            let Piece { mut bytes, whole } = piece?;
            let is_last = whole.is_some();
            if let Some(found) = whole
                // Known before the last piece is sent: a changed file never becomes an object.
                && let Err(e) = refuse_changed(source, Some(*expected), found)
            {
                let abandon = Ask::new(Method::DELETE, session.to_owned(), what);
                // The session would end by itself in a week.
                let _ = self.cloud.ask(&abandon).await;
                return Err(e);
            }
            let skip = usize::try_from(known).unwrap_or(usize::MAX).min(bytes.len());
            known -= skip as u64;
            let _ = bytes.split_to(skip);
            while !bytes.is_empty() {
                let ends = begins + bytes.len() as u64;
                let range = format!("bytes {begins}-{}/{total}", ends - 1);
                let mut ask = Ask::new(Method::PUT, session.to_owned(), what).header("content-range", range);
                ask.repeat = Repeat::Never;
                let answer = self.cloud.ask(&ask.bytes(bytes.clone())).await;
                let answer = self.resumed(answer, session, what, total, &mut interruptions).await?;
                if answer.status != 308 {
                    sent(total - begins);
                    return self.concluded(answer, name, *expected, *precondition).await;
                }
                let acknowledged = acknowledged(&answer);
                if acknowledged < begins || acknowledged > ends {
                    return Err(Error::Corrupt {
                        what: what.clone(),
                        why: format!(
                            "the service acknowledges {acknowledged} bytes and was sent {begins} to {ends}"
                        ),
                    });
                }
                if is_last && acknowledged == ends {
                    let why = "it has all bytes and does not finish".into();
                    return Err(Error::Offline { what: what.clone(), why });
                }
                if acknowledged == begins {
                    // It took nothing of it: that is an interruption too, or it would go round for ever.
                    interruptions += 1;
                    refuse_too_many(interruptions, what)?;
                }
                sent(acknowledged - begins);
                // What it did not take is sent again.
                let _ = bytes.split_to(usize::try_from(acknowledged - begins).unwrap_or(bytes.len()));
                begins = acknowledged;
            }
        }
        Err(Error::Offline { what: what.clone(), why: "reading it ahead stopped before its end".into() })
    }

    /// An interruption is answered by asking how far it came.
    async fn resumed(
        &self,
        mut answer: Result<Answer, Error>,
        session: &str,
        what: &str,
        total: u64,
        interruptions: &mut u32,
    ) -> Result<Answer, Error> {
        while matches!(&answer, Ok(a) if crate::cloud::is_later(a.status))
            || matches!(&answer, Err(e) if e.is_transient())
        {
            *interruptions += 1;
            refuse_too_many(*interruptions, what)?;
            tokio::time::sleep(Duration::from_millis(100 << (*interruptions).min(7))).await;
            answer = self.cloud.ask(&status_of(session, what, total)).await;
        }
        answer
    }

    /// What an upload came to. A precondition that fails may be our own first, unheard success: then the object
    /// holds exactly what was sent.
    async fn concluded(
        &self,
        answer: Answer,
        name: &str,
        sent: Fingerprint,
        precondition: Precondition,
    ) -> Result<Object, Error> {
        let what = self.what(name);
        if answer.status == 412 && precondition != Precondition::Any {
            return match self.stat(name).await {
                Ok(there) if there.crc32c == Some(sent.crc32c) && there.size_bytes == sent.size_bytes => {
                    Ok(Object { sha256: Some(sent.sha256), ..there })
                }
                _ => Err(answer.ok(&what).err().unwrap_or(Error::NotFound { what })),
            };
        }
        let object = answer.json::<Resource>(&what)?.into_object()?;
        if object.size_bytes != sent.size_bytes || object.crc32c != Some(sent.crc32c) {
            return Err(Error::Corrupt {
                what,
                why: format!(
                    "sent {} bytes with crc32c `{}`, and the service reports {} with {}",
                    sent.size_bytes,
                    sent.crc32c,
                    object.size_bytes,
                    object.crc32c.map_or("none".to_owned(), |sum| format!("`{sum}`"))
                ),
            });
        }
        Ok(Object { sha256: Some(sent.sha256), ..object })
    }

    pub(super) async fn read_range(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        check_object_name(name)?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let what = self.what(name);
        let ask = Ask::new(Method::GET, self.object_url(name), &what)
            .query("alt", "media")
            .header("range", format!("bytes={offset}-{}", offset.saturating_add(length - 1)));
        let answer = self.cloud.ask(&ask).await?;
        match answer.status {
            // Nothing lies beyond the end.
            416 => Ok(Vec::new()),
            // A server that ignores ranges answers with everything.
            200 => {
                let body = answer.body;
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(body.len());
                let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(body.len());
                Ok(body[start..end].to_vec())
            }
            _ => Ok(answer.ok(&what)?.body),
        }
    }

    pub(super) async fn read(&self, name: &str, size_bytes_max: u64) -> Result<Vec<u8>, Error> {
        let stat = self.stat(name).await?;
        if stat.size_bytes > size_bytes_max {
            return Err(Error::invalid(
                self.what(name),
                format!("it is larger than the {size_bytes_max} bytes that are read here"),
            ));
        }
        let mut content = Vec::new();
        self.stream(name, &stat, &mut |piece| {
            content.extend_from_slice(piece);
            Ok(())
        })
        .await?;
        Ok(content)
    }

    pub(super) async fn fetch(&self, name: &str, to: &Path) -> Result<Fingerprint, Error> {
        use std::io::Write as _;
        let stat = self.stat(name).await?;
        let mut file = std::fs::File::create(to).map_err(Error::io("could not write", to))?;
        let print = self
            .stream(name, &stat, &mut |piece| file.write_all(piece).map_err(Error::io("could not write", to)))
            .await?;
        file.sync_all().map_err(Error::io("could not sync", to))?;
        Ok(print)
    }

    pub(super) async fn fingerprint(&self, name: &str) -> Result<Fingerprint, Error> {
        let stat = self.stat(name).await?;
        self.stream(name, &stat, &mut |_| Ok(())).await
    }

    pub(super) async fn read_through(&self, name: &str) -> Result<Object, Error> {
        for _ in 0..REPLACED_MAX {
            let stat = self.stat(name).await?;
            match self.stream(name, &stat, &mut |_| Ok(())).await {
                Ok(print) => return Ok(Object { sha256: Some(print.sha256), ..stat }),
                // This generation went while it was read: there is another one, or none.
                Err(Error::NotFound { .. }) => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::Conflict {
            what: self.what(name),
            why: "it kept being replaced while it was read; try again when nobody writes it".into(),
        })
    }

    /// Reads one generation through, going on after interruptions, and compares its crc32c with the service's.
    async fn stream(
        &self,
        name: &str,
        stat: &Object,
        take: &mut (dyn FnMut(&[u8]) -> Result<(), Error> + Send),
    ) -> Result<Fingerprint, Error> {
        let what = self.what(name);
        let mut digesting = Digesting::default();
        let (mut at, mut resumes) = (0u64, 0u32);
        while at < stat.size_bytes {
            let ask = Ask::new(Method::GET, self.object_url(name), &what)
                .query("alt", "media")
                .query("generation", stat.generation.to_string())
                .header("range", format!("bytes={at}-"));
            let interrupted = match self.cloud.ask_once(&ask).await {
                Ok(mut response) if matches!(response.status().as_u16(), 200 | 206) => {
                    // A server that ignores the range starts over: what is known already is stepped over.
                    let mut skip = if response.status().as_u16() == 200 { at } else { 0 };
                    loop {
                        match response.chunk().await {
                            Ok(Some(piece)) => {
                                let known = usize::try_from(skip).unwrap_or(usize::MAX).min(piece.len());
                                skip -= known as u64;
                                digesting.update(&piece[known..]);
                                at += (piece.len() - known) as u64;
                                take(&piece[known..])?;
                            }
                            Ok(None) => break "it ended early".to_owned(),
                            Err(e) => break crate::cloud::chain(&e),
                        }
                    }
                }
                Ok(response) if crate::cloud::is_later(response.status().as_u16()) => {
                    response.status().to_string()
                }
                Ok(response) => {
                    let (status, headers) = (response.status().as_u16(), response.headers().clone());
                    let body = response.bytes().await.map(|b| b.to_vec()).unwrap_or_default();
                    return Err(match (Answer { status, headers, body }).ok(&what) {
                        Err(e) => e,
                        Ok(_) => Error::Offline { what, why: format!("status {status}") },
                    });
                }
                Err(e) if e.is_transient() => e.to_string(),
                Err(e) => return Err(e),
            };
            if at < stat.size_bytes {
                resumes += 1;
                if resumes > RESUMES_MAX {
                    return Err(Error::Offline { what, why: interrupted });
                }
                tokio::time::sleep(Duration::from_millis(100 << resumes.min(7))).await;
            }
        }
        let print = digesting.finish();
        if stat.crc32c.is_some_and(|sum| sum != print.crc32c) || print.size_bytes != stat.size_bytes {
            return Err(Error::Corrupt {
                what,
                why: "what arrived has another crc32c than the service reports".into(),
            });
        }
        Ok(print)
    }
}

/// A question how far a session came.
fn status_of(session: &str, what: &str, total: u64) -> Ask {
    Ask::new(Method::PUT, session.to_owned(), what).header("content-range", format!("bytes */{total}"))
}

fn conditioned(ask: Ask, precondition: Precondition) -> Ask {
    match precondition {
        Precondition::Any => ask,
        Precondition::Absent => ask.query("ifGenerationMatch", "0"),
        Precondition::Generation(generation) => ask.query("ifGenerationMatch", generation.to_string()),
    }
}

/// `Range: bytes=0-N` in a 308 says that N + 1 bytes are there; no header says none.
fn acknowledged(answer: &Answer) -> u64 {
    answer
        .headers
        .get("range")
        .and_then(|value| value.to_str().ok()?.rsplit_once('-')?.1.parse::<u64>().ok())
        .map_or(0, |last| last + 1)
}

fn refuse_too_many(interruptions: u32, what: &str) -> Result<(), Error> {
    if interruptions <= INTERRUPTIONS_MAX {
        return Ok(());
    }
    Err(Error::Offline { what: what.to_owned(), why: format!("it was interrupted {interruptions} times") })
}

/// A piece of a file, in order.
struct Piece {
    bytes: Bytes,
    /// The whole file's digests, with its last piece.
    whole: Option<Fingerprint>,
}

/// Reads a file in pieces on a thread where that may block, at most [`AHEAD`] pieces before whoever takes them.
fn read_ahead(source: PathBuf) -> tokio::sync::mpsc::Receiver<Result<Piece, Error>> {
    let (give, take) = tokio::sync::mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let read = |file: &mut std::fs::File| {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            file.take(PIECE_BYTES as u64)
                .read_to_end(&mut piece)
                .map_err(Error::io("could not read", &source))
                .map(|_| Bytes::from(piece))
        };
        let pass = || {
            let mut file = std::fs::File::open(&source).map_err(Error::io("could not open", &source))?;
            let mut digesting = Digesting::default();
            let mut bytes = read(&mut file)?;
            loop {
                digesting.update(&bytes);
                // Looked for before this one goes, so that the last is known to be the last.
                let next = read(&mut file)?;
                let whole = next.is_empty().then(|| std::mem::take(&mut digesting).finish());
                let ends = whole.is_some();
                // Nobody takes any more: the upload ended otherwise.
                if give.blocking_send(Ok(Piece { bytes, whole })).is_err() || ends {
                    return Ok(());
                }
                bytes = next;
            }
        };
        if let Err(e) = pass() {
            let _ = give.blocking_send(Err(e));
        }
    });
    take
}

fn refuse_changed(source: &Path, expected: Option<Fingerprint>, found: Fingerprint) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != found => Err(Error::Corrupt {
            what: format!("`{}`", source.display()),
            why: format!(
                "it was to hold {} bytes with sha256 `{}` and held {} bytes with sha256 `{}` when it was read; it \
                 changed since it was approved, or while it was uploaded",
                expected.size_bytes, expected.sha256, found.size_bytes, found.sha256
            ),
        }),
        _ => Ok(()),
    }
}
