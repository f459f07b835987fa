//! An on-premise Spark configuration as a cluster template, each decision with its reason.
//!
//! What cannot be carried over is said, not dropped: every property of `spark-defaults.conf` becomes a row, taken,
//! adapted or left out with the reason why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod nodes;
mod rows;

pub use nodes::{Nodes, nodes};
use rows::Rows;
pub use rows::{MappedRow, Told};

use super::template::{ClusterTemplate, Machines};
use crate::local::requirements;
use crate::target::Finding;
use crate::{Error, Reason, local};

/// The largest configuration file that is read.
const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// Dataproc's images by the Spark they carry, newest first (Dataproc's image version list).
const IMAGES: [(&str, &str); 4] =
    [("3.5", "2.3-debian12"), ("3.3", "2.1-debian11"), ("3.1", "2.0-debian10"), ("2.4", "1.5-debian10")];

/// vCPUs a machine of a general-purpose family comes with.
const SIZES: [u32; 7] = [2, 4, 8, 16, 32, 48, 64];

/// How long a mapped cluster idles, and how long it lives, in seconds.
const IDLE_S: u64 = 600;
const AGE_S: u64 = 2 * 3600;

/// What runs on premise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnPremise {
    /// Worker nodes.
    pub nodes: u32,
    /// Cores of a node.
    pub cores: u32,
    /// Memory of a node, in GB.
    pub memory_gb: u32,
    /// The Spark version ("3.1.2").
    pub spark_version: String,
    /// The text of `spark-defaults.conf`.
    pub spark_defaults: String,
    /// The text of `yarn-site.xml`.
    pub yarn_site: String,
    /// The lines of the package's requirements file.
    pub requirements: Vec<String>,
}

/// A template with the story of how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The result.
    pub template: ClusterTemplate,
    /// Source and result side by side.
    pub rows: Vec<MappedRow>,
    /// What to look at before using it.
    pub findings: Vec<Finding>,
}

/// Maps an on-premise configuration to a template. Deterministic; nothing is called.
///
/// # Errors
/// [`Error::Invalid`] for numbers that describe no cluster and for files that cannot be read as what they are.
pub fn map(source: &OnPremise) -> Result<Mapping, Error> {
    for (what, number, most) in
        [("nodes", source.nodes, 1000), ("cores", source.cores, 512), ("memory (GB)", source.memory_gb, 4096)]
    {
        if number == 0 || number > most {
            return Err(Error::invalid(
                format!("{what} `{number}`"),
                format!("it is to be between 1 and {most}"),
            ));
        }
    }
    let spark = spark_defaults(&source.spark_defaults)?;
    let yarn = yarn_site(&source.yarn_site)?;
    let mut rows = Rows(Vec::new());
    let mut findings = Vec::new();

    let image_version = image(&source.spark_version, &mut rows, &mut findings);
    let workers = workers(source, &yarn, &mut rows);
    let master = Machines { count: 1, machine_type: "n2-standard-4".to_owned(), disk_gb: 100 };
    rows.add(Reason::new("map-master"), "—", "1 × n2-standard-4", Reason::new("map-why-master"));
    let properties = properties(&spark, &workers, &mut rows, &mut findings);
    let pip_packages = packages(&source.requirements, &mut rows)?;

    rows.add(
        Reason::new("map-life"),
        Reason::new("map-life-before"),
        Reason::new("map-life-after").with("idle", IDLE_S / 60).with("age", AGE_S / 3600),
        Reason::new("map-why-life"),
    );
    let template = ClusterTemplate {
        image_version,
        zone: String::new(),
        subnetwork: String::new(),
        service_account: String::new(),
        staging_bucket: String::new(),
        master,
        workers,
        properties,
        pip_packages,
        idle_delete_s: IDLE_S,
        age_delete_s: AGE_S,
        provision_deadline_s: 900,
    };
    Ok(Mapping { template, rows: rows.0, findings })
}

fn image(version: &str, rows: &mut Rows, findings: &mut Vec<Finding>) -> String {
    let wanted: Vec<&str> = version.split('.').take(2).collect();
    let wanted = wanted.join(".");
    let (spark, image) = IMAGES.iter().find(|(spark, _)| *spark == wanted).unwrap_or(&IMAGES[0]);
    if *spark == wanted {
        rows.add("Spark", version, *image, Reason::new("map-why-image").with("spark", spark));
    } else {
        let said = |id: &str| Reason::new(id).with("wanted", &wanted).with("spark", spark);
        rows.add("Spark", version, *image, said("map-why-other-image"));
        findings.push(Finding::warning("spark-version", said("map-finding-spark-version")));
    }
    (*image).to_owned()
}

/// Worker machines with the cores and memory YARN may use, not those of the metal.
fn workers(source: &OnPremise, yarn: &BTreeMap<String, String>, rows: &mut Rows) -> Machines {
    let number =
        |name: &str| yarn.get(name).and_then(|value| value.trim().parse::<u32>().ok()).filter(|n| *n > 0);
    let cores = match number("yarn.nodemanager.resource.cpu-vcores") {
        Some(cores) => {
            rows.add(
                "yarn.nodemanager.resource.cpu-vcores",
                cores.to_string(),
                Reason::new("map-node-vcpus").with("cores", cores),
                Reason::new("map-why-yarn"),
            );
            cores
        }
        None => source.cores,
    };
    let memory_gb = match number("yarn.nodemanager.resource.memory-mb") {
        Some(mb) => {
            let gb = mb.div_ceil(1024);
            rows.add(
                "yarn.nodemanager.resource.memory-mb",
                mb.to_string(),
                Reason::new("map-node-memory").with("gb", gb),
                Reason::new("map-why-yarn"),
            );
            gb
        }
        None => source.memory_gb,
    };
    let vcpus = SIZES.into_iter().find(|size| *size >= cores).unwrap_or(64);
    // 4 GB a core in `standard`, 8 in `highmem`; Dataproc leaves YARN about four fifths of a node's memory.
    let needed_gb = f64::from(memory_gb) / 0.8;
    let shape = if needed_gb <= f64::from(vcpus) * 4.0 * 1.25 { "standard" } else { "highmem" };
    let machine_type = format!("n2-{shape}-{vcpus}");
    rows.add(
        Reason::new("map-node"),
        Reason::new("map-node-is").with("cores", source.cores).with("gb", source.memory_gb),
        &*machine_type,
        Reason::new("map-why-node").with("cores", cores).with("shape", shape),
    );
    let total = u64::from(source.nodes) * u64::from(cores);
    let count = u32::try_from(total.div_ceil(u64::from(vcpus))).unwrap_or(u32::MAX);
    // A cluster has no single worker: none with everything on the master, or two at least.
    let count = count.max(2);
    rows.add(
        Reason::new("map-nodes"),
        source.nodes.to_string(),
        count.to_string(),
        Reason::new("map-why-nodes").with("total", total).with("vcpus", vcpus),
    );
    Machines { count, machine_type, disk_gb: 200 }
}

/// Properties that describe the place and not the work, and the reason why they stay behind.
const LEFT_BEHIND: [(&str, &str); 16] = [
    ("spark.master", "map-left-master"),
    ("spark.submit.deployMode", "map-left-mode"),
    ("spark.yarn.archive", "map-left-jars"),
    ("spark.yarn.jars", "map-left-jars"),
    ("spark.yarn.keytab", "map-left-kerberos"),
    ("spark.yarn.principal", "map-left-kerberos"),
    ("spark.kerberos.", "map-left-kerberos"),
    ("spark.eventLog.dir", "map-left-events"),
    ("spark.history.", "map-left-history"),
    ("spark.yarn.historyServer", "map-left-history"),
    ("spark.local.dir", "map-left-path"),
    ("spark.driver.host", "map-left-address"),
    ("spark.driver.extraClassPath", "map-left-class-path"),
    ("spark.executor.extraClassPath", "map-left-class-path"),
    ("spark.driver.extraLibraryPath", "map-left-path"),
    ("spark.executor.extraLibraryPath", "map-left-path"),
];

fn properties(
    spark: &BTreeMap<String, String>,
    workers: &Machines,
    rows: &mut Rows,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, String> {
    let (_, vcpus, gb) = super::prices::machine(&workers.machine_type).unwrap_or(("n2", 2, 8.0));
    let mut mapped = BTreeMap::new();
    for (name, value) in spark {
        let left = LEFT_BEHIND
            .iter()
            .find(|(prefix, _)| name == prefix || (prefix.ends_with('.') && name.starts_with(prefix)));
        if let Some((_, why)) = left {
            rows.add(&**name, &**value, "", Reason::new(why));
            continue;
        }
        if looks_secret(name) {
            rows.add(&**name, "…", "", Reason::new("map-left-credential"));
            let said = Reason::new("map-finding-credential").with("name", name);
            findings.push(Finding::warning("credential", said));
            continue;
        }
        if value.contains("hdfs://") {
            rows.add(&**name, &**value, "", Reason::new("map-left-hdfs"));
            let said = Reason::new("map-finding-hdfs").with("name", name).with("value", value);
            findings.push(Finding::warning("hdfs-path", said));
            continue;
        }
        let as_it_was = || (value.clone(), Reason::new("map-why-kept"));
        let (kept, why) = match name.as_str() {
            "spark.executor.cores" => match value.parse::<u32>() {
                Ok(cores) if cores > vcpus => {
                    (vcpus.to_string(), Reason::new("map-why-fewer-cores").with("vcpus", vcpus))
                }
                _ => as_it_was(),
            },
            "spark.executor.memory" => match memory_mb(value) {
                // Room for the overhead and for YARN.
                Some(mb) if f64::from(mb) > gb * 1024.0 * 0.7 => (
                    format!("{}m", (gb * 1024.0 * 0.7) as u32),
                    Reason::new("map-why-less-memory").with("gb", gb),
                ),
                Some(_) => as_it_was(),
                None => (value.clone(), Reason::new("map-why-no-size")),
            },
            _ => as_it_was(),
        };
        rows.add(&**name, &**value, format!("spark:{name}={kept}"), why);
        mapped.insert(format!("spark:{name}"), kept);
    }
    mapped
}

fn packages(lines: &[String], rows: &mut Rows) -> Result<Vec<String>, Error> {
    let plan = requirements::plan(local::PYSPARK_3, lines)?;
    // What the plan adds for this machine's own environment is not the package's wish.
    let named = |requirement: &String| {
        lines.iter().any(|line| {
            line.split(" #").next().unwrap_or_default().trim().trim_start_matches('\u{feff}') == requirement
        })
    };
    let packages: Vec<String> =
        plan.install.into_iter().filter(named).map(|package| package.replace(' ', "")).collect();
    for (line, kept_by) in plan.left {
        let id = match kept_by {
            requirements::LeftTo::Target => "map-left-pyspark",
            requirements::LeftTo::Spark => "map-left-py4j",
        };
        rows.add("requirements", line, "", Reason::new(id));
    }
    if !packages.is_empty() {
        rows.add(
            "requirements",
            packages.join(", "),
            Reason::new("map-packages"),
            Reason::new("map-why-packages"),
        );
    }
    Ok(packages)
}

/// `name value`, `name=value` and `name: value` lines with `#` comments, as Spark reads them.
fn spark_defaults(text: &str) -> Result<BTreeMap<String, String>, Error> {
    refuse_large("spark-defaults.conf", text)?;
    let mut found = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let at = line.find(|c: char| c.is_whitespace() || c == '=' || c == ':').unwrap_or(line.len());
        let (name, value) = line.split_at(at);
        let value = value.trim_start().trim_start_matches(['=', ':']).trim();
        if !name.starts_with("spark.") {
            return Err(Error::invalid(
                format!("line {} of `spark-defaults.conf`", number + 1),
                format!("`{name}` is no Spark property: they start with `spark.`"),
            ));
        }
        found.insert(name.to_owned(), value.to_owned());
    }
    Ok(found)
}

/// The properties of a Hadoop configuration file. It is a flat list of names and values; what Hadoop itself would
/// read beyond that (includes, entities of its own) is refused.
fn yarn_site(text: &str) -> Result<BTreeMap<String, String>, Error> {
    refuse_large("yarn-site.xml", text)?;
    let wrong = |why: &str| Error::invalid("`yarn-site.xml`", why.to_owned());
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") || text.contains(":include") {
        return Err(wrong("it declares entities or includes other files, which are not read here"));
    }
    if !text.contains("<configuration") {
        return Err(wrong("it has no `<configuration>`; it is to be Hadoop's own file"));
    }
    let uncommented = without_comments(text).ok_or_else(|| wrong("a comment is never closed"))?;
    let mut found = BTreeMap::new();
    let mut rest = uncommented.as_str();
    while let Some(at) = rest.find("<property>") {
        let inside = &rest[at + "<property>".len()..];
        let end = inside.find("</property>").ok_or_else(|| wrong("a `<property>` is never closed"))?;
        let part = |tag: &str| {
            let (_, after) = inside[..end].split_once(&format!("<{tag}>"))?;
            after.split_once(&format!("</{tag}>")).map(|(value, _)| unescaped(value.trim()))
        };
        let name = part("name").ok_or_else(|| wrong("a `<property>` has no `<name>`"))?;
        found.insert(name, part("value").unwrap_or_default());
        rest = &inside[end..];
    }
    Ok(found)
}

fn without_comments(text: &str) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->")?.1;
    }
    out.push_str(rest);
    Some(out)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

fn refuse_large(name: &str, text: &str) -> Result<(), Error> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Error::invalid(format!("`{name}`"), format!("it is larger than {TEXT_BYTES_MAX} bytes")));
    }
    Ok(())
}

/// A size as Spark writes it ("4g", "512m", "2048"), in MB.
fn memory_mb(text: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_suffix('b').unwrap_or(&text);
    let (number, factor) = match text.strip_suffix(['k', 'm', 'g', 't']) {
        Some(number) => (number, text.chars().last()?),
        None => (text, 'm'),
    };
    let number = number.parse::<u32>().ok()?;
    match factor {
        'k' => Some(number / 1024),
        'g' => number.checked_mul(1024),
        't' => number.checked_mul(1024 * 1024),
        _ => Some(number),
    }
}

fn looks_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["password", "secret", "token", "credential", "accesskey", "access.key"]
        .iter()
        .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> OnPremise {
        OnPremise {
            nodes: 3,
            cores: 16,
            memory_gb: 128,
            spark_version: "3.5.1".into(),
            spark_defaults: "# comment\nspark.master yarn\nspark.executor.memory=48g\nspark.executor.cores 4\n\
                             spark.sql.shuffle.partitions: 64\nspark.eventLog.dir hdfs:///logs\n\
                             spark.sql.warehouse.dir hdfs://nn/warehouse\nspark.ssl.keyPassword hunter2\n"
                .into(),
            yarn_site: "<?xml version=\"1.0\"?><configuration><!-- <property> -->\n<property><name>yarn.nodemanager.resource.cpu-vcores</name>\
                        <value>12</value></property><property><name>yarn.nodemanager.resource.memory-mb</name><value> 40960 </value></property></configuration>"
                .into(),
            requirements: vec!["pyspark==3.5.1".into(), "pandas>=2".into(), "PyYAML==6.0.2".into()],
        }
    }

    #[test]
    fn a_cluster_is_mapped_with_a_reason_for_everything() {
        let mapping = map(&source()).unwrap();
        let template = &mapping.template;
        assert_eq!(template.image_version, "2.3-debian12");
        // 12 vcores and 40 GB for YARN: the next n2 has 16 vCPUs and 64 GB; 36 cores in all need three.
        assert_eq!((template.workers.count, template.workers.machine_type.as_str()), (3, "n2-standard-16"));
        assert_eq!(template.pip_packages, ["PyYAML==6.0.2", "pandas>=2"]);
        let properties: Vec<(&str, &str)> =
            template.properties.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(
            properties,
            [
                ("spark:spark.executor.cores", "4"),
                ("spark:spark.executor.memory", "45875m"),
                ("spark:spark.sql.shuffle.partitions", "64"),
            ]
        );
        assert!(mapping.rows.iter().all(|row| row.reason.id.starts_with("map-")));
        for name in ["spark.master", "spark.eventLog.dir", "spark.sql.warehouse.dir", "spark.ssl.keyPassword"]
        {
            assert!(
                mapping
                    .rows
                    .iter()
                    .any(|row| row.source == Told::Plain(name.into()) && row.result.is_empty()),
                "{name} is told of"
            );
        }
        assert!(!format!("{mapping:?}").contains("hunter2"), "a credential is not even shown");
        let codes: Vec<&str> = mapping.findings.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["hdfs-path", "credential"]);
        assert!(template.config("europe-west6").is_ok());
        assert_eq!(map(&source()).unwrap(), mapping);
    }

    #[test]
    fn memory_decides_the_shape_and_small_clusters_have_two_workers() {
        let small = OnPremise { nodes: 1, cores: 4, memory_gb: 64, yarn_site: String::new(), ..source() };
        let workers = map(&small).unwrap().template.workers;
        assert_eq!((workers.count, workers.machine_type.as_str()), (2, "n2-highmem-4"));
    }

    #[test]
    fn files_that_are_not_what_they_should_be_are_refused() {
        for (name, bad) in [
            ("nodes", OnPremise { nodes: 0, ..source() }),
            (
                "yarn",
                OnPremise { yarn_site: "<!DOCTYPE x [<!ENTITY a 'b'>]><configuration/>".into(), ..source() },
            ),
            ("yarn", OnPremise { yarn_site: "hello".into(), ..source() }),
            ("yarn", OnPremise { yarn_site: "<configuration><property><name>x</name>".into(), ..source() }),
            ("spark", OnPremise { spark_defaults: "hadoop.x 1".into(), ..source() }),
            ("requirements", OnPremise { requirements: vec!["-r x".into()], ..source() }),
        ] {
            assert!(map(&bad).is_err(), "{name}");
        }
        let other = map(&OnPremise { spark_version: "3.0.1".into(), ..source() }).unwrap();
        assert!(other.findings.iter().any(|f| f.code == "spark-version"));
    }

    #[test]
    fn sizes() {
        for (text, mb) in [
            ("4g", Some(4096)),
            ("512m", Some(512)),
            ("2048", Some(2048)),
            ("2G", Some(2048)),
            ("1gb", Some(1024)),
            ("x", None),
        ] {
            assert_eq!(memory_mb(text), mb, "{text}");
        }
    }
}
