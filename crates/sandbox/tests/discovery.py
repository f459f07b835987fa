"""Checks a transcript of the sandbox against Google's discovery documents: unknown methods, parameters, fields and
enum values, wrong types, and fields that only the service may write are failures. Prints OK and what it saw."""

import json
import os
import re
import sys
from urllib.parse import unquote

import googleapiclient

FOLDER = os.path.join(os.path.dirname(googleapiclient.__file__), "discovery_cache", "documents")
DOCUMENTS = [json.load(open(os.path.join(FOLDER, name))) for name in ("storage.v1.json", "dataproc.v1.json", "iamcredentials.v1.json", "compute.v1.json", "cloudresourcemanager.v1.json", "iam.v1.json")]
# Beside the documented global ones: the service's own, for a resumable session that is named in a Location header.
SESSION = {"upload_id"}
problems = []


def methods(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def pattern(path):
    parts = re.split(r"\{\+?(\w+)\}", path)
    return re.compile("^" + "".join(re.escape(p) if n % 2 == 0 else "([^/]+)" for n, p in enumerate(parts)) + "$")


TABLE = []
for document in DOCUMENTS:
    for method in methods(document):
        base = "/" + document["servicePath"]
        TABLE.append((pattern(base + method.get("flatPath", method["path"])), method, document))
        upload = method.get("mediaUpload", {}).get("protocols", {}).get("simple", {}).get("path")
        if upload:
            TABLE.append((pattern(upload), method, document))


def check(document, schema, value, where, is_request):
    def problem(what):
        problems.append("%s: %s (%r)" % (where, what, value if not isinstance(value, (dict, list)) else "…"))

    if "$ref" in schema:
        schema = document["schemas"][schema["$ref"]]
    if is_request and schema.get("readOnly"):
        return problem("is written by the service only")
    kind = schema.get("type", "any")
    if kind == "object":
        if not isinstance(value, dict):
            return problem("is no object")
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                part = schema["properties"][name]
                if is_request and part.get("description", "").startswith("Output only"):
                    problems.append("%s.%s: is written by the service only" % (where, name))
                check(document, part, inner, where + "." + name, is_request)
            elif "additionalProperties" in schema:
                check(document, schema["additionalProperties"], inner, where + "." + name, is_request)
            else:
                problems.append("%s.%s: is an unknown field" % (where, name))
    elif kind == "array":
        if not isinstance(value, list):
            return problem("is no array")
        for n, inner in enumerate(value):
            check(document, schema["items"], inner, "%s[%d]" % (where, n), is_request)
    elif kind == "string":
        if not isinstance(value, str):
            return problem("is no string")
        if "enum" in schema and value not in schema["enum"]:
            return problem("is no value of the enum")
        form = schema.get("format", "")
        if form in ("int64", "uint64") and not re.match(r"^-?\d+$", value):
            return problem("is no " + form)
        if form == "google-duration" and not re.match(r"^-?\d+(\.\d{1,9})?s$", value):
            return problem("is no duration")
        if form in ("google-datetime", "date-time") and not re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$", value):
            return problem("is no time")
        if "pattern" in schema and not re.match(schema["pattern"], value):
            return problem("does not fit " + schema["pattern"])
    elif kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            return problem("is no integer")
    elif kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return problem("is no number")
    elif kind == "boolean" and not isinstance(value, bool):
        return problem("is no boolean")


def find(record):
    for expression, method, document in TABLE:
        match = expression.match(record["path"])
        if match and method["httpMethod"] == record["method"]:
            return method, document
    return None, None


seen = {}
for line in open(sys.argv[1]):
    record = json.loads(line)
    where = "%s %s" % (record["method"], unquote(record["path"]))
    query = dict(map(tuple, record["query"]))
    if query.keys() & SESSION:
        seen["(resumable session)"] = seen.get("(resumable session)", 0) + 1
        continue
    method, document = find(record)
    if method is None:
        problems.append(where + ": no method of Google's")
        continue
    seen[method["id"]] = seen.get(method["id"], 0) + 1
    parameters = {**document.get("parameters", {}), **method.get("parameters", {})}
    # `uploadType` is documented for uploads, `$alt` is the clients' own.
    for name, value in query.items():
        if name == "$alt":
            continue
        if name not in parameters:
            problems.append("%s?%s: is an unknown parameter" % (where, name))
            continue
        kind = parameters[name]
        if kind.get("location") == "path":
            problems.append("%s?%s: is no query parameter" % (where, name))
        text = {"integer": int, "boolean": lambda v: {"true": True, "false": False}[v]}.get(kind.get("type"), str)
        check(document, {k: v for k, v in kind.items() if k != "required"}, text(value), "%s?%s" % (where, name), True)
    for name, kind in method.get("parameters", {}).items():
        if kind.get("required") and kind["location"] == "query" and name not in query:
            problems.append("%s?%s: is required" % (where, name))
    if record["body"] is not None and "request" in method:
        check(document, method["request"], record["body"], where + " request", True)
    elif record["body"] not in (None, {}):
        problems.append(where + ": takes no body")
    if record["answer"] is not None and record["status"] == 200:
        check(document, method["response"], record["answer"], where + " answer", False)

for text in sorted(set(problems)):
    print(text)
for name in sorted(seen):
    print("saw", name, seen[name])
wanted = set(sys.argv[2:])
assert wanted <= seen.keys(), "never seen: %s" % sorted(wanted - seen.keys())
if problems:
    sys.exit(1)
print("OK")
