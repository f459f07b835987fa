//! The price table that estimates are made with: the one that comes with this version, or the desk's own.

use ::runs::dataproc::prices::Prices;
use words::said;

use super::{PriceTable, PricedRegions, SetPrices, from_runs};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Where the desk's own table is kept.
const SETTING: &str = "prices";
/// Bytes of a table at the most.
const TABLE_BYTES_MAX: usize = 4 << 20;

/// The table that counts at a desk.
pub(crate) fn table(desk: &cache::Desk) -> Result<Prices, Failure> {
    match own(desk)? {
        Some(text) => Prices::parse(&text).map_err(|error| from_runs(&error)),
        None => Prices::bundled().map_err(|error| from_runs(&error)),
    }
}

fn own(desk: &cache::Desk) -> Result<Option<String>, Failure> {
    Ok(desk.setting(SETTING)?.filter(|text| !text.is_empty()))
}

/// Which price table counts at this desk, and of which day it is.
///
/// # Errors
/// When the desk file cannot be read.
pub async fn prices(app: &App, _request: Nothing) -> Result<PriceTable, Failure> {
    let table = table(&app.desk)?;
    let of_day = |(day, regions): (jiff::civil::Date, Vec<&str>)| PricedRegions {
        recorded_on: day.to_string(),
        regions: regions.into_iter().map(str::to_owned).collect(),
    };
    Ok(PriceTable {
        recorded_on: table.recorded_on.to_string(),
        currency: table.currency.clone(),
        note: table.note.clone(),
        regions: table.regions().into_iter().rev().map(of_day).collect(),
        own: own(&app.desk)?.is_some(),
    })
}

/// Makes another price table count at this desk, or the one that comes with this version again.
///
/// # Errors
/// [`Code::Refused`] for a table that cannot be read or has a price that is none.
pub async fn set_prices(app: &App, request: SetPrices) -> Result<PriceTable, Failure> {
    let text = match request.table {
        None if request.bundled => String::new(),
        None => return Err(Failure::said(Code::Usage, said!("prices-none"))),
        Some(table) if table.len() > TABLE_BYTES_MAX => {
            return Err(Failure::said(Code::Usage, said!("prices-too-large", most = TABLE_BYTES_MAX)));
        }
        Some(table) => {
            Prices::parse(&table).map_err(|error| from_runs(&error))?;
            table
        }
    };
    app.desk.set(SETTING, &text)?;
    prices(app, Nothing {}).await
}
