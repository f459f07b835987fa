//! What a cluster costs: before a run as an estimate, after it from the run's own times.
//!
//! The price table is dated data (`prices.json`) and can be replaced by the caller's own. Where it has no price there
//! is no estimate: a number made up would be believed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ClusterTemplate;
use super::template::Machines;
use crate::Error;

/// Dataproc bills at least this long, in seconds.
pub const BILLED_S_MIN: u64 = 60;

/// A dated price table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    /// The day it was recorded.
    pub recorded_on: jiff::civil::Date,
    /// What the numbers are in.
    pub currency: String,
    /// What they are and where they come from.
    pub note: String,
    /// Dataproc's own fee.
    pub dataproc_per_vcpu_hour: f64,
    regions: BTreeMap<String, Region>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Region {
    /// The day its prices are of, where that is another day than the table's.
    recorded_on: Option<jiff::civil::Date>,
    disk_per_gb_hour: f64,
    /// One data compute unit of a serverless batch for an hour.
    dcu_hour: Option<f64>,
    families: BTreeMap<String, Family>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Family {
    vcpu_hour: f64,
    gb_hour: f64,
}

/// A cost, with its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Machines.
    pub machines: f64,
    /// Their disks.
    pub disks: f64,
    /// Dataproc's fee.
    pub dataproc: f64,
    /// What the numbers are in.
    pub currency: String,
    /// The day of the price table.
    pub prices_of: jiff::civil::Date,
}

impl Cost {
    /// All parts together.
    pub fn total(&self) -> f64 {
        self.machines + self.disks + self.dataproc
    }
}

impl Prices {
    /// The table that comes with this version.
    pub fn bundled() -> Result<Prices, Error> {
        Prices::parse(include_str!("prices.json"))
    }

    /// A table in the same form.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another form, and for a price that is none.
    pub fn parse(text: &str) -> Result<Prices, Error> {
        let prices: Prices =
            serde_json::from_str(text).map_err(|e| Error::invalid("the price table", e.to_string()))?;
        let of_regions = prices.regions.values().flat_map(|region| {
            let families = region.families.values().flat_map(|family| [family.vcpu_hour, family.gb_hour]);
            families.chain([region.disk_per_gb_hour]).chain(region.dcu_hour)
        });
        match of_regions
            .chain([prices.dataproc_per_vcpu_hour])
            .find(|price| !price.is_finite() || *price < 0.0)
        {
            Some(price) => Err(Error::invalid("the price table", format!("`{price}` is no price"))),
            None => Ok(prices),
        }
    }

    /// The regions that it has prices for, by the day these are of.
    pub fn regions(&self) -> BTreeMap<jiff::civil::Date, Vec<&str>> {
        let mut by_day: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for (name, region) in &self.regions {
            by_day.entry(region.recorded_on.unwrap_or(self.recorded_on)).or_default().push(name);
        }
        by_day
    }

    /// What a cluster of this shape costs for so many seconds; `None` where the table has no price for its region or
    /// one of its machine types.
    pub fn cluster(&self, template: &ClusterTemplate, region: &str, seconds: u64) -> Option<Cost> {
        let prices = self.regions.get(region)?;
        let hours = seconds.max(BILLED_S_MIN) as f64 / 3600.0;
        let mut cost = Cost {
            machines: 0.0,
            disks: 0.0,
            dataproc: 0.0,
            currency: self.currency.clone(),
            prices_of: prices.recorded_on.unwrap_or(self.recorded_on),
        };
        for Machines { count, machine_type, disk_gb } in [&template.master, &template.workers] {
            if *count == 0 {
                continue;
            }
            let (family, vcpus, gb) = machine(machine_type)?;
            let family = prices.families.get(family)?;
            let count = f64::from(*count);
            cost.machines += count * hours * (f64::from(vcpus) * family.vcpu_hour + gb * family.gb_hour);
            cost.disks += count * hours * f64::from(*disk_gb) * prices.disk_per_gb_hour;
            cost.dataproc += count * hours * f64::from(vcpus) * self.dataproc_per_vcpu_hour;
        }
        Some(cost)
    }

    /// What a serverless batch of this shape costs for so many seconds, shuffle storage left out. `None` where the table
    /// has no price for its region.
    pub fn batch(&self, shape: &BatchShape, region: &str, seconds: u64) -> Option<Cost> {
        let prices = self.regions.get(region)?;
        let dcu_hour = prices.dcu_hour?;
        Some(Cost {
            machines: 0.0,
            disks: 0.0,
            dataproc: shape.dcus() * dcu_hour * seconds.max(BILLED_S_MIN) as f64 / 3600.0,
            currency: self.currency.clone(),
            prices_of: prices.recorded_on.unwrap_or(self.recorded_on),
        })
    }
}

/// What a serverless batch runs on, as its properties say; where they do not, the service's own defaults: a driver and two
/// executors of 4 vCPUs with 4 GB each.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchShape {
    driver: Node,
    executor: Node,
    executors: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    vcpus: u32,
    gb: f64,
}

impl BatchShape {
    /// The shape that these Spark properties ask for.
    pub fn of(properties: &BTreeMap<String, String>) -> BatchShape {
        let number = |name: &str| properties.get(name).and_then(|text| text.trim().parse::<u32>().ok());
        let node = |role: &str| {
            let vcpus = number(&format!("spark.{role}.cores")).unwrap_or(4).max(1);
            let gb =
                |name: &str| properties.get(&format!("spark.{role}.{name}")).and_then(|text| gigabytes(text));
            // Spark's own overhead where none is said: a tenth, and 384 MB at least.
            let memory =
                gb("memory").map(|own| own + gb("memoryOverhead").unwrap_or((own / 10.0).max(0.375)));
            Node { vcpus, gb: memory.unwrap_or(4.0 * f64::from(vcpus)) }
        };
        let executors = number("spark.executor.instances")
            .or_else(|| number("spark.dynamicAllocation.initialExecutors"))
            .unwrap_or(2);
        BatchShape { driver: node("driver"), executor: node("executor"), executors }
    }

    /// vCPUs of its driver and its executors.
    pub(crate) fn vcpus(&self) -> u32 {
        self.driver.vcpus.saturating_add(self.executors.saturating_mul(self.executor.vcpus))
    }

    /// Data compute units, as Google counts them: 0.6 a vCPU, 0.1 a GB up to 8 GB a vCPU, and 0.2 a GB beyond.
    fn dcus(&self) -> f64 {
        let of = |node: Node| {
            let near = node.gb.min(8.0 * f64::from(node.vcpus));
            0.6 * f64::from(node.vcpus) + 0.1 * near + 0.2 * (node.gb - near)
        };
        of(self.driver) + f64::from(self.executors) * of(self.executor)
    }
}

/// Spark's way to write an amount of memory, in GB; a number alone is megabytes.
fn gigabytes(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits.parse().ok()?;
    let gb = match &text[digits.len()..] {
        "" | "m" | "mb" => number / 1024.0,
        "k" | "kb" => number / 1024.0 / 1024.0,
        "g" | "gb" => number,
        "t" | "tb" => number * 1024.0,
        _ => return None,
    };
    (gb.is_finite() && gb >= 0.0).then_some(gb)
}

/// Family, vCPUs and memory in GB of a predefined machine type ("n2-highmem-8").
pub fn machine(machine_type: &str) -> Option<(&str, u32, f64)> {
    let mut parts = machine_type.split('-');
    let (family, shape, vcpus) = (parts.next()?, parts.next()?, parts.next()?.parse::<u32>().ok()?);
    let gb_per_vcpu = match (family, shape) {
        ("n1", "standard") => 3.75,
        ("n1", "highmem") => 6.5,
        ("n1", "highcpu") => 0.9,
        (_, "standard") => 4.0,
        (_, "highmem") => 8.0,
        (_, "highcpu") => 1.0,
        _ => return None,
    };
    (parts.next().is_none() && vcpus > 0).then(|| (family, vcpus, gb_per_vcpu * f64::from(vcpus)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(workers: u32, machine_type: &str) -> ClusterTemplate {
        let machines = |count| Machines { count, machine_type: machine_type.into(), disk_gb: 500 };
        ClusterTemplate {
            image_version: "2.3-debian12".into(),
            zone: String::new(),
            subnetwork: String::new(),
            service_account: String::new(),
            staging_bucket: String::new(),
            master: machines(1),
            workers: machines(workers),
            properties: BTreeMap::new(),
            pip_packages: Vec::new(),
            idle_delete_s: 600,
            age_delete_s: 7200,
            provision_deadline_s: 900,
        }
    }

    #[test]
    fn the_documented_example_of_the_fee() {
        // Google's own example: 24 vCPUs (one master and five workers of n1-standard-4) for two hours cost 0.48.
        let prices = Prices::bundled().unwrap();
        let cost = prices.cluster(&template(5, "n1-standard-4"), "us-central1", 7200).unwrap();
        assert!((cost.dataproc - 0.48).abs() < 1e-9, "{cost:?}");
        // And the published hourly price of the machine, 0.19, six times for two hours.
        assert!((cost.machines - 6.0 * 2.0 * 0.19).abs() < 0.001, "{cost:?}");
        // 12 DCUs are what a batch takes at least: 3 nodes of 4 vCPUs and 16 GB.
        let least = BatchShape::of(&BTreeMap::new());
        let batch = prices.batch(&least, "us-central1", 3600).unwrap();
        assert!((batch.total() - 12.0 * 0.06).abs() < 1e-9);
    }

    #[test]
    fn a_batch_is_priced_by_what_its_properties_ask_for() {
        let dcus = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            BatchShape::of(&pairs.collect()).dcus()
        };
        for (pairs, expected) in [
            (&[][..], 12.0),
            (&[("spark.executor.instances", "5")], 24.0),
            (&[("spark.executor.cores", "8")], 4.0 + 2.0 * 8.0),
            // 40 GB on 4 vCPUs: 32 of them near, 8 beyond.
            (
                &[("spark.executor.memory", "38g"), ("spark.executor.memoryOverhead", "2048m")],
                4.0 + 2.0 * (2.4 + 3.2 + 1.6),
            ),
            (&[("spark.executor.memory", "plenty")], 12.0),
        ] {
            assert!((dcus(pairs) - expected).abs() < 1e-9, "{pairs:?}: {}", dcus(pairs));
        }
    }

    #[test]
    fn a_table_with_a_price_that_is_none_is_refused() {
        let bundled = include_str!("prices.json");
        assert!(
            Prices::parse(bundled).is_ok_and(|prices| prices
                .regions()
                .values()
                .flatten()
                .any(|region| *region == "us-central1"))
        );
        let fee = "\"dataproc_per_vcpu_hour\": ";
        let at = bundled.find(fee).unwrap() + fee.len();
        let bad = format!("{}-{}", &bundled[..at], &bundled[at..]);
        assert!(matches!(Prices::parse(&bad), Err(Error::Invalid { why, .. }) if why.contains("no price")));
        assert!(Prices::parse("{}").is_err());
    }

    #[test]
    fn a_region_has_its_own_prices_and_their_day() {
        let prices = Prices::bundled().unwrap();
        // Twice what n1-standard-2 costs an hour in the list that the table was made from.
        for (region, day, hour) in [
            ("us-central1", "2026-11-21", 0.189999),
            ("europe-west6", "2025-03-06", 0.265844),
            ("southamerica-east1", "2025-03-06", 0.301595),
        ] {
            let cost = prices.cluster(&template(0, "n1-standard-4"), region, 3600).unwrap();
            assert!((cost.machines - hour).abs() < 1e-6, "{region}: {cost:?}");
            assert_eq!(cost.prices_of.to_string(), day);
        }
        assert!(prices.regions().values().flatten().count() > 40);
    }

    #[test]
    fn where_there_is_no_price_there_is_no_estimate() {
        let prices = Prices::bundled().unwrap();
        assert_eq!(prices.cluster(&template(2, "n2-standard-4"), "atlantis-west1", 60), None);
        assert_eq!(prices.cluster(&template(2, "n2-standard-4"), "europe-north2", 60), None);
        assert_eq!(prices.batch(&BatchShape::of(&BTreeMap::new()), "europe-west6", 3600), None);
        assert_eq!(prices.cluster(&template(2, "c4-exotic-4"), "us-central1", 60), None);
        let minute = prices.cluster(&template(0, "n2-standard-4"), "us-central1", 1).unwrap();
        let billed = prices.cluster(&template(0, "n2-standard-4"), "us-central1", 60).unwrap();
        assert_eq!(minute, billed, "a minute is the least that is billed");
        assert_eq!(machine("n1-standard-4"), Some(("n1", 4, 15.0)));
        assert_eq!(machine("n1-standard"), None);
    }
}
