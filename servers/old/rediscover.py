"""Fuzzes the old releases of this folder and says which of their advisories it rediscovers.

    python3 servers/old/rediscover.py target/release/startline [--seconds N] [NAME ...]

For each advisory: the number of the input that led to a finding of one of its rules, and the smallest message. The
catalogue's messages are not among the seeds. Needs nothing but Python; installs the releases as `startline servers` does.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import tomllib

HERE = pathlib.Path(__file__).parent


def fuzz(binary, url, seconds):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [binary, "fuzz", url, "--no-out", "--without-checks", "--seed", "1", "--time", str(seconds),
                   "--jobs", "16", "--format", f"json={report.name}"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 10 + 120)
        try:
            return json.load(open(report.name)), ""
        except json.JSONDecodeError:
            return None, ended.stderr.strip().splitlines()[-1] if ended.stderr else "no report"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    names = given.names or sorted(entry.stem for entry in HERE.glob("*.toml"))
    found = of = 0
    print("| advisory | release | input | rule | smallest message |\n|---|---|--:|---|---|", flush=True)
    for name in names:
        entry = tomllib.loads((HERE / f"{name}.toml").read_text())
        server = subprocess.Popen([given.binary, "servers", "--old", "--only-start", name],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            url = line.rsplit(" ", 1)[-1].strip()
            report, problem = fuzz(given.binary, url, given.seconds) if line else (None, "it did not start")
        finally:
            server.terminate()
            server.wait()
        for advisory in entry["advisory"]:
            of += 1
            if report is None:
                print(f"| {advisory['id']} | {name} | | | {problem} |", flush=True)
                continue
            hits = [finding for finding in report["findings"] if set(finding["rules"]) & set(advisory["rules"])]
            if not hits:
                print(f"| {advisory['id']} | {name} | - | | not in {report['totals']['inputs']} inputs |", flush=True)
                continue
            found += 1
            first = min(hits, key=lambda finding: finding["input"])
            rules = ", ".join(rule for rule in first["rules"] if rule in advisory["rules"])
            message = first["message"].replace("|", "\\|")
            shown = message if len(message) < 200 else message[:200] + "..."
            print(f"| {advisory['id']} | {name} | {first['input'] + 1} | {rules} | `{shown}` |", flush=True)
    print(f"\n{found} of {of} advisories")


main()
