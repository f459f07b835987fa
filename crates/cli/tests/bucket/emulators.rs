//! Amazon's and Microsoft's object stores on loopback: moto and Azurite, installed once beside the build's temporary files.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// An emulator that runs until it is dropped, with a bucket in it.
pub(crate) struct Emulator {
    child: Child,
    python: PathBuf,
    /// What the vendor's client is asked, in Python, and what it calls the place.
    look: &'static str,
    place: String,
    /// How the program finds it.
    pub(crate) environment: Vec<(String, String)>,
}

/// The account that Azurite always has; its key is public.
const AZURITE: &str = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=";

const S3: &str = "
import boto3, json, sys
store = boto3.client('s3', endpoint_url=sys.argv[1], region_name='eu-west-1', aws_access_key_id='a', aws_secret_access_key='b')
if sys.argv[2] == 'make':
    store.create_bucket(Bucket='models-desk', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    store.put_bucket_versioning(Bucket='models-desk', VersioningConfiguration={'Status': 'Enabled'})
else:
    pages = store.get_paginator('list_object_versions').paginate(Bucket='models-desk')
    print(json.dumps([row['Key'] for page in pages for row in page.get('Versions', []) + page.get('DeleteMarkers', [])]))
";

const AZURE: &str = "
import json, sys
from azure.storage.blob import BlobServiceClient
store = BlobServiceClient.from_connection_string(sys.argv[1])
if sys.argv[2] == 'make':
    store.create_container('models-desk')
else:
    blobs = store.get_container_client('models-desk').list_blobs()
    print(json.dumps([blob.name for blob in blobs if blob.creation_time == blob.last_modified]))
";

impl Emulator {
    /// Amazon's.
    pub(crate) fn s3() -> Emulator {
        let python = python();
        let port = free_port().to_string();
        let child = Command::new(python.with_file_name("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &port])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let environment = [
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", &url),
            ("AWS_ALLOW_HTTP", "true"),
        ];
        Emulator { child, python, look: S3, environment: owned(&environment), place: url }.with_bucket(&port)
    }

    /// Microsoft's.
    pub(crate) fn azure() -> Emulator {
        let folder = temporary().join("azurite");
        let program = folder.join("node_modules/.bin/azurite-blob");
        if !program.exists() {
            std::fs::create_dir_all(&folder).unwrap();
            let installed = Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                .arg(&folder)
                .arg("azurite@3.35.0")
                .status()
                .unwrap();
            assert!(installed.success(), "azurite installs");
        }
        let port = free_port().to_string();
        let child = Command::new(program)
            .args(["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
            .args(["--blobHost", "127.0.0.1", "--blobPort", &port])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}/devstoreaccount1");
        let key = AZURITE.split("AccountKey=").nth(1).unwrap().split(';').next().unwrap();
        let environment = [
            ("AZURE_STORAGE_ACCOUNT_NAME", "devstoreaccount1"),
            ("AZURE_STORAGE_ACCOUNT_KEY", key),
            ("AZURE_STORAGE_ENDPOINT", &url),
            ("AZURE_ALLOW_HTTP", "true"),
        ];
        let place = format!("{AZURITE}{url};");
        Emulator { child, python: python(), look: AZURE, environment: owned(&environment), place }
            .with_bucket(&port)
    }

    fn with_bucket(mut self, port: &str) -> Emulator {
        for _ in 0..300 {
            assert!(self.child.try_wait().unwrap().is_none(), "the emulator ended");
            if std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        self.vendor("make");
        self
    }

    /// Every object by its name, as the vendor's own client sees them: once for each time it was written, where the store
    /// keeps count, and not at all where it was written over.
    pub(crate) fn objects(&self) -> Vec<String> {
        let mut names: Vec<String> = serde_json::from_slice(&self.vendor("look")).unwrap();
        names.sort();
        names
    }

    fn vendor(&self, what: &str) -> Vec<u8> {
        let done = Command::new(&self.python).args(["-c", self.look, &self.place, what]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn temporary() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned()
}

/// A Python that has moto and both vendors' clients.
fn python() -> PathBuf {
    let folder = temporary().join("object-stores");
    let (python, ready) = (folder.join("bin/python"), folder.join("ready"));
    if !ready.exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status().unwrap();
        assert!(made.success(), "python3 -m venv works");
        let installed = Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(["moto[server,s3]==5.2.5", "azure-storage-blob==12.28.0"])
            .status()
            .unwrap();
        assert!(installed.success(), "moto and the clients install");
        std::fs::write(ready, "").unwrap();
    }
    python
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
