//! Rows through one `check`, the sample of the reference implementation when it is at hand, and hostile texts.

#![allow(clippy::disallowed_methods, reason = "tests read the cases and watch the clock")]

use std::path::Path;

use serde_json::Value as Json;

use super::*;

#[test]
fn the_reference_implementation_agrees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/expressions.jsonl");
    let Ok(lines) = std::fs::read_to_string(&path) else {
        println!("skipped: the reference results are not at hand");
        return;
    };
    let mut differences = Vec::new();
    let mut total = 0;
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        total += 1;
        let case: Json = serde_json::from_str(line).unwrap();
        let scope: BTreeMap<String, Value> = case["vars"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, text)| (name.clone(), typed(text.as_str().unwrap())))
            .collect();
        let text = case["expr"].as_str().unwrap();
        let got = Expression::parse(text).and_then(|expression| expression.evaluate(&scope));
        let wanted = &case["result"];
        let agrees = match &got {
            Err(_) => wanted["error"] == true,
            Ok(value) => match (wanted["type"].as_str().unwrap_or("error"), value) {
                ("null", Value::Null) => true,
                ("Boolean", Value::Boolean(_))
                | ("Long" | "Integer" | "Short" | "BigInteger", Value::Long(_))
                | ("String", Value::String(_)) => wanted["value"] == value.to_string(),
                ("Double" | "Float" | "BigDecimal", Value::Double(got)) => {
                    let wanted: f64 = wanted["value"].as_str().unwrap().parse().unwrap();
                    got.to_bits() == wanted.to_bits() || (got.is_nan() && wanted.is_nan())
                }
                _ => false,
            },
        };
        if !agrees {
            differences.push(format!("{text} with {}: wanted {wanted}, got {got:?}", case["vars"]));
        }
    }
    assert!(differences.is_empty(), "{} of {total} differ:\n{}", differences.len(), differences.join("\n"));
}

fn typed(text: &str) -> Value {
    match text.split_once(':') {
        Some(("s", text)) => Value::from(text),
        Some(("i" | "l", text)) => Value::Long(text.parse().unwrap()),
        Some(("d", text)) => Value::Double(text.parse().unwrap()),
        Some(("L", "")) => Value::List(Vec::new()),
        Some(("L", text)) => Value::List(text.split(',').map(Value::from).collect()),
        _ => match text {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            "null" => Value::Null,
            other => panic!("unknown variable {other}"),
        },
    }
}

/// What an expression gives with the variables of [`scope`], as `Type text`, or `error` and a piece of its message.
fn check(rows: &[(&str, &str)]) {
    let scope = scope();
    for (text, wanted) in rows {
        let got = match Expression::parse(text).and_then(|expression| expression.evaluate(&scope)) {
            Ok(value) => format!("{} {value}", value.kind()),
            Err(error) => format!("error {error}"),
        };
        match wanted.strip_prefix("error ") {
            Some(piece) => assert!(got.starts_with("error ") && got.contains(piece), "{text}: {got}"),
            None => assert_eq!(&got, wanted, "{text}"),
        }
    }
}

struct Desk(BTreeMap<String, Value>);

impl Scope for Desk {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.0.get(name).map(Cow::Borrowed)
    }

    fn property(&self, object: &str, property: &str) -> Option<Value> {
        (object == "execution" && property == "processInstanceId").then(|| Value::from("p-7"))
    }
}

fn scope() -> Desk {
    let json = serde_json::json!({
        "yes": true, "no": false, "none": null, "text": "Champion", "empty_text": "", "n": 7, "half": 0.5,
        "states": ["pending", "running", 3, 4.5], "nothing": [],
        "project": {"id": "p1", "owner": {"name": "ana"}, "tags": ["a", "b"], "odd key": 1},
    });
    match Value::from_json(&json).unwrap() {
        Value::Map(variables) => Desk(variables),
        other => panic!("{other:?}"),
    }
}

#[test]
fn operators_bind_and_associate_as_the_grammar_says() {
    check(&[
        ("${1 + 2 * 3}", "Long 7"),
        ("${(1 + 2) * 3}", "Long 9"),
        ("${10 - 4 - 3}", "Long 3"),
        ("${2 * 3 % 4}", "Long 2"),
        ("${-n + 1}", "Long -6"),
        ("${- -n}", "Long 7"),
        ("${!yes == no}", "Boolean true"),
        ("${1 < 2 == true}", "Boolean true"),
        ("${yes || no && no}", "Boolean true"),
        ("${(yes || no) && no}", "Boolean false"),
        ("${no ? 1 : yes ? 2 : 3}", "Long 2"),
        ("${yes and not no or none.x}", "Boolean true"),
        ("${7 div 2 eq 3.5 and 7 mod 2 ne 0}", "Boolean true"),
        ("${n gt 6 and n ge 7 and n le 7 and n lt 8}", "Boolean true"),
        ("${empty nothing && empty empty_text && empty none && !empty states}", "Boolean true"),
        ("${1 == 1 == 1}", "error whole number"),
    ]);
}

#[test]
fn literals_and_texts_are_scanned_as_the_reference_does() {
    check(&[
        ("", "String "),
        ("  plain text ", "String plain text"),
        ("${'it\\'s'}", "String it's"),
        ("${\"a\\\\b\"}", "String a\\b"),
        ("${'\\n'}", "error escape"),
        ("${'open}", "error not closed"),
        ("${.5 + 1.}", "Double 1.5"),
        ("${1e3}", "Double 1000.0"),
        ("${1E-4}", "Double 1.0E-4"),
        ("${9223372036854775807 + 1}", "Long -9223372036854775808"),
        ("${9223372036854775808}", "error 64-bit"),
        ("\\${text}", "String ${text}"),
        ("\\\\${text}", "String \\${text}"),
        ("a\\b$ c# {}", "String a\\b$ c# {}"),
        ("#{text}", "String Champion"),
        ("#{text}-${text}", "error mixed"),
        ("${text}${n}", "String Champion7"),
        ("<${none}>", "String <>"),
        ("${}", "error value"),
        ("${text", "error `}`"),
        ("${text} }", "String Champion }"),
        ("${a..b}", "error property"),
        ("${n = 7}", "error write `==`"),
        ("${1 2}", "error `}`"),
        ("${+1}", "error value"),
        ("${1.e3 + 010}", "Double 1010.0"),
        ("${text.empty}", "error property"),
        ("${'${x}'}", "String ${x}"),
        ("${\"}\"}", "String }"),
        ("${x -> x}", "error lambda"),
        ("${[1, 2]}", "error value"),
    ]);
}

#[test]
fn values_are_coerced_as_the_reference_does() {
    check(&[
        ("${yes == 'TRUE'}", "Boolean true"),
        ("${'true' == 'True'}", "Boolean false"),
        ("${no == 'anything'}", "Boolean true"),
        ("${yes == 1}", "error whole number"),
        ("${n == '7'}", "Boolean true"),
        ("${n == '7.0'}", "error whole number"),
        ("${half == ' 0.50 '}", "Boolean true"),
        ("${half == '5e-1d'}", "Boolean true"),
        ("${half == '0x1p-1'}", "Boolean true"),
        ("${half + 'NaN'}", "Double NaN"),
        ("${half < '-Infinity'}", "Boolean false"),
        ("${half + 'inf'}", "error number"),
        ("${none == none}", "Boolean true"),
        ("${none == ''}", "Boolean false"),
        ("${none <= none}", "Boolean true"),
        ("${none < 1}", "Boolean false"),
        ("${none >= 1}", "Boolean false"),
        ("${none + none}", "Long 0"),
        ("${none + 1}", "error null"),
        ("${none ? 1 : 2}", "error null"),
        ("${!none}", "Boolean true"),
        ("${none && missing}", "Boolean false"),
        ("${'a' + 'b'}", "error whole number"),
        ("${'1.5' + 1}", "Double 2.5"),
        ("${'+5' * '2'}", "Long 10"),
        ("${0 / 0 == 0 / 0}", "Boolean true"),
        ("${0 / 0 <= 1}", "Boolean true"),
        ("${0 / 0 < 1}", "Boolean false"),
        ("${0.0 == -0.0}", "Boolean false"),
        ("${1 % 0}", "error divisor"),
        ("${1.0 % 0}", "Double NaN"),
        ("${-(9223372036854775807) - 2}", "Long 9223372036854775807"),
        ("${states == '[pending, running, 3, 4.5]'}", "Boolean true"),
        ("${states == states}", "Boolean true"),
        ("${states < nothing}", "error order"),
        ("${states == 1}", "error whole number"),
        ("${'B' < 'a'}", "Boolean true"),
        ("${yes > no}", "Boolean true"),
        ("${1 + true}", "error whole number"),
        ("x${half * 2000000000}", "String x1.0E9"),
    ]);
}

#[test]
fn properties_methods_and_functions() {
    check(&[
        ("${project.owner.name}", "String ana"),
        ("${project['odd key'] + 1}", "Long 2"),
        ("${project.missing}", "Null null"),
        ("${project.missing.deeper}", "Null null"),
        ("${project.tags[1]}", "String b"),
        ("${project.tags[9]}", "Null null"),
        ("${project.tags[-1]}", "Null null"),
        ("${project.tags[none]}", "Null null"),
        ("${text[0]}", "error parentheses"),
        ("${project.tags['x']}", "error place"),
        ("${text.length}", "error parentheses"),
        ("${missing}", "error `missing`"),
        ("${missing.x}", "error `missing`"),
        ("${none.anything()}", "Null null"),
        ("${text.length() + states.size() + project.size()}", "Long 16"),
        ("${text.toUpperCase().startsWith('CHA')}", "Boolean true"),
        ("${text.substring(0, 5).concat('!')}", "String Champ!"),
        ("${text.substring(20)}", "error outside"),
        ("${text.indexOf('p')}", "Long 4"),
        ("${text.charAt(0)}", "String C"),
        ("${text.replace('Champion', 'Challenger')}", "String Challenger"),
        ("${text.replaceAll('[aeiou]', '_')}", "String Ch_mp__n"),
        ("${text.matches('C.*n')}", "Boolean true"),
        ("${text.matches('C.*m')}", "Boolean false"),
        ("${text.matches('(')}", "error pattern"),
        ("${text.equalsIgnoreCase('CHAMPION') && !text.equals('x')}", "Boolean true"),
        ("${'a,b,,'.split(',').size()}", "Long 2"),
        ("${' x '.trim().isEmpty()}", "Boolean false"),
        ("${states.contains('running') && states.indexOf(3) == 2}", "Boolean true"),
        ("${states.get(9)}", "error outside"),
        ("${project.containsKey('id')}", "Boolean true"),
        ("${project['containsKey']('id')}", "Boolean true"),
        ("${project.keySet().size()}", "Long 4"),
        ("${n.toString().length()}", "Long 1"),
        ("${text.nope()}", "error `nope`"),
        ("${'😀'.length()}", "Long 2"),
        ("${variables:get(n)}", "Long 7"),
        ("${vars:getOrDefault(missing, 5)}", "Long 5"),
        ("${var:getOrDefault('none', 5)}", "Long 5"),
        ("${var:exists(none) && !var:exists(missing)}", "Boolean true"),
        ("${var:eq(n, 7) && var:ne(text, 'x')}", "Boolean true"),
        ("${var:eq(text, 7)}", "Boolean false"),
        ("${var:gt(n, 6) && variables:lowerThanOrEquals(n, 7) && !var:lt(missing, 7)}", "Boolean true"),
        ("${var:isEmpty(missing) && vars:notEmpty(text)}", "Boolean true"),
        ("${var:contains(states, 'running', 3)}", "Boolean true"),
        ("${var:containsAny(text, 'x', 'ham')}", "Boolean true"),
        ("${var:get(execution, 'n')}", "Long 7"),
        ("${yes ? var:get(n) : n}", "Long 7"),
        ("${no ? text : n}", "Long 7"),
        ("${date:now()}", "error no function"),
        ("${now()}", "error no function"),
        ("${var:eq(n)}", "error takes"),
        ("${execution.getVariable('n') + 1}", "Long 8"),
        ("${execution.getVariable('missing')}", "Null null"),
        ("${execution.hasVariable('missing')}", "Boolean false"),
        ("${execution.processInstanceId}", "String p-7"),
        ("${execution.getProcessInstanceId()}", "String p-7"),
        ("${execution.getEngineServices()}", "error `engineServices`"),
        ("${execution}", "error `execution`"),
        ("${execution.setVariable('n', 1)}", "error sets the variable `n`"),
    ]);
}

#[test]
fn what_an_expression_sets_is_told_and_seen_by_the_rest_of_it() {
    let text = "${execution.setVariable('n', n + 1) == null ? execution.getVariable('n') : 0}";
    let expression = Expression::parse(text).unwrap();
    let evaluation = expression.run(&scope()).unwrap();
    assert_eq!(evaluation.value, Value::Long(8));
    let set = Assignment { name: "n".to_owned(), value: Value::Long(8), local: false };
    assert_eq!(evaluation.assignments, [set]);
    assert_eq!(expression.variables_set().into_iter().collect::<Vec<_>>(), ["n"]);
}

#[test]
fn the_variables_read_are_known_without_evaluating() {
    let rows: [(&str, &[&str]); 5] = [
        ("/projects/${id}?x=${a.b[c]}", &["a", "c", "id"]),
        ("${var:get(x) + variables:getOrDefault('y', z)}", &["x", "y", "z"]),
        ("${execution.getVariable('v') == w ? t.f(u) : 's'}", &["t", "u", "v", "w"]),
        ("literal x", &[]),
        ("\\${x}", &[]),
    ];
    for (text, wanted) in rows {
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.variables().into_iter().collect::<Vec<_>>(), wanted, "{text}");
    }
}

#[test]
fn conditions_are_coerced_and_numbers_are_no_conditions() {
    let rows = [
        ("${yes}", Ok(true)),
        ("${none}", Ok(false)),
        ("True", Ok(true)),
        ("no", Ok(false)),
        ("${n}", Err(())),
    ];
    for (text, wanted) in rows {
        let got = Expression::parse(text).unwrap().evaluate_boolean(&scope());
        assert_eq!(got.map_err(drop), wanted, "{text}");
    }
}

#[test]
fn the_contract_of_the_command_line() {
    let rows = [
        (r#"{"expr": "${a + 1}", "vars": {"a": 2}}"#, r#"{"type":"Long","value":3}"#),
        (
            r#"{"expr": "${a / 0}", "vars": {"a": {"$type": "long", "value": 1}}}"#,
            r#"{"type":"Double","value":"Infinity"}"#,
        ),
        (
            r#"{"expr": "${a}", "vars": {"a": {"$type": "double", "value": 3}}}"#,
            r#"{"type":"Double","value":3.0}"#,
        ),
        (r#"{"expr": "${a}", "vars": {"a": null}}"#, r#"{"type":"Null","value":null}"#),
        (r#"{"expr": "${a}", "vars": {"a": ["x", {"k": 1}]}}"#, r#"{"type":"List","value":["x",{"k":1}]}"#),
    ];
    for (line, wanted) in rows {
        assert_eq!(evaluate_line(line).to_string(), wanted, "{line}");
    }
    for line in
        ["", "{", "[]", "{}", r#"{"expr": "${"}"#, r#"{"expr": "1", "vars": 3}"#, r#"{"expr": "${x}"}"#]
    {
        let answer = evaluate_line(line);
        assert_eq!(answer["code"], "expression", "{line}");
        assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()), "{line}");
    }
}

#[test]
fn hostile_texts_end_in_an_error_and_soon() {
    let deep = |open: &str, close: &str| format!("${{{}1{}}}", open.repeat(10_000), close.repeat(10_000));
    let grown = format!("${{'aaaaaaaaaa'{}}}", ".replace('a', 'aaaaaaaaaa')".repeat(30));
    let doubled = format!("${{text{}}}", ".repeat(1000)".repeat(10));
    let hostile = [
        deep("(", ")"),
        deep("!", ""),
        deep("-", ""),
        deep("a[", "]"),
        deep("yes ? ", " : 2"),
        deep("var:get(", ")"),
        deep("text.concat(", ")"),
        grown,
        doubled,
        format!("${{{}}}", "text.matches('(((a{100}){100}){100})') or ".repeat(2_000) + "yes"),
        "x".repeat(TEXT_BYTES_MAX + 1),
    ];
    for text in hostile {
        let shown: String = text.chars().take(60).collect();
        let began = std::time::Instant::now();
        let got = Expression::parse(&text).and_then(|expression| expression.evaluate(&scope()));
        assert!(got.is_err(), "{shown}");
        assert!(began.elapsed().as_secs() < 10, "{shown} took {:?}", began.elapsed());
    }
}

#[test]
fn long_but_flat_texts_are_answered() {
    let rows = [
        (format!("${{{}1}}", "1 + ".repeat(50_000)), Value::Long(50_001)),
        (format!("${{{}yes}}", "no || ".repeat(50_000)), Value::Boolean(true)),
        (format!("${{project{}}}", ".owner".repeat(50_000)), Value::Null),
    ];
    for (text, wanted) in rows {
        assert_eq!(Expression::parse(&text).unwrap().evaluate(&scope()).unwrap(), wanted);
    }
    let many = "${n}".repeat(20_000);
    assert_eq!(Expression::parse(&many).unwrap().evaluate_text(&scope()).unwrap(), "7".repeat(20_000));
}

/// A small generator with a fixed start, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn token_soup_never_panics() {
    const TOKENS: &[&str] = &[
        "${",
        "#{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "?",
        ":",
        "'",
        "\"",
        "\\",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "&&",
        "||",
        "empty ",
        " not ",
        " and ",
        " or ",
        " div ",
        " mod ",
        " eq ",
        "null",
        "true",
        "false",
        "n",
        "half",
        "text",
        "none",
        "states",
        "project",
        "missing",
        "execution",
        "var:get",
        "1",
        "0.5",
        "1e9",
        "9223372036854775807",
        "'true'",
        "'1.5'",
        "''",
        ".size()",
        ".substring(",
        ".get(",
        ".replace(",
        ".matches(",
        ".split(",
        ".length()",
        "[0]",
        " ",
        "\u{a0}",
        "é",
        "😀",
        "=",
        "{",
        "$",
        "#",
        "->",
    ];
    let scope = scope();
    let mut chance = Chance(20_260_101);
    let (mut parsed, mut evaluated) = (0, 0);
    for _ in 0..60_000 {
        let length = 1 + chance.below(14);
        let inner: String = (0..length).map(|_| TOKENS[chance.below(TOKENS.len())]).collect();
        let text = if chance.below(4) == 0 { inner } else { format!("${{{inner}}}") };
        if let Ok(expression) = Expression::parse(&text) {
            parsed += 1;
            let _ = expression.variables();
            evaluated += usize::from(expression.run(&scope).is_ok());
            let again = Expression::parse(expression.source()).unwrap();
            assert_eq!(again, expression, "{text}");
        }
    }
    assert!(
        parsed > 1_000 && evaluated > 500,
        "the soup is too thin: {parsed} parsed, {evaluated} evaluated"
    );
}
