//! The program as people and scripts meet it: exit codes, one JSON document, and bad input that changes nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A desk of its own with a workspace: `ana` founded it, `ben` validates, and there is a project `P`.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn founded() -> Self {
        let desk = Self::empty();
        let place = desk.workspace().display().to_string();
        for words in [
            &["workspace", "init", &place, "--name", "Test", "--member", "ana"][..],
            &["member", "add", "ben", "--role", "validator", "--key-here"],
            &["project", "create", "P"],
        ] {
            let done = desk.run(words);
            assert_eq!(
                done.status.code(),
                Some(0),
                "{words:?}: {}{}",
                text(&done.stdout),
                text(&done.stderr)
            );
        }
        desk
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(words)
            .env("COUNTERSIGN_HOME", self.home())
            .env("COUNTERSIGN_WORKSPACE", self.workspace())
            .env("COUNTERSIGN_MEMBER", "ana")
            // A keychain that answers late or asks questions has no place in a test.
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        command
    }

    /// Runs with `--json`: exit status, and the one document.
    fn json(&self, words: &[&str]) -> (i32, Value) {
        let done = self.run(&[words, &["--json"]].concat());
        let document = serde_json::from_slice(&done.stdout).unwrap_or_else(|error| {
            panic!("{words:?}: {error}: {}{}", text(&done.stdout), text(&done.stderr))
        });
        (done.status.code().unwrap(), document)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every file below a folder with its contents.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_founded_workspace_is_listed_shown_and_proven() {
    let desk = Desk::founded();
    let (status, found) = desk.json(&["workspace", "status"]);
    assert_eq!((status, &found["workspace"]["name"]), (0, &Value::from("Test")));
    let (_, projects) = desk.json(&["project", "list"]);
    assert_eq!(projects["rows"][0]["name"], "P");
    let (_, people) = desk.json(&["member", "list"]);
    let names: Vec<&str> =
        people["members"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ana", "ben"]);
    let (_, tasks) = desk.json(&["task", "list"]);
    assert_eq!(tasks["rows"], Value::Array(vec![]));
    let (status, report) = desk.json(&["workspace", "verify"]);
    assert_eq!((status, &report["problems"]), (0, &Value::Array(vec![])), "{report}");
    assert!(report["entries"].as_u64().unwrap() >= 2, "{report}");
    let people_read = desk.run(&["project", "list"]);
    assert!(text(&people_read.stdout).starts_with("PROJECT"), "{}", text(&people_read.stdout));
}

#[test]
fn bad_input_names_the_thing_and_the_remedy_and_changes_nothing() {
    let desk = Desk::founded();
    let scratch = desk.folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = scratch.join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let no_zip = write("no.zip", b"this is no archive");
    let cut_zip = write("cut.zip", b"PK\x03\x04\x14\x00\x00\x00");
    let no_bpmn = write("no.bpmn", b"<html><body>hello</body></html>");
    let bad_xml = write("bad.bpmn", b"<definitions");
    let bad_script = write("bad.json", b"{\"steps\": 7}");
    let folder = scratch.display().to_string();
    let long = "x".repeat(70_000);
    let before = contents(&desk.workspace());
    let mut wrong = Vec::new();
    for (words, status, code, named) in [
        (&["task", "shwo"][..], 2, "usage", "shwo"),
        (&["project", "create"], 2, "usage", "NAME"),
        (&["project", "create", ""], 2, "usage", "name"),
        (&["project", "create", &long], 2, "usage", "name"),
        (&["project", "create", "P"], 1, "refused", "P"),
        (&["project", "show", "Q"], 1, "not-found", "Q"),
        (&["model", "import", "/nowhere/x.zip", "--project", "P"], 1, "not-found", "/nowhere/x.zip"),
        (&["model", "import", &no_zip, "--project", "P"], 1, "package", "not a zip file"),
        (&["model", "import", &cut_zip, "--project", "P"], 1, "package", "not a zip file"),
        (&["model", "import", &folder, "--project", "P"], 1, "package", "it is a folder"),
        (&["model", "import", &no_zip, "--project", "P", "--version", "patch"], 2, "usage", "patch"),
        (&["model", "import", &no_zip, "--project", "P", "--waive", "x"], 2, "usage", "`x`"),
        (&["model", "show", "P/nothing"], 1, "not-found", "nothing"),
        (&["model", "compare", "one"], 2, "usage", "VERSION"),
        (&["workflow", "import", &no_bpmn], 1, "definition", "BPMN"),
        (&["workflow", "import", &bad_xml], 1, "definition", "BPMN"),
        (&["workflow", "import", "/nowhere/x.bpmn"], 1, "not-found", "/nowhere/x.bpmn"),
        (&["workflow", "lint", "/nowhere/x.bpmn"], 1, "not-found", "/nowhere/x.bpmn"),
        (&["workflow", "simulate", &no_bpmn, "--script", &bad_script], 2, "usage", "bad.json"),
        (&["workflow", "evaluate", "${1 +"], 1, "expression", ""),
        (&["workflow", "evaluate", "${x}", "--variables", "[1"], 2, "usage", "variables"),
        (&["workflow", "start", "nothing", "--project", "P"], 1, "not-found", "nothing"),
        (&["workflow", "bind", "d", "--call", "e1"], 2, "usage", "e1"),
        (&["task", "claim", "01J00000000000000000000000"], 1, "not-found", "01J0"),
        (&["task", "complete", "x", "--answer", "Approved"], 2, "usage", "Approved"),
        (&["run", "show", "01J00000000000000000000000"], 1, "not-found", "01J0"),
        (&["migrate", "P/nothing", "--bucket", "b"], 1, "not-found", "nothing"),
        (&["member", "add", "Ana Lovelace", "--role", "validator"], 2, "usage", "Ana Lovelace"),
        (&["member", "add", "cleo", "--role", "emperor"], 2, "usage", "emperor"),
        (&["member", "grant", "nobody", "validator"], 1, "refused", "nobody"),
        (&["monitor", "compute", "--data", "/nowhere/x.csv"], 1, "failed", "/nowhere/x.csv"),
        (&["monitor", "compute", "--data", &no_zip, "--cutoff", "7"], 2, "usage", "7"),
        (&["call", "no.such_command"], 2, "usage", "no.such_command"),
        (&["call", "registry.create_project", "{"], 2, "usage", "registry.create_project"),
        (&["--as", "nobody", "project", "create", "Q"], 1, "not-found", "nobody"),
    ] {
        let (found, failure) = desk.json(words);
        let said = format!("{} {}", failure["message"], failure["hint"]);
        // A refusal is advice as a whole; every other failure says what to do beside what happened.
        let remedied = code == "refused" || failure["hint"].as_str().is_some_and(|hint| !hint.is_empty());
        let seen = (found, failure["code"].as_str().unwrap_or_default());
        if seen != (status, code) || !said.contains(named) || !remedied || !failure["causes"].is_array() {
            let brief: Vec<String> = words.iter().map(|word| word.chars().take(40).collect()).collect();
            wrong.push(format!(
                "{brief:?}: {status} {code}, naming `{named}`, was expected: {found} {failure:.400}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(before == contents(&desk.workspace()), "bad input wrote to the workspace");
    assert_eq!(desk.json(&["workspace", "verify"]).0, 0);
}

#[test]
fn in_portuguese_no_heading_and_no_sentence_is_english() {
    let desk = Desk::founded();
    let english = |words: &[&str]| text(&desk.run(words).stdout);
    let spoken = |words: &[&str]| {
        let done = desk.command(words).env("LC_ALL", "pt_BR.UTF-8").output().unwrap();
        text(&done.stdout) + &text(&done.stderr)
    };
    let mut wrong = Vec::new();
    for (words, wanted) in [
        (&["workspace", "status"][..], "espaço de trabalho"),
        (&["workspace", "verify"], "Toda a história se sustenta."),
        (&["project", "list"], "CRIADO"),
        (&["project", "show", "P"], "projeto"),
        (&["model", "list"], "Nenhum modelo."),
        (&["member", "list"], "Papéis"),
        (&["task", "list"], "Nada espera por você aqui."),
        (&["workflow", "templates"], "PARA QUE SERVE"),
        (&["workflow", "list"], "Nenhuma definição."),
        (&["run", "list"], "Nenhuma execução."),
        (&["target", "list"], "DESTINO"),
        (&["monitor", "list"], "Nenhum monitor."),
        (&["ledger", "show", "1"], "posição"),
        (&["settings", "show"], "idioma"),
        (&["project", "show", "Q"], "erro: "),
        (&["project", "create", "R"], "O projeto `R` está no #"),
    ] {
        let (said, before) = (spoken(words), english(words));
        // Headings are in capitals, labels begin their line, and a section's title is a line of its own.
        let heads = |text: &str| -> Vec<String> {
            let heads = text.lines().filter_map(|line| line.split("  ").next());
            heads.filter(|head| !head.contains(['/', ':', '`', '#', '.'])).map(str::to_owned).collect()
        };
        let capitals = |text: &str| -> Vec<String> {
            let words = text.split("  ").map(str::trim).filter(|word| word.chars().count() > 2);
            words
                .filter(|word| word.chars().all(|c| c.is_uppercase() || c == ' '))
                .map(str::to_owned)
                .collect()
        };
        for head in capitals(&before) {
            let same = ["LINK", "ID"].contains(&head.as_str());
            if !same && capitals(&said).contains(&head) {
                wrong.push(format!("{words:?} heads a column by `{head}`"));
            }
        }
        for label in
            ["workspace", "where", "roles", "Roles", "Keys", "entries", "project", "created", "language"]
        {
            if heads(&said).iter().any(|head| head == label) {
                wrong.push(format!("{words:?} says `{label}`"));
            }
        }
        if !said.contains(wanted) {
            wrong.push(format!("{words:?} does not say `{wanted}`: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What programs read names the same fields and codes in every language; sentences that `app` itself writes for a reader
    // (what a role may do) are in none of these.
    let document =
        |words: &[&str]| text(&desk.command(words).env("LC_ALL", "pt_BR.UTF-8").output().unwrap().stdout);
    for words in
        [&["project", "list", "--json"][..], &["task", "list", "--json"], &["settings", "show", "--json"]]
    {
        assert_eq!(document(words), english(words), "{words:?}");
    }
}

#[test]
fn without_a_workspace_it_says_how_to_get_one() {
    let desk = Desk::empty();
    let (status, failure) = desk.json(&["task", "list"]);
    assert_eq!(status, 1, "{failure}");
    assert!(!desk.workspace().exists(), "asking made a workspace");
}

#[test]
fn a_flipped_byte_in_an_entry_is_found_and_exit_3_says_so() {
    let desk = Desk::founded();
    let entry = desk.workspace().join("log").join("000000000001.json");
    let mut bytes = fs::read(&entry).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let mut rights = fs::metadata(&entry).unwrap().permissions();
    #[expect(clippy::permissions_set_readonly_false, reason = "the test plays somebody who may write there")]
    rights.set_readonly(false);
    fs::set_permissions(&entry, rights).unwrap();
    fs::write(&entry, bytes).unwrap();
    let (status, report) = desk.json(&["workspace", "verify"]);
    assert_eq!(status, 3, "{report}");
    // A desk that had read further refuses to go on; one that reads everything anew lists the problem.
    let named = report["problems"].as_array().is_some_and(|problems| !problems.is_empty())
        || report["code"] == "verification";
    assert!(named, "{report}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_remedy() {
    let desk = Desk::empty();
    // A folder of the kernel: no account may create files there.
    let (status, failure) =
        desk.json(&["workspace", "init", "/proc/sys/countersign", "--name", "Test", "--member", "ana"]);
    assert_eq!(status, 1, "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("/proc/sys"), "{failure}");
    assert!(!failure["hint"].as_str().unwrap().is_empty(), "{failure}");
    let done = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["--home", "/proc/sys/countersign", "workspace", "status", "--json"])
        .output()
        .unwrap();
    let failure: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((done.status.code(), &failure["code"]), (Some(1), &Value::from("denied")), "{failure}");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["completions", "bash"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(text(&done.stderr), "");
}

#[test]
fn completions_and_man_pages_cover_every_room() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&desk.run(&["completions", shell]).stdout);
        assert!(script.contains("set-champion"), "{shell}");
    }
    let folder = desk.folder.path().join("man");
    let (status, written) = desk.json(&["man", &folder.display().to_string()]);
    assert_eq!(status, 0);
    let pages: Vec<&str> =
        written["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap()).collect();
    for page in
        ["countersign.1", "countersign-model-import.1", "countersign-workspace-init.1", "countersign-demo.1"]
    {
        assert!(pages.contains(&page), "{page} of {pages:?}");
        assert!(fs::read_to_string(folder.join(page)).unwrap().contains(".TH"), "{page}");
    }
}

#[test]
fn a_report_leaves_the_terminal_as_a_page_and_as_tables() {
    let desk = Desk::founded();
    let folder = desk.folder.path();
    let package = &packages::demonstration::write_demo_packages(folder, "a-bucket", 7).unwrap()[0];
    fs::create_dir(folder.join("scored")).unwrap();
    packages::demonstration::write_demo_quarters(&folder.join("scored"), 7).unwrap();
    let (package, data) = (package.display().to_string(), folder.join("scored").display().to_string());
    let done = |words: &[&str]| {
        let (status, answer) = desk.json(words);
        assert_eq!(status, 0, "{words:?}: {answer:#}");
        answer
    };
    done(&["model", "import", &package, "--project", "P", "--name", "m"]);
    done(&["monitor", "define", "P/m", "--name", "Watched", "--data", &data, "--pattern", "CHURNPERF_*"]);
    let (page, tables) = (folder.join("report.html"), folder.join("tables"));
    let (page, tables) = (page.display().to_string(), tables.display().to_string());
    let words = ["monitor", "report", "Watched", "--html", &page, "--csv", &tables, "--parquet", &tables];
    let shown = desk.run(&[&words[..], &["--language", "pt-BR"]].concat());
    let said = text(&shown.stdout);
    assert_eq!(shown.status.code(), Some(0), "{said}{}", text(&shown.stderr));
    assert!(said.contains("Q1") && said.contains("Written") && said.contains("report.html"), "{said}");
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("<html lang=\"pt-BR\""));
    assert!(html.contains("o Gini está"), "the reasons are in the page's language");
    let mut names: Vec<String> = contents(Path::new(&tables))
        .into_keys()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 4 && names.len().is_multiple_of(2), "each table as CSV and as Parquet: {names:?}");
    for pair in names.chunks(2) {
        let stem = pair[0].strip_suffix(".csv").unwrap_or_else(|| panic!("{names:?}"));
        assert_eq!(pair[1], format!("{stem}.parquet"), "{names:?}");
    }
    // At a Portuguese terminal the page is Portuguese without being asked to be.
    let own = folder.join("own.html").display().to_string();
    let words = ["monitor", "report", "Watched", "--latest", "--html", &own];
    let spoken = desk.command(&words).env("LC_ALL", "pt_BR.UTF-8").output().unwrap();
    assert_eq!(spoken.status.code(), Some(0), "{}", text(&spoken.stderr));
    assert!(fs::read_to_string(&own).unwrap().contains("<html lang=\"pt-BR\""));
    // A page that cannot be written there is told, and the report is recorded all the same.
    let (status, answer) =
        desk.json(&["monitor", "report", "Watched", "--latest", "--html", "/proc/nowhere/a.html"]);
    assert_eq!((status, answer["code"].as_str().is_some()), (1, true), "{answer:#}");
    assert_eq!(done(&["monitor", "reports"])["total"], 1);
}

#[test]
fn a_monitor_is_defined_changed_answered_and_shown_from_the_terminal() {
    let desk = Desk::founded();
    let folder = desk.folder.path();
    let package = &packages::demonstration::write_demo_packages(folder, "a-bucket", 7).unwrap()[0];
    fs::create_dir(folder.join("scored")).unwrap();
    packages::demonstration::write_demo_quarters(&folder.join("scored"), 7).unwrap();
    let (package, data) = (package.display().to_string(), folder.join("scored").display().to_string());
    let done = |words: &[&str]| {
        let (status, answer) = desk.json(words);
        assert_eq!(status, 0, "{words:?}: {answer:#}");
        answer
    };
    let read = |words: &[&str]| {
        let shown = desk.run(words);
        assert_eq!(shown.status.code(), Some(0), "{words:?}: {}", text(&shown.stderr));
        text(&shown.stdout)
    };
    // Without a workspace the same numbers come of the same files.
    let of_files =
        ["monitor", "compute", "--data", &data, "--target", "churn", "--event", "1", "--score", "P_CHURN1"];
    let computed = done(&of_files);
    assert_eq!(computed["periods"].as_array().unwrap().len(), 4);
    let said = read(&of_files);
    for wanted in ["Gini", "P (MANN–KENDALL)", "SLOPE", "  Q  "] {
        assert!(said.contains(wanted), "`{wanted}` is not in {said}");
    }

    done(&["member", "add", "sam", "--role", "model-steward", "--key-here"]);
    done(&["model", "import", &package, "--project", "P", "--name", "m"]);
    let as_sam = |words: &[&str]| done(&[&["--as", "sam"], words].concat());
    as_sam(&["monitor", "define", "P/m", "--name", "Churn", "--data", &data, "--pattern", "CHURNPERF_*"]);
    let report = as_sam(&["monitor", "report", "Churn"]);
    assert_eq!(report["report"]["periods"][3]["performance"], computed["periods"][3]["performance"]);

    let changed = as_sam(&["monitor", "change", "Churn", "--threshold", "gini=0.2", "--cadence", "P3M"]);
    assert!(changed["position"].as_u64() > Some(0), "{changed:#}");
    let page = as_sam(&["monitor", "show", "Churn"]);
    assert_eq!((&page["terms"]["thresholds"]["gini"], &page["monitor"]["number"]), (&0.2.into(), &2.into()));
    let dry = as_sam(&["monitor", "dry-run", "Churn", "--rule", "alert: f1<2", "--rule", "warning: p1>1000"]);
    assert_eq!(dry["fired"].as_array().unwrap().len(), 4, "every period, by the one rule: {dry:#}");

    let alerts = as_sam(&["monitor", "alerts"]);
    let open = alerts["total"].as_u64().unwrap();
    assert!(open > 0, "{alerts:#}");
    let first = alerts["rows"][0]["id"].as_str().unwrap();
    as_sam(&["monitor", "settle", first, "--reason", "known of, and looked after"]);
    assert_eq!(as_sam(&["monitor", "alerts"])["total"], open - 1);
    assert_eq!(as_sam(&["monitor", "alerts", "--state", "settled"])["rows"][0]["settled_by"], "sam");
    let own = ["monitor", "decide", "Churn", "wait", "--reason", "it is good enough for a quarter"];
    assert_eq!(desk.json(&own).1["code"], "refused", "whoever made the model does not decide to wait");
    as_sam(&[&own[..], &["--answer", "performs=no"]].concat());
    assert_eq!(as_sam(&["monitor", "alerts"])["total"], 0, "the decision settles what stood open");
    assert_eq!(as_sam(&["monitor", "decisions"]), Value::Array(vec![]));

    let (list, portfolio, page) =
        (read(&["monitor", "list"]), read(&["monitor", "portfolio"]), read(&["monitor", "show", "Churn"]));
    for (said, wanted) in [(&list, "Gini 0."), (&portfolio, "Gini 0."), (&page, "it is good enough")] {
        assert!(said.contains(wanted), "`{wanted}` is not in {said}");
    }
}

#[test]
fn a_definition_shows_its_choices_and_where_it_starts_by_itself_and_events_are_delivered() {
    let desk = Desk::founded();
    let file = desk.folder.path().join("told.bpmn");
    fs::write(
        &file,
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
        <message id="m" name="contract"/><process id="p" name="Told" isExecutable="true"><startEvent id="s"><extensionElements>
        <flowable:formProperty id="Tier" name="Which tier?" type="enum"><flowable:value id="gold" name="Gold customers"/>
        <flowable:value id="rest" name="The rest"/></flowable:formProperty></extensionElements></startEvent>
        <startEvent id="s2"><messageEventDefinition messageRef="m"/></startEvent>
        <intermediateCatchEvent id="c" name="Signed"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><endEvent id="e"/>
        <sequenceFlow id="f" sourceRef="s" targetRef="c"/><sequenceFlow id="g" sourceRef="s2" targetRef="c"/>
        <sequenceFlow id="h" sourceRef="c" targetRef="e"/></process></definitions>"#,
    )
    .unwrap();
    let (status, imported) = desk.json(&["workflow", "import", &file.display().to_string()]);
    assert_eq!(status, 0, "{imported}");
    let (status, armed) = desk.json(&["workflow", "arm", "Told", "--project", "P"]);
    assert_eq!(status, 0, "{armed}");
    let shown = text(&desk.run(&["workflow", "show", "Told"]).stdout);
    for expected in
        ["gold (Gold customers), rest (The rest)", armed["id"].as_str().unwrap(), "Starts by itself"]
    {
        assert!(shown.to_lowercase().contains(&expected.to_lowercase()), "{expected}: {shown}");
    }
    let (status, started) = desk.json(&["workflow", "start", "Told", "--project", "P", "--set", "Tier=gold"]);
    assert_eq!(status, 0, "{started}");
    let instance = started["id"].as_str().unwrap();
    let shown = text(&desk.run(&["workflow", "instance", instance]).stdout);
    assert!(shown.contains("contract") && shown.contains("Signed"), "{shown}");
    let (status, failure) = desk.json(&["workflow", "deliver", instance, "--message", "another"]);
    assert_eq!((status, &failure["code"]), (1, &Value::from("not-found")), "{failure}");
    let wrong = desk.run(&["workflow", "deliver", instance, "--message", "contract", "--signal", "s"]);
    assert_eq!(wrong.status.code(), Some(2));
    let (status, told) =
        desk.json(&["workflow", "deliver", instance, "--message", "contract", "--set", "Pages=3"]);
    assert_eq!(status, 0, "{told}");
    let (_, page) = desk.json(&["workflow", "instance", instance]);
    assert_eq!(page["instance"]["state"], "completed", "{page:#}");
}

/// A process with one task that validators answer, and what is put in place of its parts.
fn review(parts: &[(&str, &str)]) -> String {
    let whole = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
        <process id="p" name="Review" isExecutable="true"><startEvent id="s"/>
        <userTask id="t" name="Read it" flowable:candidateGroups="validator"><extensionElements>
        <flowable:formProperty id="Good" name="Is it good?" type="boolean" required="true"/></extensionElements></userTask>
        <endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/></process></definitions>"#;
    parts.iter().fold(whole.to_owned(), |whole, (from, to)| {
        assert!(whole.contains(from), "{from}");
        whole.replace(from, to)
    })
}

#[test]
fn versions_are_compared_and_a_file_is_read_before_it_is_imported() {
    let desk = Desk::founded();
    let file = |name: &str, parts: &[(&str, &str)]| {
        let file = desk.folder.path().join(name);
        fs::write(&file, review(parts)).unwrap();
        file.display().to_string()
    };
    let first = file("first.bpmn", &[]);
    let (status, reading) = desk.json(&["workflow", "import", &first, "--dry-run"]);
    assert_eq!((status, &reading["name"], &reading["replaces"]), (0, &"Review".into(), &Value::Null));
    assert_eq!(reading["parties"][0]["role"], "validator", "{reading:#}");
    let (_, list) = desk.json(&["workflow", "list"]);
    assert_eq!(list, Value::Array(Vec::new()), "nothing was imported");
    assert_eq!(desk.json(&["workflow", "import", &first]).0, 0);
    let urgent = [(
        "flowable:candidateGroups",
        "flowable:priority=\"70\" flowable:category=\"risk\" flowable:candidateGroups",
    )];
    assert_eq!(desk.json(&["workflow", "import", &file("second.bpmn", &urgent)]).0, 0);
    let said = text(&desk.run(&["workflow", "compare", "Review"]).stdout);
    for expected in ["changed", "priority", "70", "xml category", "risk"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let (status, same) = desk.json(&["workflow", "compare", "Review", "--from", "2", "--to", "2"]);
    assert_eq!((status, &same["differences"]), (0, &Value::Array(Vec::new())));
    let (status, missing) = desk.json(&["workflow", "compare", "Review", "--to", "7"]);
    assert_eq!((status, &missing["code"]), (1, &Value::from("not-found")));
}

#[test]
fn the_last_approval_and_the_last_reminder_are_taken_away() {
    let desk = Desk::founded();
    let file = desk.folder.path().join("review.bpmn");
    fs::write(&file, review(&[])).unwrap();
    assert_eq!(desk.json(&["workflow", "import", &file.display().to_string()]).0, 0);
    let (status, bound) =
        desk.json(&["workflow", "bind", "Review", "--gate", "t=Good", "--remind", "t=P1D,P3D,validator"]);
    assert_eq!(status, 0, "{bound}");
    let count = |bound: &Value| ["gates", "reminders"].map(|list| bound[list].as_array().map_or(0, Vec::len));
    assert_eq!(count(&bound), [1, 1], "{bound:#}");
    let (status, bound) = desk.json(&["workflow", "bind", "Review", "--no-gates", "--no-reminders"]);
    assert_eq!((status, count(&bound)), (0, [0, 0]), "{bound:#}");
    let both = desk.run(&["workflow", "bind", "Review", "--no-gates", "--gate", "t=Good"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_task_is_put_off_at_this_desk_and_what_is_late_is_listed_alone() {
    let desk = Desk::founded();
    let file = desk.folder.path().join("review.bpmn");
    let overdue = [("flowable:candidateGroups", "flowable:dueDate=\"2026-01-01\" flowable:candidateGroups")];
    for (name, parts) in [("Late", &overdue[..]), ("Early", &[])] {
        fs::write(&file, review(parts)).unwrap();
        let import = ["workflow", "import", &file.display().to_string(), "--name", name];
        assert_eq!(desk.json(&import).0, 0);
        let (status, started) = desk.json(&["workflow", "start", name, "--project", "P"]);
        assert_eq!(status, 0, "{started}");
    }
    let ids = |words: &[&str]| -> Vec<String> {
        let (status, list) = desk.json(words);
        assert_eq!(status, 0, "{list}");
        list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&["task", "list"]).len(), 2);
    let late = ids(&["task", "list", "--late"]);
    assert_eq!(late.len(), 1);
    assert_eq!(desk.json(&["task", "snooze", &late[0], "P2D"]).0, 0);
    assert_eq!(ids(&["task", "list"]).len(), 1);
    assert_eq!(ids(&["task", "list", "--view", "snoozed"]), late);
    assert_eq!(desk.json(&["task", "snooze", &late[0], "--back"]).0, 0);
    assert_eq!(ids(&["task", "list", "--view", "snoozed"]).len(), 0);
}
