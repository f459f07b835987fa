"""Runs one job, watches its limit, and records how it ended, whoever else is alive.

Started by `runs::local` with the run's folder as its argument. It leaves its parent's session, so that neither a
crash nor a Ctrl-C of the desk reaches it. It is the only writer of these files, each written whole and then named:

  supervisor.json  who watches this run (created exclusively: a second supervisor of the same run sees it and leaves)
  started.json     the job's process
  exit.json        how it ended; written last

`cancel`, a file anybody may create in the folder, asks for the job to be stopped.
"""

import json
import os
import signal
import subprocess
import sys
import time

LOOK_EVERY_S = 0.1


def boot():
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return ""


def start_of(pid):
    """When a process started, in whatever unit the system has: with the pid and the boot it names one process."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            return file.read().rsplit(b")", 1)[1].split()[19].decode()
    except OSError:
        answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return answer.stdout.strip()


def write_whole(name, value, exclusive=False):
    unfinished = "%s.%d.unfinished" % (name, os.getpid())
    with open(unfinished, "w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    if exclusive:
        try:
            os.link(unfinished, name)
        finally:
            os.unlink(unfinished)
    else:
        os.rename(unfinished, name)


def marked(folder):
    """The processes of this run, wherever in the process tree they went: they inherit its mark."""
    mark = ("COUNTERSIGN_RUN_FOLDER=" + folder).encode()
    found = []
    if not os.path.isdir("/proc/self"):
        return found
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open("/proc/%s/environ" % name, "rb") as file:
                    if mark in file.read().split(b"\0"):
                        found.append(int(name))
            except OSError:
                pass
    return found


def send(number, group, folder):
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass
    for pid in marked(folder):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def watch(folder, job):
    if os.path.exists("cancel"):
        return write_whole("exit.json", {"code": None, "cause": "cancelled", "ended": time.time()})
    environment = dict(job["environment"], COUNTERSIGN_RUN_FOLDER=folder)
    with open("stdout", "ab") as output, open("stderr", "ab") as errors:
        try:
            process = subprocess.Popen(
                job["argv"], cwd=job["cwd"], env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=errors, start_new_session=True,
            )
        except OSError as why:
            return write_whole(
                "exit.json", {"code": None, "cause": "not started", "message": str(why), "ended": time.time()}
            )
    begun = time.monotonic()
    write_whole(
        "started.json",
        {"pid": process.pid, "start": start_of(process.pid), "boot": boot(), "started": time.time()},
    )
    cause, asked = "exit", None
    while True:
        try:
            code = process.wait(timeout=LOOK_EVERY_S)
            break
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        if asked is None:
            if os.path.exists("cancel"):
                cause = "cancelled"
            elif now - begun > job["deadline_s"]:
                cause = "deadline"
            if cause != "exit":
                asked = now
                send(signal.SIGTERM, process.pid, folder)
        elif now - asked > job["grace_s"]:
            send(signal.SIGKILL, process.pid, folder)
    # Whatever it left behind goes with it: Python workers, a shell's children.
    send(signal.SIGKILL, process.pid, folder)
    if code == 0:
        # It was done before the request to stop reached it.
        cause = "exit"
    write_whole("exit.json", {"code": code, "cause": cause, "ended": time.time()})


def main():
    folder = os.path.realpath(sys.argv[1])
    os.chdir(folder)
    with open("job.json") as file:
        job = json.load(file)
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        answer = os.read(reader, 1)
        # Said when the run has a supervisor, this one or an earlier one.
        os._exit(0 if answer else 1)
    os.close(reader)
    os.setsid()
    try:
        write_whole(
            "supervisor.json",
            {"pid": os.getpid(), "start": start_of(os.getpid()), "boot": boot(), "started": time.time()},
            exclusive=True,
        )
    except FileExistsError:
        os.write(writer, b"2")
        os._exit(0)
    os.write(writer, b"1")
    os.close(writer)
    watch(folder, job)


main()
