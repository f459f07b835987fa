#!/usr/bin/env python3
"""demo.py PROGRAM [WORD…]: plays the demonstration in a fresh home and judges it by what it printed. `--sandbox` plays it in a
Google Cloud on this machine.

Every step is a line of JSON and must say that it was done; then the same history is verified by a second start of the
program with its cache thrown away. Prints a line a step and "N passed, N failed".
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

LIMIT_S = 900
# Fewer lines than this is not the whole story, whatever each of them says.
STEPS_MIN = 8


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    kept = os.environ.get("COUNTERSIGN_TEST_HOME")
    home = pathlib.Path(kept or tempfile.mkdtemp(prefix="countersign-demo-"))
    environment = {**os.environ, "COUNTERSIGN_HOME": str(home)}
    results = []

    def judge(name, good, detail=""):
        results.append(bool(good))
        print(f"{'ok  ' if good else 'FAIL'} {name}{': ' + detail if detail else ''}", flush=True)

    def run(*words):
        return subprocess.run([program, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              encoding="utf-8", timeout=LIMIT_S)

    done = run("demo", "--headless", *sys.argv[2:], "--json")
    steps = 0
    for line in done.stdout.splitlines():
        step = json.loads(line)
        if "state" not in step:
            judge("failure", False, json.dumps(step))
            continue
        steps += 1
        judge(step.get("title") or step.get("name"), step["state"] == "done", step.get("detail", ""))
    judge(f"{steps} steps make the whole story", steps >= STEPS_MIN)
    judge("exit status 0", done.returncode == 0, "" if done.returncode == 0 else f"{done.returncode} {done.stderr[-2000:]}")

    place = str(home / "demo" / "workspace")
    before = run("--workspace", place, "workspace", "verify", "--json")
    judge("the whole history is proven", before.returncode == 0 and json.loads(before.stdout)["problems"] == [],
          before.stdout.strip()[:300])
    shown = [run("--workspace", place, *words, "--json").stdout for words in WHAT_IS_SHOWN]
    for cache in home.rglob("cache.sqlite*"):
        cache.unlink()
    again = [run("--workspace", place, *words, "--json").stdout for words in WHAT_IS_SHOWN]
    judge("deleting the cache and reopening shows the same", shown == again and all(shown))

    if not kept:
        shutil.rmtree(home, ignore_errors=True)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


WHAT_IS_SHOWN = [["project", "list"], ["model", "list"], ["workflow", "instances"], ["run", "list"], ["member", "list"],
                 ["ledger", "list"]]

if __name__ == "__main__":
    sys.exit(main())
