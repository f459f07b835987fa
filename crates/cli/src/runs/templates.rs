//! Cluster templates in a terminal.

use std::path::{Path, PathBuf};

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use crate::desk::Desk;
use crate::output::{Answer, Reader, cell};

/// The largest file that is read here; the mapping itself takes less.
const FILE_BYTES_MAX: u64 = 4 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Map an on-premise configuration to a cluster, every decision with its reason
    Map(Map),
    /// Cluster templates of the workspace
    List,
    /// A cluster template: its shape, its price, how it came about, and the command that makes such a cluster
    Show {
        /// Its name
        template: String,
    },
    /// Keep a shape, as `template show --json` and `template map --json` write it, under a name
    Keep {
        /// Name: lower case letters, digits, `.`, `-`, `_`
        template: String,
        /// File with the shape as JSON
        #[arg(long, value_name = "FILE")]
        shape: PathBuf,
    },
    /// Drop a cluster template; targets that were made of it keep their own copy
    Drop {
        /// Its name
        template: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Map {
    /// File with a line a node: name, cores, memory in GB
    #[arg(long, value_name = "FILE", required_unless_present = "nodes")]
    node_table: Option<PathBuf>,
    /// Worker nodes
    #[arg(long, requires = "cores", requires = "memory_gb", conflicts_with = "node_table")]
    nodes: Option<u32>,
    /// Cores of a node
    #[arg(long)]
    cores: Option<u32>,
    /// Memory of a node, in GB
    #[arg(long, value_name = "GB")]
    memory_gb: Option<u32>,
    /// The Spark version
    #[arg(long, default_value = "3.5")]
    spark: String,
    /// spark-defaults.conf
    #[arg(long, value_name = "FILE")]
    spark_defaults: Option<PathBuf>,
    /// yarn-site.xml
    #[arg(long, value_name = "FILE")]
    yarn_site: Option<PathBuf>,
    /// The package's requirements file
    #[arg(long, value_name = "FILE")]
    requirements: Option<PathBuf>,
    /// Everything on one machine
    #[arg(long)]
    single_node: bool,
    /// Region that the price and the command are for
    #[arg(long)]
    region: Option<String>,
    /// Keep the result under this name
    #[arg(long, value_name = "NAME")]
    keep: Option<String>,
}

impl TemplateCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Map(map) => map.run(desk),
            Self::List => {
                let list = desk.call("runs.cluster_templates", json!({}))?;
                let rows: Vec<Value> = list
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|row| {
                        let shape = &row["shape"];
                        let machines = |role: &str| {
                            format!("{} × {}", shape[role]["count"], cell(&shape[role]["machine_type"]))
                        };
                        json!({
                            "name": row["name"], "number": row["number"], "master": machines("master"),
                            "workers": machines("workers"), "image": shape["image_version"],
                            "hour": price(desk.reader(), &row["told"]["hour"]), "by": row["by"],
                        })
                    })
                    .collect();
                let columns = [
                    ("label-template", "name"),
                    ("label-number", "number"),
                    ("label-master", "master"),
                    ("label-workers", "workers"),
                    ("label-image", "image"),
                    ("label-an-hour", "hour"),
                    ("label-kept-by", "by"),
                ];
                let text = desk.reader().table(&rows.into(), &columns, "none-cluster-templates");
                Ok(Answer::new(list, text))
            }
            Self::Show { template } => {
                let list = desk.call("runs.cluster_templates", json!({}))?;
                let found =
                    list.as_array().into_iter().flatten().find(|row| row["name"] == template.as_str());
                let found =
                    found.cloned().ok_or_else(|| Failure::not_found("cluster template", &template))?;
                let text = described(desk.reader(), &found);
                Ok(Answer::new(found, text))
            }
            Self::Keep { template, shape } => {
                let text = read(&shape)?;
                let document: Value = serde_json::from_str(&text).map_err(|error| {
                    Failure::said(
                        Code::Usage,
                        said!("shape-no-json", path = shape.display().to_string(), error = error.to_string()),
                    )
                })?;
                // The answer of `show` or `map` as it stands, or the shape alone.
                let (shape, decisions) = match document.get("shape") {
                    Some(inside) => (inside.clone(), document["decisions"].clone()),
                    None => (document, json!([])),
                };
                let request = json!({ "name": template, "shape": shape, "decisions": decisions });
                let recorded = desk.call("runs.keep_cluster_template", request)?;
                let text = kept(desk.reader(), &template, &recorded);
                Ok(Answer::new(recorded, text))
            }
            Self::Drop { template } => {
                let recorded = desk.call("runs.drop_cluster_template", json!({ "template": template }))?;
                let text = desk.reader().recorded("said-template-dropped", &recorded);
                Ok(Answer::new(recorded, text))
            }
        }
    }
}

impl Map {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut request = json!({
            "nodes": self.nodes.unwrap_or(0), "cores": self.cores.unwrap_or(0), "memory_gb": self.memory_gb.unwrap_or(0),
            "spark_version": self.spark, "single_node": self.single_node,
        });
        for (field, file) in [
            ("node_table", &self.node_table),
            ("spark_defaults", &self.spark_defaults),
            ("yarn_site", &self.yarn_site),
            ("requirements", &self.requirements),
        ] {
            if let Some(file) = file {
                request[field] = read(file)?.into();
            }
        }
        if let Some(region) = self.region {
            request["region"] = region.into();
        }
        let mapped = desk.call("runs.map_configuration", request)?;
        let mut text = described(desk.reader(), &mapped);
        if let Some(name) = self.keep {
            let request = json!({ "name": name, "shape": mapped["shape"], "decisions": mapped["decisions"] });
            let recorded = desk.call("runs.keep_cluster_template", request)?;
            text.push_str(&format!("\n{}", kept(desk.reader(), &name, &recorded)));
        }
        Ok(Answer::new(mapped, text))
    }
}

fn described(reader: Reader, shown: &Value) -> String {
    let decisions = [
        ("label-on-premise", "source"),
        ("label-value", "value"),
        ("label-in-the-cloud", "result"),
        ("label-why", "reason"),
    ];
    let mut text = reader.table(&shown["decisions"], &decisions, "");
    let findings = [("label-severity", "severity"), ("label-finding", "message")];
    text.push_str(&reader.list("title-to-look-at", &shown["told"]["findings"], &findings));
    let hour = reader.say(&said!("said-hour-costs", price = price(reader, &shown["told"]["hour"])));
    text.push_str(&format!("\n{hour}\n"));
    text.push_str(&reader.section("title-command", &cell(&shown["told"]["command"])));
    text
}

fn kept(reader: Reader, template: &str, recorded: &Value) -> String {
    reader.say(&said!("said-template-kept", template = template, position = cell(&recorded["position"])))
}

fn price(reader: Reader, price: &Value) -> String {
    match price["amount"].as_f64() {
        Some(amount) => reader.say(&said!(
            "value-price",
            amount = format!("{amount:.4}"),
            currency = cell(&price["currency"]),
            date = cell(&price["prices_of"])
        )),
        None => reader.word("value-price-unknown"),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let refused = |why: words::Value| {
        Failure::said(Code::NotFound, said!("no-text-file", path = path.display().to_string(), why = why))
    };
    let size = std::fs::metadata(path).map_err(|error| refused(error.to_string().into()))?.len();
    if size > FILE_BYTES_MAX {
        return Err(refused(said!("why-file-larger", bytes = FILE_BYTES_MAX).into()));
    }
    std::fs::read_to_string(path).map_err(|error| refused(error.to_string().into()))
}
