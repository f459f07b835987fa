//! A package's `requirements.txt` (or the seeds' `requirement.txt`) as what the managed environment installs.

use crate::Error;

/// The most lines of a requirements file.
pub const LINES_MAX: usize = 2000;

/// What is to be installed, and what was left out on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Requirement specifiers for pip, sorted, the environment's own included.
    pub install: Vec<String>,
    /// Lines that were left out, and to whom.
    pub left: Vec<(String, LeftTo)>,
}

/// Who brings what a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftTo {
    /// The target: it runs a PySpark of its own.
    Target,
    /// PySpark, of whose distribution it is a part.
    Spark,
}

impl LeftTo {
    /// The same in a log's words.
    pub(super) fn note(self, line: &str, pyspark: &str) -> String {
        match self {
            Self::Target => format!("`{line}` is left to the target, which runs PySpark {pyspark}"),
            Self::Spark => format!("`{line}` is left out: PySpark {pyspark} brings its own"),
        }
    }
}

/// What every environment has besides PySpark: YAML for the configuration files these packages read, NumPy
/// because `pyspark.ml` imports it, setuptools because PySpark 3.5 imports `distutils` from it on Python 3.12.
const ALWAYS: [&str; 3] = ["PyYAML", "numpy", "setuptools"];

/// Reads the lines of a requirements file. PySpark itself is the target's business: a line that names it is left
/// out with a note when its version differs.
///
/// # Errors
/// [`Error::Unsupported`] for options, links, paths and other indexes: they would install something that nobody
/// approved.
pub fn plan(pyspark: &str, lines: &[String]) -> Result<Plan, Error> {
    if lines.len() > LINES_MAX {
        return Err(Error::invalid("the requirements file", format!("it has more than {LINES_MAX} lines")));
    }
    let mut plan = Plan::default();
    let mut named = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let name = requirement_name(line).ok_or_else(|| Error::Unsupported {
            what: format!("line {} of the requirements file, `{line}`,", index + 1),
            why: "only `name`, `name[extra]` and `name==version` (and other comparisons) are installed, not options, \
                  links or paths; name a published package"
                .into(),
        })?;
        match normalized(name).as_str() {
            "pyspark" => {
                let asked = line[name.len()..].trim();
                if asked.is_empty() || asked == format!("=={pyspark}") {
                    continue;
                }
                plan.left.push((line.to_owned(), LeftTo::Target));
            }
            // Part of PySpark's own distribution; another version beside it would break it.
            "py4j" => plan.left.push((line.to_owned(), LeftTo::Spark)),
            normal => {
                named.push(normal.to_owned());
                plan.install.push(line.to_owned());
            }
        }
    }
    for own in ALWAYS {
        if !named.contains(&normalized(own)) {
            plan.install.push(own.to_owned());
        }
    }
    plan.install.push(format!("pyspark=={pyspark}"));
    plan.install.sort();
    plan.install.dedup();
    Ok(plan)
}

/// The name a requirement line starts with; `None` where the line is anything else than a published package.
pub fn requirement_name(line: &str) -> Option<&str> {
    let line = line.trim();
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = rest.trim_start();
    let rest_is_plain = rest.is_empty() || rest.starts_with(['[', '=', '<', '>', '!', '~', ';', '(']);
    let leads_elsewhere =
        line.contains("://") || line.contains('@') || line.contains(" -") || line.contains('\\');
    (starts_well && rest_is_plain && !leads_elsewhere).then_some(name)
}

/// A distribution's name as the package index compares it (PEP 503).
pub fn normalized(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        let c = if matches!(c, '_' | '.') { '-' } else { c.to_ascii_lowercase() };
        if !(c == '-' && normal.ends_with('-')) {
            normal.push(c);
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_seeds_file() {
        let plan = plan(
            "3.5.9",
            &lines("\u{feff}pyspark==3.1.1\r\nPyYAML==6.0.2\r\n# comment\r\n\r\npandas>=2 # why\n"),
        )
        .unwrap();
        assert_eq!(plan.install, ["PyYAML==6.0.2", "numpy", "pandas>=2", "pyspark==3.5.9", "setuptools"]);
        assert_eq!(plan.left, [("pyspark==3.1.1".to_owned(), LeftTo::Target)]);
    }

    #[test]
    fn lines_that_install_what_nobody_approved_are_refused() {
        for line in [
            "-r other.txt",
            "--index-url https://x",
            "git+https://x/y",
            "https://x/y.whl",
            "./local",
            "/abs",
            "-e .",
            "name @ https://x/y.whl",
            "name --hash=sha256:x",
            "name\\",
            "name other",
        ] {
            assert!(matches!(plan("3.5.9", &lines(line)), Err(Error::Unsupported { .. })), "{line}");
        }
        for line in ["scikit-learn", "a.b_c", "x[y]==1.*", "x ~= 1.0", "x (>=1)", "x; python_version < '3.9'"]
        {
            assert!(plan("3.5.9", &lines(line)).is_ok(), "{line}");
        }
    }
}
