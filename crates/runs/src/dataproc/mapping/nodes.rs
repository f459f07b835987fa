//! A node table: what an administrator pastes from a spreadsheet or from `yarn node -list`.

use crate::Error;

/// The most lines that are read.
const LINES_MAX: usize = 10_000;

/// What a table of nodes says in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// How many.
    pub count: u32,
    /// Cores of each, on average, rounded up.
    pub cores: u32,
    /// Memory of each in GB, on average, rounded up.
    pub memory_gb: u32,
    /// Whether all are the same.
    pub alike: bool,
}

/// Reads a line a node: name, cores, memory in GB, between commas, semicolons, tabs or spaces. A first line without numbers
/// is a heading, and `#` begins a comment.
///
/// # Errors
/// [`Error::Invalid`] with the line that is no node.
pub fn nodes(text: &str) -> Result<Nodes, Error> {
    let mut found: Vec<(u64, u64)> = Vec::new();
    let lines = text.lines().enumerate().filter(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    });
    for (at, (number, line)) in lines.enumerate() {
        let wrong = |why: &str| {
            Error::invalid(format!("line {} of the node table, `{}`", number + 1, line.trim()), why)
        };
        if at >= LINES_MAX {
            return Err(wrong("a table has at most 10000 nodes"));
        }
        let cells: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'))
            .filter(|cell| !cell.is_empty())
            .collect();
        let numbers: Vec<u64> = cells.iter().skip(1).filter_map(|cell| amount(cell)).collect();
        match numbers.as_slice() {
            [cores, memory_gb, ..] if *cores > 0 && *memory_gb > 0 => found.push((*cores, *memory_gb)),
            [] if at == 0 => {}
            _ => return Err(wrong("it is to have a name, cores and memory in GB: `node01 16 128`")),
        }
    }
    let Some(first) = found.first() else {
        return Err(Error::invalid("the node table", "it has no node; write a line a node: `node01 16 128`"));
    };
    let count = found.len() as u64;
    let each = |of: fn(&(u64, u64)) -> u64| {
        let total = found.iter().map(of).fold(0u64, u64::saturating_add);
        u32::try_from(total.div_ceil(count)).unwrap_or(u32::MAX)
    };
    Ok(Nodes {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        cores: each(|node| node.0),
        memory_gb: each(|node| node.1),
        alike: found.iter().all(|node| node == first),
    })
}

/// `16`, `128G`, `128GB`, `131072M`.
fn amount(cell: &str) -> Option<u64> {
    let digits = cell.find(|c: char| !c.is_ascii_digit()).unwrap_or(cell.len());
    let number: u64 = cell[..digits].parse().ok()?;
    match cell[digits..].to_ascii_lowercase().as_str() {
        "" | "g" | "gb" | "gib" => Some(number),
        "m" | "mb" | "mib" => Some(number.div_ceil(1024)),
        "t" | "tb" | "tib" => number.checked_mul(1024),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_as_people_paste_them() {
        let rows = [
            ("node01 16 128\nnode02 16 128\n", Some((2, 16, 128, true))),
            ("name,cores,memory\nn1,8,64GB\nn2,16,128GB\n", Some((2, 12, 96, false))),
            ("# old rack\nhost\tvcores\tMB\na\t4\t32768M\n", Some((1, 4, 32, true))),
            ("", None),
            ("name cores memory\n", None),
            ("n1 sixteen 128", None),
            ("n1 16 128\nn2 16", None),
            ("n1 0 128", None),
        ];
        for (text, wanted) in rows {
            let found = nodes(text).ok().map(|n| (n.count, n.cores, n.memory_gb, n.alike));
            assert_eq!(found, wanted, "{text:?}");
        }
        assert!(nodes("n1 16 128\nn2 x y").is_err_and(|e| e.to_string().contains("line 2")));
    }
}
