"""Has checkov judge the translated template and parliament every role's policies. `make check` runs it.

python tests/judgement/judge_template.py [PROGRAMS]

Each finding is either mended or accepted, with a reason, in accepted.toml beside this file; an entry there that no
finding needs any more is an error as well. PROGRAMS is the folder of the two programs (default: .venv-checks/bin).
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracelode_local.template.stack import read_resources
from tracelode_local.template.translation import translate

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template.yaml"
ACCEPTED = Path(__file__).with_name("accepted.toml")
PROGRAMS = ROOT / ".venv-checks" / "bin"

EVERYTHING: Mapping[str, str] = {
    "NotificationEmail": "team@example.com",
    "AlarmTopic": "arn:aws:sns:us-east-1:123456789012:own-alarms",
    "ScanUploads": "yes",
    "InboxLockDays": "365",
}
"""Parameters with which every condition of the template holds: what stands under one that does not is not seen."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a program found on a resource of the template, named by its logical id."""

    check: str
    resource: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.check} {self.resource}: {self.text}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that is lived with: on which resources (all of a type, or by logical id), and why."""

    check: str
    resources: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding, kinds: Mapping[str, str]) -> bool:
        """Whether it speaks of this finding; `kinds` has the type of each resource by logical id."""
        return finding.check == self.check and bool({finding.resource, kinds[finding.resource]} & set(self.resources))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left to do: findings that nobody accepted, and acceptances that nothing needs, a line each."""

    unaccepted: tuple[str, ...]
    needless: tuple[str, ...]


def acceptances(path: Path = ACCEPTED) -> tuple[Acceptance, ...]:
    """The list of what is lived with. Raises ValueError for an entry without a reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["accepted"]
    for entry in entries:
        if not entry.get("reason", "").strip():
            raise ValueError(f"{path.name}: {entry['check']} is accepted without a reason")
    return tuple(Acceptance(entry["check"], tuple(entry["resources"]), entry["reason"]) for entry in entries)


def judge(findings: Iterable[Finding], accepted: Iterable[Acceptance], kinds: Mapping[str, str]) -> Verdict:
    """Hold findings against what is accepted."""
    found, accepted = sorted(set(findings)), tuple(accepted)
    unaccepted = (str(finding) for finding in found if not any(entry.covers(finding, kinds) for entry in accepted))
    needless = (
        f"{entry.check} {resource}"
        for entry in accepted
        for resource in entry.resources
        if not any(
            finding.check == entry.check and resource in (finding.resource, kinds[finding.resource])
            for finding in found
        )
    )
    return Verdict(tuple(unaccepted), tuple(needless))


def checkov(document: Mapping[str, Any], programs: Path) -> Iterator[Finding]:
    """What checkov finds in a translated template, without the network."""
    with tempfile.TemporaryDirectory() as folder:
        translated = Path(folder) / "template.json"
        translated.write_text(json.dumps(document), encoding="utf-8")
        command = [programs / "checkov", "--framework", "cloudformation", "--file", translated, "--output", "json"]
        ran = _run([*command, "--quiet", "--compact", "--skip-download"])
    report = json.loads(ran)
    if report["summary"]["parsing_errors"] or not report["summary"]["passed"]:
        raise RuntimeError(f"checkov could not read the template: {report['summary']}")
    for failed in report["results"]["failed_checks"]:
        yield Finding(failed["check_id"], failed["resource"].rpartition(".")[2], failed["check_name"])


def parliament(policies: Mapping[str, Iterable[Mapping[str, Any]]], programs: Path) -> Iterator[Finding]:
    """What parliament finds in the policies of each role, by its logical id."""
    for role, documents in policies.items():
        for document in documents:
            for line in _run([programs / "parliament", "--json"], json.dumps(document)).splitlines():
                found = json.loads(line)
                yield Finding(f"parliament {found['issue']}", role, f"{found['title']}: {found['detail']}")


def role_policies(document: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, list[Mapping[str, Any]]]:
    """The policies of every role of a translated template, all references resolved, by the role's logical id."""
    resources = read_resources(document, parameters, "https://sqs.invalid")
    resolve = resources.intrinsics.resolve
    of_type: dict[str, list[tuple[str, Mapping[str, Any]]]] = {
        kind: [] for kind in ("AWS::IAM::Role", "AWS::IAM::RolePolicy")
    }
    for name, entry in resources.present.items():
        of_type.get(entry["Type"], []).append((name, entry["Properties"]))
    policies = {
        name: [policy["PolicyDocument"] for policy in resolve(properties.get("Policies", []))]
        for name, properties in of_type["AWS::IAM::Role"]
    }
    for _, properties in of_type["AWS::IAM::RolePolicy"]:
        policies[properties["RoleName"]["Ref"]].append(resolve(properties["PolicyDocument"]))
    return policies


def _run(command: list[Any], text: str = "") -> str:
    """What a program prints; both end with 1 when they find something, and say more only when they fail."""
    ran = subprocess.run(command, input=text, capture_output=True, text=True, timeout=300, check=False)
    if ran.returncode not in (0, 1) or (ran.returncode == 1 and not ran.stdout):
        raise RuntimeError(f"{command[0].name} failed: {ran.stderr.strip()}")
    return ran.stdout


def main(arguments: list[str]) -> int:
    """Judge and say what is left to do; 1 if anything is."""
    programs = Path(arguments[0]).resolve() if arguments else PROGRAMS
    document = translate(TEMPLATE, {})
    kinds = {name: resource["Type"] for name, resource in document["Resources"].items()}
    findings = set(checkov(document, programs))
    findings |= set(parliament(role_policies(document, EVERYTHING), programs))
    verdict = judge(findings, acceptances(), kinds)
    for line in verdict.unaccepted:
        print(f"mend it, or accept it with a reason in {ACCEPTED.name}: {line}")
    for line in verdict.needless:
        print(f"accepted in {ACCEPTED.name} and found no more: {line}")
    return 1 if verdict.unaccepted or verdict.needless else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
