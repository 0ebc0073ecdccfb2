"""What a host in Python is asked (../README.md), for any loader: reads the folder, runs a mode, prints the report.

A loader has `host`, `engine`, `always_answers` (whether builtins cannot be undefined), `compile(path)`, `instantiate(module, builtins)` and, if it is one of the ABI's calls, `script(module, steps)`;
a policy has `set_data(text)`, `read(text)`, `evaluate(input, entrypoint)`, `show(result)` and `memory()`.
"""

import json
import statistics
import sys
import time
from itertools import cycle, islice
from pathlib import Path


def builtin(answer):
    """The function behind a builtin: takes and gives JSON texts; None is no answer."""

    def call(*texts):
        if "throws" in answer:
            raise RuntimeError(f"host: {answer['throws']}")
        if answer.get("arguments"):
            return f"[{','.join(texts)}]"
        return answer.get("answer")

    return call


class Host:
    """A loader with the folder that it is asked from."""

    def __init__(self, loader, folder, count):
        self.loader = loader
        self.folder = Path(folder)
        self.asked = json.loads((self.folder / "cases.json").read_text())
        self.count = count

    def compiled(self, name):
        return self.loader.compile(self.folder / name)

    def builtins(self, table):
        return {name: builtin(answer) for name, answer in table.items()}

    def cases(self):
        rows = []
        for row in self.asked["cases"]:
            silent = [name for name in row["builtins"] if not self.asked["builtins"][name]]
            if silent and self.loader.always_answers:
                rows.append({"id": row["id"], "skipped": "builtins of this loader always answer"})
                continue
            try:
                table = {name: self.asked["builtins"][name] for name in row["builtins"]}
                policy = self.loader.instantiate(self.compiled(row["module"]), self.builtins(table))
                policy.set_data(row["data"])
                result = policy.evaluate(policy.read(row.get("input")), row["entrypoint"])
                rows.append({"id": row["id"], "answer": policy.show(result)})
            except Exception as error:
                rows.append({"id": row["id"], "error": str(error)})
        return {"cases": rows}

    def data(self):
        row = self.asked["data"]
        count = self.count or row["replacements"]
        policy = self.loader.instantiate(self.compiled(row["module"]), {})
        answers, tenth = [], 0
        for number, document in enumerate(islice(cycle(row["documents"]), count), 1):
            policy.set_data(document)
            result = policy.evaluate(policy.read(row["input"]), row["entrypoint"])
            if number <= 2:
                answers.append(policy.show(result))
            if number == 10:
                tenth = policy.memory()
        return {"data": {"answers": answers, "replacements": count, "memory": [tenth, policy.memory()]}}

    def soak(self):
        row = self.asked["soak"]
        count = self.count or row["evaluations"]
        policy = self.loader.instantiate(self.compiled(row["module"]), {})
        policy.set_data(row["data"])
        question, before = policy.read(row["input"]), 0
        for number in range(1, count + 1):
            result = policy.evaluate(question, row["entrypoint"])
            if number == 1000:
                before = policy.memory()
        return {"soak": {"answers": [policy.show(result)], "evaluations": count, "memory": [before, policy.memory()]}}

    def speed(self):
        rows = []
        for row in self.asked["figures"]:
            decide, load, instantiate = [], [], []
            for name in (row["module"], row["opas"]):
                module = self.compiled(name)
                policy = self.loader.instantiate(module, {})
                policy.set_data(row["data"])
                decide.append(lambda policy=policy, question=policy.read(row["input"]): policy.evaluate(question, row["entrypoint"]))
                load.append(lambda name=name: self.loader.instantiate(self.compiled(name), {}))
                instantiate.append(lambda module=module: self.loader.instantiate(module, {}))
            rows.append({"id": row["id"], "decision": medians(decide), "load": medians(load), "instantiate": medians(instantiate)})
        return {"speed": rows}

    def misuse(self, mode):
        if hasattr(self.loader, "script"):
            scripts = self.asked["scripts"][mode]
            outcomes = [self.loader.script(self.compiled(script["module"]), script["steps"]) for script in scripts]
            return {"scripts": [{"id": script["id"], "outcomes": shown} for script, shown in zip(scripts, outcomes)]}
        rows = []
        for question in self.asked["questions"][mode]:
            ours, opas = (self.outcomes(question, question[field]) for field in ("module", "opas"))
            rows.append({"id": question["id"], "ours": ours, "opas": opas})
        return {"questions": rows}

    def outcomes(self, question, module):
        try:
            policy = self.loader.instantiate(self.compiled(module), self.builtins(question["builtins"]))
        except Exception as error:
            return [f"not loaded: {error}"]
        return [outcome(policy, step) for step in question["steps"]]


def outcome(policy, step):
    try:
        if "data" in step:
            policy.set_data(step["data"])
            return "data"
        return policy.show(policy.evaluate(policy.read(step.get("input")), step.get("entrypoint", 0)))
    except Exception as error:
        return f"error: {error}"


def medians(works, turns=7, turn=0.02):
    """How long works take in nanoseconds: they take turns, each so often in a turn that the clock shows it."""
    counts = []
    for work in works:
        start, count = time.perf_counter(), 0
        while count == 0 or time.perf_counter() - start < turn:
            work()
            count += 1
        counts.append(count)
    times = [[] for _ in works]
    for _ in range(turns):
        for work, count, kept in zip(works, counts, times):
            start = time.perf_counter_ns()
            for _ in range(count):
                work()
            kept.append((time.perf_counter_ns() - start) // count)
    return [statistics.median(kept) for kept in times]


def main(loader):
    """Runs a program: FOLDER MODE [COUNT]."""
    folder, mode, *count = sys.argv[1:]
    host = Host(loader, folder, int(count[0]) if count else None)
    modes = {"cases": host.cases, "data": host.data, "soak": host.soak, "speed": host.speed}
    report = host.misuse(mode) if mode in ("traps", "bad") else modes[mode]()
    print(json.dumps({"host": loader.host, "engine": loader.engine, **report}))
