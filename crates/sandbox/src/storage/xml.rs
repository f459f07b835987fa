//! Cloud Storage's XML API, as far as clients of object stores speak it: read, look at, create and list objects. Nothing
//! is deleted this way: whoever appends to a log needs no right to.
//! (<https://cloud.google.com/storage/docs/xml-api/reference-methods>)

use axum::http::Method;
use jiff::fmt::rfc2822::DateTimePrinter;
use runs::bucket::{Bucket, Object, Precondition};

use super::{About, PAGE, as_precondition, concluded, download, found, put};
use crate::answer::{Answer, Refusal};
use crate::{Call, House, empty};

/// `/BUCKET` and `/BUCKET/NAME`.
pub(crate) async fn answer(house: &House, call: &Call, bucket: &str, name: &str) -> Result<Answer, Refusal> {
    let opened = house.bucket(bucket)?;
    match (&call.method, name) {
        (&Method::GET, "") => list(call, &opened).await,
        (_, "") => Err(not_here(call)),
        (&Method::GET, name) => {
            let object = found(&opened, name, call).await?;
            Ok(described(download(house, call, bucket, name).await?, &object))
        }
        (&Method::HEAD, name) => {
            let object = found(&opened, name, call).await?;
            let answer = Answer::bytes(200, empty()).header("content-length", object.size_bytes.to_string());
            Ok(described(answer, &object))
        }
        (&Method::PUT, name) => {
            let condition = match call.header("x-goog-if-generation-match") {
                None => Precondition::Any,
                Some(text) => as_precondition(Some(
                    text.parse()
                        .map_err(|_| Refusal::invalid("x-goog-if-generation-match is to be a number"))?,
                )),
            };
            let about =
                About { content_type: call.header("content-type").map(str::to_owned), ..About::default() };
            let object = put(&opened, name, &call.body, None, condition).await?;
            concluded(house, &opened, object.clone(), about)?;
            Ok(described(Answer::bytes(200, empty()), &object))
        }
        _ => Err(not_here(call)),
    }
}

fn not_here(call: &Call) -> Refusal {
    Refusal::new(405, "UNIMPLEMENTED", &format!("{} is not spoken here", call.method))
}

fn tag(object: &Object) -> String {
    format!("\"{:x}\"", object.generation)
}

fn described(answer: Answer, object: &Object) -> Answer {
    let modified =
        DateTimePrinter::new().timestamp_to_rfc9110_string(&object.modified_at).unwrap_or_default();
    answer
        .header("etag", tag(object))
        .header("last-modified", modified)
        .header("x-goog-generation", object.generation.to_string())
}

/// `?list-type=2`: names in order, a page at a time. Delimiters are not spoken.
async fn list(call: &Call, bucket: &Bucket) -> Result<Answer, Refusal> {
    if call.query("delimiter").is_some_and(|delimiter| !delimiter.is_empty()) {
        return Err(Refusal::new(501, "UNIMPLEMENTED", "delimiters are spoken by the JSON API only"));
    }
    let prefix = call.query("prefix").unwrap_or_default();
    let after = call.query("continuation-token").or(call.query("start-after")).unwrap_or_default();
    let most = call.query("max-keys").and_then(|n| n.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let mut names = bucket.list(prefix).await.map_err(Refusal::of)?;
    names.retain(|object| object.name.as_str() > after);
    let more = names.len() > most;
    names.truncate(most);
    let mut page = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>");
    for object in &names {
        page.push_str(&format!(
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size></Contents>",
            escaped(&object.name),
            object.modified_at,
            escaped(&tag(object)),
            object.size_bytes
        ));
    }
    if let Some(last) = names.last().filter(|_| more) {
        page.push_str(&format!("<NextContinuationToken>{}</NextContinuationToken>", escaped(&last.name)));
    }
    page.push_str(&format!("<IsTruncated>{more}</IsTruncated></ListBucketResult>"));
    Ok(Answer::bytes(200, page.into()).header("content-type", "application/xml; charset=UTF-8".into()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
