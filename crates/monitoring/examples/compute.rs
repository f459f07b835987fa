//! `cargo run -p monitoring --example compute -- --data FILE… [--target …]`: the report as JSON, for trying things out.
//! With `--counted FOLDER` it comes from the counts that `summarise.py` wrote there.
#![allow(clippy::print_stdout)]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = monitoring::Options::default();
    let mut time = None;
    let mut counted = None;
    let mut cadence = monitoring::Cadence::Month;
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--data" => options.data.push(value.into()),
            "--target" => options.target = Some(value),
            "--event" => options.event = Some(value),
            "--score" => options.score = Some(value),
            "--weight" => options.weight = Some(value),
            "--reference" => options.reference = Some(value.into()),
            "--inputs" => options.inputs = Some(value.split(',').map(str::to_owned).collect()),
            "--group" => options.groups.push(value),
            "--cutoff" => options.cutoff = value.parse()?,
            "--delimiter" => options.delimiter = value.bytes().next(),
            "--counted" => counted = Some(std::path::PathBuf::from(value)),
            "--time" => time = Some(value),
            "--period" => cadence = value.parse()?,
            _ => return Err(format!("{name} is unknown").into()),
        }
    }
    options.time = time.map(|column| monitoring::TimeSplit { column, cadence });
    let report = match counted {
        None => monitoring::compute(&options)?,
        Some(output) => monitoring::compute_counted(&output, &options, &std::sync::Arc::default())?,
    };
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
