//! Which modules a Python script imports, and which published package each comes from.

use std::collections::BTreeMap;

/// The largest script that is looked at; beyond it nothing is reported about imports.
pub const SCRIPT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The top-level modules a script imports, with the first line that does so. Imports of its own package
/// (`from . import x`) are left out. Strings and comments are skipped, so text that looks like an import is none;
/// imports by `importlib` or `exec` cannot be seen.
pub fn imports(script: &str) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    if script.len() > SCRIPT_BYTES_MAX {
        return found;
    }
    for (line, statement) in statements(script) {
        let mut add = |dotted: &str| {
            let top = dotted.trim().split('.').next().unwrap_or_default();
            if !top.is_empty() && top.chars().all(|c| c.is_alphanumeric() || c == '_') {
                found.entry(top.to_owned()).or_insert(line);
            }
        };
        // `try: import x` and `if a: import x` stand behind a colon.
        let statement = statement.rsplit_once(": ").map_or(statement.as_str(), |(_, rest)| rest).trim();
        if let Some(rest) = statement.strip_prefix("import ") {
            for module in rest.split(',') {
                add(module.split_whitespace().next().unwrap_or_default());
            }
        } else if let Some(rest) = statement.strip_prefix("from ")
            && let Some((module, _)) = rest.trim_start().split_once(" import")
            && !module.starts_with('.')
        {
            // `google` is shared by many packages: the second part tells them apart.
            let module = module.trim();
            add(module);
        }
    }
    found
}

/// The statements of a script without strings and comments, each on one line, with the line it starts on.
fn statements(script: &str) -> Vec<(u32, String)> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let (mut line, mut started) = (1u32, 1u32);
    let mut depth = 0usize;
    let bytes: Vec<char> = script.chars().collect();
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at];
        match c {
            '#' => {
                while at < bytes.len() && bytes[at] != '\n' {
                    at += 1;
                }
                continue;
            }
            '"' | '\'' => {
                let triple = bytes.get(at + 1) == Some(&c) && bytes.get(at + 2) == Some(&c);
                at += if triple { 3 } else { 1 };
                while at < bytes.len() {
                    match bytes[at] {
                        '\\' => {
                            if bytes.get(at + 1) == Some(&'\n') {
                                line += 1;
                            }
                            at += 2;
                            continue;
                        }
                        '\n' if triple => line += 1,
                        // An unfinished string ends with its line.
                        '\n' => break,
                        q if q == c && !triple => {
                            at += 1;
                            break;
                        }
                        q if q == c && bytes.get(at + 1) == Some(&c) && bytes.get(at + 2) == Some(&c) => {
                            at += 3;
                            break;
                        }
                        _ => {}
                    }
                    at += 1;
                }
                current.push('"');
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\\' if bytes.get(at + 1) == Some(&'\n') => {
                line += 1;
                at += 2;
                current.push(' ');
                continue;
            }
            '\n' | ';' => {
                if c == '\n' {
                    line += 1;
                }
                if depth == 0 || c == ';' {
                    if !current.trim().is_empty() {
                        statements.push((started, std::mem::take(&mut current)));
                    }
                    current.clear();
                    started = line;
                } else {
                    current.push(' ');
                }
                at += 1;
                continue;
            }
            '\r' => {
                at += 1;
                continue;
            }
            _ => {}
        }
        if current.trim().is_empty() {
            started = line;
        }
        current.push(if c == '\t' { ' ' } else { c });
        at += 1;
    }
    if !current.trim().is_empty() {
        statements.push((started, current));
    }
    statements
}

/// Whether Python itself brings the module (the union of Python 3.8 to 3.13).
pub fn is_standard(module: &str) -> bool {
    module.starts_with('_') || STANDARD.binary_search(&module).is_ok()
}

/// The package that provides a module, where its name differs from the module's.
pub fn package_of(module: &str) -> &str {
    PACKAGES.iter().find(|(name, _)| *name == module).map_or(module, |(_, package)| package)
}

/// Modules whose package has another name.
const PACKAGES: [(&str, &str); 24] = [
    ("Crypto", "pycryptodome"),
    ("OpenSSL", "pyOpenSSL"),
    ("PIL", "Pillow"),
    ("attr", "attrs"),
    ("bs4", "beautifulsoup4"),
    ("cv2", "opencv-python"),
    ("dateutil", "python-dateutil"),
    ("dotenv", "python-dotenv"),
    ("fitz", "PyMuPDF"),
    ("git", "GitPython"),
    ("h2o_pysparkling_3_5", "h2o-pysparkling-3.5"),
    ("imblearn", "imbalanced-learn"),
    ("jwt", "PyJWT"),
    ("lightgbm", "lightgbm"),
    ("magic", "python-magic"),
    ("mpl_toolkits", "matplotlib"),
    ("pkg_resources", "setuptools"),
    ("pythoncom", "pywin32"),
    ("serial", "pyserial"),
    ("skimage", "scikit-image"),
    ("sklearn", "scikit-learn"),
    ("swat", "swat"),
    ("yaml", "PyYAML"),
    ("zmq", "pyzmq"),
];

/// Python's own modules, sorted.
const STANDARD: [&str; 218] = [
    "__future__",
    "abc",
    "aifc",
    "antigravity",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "cProfile",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_every_shape() {
        let script = "\
#!/usr/bin/env python\nimport os, sys as system\n'''\nimport nothing\n'''\nfrom pyspark.sql import (\n    SparkSession,\n    functions as F)\nimport sklearn.metrics\ntry: import yaml\nexcept ImportError: pass\nfrom . import local\nfrom .x import y\ntext = 'import no' # import no\nif True:\n\timport pandas; import numpy as np\nx = \"\"\"import no\nimport no\"\"\"\nimport \\\n  late\n";
        let found: Vec<(String, u32)> = imports(script).into_iter().collect();
        let expected = [
            ("late", 19),
            ("numpy", 16),
            ("os", 2),
            ("pandas", 16),
            ("pyspark", 6),
            ("sklearn", 9),
            ("sys", 2),
            ("yaml", 10),
        ];
        assert_eq!(found, expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn the_tables_are_sorted_for_the_search() {
        assert!(STANDARD.is_sorted());
        assert!(
            is_standard("json") && is_standard("distutils") && is_standard("tomllib") && !is_standard("yaml")
        );
        assert_eq!(package_of("yaml"), "PyYAML");
        assert_eq!(package_of("pandas"), "pandas");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[a-z \n\"'#\\\\(){};:,.]{0,200}") {
            imports(&text);
        }
    }
}
