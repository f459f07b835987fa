//! Clients for the three kinds of buckets. Each takes its account, its region and another endpoint from the variables that
//! its own vendor's tools read; the names are in the builders' documentation.

use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::{ClientOptions, HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse};
use object_store::client::{HttpService, ReqwestConnector};
use object_store::gcp::{GcpCredential, GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{ClientConfigKey, ObjectStore, Result, RetryConfig, StaticCredentialProvider};

use crate::store::Told;

/// Opens a bucket of a scheme that `Location` has read: `s3`, `az`, or else `gs`.
///
/// # Errors
/// When the environment names no account, or contradicts itself.
pub(super) fn open(scheme: &str, bucket: &str, told: Told) -> Result<Arc<dyn ObjectStore>> {
    // Whoever was first has chosen; any choice will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match scheme {
        // Creates by `If-None-Match: *`, as S3 has it since 2024.
        "s3" => Ok(Arc::new(
            AmazonS3Builder::from_env()
                .with_bucket_name(bucket)
                .with_retry(retries_off())
                .with_http_connector(Telling(told))
                .build()?,
        )),
        "az" => Ok(Arc::new(
            MicrosoftAzureBuilder::from_env()
                .with_container_name(bucket)
                .with_retry(retries_off())
                .with_http_connector(Telling(told))
                .build()?,
        )),
        _ => open_google(bucket, told),
    }
}

/// A client that re-sends reports our own write as somebody else's.
fn retries_off() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

fn open_google(bucket: &str, told: Told) -> Result<Arc<dyn ObjectStore>> {
    let mut client = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(bucket)
        .with_retry(retries_off())
        .with_http_connector(Telling(told));
    // As Google's own clients take it: another endpoint, which asks for no account. The client would look for one all the
    // same before it creates an object, so it is given an empty one.
    if let Some(endpoint) = std::env::var("STORAGE_EMULATOR_HOST").ok().filter(|host| !host.is_empty()) {
        let endpoint = if endpoint.contains("://") { endpoint } else { format!("http://{endpoint}") };
        client = client
            .with_base_url(endpoint.trim_end_matches('/'))
            .with_skip_signature(true)
            .with_credentials(Arc::new(StaticCredentialProvider::new(GcpCredential {
                bearer: String::new(),
            })))
            .with_config(GoogleConfigKey::Client(ClientConfigKey::AllowHttp), "true");
    }
    Ok(Arc::new(client.build()?))
}

/// A client that keeps what answers say of the time.
#[derive(Debug)]
struct Telling(Told);

impl HttpConnector for Telling {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(TellingClient { client, told: self.0.clone() }))
    }
}

#[derive(Debug)]
struct TellingClient {
    client: HttpClient,
    told: Told,
}

#[async_trait::async_trait]
impl HttpService for TellingClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.client.execute(request).await?;
        let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
        if let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) {
            self.told.tell(date);
        }
        Ok(answer)
    }
}
