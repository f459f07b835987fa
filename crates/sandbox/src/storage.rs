//! Cloud Storage's JSON API: buckets, objects, media, multipart and resumable uploads, preconditions, generations,
//! checksums, listings with prefix and delimiter, notification configurations. Content and generations are those of a folder bucket.

mod notifications;
pub(crate) mod xml;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Method;
use runs::bucket::{Bucket, FolderBucket, Object, Precondition};
use runs::digest::{Crc32c, Sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::{Call, House, empty, write_whole};

/// Objects on one page of a listing unless the caller asks for fewer.
const PAGE: usize = 1000;

/// Bytes of an object held in memory while it is sent.
const PIECE_BYTES: u64 = 1024 * 1024;

pub(crate) struct Storage {
    uploads: PathBuf,
    about: PathBuf,
    /// Checksums of contents that were read once, by bucket, name and generation.
    sums: Mutex<HashMap<(String, String, i64), Crc32c>>,
}

/// A resumable session.
#[derive(Serialize, Deserialize)]
struct Session {
    bucket: String,
    name: String,
    about: About,
    /// As asked for when the session began.
    condition: Option<i64>,
    /// Bytes that are there, and their checksum. What the file has beyond them was cut off by our own end.
    #[serde(default)]
    received_bytes: u64,
    #[serde(default)]
    sum: u32,
    /// The object, once it is finished: an answer that was lost is given again.
    done: Option<Value>,
}

/// What an object has besides its content.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crc32c: Option<Crc32c>,
    /// The generation it belongs to; of any other nothing is known.
    #[serde(default)]
    generation: i64,
}

impl Storage {
    pub(crate) fn new(folder: &Path) -> Storage {
        Storage { uploads: folder.join("uploads"), about: folder.join("about"), sums: Mutex::default() }
    }

    fn about_path(&self, bucket: &str, name: &str) -> PathBuf {
        let digest = Sha256::of(format!("{bucket}\n{name}").as_bytes()).to_string();
        self.about.join(format!("{digest}.json"))
    }

    fn about(&self, bucket: &str, object: &Object) -> About {
        std::fs::read(self.about_path(bucket, &object.name))
            .ok()
            .and_then(|text| serde_json::from_slice::<About>(&text).ok())
            .filter(|about| about.generation == object.generation)
            .unwrap_or_default()
    }

    /// The object with its checksum: listings of folders know none.
    async fn with_sum(&self, bucket: &Bucket, object: Object) -> Result<Object, Refusal> {
        if object.crc32c.is_some() {
            return Ok(object);
        }
        let key = (bucket.name().to_owned(), object.name.clone(), object.generation);
        let known = self.sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).copied();
        if known.is_some() {
            return Ok(Object { crc32c: known, ..object });
        }
        let object = bucket.stat(&object.name).await.map_err(Refusal::of)?;
        if let Some(sum) = object.crc32c {
            self.keep_sum(bucket.name(), &object, sum);
        }
        Ok(object)
    }

    fn keep_sum(&self, bucket: &str, object: &Object, sum: Crc32c) {
        let mut sums = self.sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        sums.insert((bucket.to_owned(), object.name.clone(), object.generation), sum);
    }
}

fn resource(house: &House, bucket: &str, object: &Object, about: &About) -> Value {
    let (name, url) = (encoded(&object.name), house.url());
    let mut resource = json!({
        "kind": "storage#object",
        "id": format!("{bucket}/{}/{}", object.name, object.generation),
        "selfLink": format!("{url}/storage/v1/b/{bucket}/o/{name}"),
        "mediaLink": format!("{url}/download/storage/v1/b/{bucket}/o/{name}?generation={}&alt=media", object.generation),
        "name": object.name,
        "bucket": bucket,
        "generation": object.generation.to_string(),
        "metageneration": "1",
        "contentType": about.content_type.as_deref().unwrap_or("application/octet-stream"),
        "storageClass": "STANDARD",
        "size": object.size_bytes.to_string(),
        "etag": format!("{:x}", object.generation),
        "timeCreated": object.modified_at.to_string(),
        "updated": object.modified_at.to_string(),
    });
    if let Some(sum) = object.crc32c {
        resource["crc32c"] = json!(sum);
    }
    if let Some(metadata) = &about.metadata {
        resource["metadata"] = metadata.clone();
    }
    resource
}

/// Everything under `/storage/v1`.
pub(crate) async fn json(house: &Arc<House>, call: &Call, rest: &[&str]) -> Result<Answer, Refusal> {
    match (&call.method, rest) {
        (&Method::GET, ["b"]) => list_buckets(house),
        (&Method::POST, ["b"]) => make_bucket(house, call),
        (&Method::GET, ["b", bucket]) => house.bucket(bucket).map(|_| Answer::json(&bucket_resource(bucket))),
        (&Method::DELETE, ["b", bucket]) => remove_bucket(house, bucket).await,
        (&Method::GET, ["b", bucket, "iam", "testPermissions"]) => {
            house.bucket(bucket)?;
            let asked: Vec<&str> = call
                .query
                .iter()
                .filter(|(name, _)| name == "permissions")
                .map(|(_, value)| value.as_str())
                .collect();
            Ok(Answer::json(&json!({ "kind": "storage#testIamPermissionsResponse", "permissions": asked })))
        }
        (_, ["b", bucket, "notificationConfigs", rest @ ..]) => {
            notifications::answer(house, call, bucket, rest)
        }
        (&Method::GET, ["b", bucket, "o"]) => list(house, call, bucket).await,
        (&Method::GET, ["b", bucket, "o", name]) if call.query("alt") == Some("media") => {
            download(house, call, bucket, name).await
        }
        (&Method::GET, ["b", bucket, "o", name]) => {
            let bucket = house.bucket(bucket)?;
            let object = found(&bucket, name, call).await?;
            let about = house.storage.about(bucket.name(), &object);
            Ok(Answer::json(&resource(house, bucket.name(), &object, &about)))
        }
        (&Method::DELETE, ["b", bucket, "o", name]) => {
            let bucket = house.bucket(bucket)?;
            bucket.delete(name, condition(call)?).await.map_err(Refusal::of)?;
            Ok(Answer::bytes(204, empty()))
        }
        (&Method::POST, ["b", from, "o", name, "copyTo" | "rewriteTo", "b", to, "o", as_name]) => {
            let (source, to) = (house.bucket(from)?, house.bucket(to)?);
            let object = found(&source, name, call).await?;
            let content = house.folder.join("uploads").join(format!("copy-{}", object.generation));
            let print = source.fetch(name, &content).await.map_err(Refusal::of)?;
            let put = to.put_file(as_name, &content, Some(print), condition(call)?, &|_| {}).await;
            let _ = std::fs::remove_file(&content);
            let put = put.map_err(Refusal::of)?;
            let about = house.storage.about(source.name(), &object);
            let copied = concluded(house, &to, put, about)?;
            Ok(Answer::json(&if rest.contains(&"copyTo") {
                copied
            } else {
                let size = object.size_bytes.to_string();
                json!({ "kind": "storage#rewriteResponse", "done": true, "objectSize": size, "totalBytesRewritten": size, "resource": copied })
            }))
        }
        _ => Err(Refusal::not_found(&format!(
            "no such method of Cloud Storage here: {} {}",
            call.method,
            rest.join("/")
        ))),
    }
}

fn bucket_resource(name: &str) -> Value {
    json!({
        "kind": "storage#bucket", "id": name, "name": name, "location": "SANDBOX", "storageClass": "STANDARD",
        "metageneration": "1", "etag": "1", "projectNumber": "0",
    })
}

fn list_buckets(house: &House) -> Result<Answer, Refusal> {
    let buckets = runs::bucket::Buckets::of_folders_in(&house.buckets_folder()).map_err(Refusal::of)?;
    let items: Vec<Value> = buckets.iter().map(|bucket| bucket_resource(bucket.name())).collect();
    Ok(Answer::json(&json!({ "kind": "storage#buckets", "items": items })))
}

fn make_bucket(house: &House, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let name = body["name"].as_str().ok_or_else(|| Refusal::invalid("Required: name"))?;
    if !runs::spec::bucket_name_is_valid(name) {
        return Err(Refusal::invalid(&format!("Invalid bucket name: '{name}'")));
    }
    let root = house.buckets_folder().join(name);
    if root.exists() {
        return Err(Refusal::exists(
            "Your previous request to create the named bucket succeeded and you already own it.",
        ));
    }
    FolderBucket::create(name, &root).map_err(Refusal::of)?;
    Ok(Answer::json(&bucket_resource(name)))
}

async fn remove_bucket(house: &House, name: &str) -> Result<Answer, Refusal> {
    let bucket = house.bucket(name)?;
    if !bucket.list("").await.map_err(Refusal::of)?.is_empty() {
        return Err(Refusal::new(409, "FAILED_PRECONDITION", "The bucket you tried to delete is not empty."));
    }
    let root = house.buckets_folder().join(name);
    std::fs::remove_dir_all(&root).map_err(|e| Refusal::internal(&e.to_string()))?;
    notifications::forget(house, name);
    Ok(Answer::bytes(204, empty()))
}

async fn list(house: &House, call: &Call, bucket: &str) -> Result<Answer, Refusal> {
    let bucket = house.bucket(bucket)?;
    let prefix = call.query("prefix").unwrap_or_default();
    let delimiter = call.query("delimiter").filter(|d| !d.is_empty());
    let most = call.query("maxResults").and_then(|n| n.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let after = call.query("pageToken").unwrap_or_default();
    let start = call.query("startOffset").unwrap_or_default();
    let end = call.query("endOffset").filter(|e| !e.is_empty());
    let (mut items, mut prefixes, mut last, mut more) = (Vec::new(), BTreeSet::new(), String::new(), false);
    for object in bucket.list(prefix).await.map_err(Refusal::of)? {
        let name = object.name.clone();
        let group = delimiter.and_then(|d| {
            let rest = &name[prefix.len()..];
            rest.find(d).map(|at| name[..prefix.len() + at + d.len()].to_owned())
        });
        // A page ends after a name or after a whole group; both sort like names.
        let place = group.clone().unwrap_or_else(|| name.clone());
        let known = group.as_ref().is_some_and(|group| prefixes.contains(group));
        if known || (!after.is_empty() && place.as_str() <= after) || name.as_str() < start {
            continue;
        }
        if end.is_some_and(|end| name.as_str() >= end) {
            continue;
        }
        if items.len() + prefixes.len() == most {
            more = true;
            break;
        }
        match group {
            Some(group) => {
                prefixes.insert(group);
            }
            None => {
                let object = house.storage.with_sum(&bucket, object).await?;
                items.push(resource(
                    house,
                    bucket.name(),
                    &object,
                    &house.storage.about(bucket.name(), &object),
                ));
            }
        }
        last = place;
    }
    let mut page = json!({ "kind": "storage#objects", "items": items });
    if delimiter.is_some() {
        page["prefixes"] = json!(prefixes);
    }
    if more {
        page["nextPageToken"] = json!(last);
    }
    Ok(Answer::json(&page))
}

/// An object that fits the request's preconditions for reading.
async fn found(bucket: &Bucket, name: &str, call: &Call) -> Result<Object, Refusal> {
    let missing = || Refusal::not_found(&format!("No such object: {}/{name}", bucket.name()));
    let object = match bucket.stat(name).await {
        Err(runs::Error::NotFound { .. } | runs::Error::Invalid { .. }) => return Err(missing()),
        other => other.map_err(Refusal::of)?,
    };
    let asked = |name: &str| call.query(name).and_then(|g| g.parse::<i64>().ok());
    if asked("generation").is_some_and(|generation| generation != object.generation) {
        return Err(missing());
    }
    if asked("ifGenerationMatch").is_some_and(|generation| generation != object.generation) {
        return Err(condition_not_met());
    }
    if asked("ifGenerationNotMatch") == Some(object.generation) {
        return Err(Refusal::new(304, "OK", "not modified"));
    }
    Ok(object)
}

fn condition_not_met() -> Refusal {
    Refusal::new(412, "FAILED_PRECONDITION", "At least one of the pre-conditions you specified did not hold.")
}

fn condition(call: &Call) -> Result<Precondition, Refusal> {
    Ok(match call.query("ifGenerationMatch") {
        None => Precondition::Any,
        Some(text) => as_precondition(Some(
            text.parse().map_err(|_| Refusal::invalid("ifGenerationMatch is to be a number"))?,
        )),
    })
}

fn as_precondition(generation: Option<i64>) -> Precondition {
    match generation {
        None => Precondition::Any,
        Some(0) => Precondition::Absent,
        Some(generation) => Precondition::Generation(generation),
    }
}

/// An object's content, whole or a range of it.
pub(crate) async fn download(
    house: &House,
    call: &Call,
    bucket: &str,
    name: &str,
) -> Result<Answer, Refusal> {
    let bucket = house.bucket(bucket)?;
    let object = found(&bucket, name, call).await?;
    let about = house.storage.about(bucket.name(), &object);
    let size = object.size_bytes;
    let (first, last, status) = match call.header("range").map(|range| range_of(range, size)) {
        None => (0, size, 200),
        Some(Some((first, last))) => (first, last, 206),
        Some(None) => return Err(Refusal::new(416, "OUT_OF_RANGE", "Requested range not satisfiable")),
    };
    let name = name.to_owned();
    let pieces = futures::stream::unfold(first, move |at| {
        let (bucket, name) = (bucket.clone(), name.clone());
        async move {
            if at >= last {
                return None;
            }
            let piece = bucket.read_range(&name, at, (last - at).min(PIECE_BYTES)).await;
            match piece {
                Ok(piece) if piece.is_empty() => {
                    Some((Err(std::io::Error::other("it became shorter")), last))
                }
                Ok(piece) => {
                    let next = at + piece.len() as u64;
                    Some((Ok(bytes::Bytes::from(piece)), next))
                }
                Err(e) => Some((Err(std::io::Error::other(e.to_string())), last)),
            }
        }
    });
    let mut answer = Answer::bytes(status, Body::from_stream(pieces))
        .header("content-type", about.content_type.unwrap_or_else(|| "application/octet-stream".into()))
        .header("content-length", (last - first).to_string())
        .header("x-goog-generation", object.generation.to_string())
        .header("x-goog-metageneration", "1".into())
        .header("x-goog-stored-content-length", size.to_string())
        .header("accept-ranges", "bytes".into());
    if let Some(sum) = object.crc32c {
        answer = answer.header("x-goog-hash", format!("crc32c={sum}"));
    }
    if status == 206 {
        answer = answer.header("content-range", format!("bytes {first}-{}/{size}", last - 1));
    }
    Ok(answer)
}

/// `bytes=a-b`, `bytes=a-`, `bytes=-n`: the first byte and the one after the last.
fn range_of(range: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.parse::<u64>().ok(), last.parse::<u64>().ok()) {
        (Some(first), Some(last)) => (first, last.checked_add(1)?.min(size)),
        (Some(first), None) if last.is_empty() => (first, size),
        (None, Some(count)) if first.is_empty() => (size.saturating_sub(count), size),
        _ => return None,
    };
    (range.0 < range.1).then_some(range)
}

/// Uploads of all three kinds.
pub(crate) async fn upload(house: &Arc<House>, call: &Call, bucket: &str) -> Result<Answer, Refusal> {
    let bucket = house.bucket(bucket)?;
    match (&call.method, call.query("uploadType")) {
        (&Method::POST, Some("media")) => {
            let name = call.query("name").ok_or_else(|| Refusal::invalid("Required: name"))?;
            let about =
                About { content_type: call.header("content-type").map(str::to_owned), ..About::default() };
            let put = put(&bucket, name, &call.body, about.crc32c, condition(call)?).await?;
            concluded(house, &bucket, put, about).map(|object| Answer::json(&object))
        }
        (&Method::POST, Some("multipart")) => {
            let (about, content_type, content) = multipart(call)?;
            let (name, mut about) = described(call, about)?;
            about.content_type = about.content_type.or(content_type);
            let put = put(&bucket, &name, content, about.crc32c, condition(call)?).await?;
            concluded(house, &bucket, put, about).map(|object| Answer::json(&object))
        }
        (&Method::POST, Some("resumable")) => begin(house, call, &bucket),
        (&Method::PUT, _) if call.query("upload_id").is_some() => go_on(house, call, bucket.name()).await,
        (&Method::DELETE, _) if call.query("upload_id").is_some() => {
            let id = session_id(call)?;
            let _ = std::fs::remove_file(house.storage.uploads.join(format!("{id}.part")));
            let _ = std::fs::remove_file(house.storage.uploads.join(format!("{id}.json")));
            // The service's own word for a session that was cancelled.
            Ok(Answer::bytes(499, empty()))
        }
        _ => Err(Refusal::invalid("uploadType is to be media, multipart or resumable")),
    }
}

async fn put(
    bucket: &Bucket,
    name: &str,
    content: &[u8],
    announced: Option<Crc32c>,
    condition: Precondition,
) -> Result<Object, Refusal> {
    let found = Crc32c::of(content);
    if announced.is_some_and(|sum| sum != found) {
        return Err(Refusal::invalid(&format!(
            "Provided CRC32C \"{}\" doesn't match calculated CRC32C \"{found}\".",
            announced.map(|sum| sum.to_string()).unwrap_or_default()
        )));
    }
    bucket.put(name, content, condition).await.map_err(Refusal::of)
}

fn concluded(house: &House, bucket: &Bucket, object: Object, about: About) -> Result<Value, Refusal> {
    if let Some(sum) = object.crc32c {
        house.storage.keep_sum(bucket.name(), &object, sum);
    }
    let about = About { generation: object.generation, crc32c: None, ..about };
    let text = serde_json::to_vec(&about).map_err(|e| Refusal::internal(&e.to_string()))?;
    write_whole(&house.storage.about_path(bucket.name(), &object.name), &text)?;
    Ok(resource(house, bucket.name(), &object, &about))
}

fn described(call: &Call, about: Value) -> Result<(String, About), Refusal> {
    let name =
        about["name"].as_str().or(call.query("name")).ok_or_else(|| Refusal::invalid("Required: name"))?;
    let name = name.to_owned();
    let mut kept = about;
    // Only what is ours to keep; the generation is not the caller's to say.
    if let Some(fields) = kept.as_object_mut() {
        fields.retain(|field, value| {
            matches!(field.as_str(), "contentType" | "metadata" | "crc32c") && !value.is_null()
        });
    }
    let about = serde_json::from_value(kept).map_err(|e| Refusal::invalid(&e.to_string()))?;
    Ok((name, about))
}

/// The two parts of a `multipart/related` body: what is said about the object, and its content.
pub(crate) fn multipart(call: &Call) -> Result<(Value, Option<String>, &[u8]), Refusal> {
    let wrong = |why: &str| Refusal::invalid(&format!("the multipart body is wrong: {why}"));
    let kind = call.header("content-type").unwrap_or_default();
    let boundary = kind
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="))
        .ok_or_else(|| wrong("no boundary"))?;
    let mark = format!("--{}", boundary.trim_matches(['"', '\'']));
    let find = |from: usize, needle: &[u8]| {
        call.body[from..].windows(needle.len()).position(|window| window == needle).map(|at| from + at)
    };
    // Headers of a part end with an empty line; its content with a line end and the next mark.
    let part = |from: usize| -> Option<(usize, usize)> {
        let headers = find(from, mark.as_bytes())? + mark.len();
        match (find(headers, b"\r\n\r\n"), find(headers, b"\n\n")) {
            (Some(crlf), Some(lf)) if lf < crlf => Some((headers, lf + 2)),
            (Some(crlf), _) => Some((headers, crlf + 4)),
            (None, Some(lf)) => Some((headers, lf + 2)),
            (None, None) => None,
        }
    };
    let trimmed = |begin: usize, end: usize| {
        let content = &call.body[begin..end];
        content.strip_suffix(b"\r\n").or(content.strip_suffix(b"\n")).unwrap_or(content)
    };
    let (_, first) = part(0).ok_or_else(|| wrong("no first part"))?;
    let second = find(first, mark.as_bytes()).ok_or_else(|| wrong("no second part"))?;
    let about = serde_json::from_slice(trimmed(first, second)).map_err(|e| wrong(&e.to_string()))?;
    let (headers, content) = part(second).ok_or_else(|| wrong("no second part"))?;
    // The content may hold anything, the mark's own text too: it ends at the last mark.
    let last = call.body[content..].windows(mark.len()).rposition(|window| window == mark.as_bytes());
    let last = last.map(|at| content + at).ok_or_else(|| wrong("it never ends"))?;
    let content_type = String::from_utf8_lossy(&call.body[headers..content]).lines().find_map(|line| {
        line.to_ascii_lowercase().starts_with("content-type:").then(|| line[13..].trim().to_owned())
    });
    Ok((about, content_type, trimmed(content, last)))
}

fn begin(house: &House, call: &Call, bucket: &Bucket) -> Result<Answer, Refusal> {
    let (name, mut about) = described(call, call.json()?)?;
    about.content_type = about.content_type.or(call.header("x-upload-content-type").map(str::to_owned));
    let condition = match condition(call)? {
        Precondition::Any => None,
        Precondition::Absent => Some(0),
        Precondition::Generation(generation) => Some(generation),
    };
    let seed = format!("{}{name}{:?}", bucket.name(), std::time::SystemTime::now());
    let id = Sha256::of(seed.as_bytes()).to_string();
    let session = Session {
        bucket: bucket.name().to_owned(),
        name,
        about,
        condition,
        received_bytes: 0,
        sum: 0,
        done: None,
    };
    save(house, &id, &session)?;
    std::fs::write(house.storage.uploads.join(format!("{id}.part")), b"")
        .map_err(|e| Refusal::internal(&e.to_string()))?;
    let location = format!(
        "{}/upload/storage/v1/b/{}/o?uploadType=resumable&upload_id={id}",
        house.url(),
        bucket.name()
    );
    Ok(Answer::bytes(200, empty()).header("location", location).header("x-guploader-uploadid", id))
}

fn save(house: &House, id: &str, session: &Session) -> Result<(), Refusal> {
    let text = serde_json::to_vec(session).map_err(|e| Refusal::internal(&e.to_string()))?;
    write_whole(&house.storage.uploads.join(format!("{id}.json")), &text)
}

fn session_id(call: &Call) -> Result<&str, Refusal> {
    let id = call.query("upload_id").unwrap_or_default();
    // It becomes a file name.
    if id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(id)
    } else {
        Err(Refusal::not_found("no such upload"))
    }
}

async fn go_on(house: &Arc<House>, call: &Call, bucket: &str) -> Result<Answer, Refusal> {
    let id = session_id(call)?;
    let text = std::fs::read(house.storage.uploads.join(format!("{id}.json")))
        .map_err(|_| Refusal::not_found("no such upload"))?;
    let mut session: Session =
        serde_json::from_slice(&text).map_err(|e| Refusal::internal(&e.to_string()))?;
    if session.bucket != bucket {
        return Err(Refusal::not_found("no such upload"));
    }
    if let Some(done) = &session.done {
        return Ok(Answer::json(done));
    }
    let part = house.storage.uploads.join(format!("{id}.part"));
    let (begins, mut total) = match call.header("content-range") {
        Some(range) => content_range(range).ok_or_else(|| Refusal::invalid("content-range is wrong"))?,
        None => (Some(0), None),
    };
    if let Some(begins) = begins {
        if begins > session.received_bytes {
            return Err(Refusal::new(503, "UNAVAILABLE", "bytes are missing before this range"));
        }
        let took = take(&mut session, call, &part, begins).await;
        // What arrived before a piece was cut off is kept, as the service does.
        save(house, id, &session)?;
        took?;
        if call.header("content-range").is_none() {
            total = Some(session.received_bytes);
        }
    }
    if total != Some(session.received_bytes) {
        let answer = Answer::bytes(308, empty());
        return Ok(match session.received_bytes.checked_sub(1) {
            Some(last) => answer.header("range", format!("bytes=0-{last}")),
            None => answer,
        });
    }
    let found = Crc32c(session.sum);
    if session.about.crc32c.is_some_and(|sum| sum != found) {
        return Err(Refusal::invalid(&format!(
            "Provided CRC32C doesn't match calculated CRC32C \"{found}\"."
        )));
    }
    let bucket = house.folder_bucket(bucket)?;
    let put =
        bucket.adopt(&session.name, &part, found, as_precondition(session.condition)).map_err(Refusal::of)?;
    let object = concluded(house, &Bucket::Folder(bucket), put, session.about.clone())?;
    session.done = Some(object.clone());
    save(house, id, &session)?;
    Ok(Answer::json(&object))
}

/// Appends a piece that begins at byte `begins` to what is there, as it comes.
async fn take(session: &mut Session, call: &Call, part: &Path, begins: u64) -> Result<(), Refusal> {
    use futures::StreamExt as _;
    use std::io::{Seek as _, Write as _};
    let internal = |e: std::io::Error| Refusal::internal(&e.to_string());
    let mut file = std::fs::OpenOptions::new().write(true).open(part).map_err(internal)?;
    file.set_len(session.received_bytes).map_err(internal)?;
    file.seek(std::io::SeekFrom::End(0)).map_err(internal)?;
    let piece = call.piece.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    let mut stream = piece.unwrap_or_else(empty).into_data_stream();
    // What is there already is not written twice.
    let mut known = session.received_bytes - begins;
    while let Some(bytes) = stream.next().await {
        let bytes = bytes.map_err(|e| Refusal::invalid(&format!("the piece was cut off: {e}")))?;
        let skip = usize::try_from(known).unwrap_or(usize::MAX).min(bytes.len());
        known -= skip as u64;
        file.write_all(&bytes[skip..]).map_err(internal)?;
        session.sum = Crc32c(session.sum).and(&bytes[skip..]).0;
        session.received_bytes += (bytes.len() - skip) as u64;
    }
    Ok(())
}

/// `bytes a-b/total`, `bytes a-b/*` and `bytes */total`: where it begins, and the size if it is said.
fn content_range(range: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (bytes, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let total = if total == "*" { None } else { Some(total.parse().ok()?) };
    let begins = if bytes == "*" { None } else { Some(bytes.split_once('-')?.0.parse().ok()?) };
    Some((begins, total))
}

fn encoded(name: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_both_directions() {
        let rows = [
            ("bytes=0-3", Some((0, 4))),
            ("bytes=2-", Some((2, 10))),
            ("bytes=-4", Some((6, 10))),
            ("bytes=5-100", Some((5, 10))),
            ("bytes=10-", None),
            ("bytes=x-", None),
        ];
        for (text, expected) in rows {
            assert_eq!(range_of(text, 10), expected, "{text}");
        }
        assert_eq!(content_range("bytes 0-9/20"), Some((Some(0), Some(20))));
        assert_eq!(content_range("bytes 0-9/*"), Some((Some(0), None)));
        assert_eq!(content_range("bytes */20"), Some((None, Some(20))));
        assert_eq!(content_range("bytes"), None);
    }
}
