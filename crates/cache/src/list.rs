//! Pages of a table, by key: a row that arrives meanwhile moves nothing.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;

use crate::Error;
use crate::columns::{Column, columns};

/// What a list asks for.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The table.
    pub table: &'static str,
    /// Conditions that all must hold.
    pub matches: Vec<Match<'a>>,
    /// Text that the first column must contain, whatever its case.
    pub search: Option<&'a str>,
    /// Column to sort by, or `key`; a leading `-` turns the order round.
    pub sort: &'a str,
    /// `next` of the page before.
    pub after: Option<&'a str>,
    /// Rows wanted.
    pub limit: u32,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Match<'a> {
    /// The column has this value.
    Is(&'a str, &'a str),
    /// The column has one of these values.
    In(&'a str, Vec<&'a str>),
    /// The column is greater than this number.
    Above(&'a str, i64),
    /// The column is a moment, and this one has reached it.
    Due(&'a str, jiff::Timestamp),
    /// The JSON list at this path of the row holds this text.
    Holds(&'a str, &'a str),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Key and row.
    pub rows: Vec<(String, Value)>,
    /// Rows in all.
    pub total: u64,
    /// Cursor of the next page.
    pub next: Option<String>,
}

pub(crate) struct Prepared {
    count: String,
    count_values: Vec<Sql>,
    select: String,
    values: Vec<Sql>,
    limit: usize,
}

/// A row as read: the value sorted by, key, row.
type Read = (Sql, String, String);

pub(crate) fn known_column(table: &str, name: &str) -> Result<&'static Column, Error> {
    columns(table).iter().find(|column| column.name == name).ok_or_else(|| {
        let known: Vec<&str> = columns(table).iter().map(|column| column.name).collect();
        Error::BadRequest(format!("`{name}` is no column of this list; it has {}", known.join(", ")))
    })
}

impl List<'_> {
    pub(crate) fn prepare(&self) -> Result<Prepared, Error> {
        let mut conditions = vec!["1".to_owned()];
        let mut values: Vec<Sql> = Vec::new();
        for condition in &self.matches {
            match condition {
                Match::Is(column, value) => {
                    known_column(self.table, column)?;
                    values.push(Sql::Text((*value).to_owned()));
                    conditions.push(format!("{column} = ?{}", values.len()));
                }
                Match::In(column, options) => {
                    known_column(self.table, column)?;
                    let mut places = Vec::new();
                    for option in options {
                        values.push(Sql::Text((*option).to_owned()));
                        places.push(format!("?{}", values.len()));
                    }
                    conditions.push(format!("{column} IN ({})", places.join(", ")));
                }
                Match::Due(column, now) => {
                    known_column(self.table, column)?;
                    values.push(Sql::Text(format!("{now:.3}")));
                    conditions.push(format!("{column} <= ?{} COLLATE NOCASE", values.len()));
                }
                Match::Above(column, number) => {
                    known_column(self.table, column)?;
                    values.push(Sql::Integer(*number));
                    conditions.push(format!("{column} > ?{}", values.len()));
                }
                Match::Holds(path, text) => {
                    values.push(Sql::Text((*path).to_owned()));
                    values.push(Sql::Text((*text).to_owned()));
                    conditions.push(format!(
                        "EXISTS (SELECT 1 FROM json_each(row, ?{}) WHERE value = ?{})",
                        values.len() - 1,
                        values.len()
                    ));
                }
            }
        }
        if let (Some(search), Some(column)) =
            (self.search.filter(|text| !text.is_empty()), columns(self.table).first())
        {
            values.push(Sql::Text(search.to_owned()));
            conditions.push(format!("instr(lower({}), lower(?{})) > 0", column.name, values.len()));
        }
        let where_all = conditions.join(" AND ");
        let count = format!("SELECT count(*) FROM {} WHERE {where_all}", self.table);
        let count_values = values.clone();

        let (descending, name) = match self.sort.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, self.sort),
        };
        let (by, collation) = if name == "key" {
            ("key", "")
        } else {
            let column = known_column(self.table, name)?;
            (column.name, if column.kind == "TEXT" { " COLLATE NOCASE" } else { "" })
        };
        let (order, beyond) = if descending { ("DESC", "<") } else { ("ASC", ">") };
        if let Some(after) = self.after {
            let cursor: (Value, String) = serde_json::from_str(after).map_err(|_| {
                Error::BadRequest("`after` is not a cursor of this list; begin at the first page".to_owned())
            })?;
            values.push(match cursor.0 {
                Value::Number(number) => Sql::Integer(number.as_i64().unwrap_or(0)),
                Value::String(text) => Sql::Text(text),
                _ => Sql::Null,
            });
            values.push(Sql::Text(cursor.1));
            let (at, key) = (values.len() - 1, values.len());
            conditions.push(if by == "key" {
                format!("key {beyond} ?{key}")
            } else {
                format!(
                    "({by}{collation} {beyond} ?{at} OR ({by} = ?{at}{collation} AND key {beyond} ?{key}))"
                )
            });
        }
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX).clamp(1, 500);
        let select = format!(
            "SELECT {by}, key, row FROM {} WHERE {} ORDER BY {by}{collation} {order}, key {order} LIMIT {}",
            self.table,
            conditions.join(" AND "),
            limit + 1
        );
        Ok(Prepared { count, count_values, select, values, limit })
    }
}

impl Prepared {
    pub(crate) fn run(&self, connection: &Connection) -> rusqlite::Result<(i64, Vec<Read>)> {
        let total = connection
            .prepare_cached(&self.count)?
            .query_row(params_from_iter(&self.count_values), |row| row.get(0))?;
        let mut statement = connection.prepare_cached(&self.select)?;
        let used = statement.parameter_count();
        let rows = statement.query_map(params_from_iter(self.values.iter().take(used)), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok((total, rows.collect::<rusqlite::Result<Vec<_>>>()?))
    }

    pub(crate) fn finish(self, total: i64, mut read: Vec<Read>) -> Result<Listed, Error> {
        let more = read.len() > self.limit;
        read.truncate(self.limit);
        let next = match (more, read.last()) {
            (true, Some((by, key, _))) => {
                let by = match by {
                    Sql::Integer(number) => Value::from(*number),
                    Sql::Text(text) => Value::from(text.clone()),
                    _ => Value::Null,
                };
                Some(serde_json::json!([by, key]).to_string())
            }
            _ => None,
        };
        let rows = read
            .into_iter()
            .map(|(_, key, row)| {
                let row =
                    serde_json::from_str(&row).map_err(|cause| Error::Damaged { why: cause.to_string() })?;
                Ok((key, row))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Listed { rows, total: u64::try_from(total).unwrap_or(0), next })
    }
}
