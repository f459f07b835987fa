//! Which imports a pickle may have.

/// What an import says about a pickle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Part of how scientific Python stores its objects.
    Ordinary,
    /// Nothing known against it.
    Unfamiliar,
    /// Runs commands, code or transfers, or hides what does.
    Dangerous,
}

/// Modules nothing of which belongs in a model: processes, files, network, code, interpreters.
const DANGEROUS_MODULES: &[&str] = &[
    "_aix_support",
    "_ctypes",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_imp",
    "_io",
    "_operator",
    "_osx_support",
    "_pickle",
    "_posixshmem",
    "_posixsubprocess",
    "_pyio",
    "_pyrepl",
    "_socket",
    "_sqlite3",
    "_ssl",
    "_testcapi",
    "_thread",
    "_winapi",
    "_xxsubinterpreters",
    "aiohttp",
    "antigravity",
    "anyio",
    "asyncio",
    "asyncore",
    "atexit",
    "bdb",
    "cProfile",
    "cffi",
    "cgitb",
    "cloudpickle",
    "code",
    "codeop",
    "commands",
    "compileall",
    "concurrent",
    "ctypes",
    "dill",
    "distutils",
    "doctest",
    "ensurepip",
    "fabric",
    "faulthandler",
    "fcntl",
    "fileinput",
    "ftplib",
    "gc",
    "glob",
    "http",
    "httplib",
    "httpx",
    "idlelib",
    "imaplib",
    "imp",
    "importlib",
    "inspect",
    "invoke",
    "io",
    "lib2to3",
    "linecache",
    "mailcap",
    "marshal",
    "mmap",
    "modulefinder",
    "multiprocessing",
    "netrc",
    "nntplib",
    "nt",
    "ntpath",
    "operator",
    "os",
    "paramiko",
    "pathlib",
    "pdb",
    "pexpect",
    "pickle",
    "pickletools",
    "pip",
    "pipes",
    "pkg_resources",
    "pkgutil",
    "platform",
    "plistlib",
    "popen2",
    "poplib",
    "posix",
    "posixpath",
    "profile",
    "psutil",
    "pty",
    "py_compile",
    "pydoc",
    "readline",
    "requests",
    "resource",
    "runpy",
    "sched",
    "select",
    "selectors",
    "setuptools",
    "sh",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "smtpd",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tarfile",
    "telnetlib",
    "tempfile",
    "test",
    "threading",
    "timeit",
    "trace",
    "traceback",
    "tty",
    "types",
    "unittest",
    "urllib",
    "urllib2",
    "urllib3",
    "uuid",
    "venv",
    "webbrowser",
    "winreg",
    "wsgiref",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
];

/// Names in the built-in modules that a model needs; all others there are dangerous.
const ORDINARY_BUILTINS: &[&str] = &[
    "object",
    "set",
    "frozenset",
    "list",
    "dict",
    "tuple",
    "bytearray",
    "bytes",
    "int",
    "float",
    "complex",
    "str",
    "bool",
    "slice",
    "range",
    "xrange",
    "long",
    "unicode",
    "Ellipsis",
    "NotImplemented",
    "NoneType",
];

/// Modules that store models, by their first part.
const ORDINARY_MODULES: &[&str] = &[
    "catboost",
    "category_encoders",
    "h2o",
    "imblearn",
    "joblib",
    "lightgbm",
    "numpy",
    "pandas",
    "patsy",
    "pmdarima",
    "pyarrow",
    "pyspark",
    "scipy",
    "sklearn",
    "statsmodels",
    "tensorflow",
    "keras",
    "torch",
    "xgboost",
    "feature_engine",
    "mlxtend",
    "shap",
];

/// Modules of the standard library of which a model may hold values.
const ORDINARY_STANDARD: &[(&str, &[&str])] = &[
    ("_codecs", &["encode"]),
    ("collections", &["OrderedDict", "defaultdict", "Counter", "deque"]),
    ("copy_reg", &["_reconstructor"]),
    ("copyreg", &["_reconstructor"]),
    ("datetime", &["datetime", "date", "time", "timedelta", "timezone"]),
    ("decimal", &["Decimal"]),
    ("fractions", &["Fraction"]),
    ("random", &["Random"]),
    ("array", &["array", "_array_reconstructor"]),
    ("numbers", &["Number"]),
    ("zoneinfo", &["ZoneInfo._unpickle"]),
];

/// Words that act, in modules whose other words only hold data.
const ACTING_WORDS: &[&str] = &[
    "eval",
    "exec",
    "execfile",
    "compile",
    "load",
    "loads",
    "loadtxt",
    "fromfile",
    "genfromtxt",
    "open",
    "system",
    "popen",
    "spawn",
    "runstring",
    "run_module",
    "call",
    "check_output",
    "read_pickle",
    "read_csv",
    "read_sql",
    "to_pickle",
    "memmap",
    "savetxt",
    "save",
    "tofile",
    "DataSource",
    "getattr",
    "setattr",
    "delattr",
    "__import__",
    "import_module",
    "load_library",
    "compile_model",
    "query",
];

/// Parts of ordinary libraries that run things.
const ACTING_PARTS: &[&str] = &[
    "testing",
    "f2py",
    "distutils",
    "ctypeslib",
    "hub",
    "jit",
    "weave",
    "_testing",
    "cpp_extension",
    "serialization",
];

/// Judges `module.name`. Both may be dotted: protocol 4 walks attributes.
pub(super) fn judge(module: &str, name: &str) -> Judgement {
    let top = module.split('.').next().unwrap_or(module);
    if matches!(module, "builtins" | "__builtin__" | "__builtins__") {
        return if ORDINARY_BUILTINS.contains(&name) { Judgement::Ordinary } else { Judgement::Dangerous };
    }
    if let Some((_, names)) = ORDINARY_STANDARD.iter().find(|(known, _)| *known == module) {
        return if names.contains(&name) { Judgement::Ordinary } else { Judgement::Unfamiliar };
    }
    // `sklearn.os.system` and `numpy` with the name `os.system` both reach the same function.
    let mut parts = module.split('.').skip(1).chain(name.split('.'));
    let reaches = |part: &str| {
        ACTING_WORDS.contains(&part)
            || [
                "os",
                "sys",
                "subprocess",
                "builtins",
                "__builtins__",
                "__globals__",
                "__subclasses__",
                "__class__",
                "importlib",
                "socket",
            ]
            .contains(&part)
    };
    if DANGEROUS_MODULES.contains(&top) || parts.any(reaches) {
        return Judgement::Dangerous;
    }
    if module == "functools" {
        // `partial` carries a function to whoever calls it; the function itself is judged where it is imported.
        return if name == "partial" { Judgement::Unfamiliar } else { Judgement::Dangerous };
    }
    if ORDINARY_MODULES.contains(&top) {
        let acts = module.split('.').skip(1).any(|part| ACTING_PARTS.contains(&part));
        return if acts { Judgement::Dangerous } else { Judgement::Ordinary };
    }
    Judgement::Unfamiliar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgements() {
        let rows = [
            ("os", "system", Judgement::Dangerous),
            ("posix", "system", Judgement::Dangerous),
            ("nt", "system", Judgement::Dangerous),
            ("subprocess", "Popen", Judgement::Dangerous),
            ("builtins", "eval", Judgement::Dangerous),
            ("builtins", "getattr", Judgement::Dangerous),
            ("__builtin__", "exec", Judgement::Dangerous),
            ("builtins", "set", Judgement::Ordinary),
            ("importlib", "import_module", Judgement::Dangerous),
            ("runpy", "_run_code", Judgement::Dangerous),
            ("numpy", "os.system", Judgement::Dangerous),
            ("sklearn.os", "system", Judgement::Dangerous),
            ("numpy.testing._private.utils", "runstring", Judgement::Dangerous),
            ("pandas", "read_pickle", Judgement::Dangerous),
            ("joblib", "load", Judgement::Dangerous),
            ("torch.hub", "load", Judgement::Dangerous),
            ("cloudpickle.cloudpickle", "_make_function", Judgement::Dangerous),
            ("operator", "attrgetter", Judgement::Dangerous),
            ("functools", "reduce", Judgement::Dangerous),
            ("sklearn.tree._tree", "Tree", Judgement::Ordinary),
            ("sklearn.ensemble._gb", "GradientBoostingClassifier", Judgement::Ordinary),
            ("numpy.core.multiarray", "_reconstruct", Judgement::Ordinary),
            ("numpy._core.multiarray", "scalar", Judgement::Ordinary),
            ("numpy.random._pickle", "__randomstate_ctor", Judgement::Ordinary),
            ("pandas.core.internals.managers", "BlockManager", Judgement::Ordinary),
            ("joblib.numpy_pickle", "NumpyArrayWrapper", Judgement::Ordinary),
            ("copyreg", "_reconstructor", Judgement::Ordinary),
            ("_codecs", "encode", Judgement::Ordinary),
            ("__main__", "MyTransformer", Judgement::Unfamiliar),
        ];
        for (module, name, expected) in rows {
            assert_eq!(judge(module, name), expected, "{module}.{name}");
        }
    }
}
