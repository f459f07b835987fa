//! Our distribution functions against SciPy's.

use super::*;
use crate::kolmogorov::two_sided_sf;
use serde_json::Value;

fn golden() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/monitoring/golden.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn distributions_are_those_of_scipy() {
    for row in golden()["distributions"].as_array().unwrap() {
        let number = |i: usize| row[i].as_f64().unwrap();
        let (dof, x, expected) = (number(1), number(2), number(3));
        let got = match row[0].as_str().unwrap() {
            "chi2_sf" => chi2_sf(x, dof),
            "chi2_quantile" => chi2_quantile(x, dof),
            "student_two_sided" => student_two_sided(x, dof),
            "student_quantile" => student_quantile(x, dof),
            "normal_quantile" => normal_quantile(x),
            "normal_two_sided" => normal_two_sided(x),
            other => panic!("{other}"),
        };
        assert!((got - expected).abs() <= 1e-10 * expected.abs().max(1e-300) + 1e-16, "{row}: {got}");
    }
}

#[test]
fn the_kolmogorov_law_is_that_of_scipy_in_every_region() {
    for row in golden()["kolmogorov"].as_array().unwrap() {
        let number = |i: usize| row[i].as_f64().unwrap();
        let got = two_sided_sf(number(0), number(1));
        assert!((got - number(2)).abs() <= 1e-8 * number(2) + 1e-300, "{row}: {got}");
    }
}
