"""SpiffWorkflow beside the engine, on the same two definitions: instances per second of computing.

Called by `cargo xtask bench workflow` with the two definitions. What Spiff does not know is put in its own words: a call
becomes a script that sets a variable, which costs it less than a call would; conditions are written in Python.
"""

import io
import json
import re
import sys
import time

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

ROUNDS = 5
ROUND_S = 1.0


def load(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"<extensionElements>.*?</extensionElements>", "", text, flags=re.S)
    text = re.sub(r"<potentialOwner>.*?</potentialOwner>", "", text, flags=re.S)
    text = re.sub(r"<dataObject .*?</dataObject>", "", text, flags=re.S)
    text = re.sub(r"<serviceTask ([^>]*)>(.*?)</serviceTask>", r"<scriptTask \1><script>reply = {'id': 'p1'}</script></scriptTask>", text, flags=re.S)
    text = text.replace("Approved=='True'", "Approved == True").replace("Approved=='False'", "Approved == False")
    text = re.sub(r"<!\[CDATA\[\$\{(.*?)\}\]\]>", r"\1", text)
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(text.encode("utf-8")))
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


def play(spec, subprocesses):
    workflow = BpmnWorkflow(spec, subprocesses)
    workflow.do_engine_steps()
    while not workflow.completed:
        tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
        assert tasks, "the peer stands still"
        for task in tasks:
            task.data["Approved"] = True
            task.data["Bucket"] = "b1"
            task.run()
        workflow.do_engine_steps()


def rate(path):
    spec, subprocesses = load(path)
    best = 0.0
    for _ in range(ROUNDS):
        begun, computed, count = time.monotonic(), time.process_time(), 0
        while time.monotonic() - begun < ROUND_S:
            play(spec, subprocesses)
            count += 1
        best = max(best, count / (time.process_time() - computed))
    return best


print(json.dumps({name: rate(path) for name, path in (word.split("=", 1) for word in sys.argv[1:])}))
