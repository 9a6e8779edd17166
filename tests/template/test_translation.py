"""The template as CloudFormation."""

from pathlib import Path

import pytest

from tracelode_local.template.translation import TranslationError, translate

from .translated import TEMPLATE


def test_nothing_of_sam_is_left(template):
    assert "Transform" not in template.document
    assert not [name for name, resource in template.resources.items() if "Serverless" in resource["Type"]]


def test_functions_and_layers_name_their_folders(template):
    folders = {
        resource["Properties"].get("LayerName", name): Path(resource["Metadata"]["LocalCodeUri"])
        for name, resource in template.resources.items()
        if resource["Type"] in ("AWS::Lambda::Function", "AWS::Lambda::LayerVersion")
    }
    assert {name: folder.relative_to(TEMPLATE.parent).as_posix() for name, folder in folders.items()} == {
        "IntakeFunction": "functions/intake",
        "ReferenceFunction": "functions/reference",
        "TallyFunction": "functions/tally",
        "PublishFunction": "functions/publish",
        "ReconcileFunction": "functions/reconcile",
        "DependenciesLayer": "layers/dependencies",
        "SharedLayer": "shared",
    }


def test_only_code_names_a_folder(template):
    with_code = {"AWS::Lambda::Function", "AWS::Lambda::LayerVersion"}
    for resource in template.resources.values():
        assert ("LocalCodeUri" in resource.get("Metadata", {})) == (resource["Type"] in with_code)


def test_a_given_parameter_becomes_the_default():
    document = translate(TEMPLATE, {"Architecture": "x86_64", "PublishWindowSeconds": "1"})

    assert document["Parameters"]["Architecture"]["Default"] == "x86_64"
    assert document["Parameters"]["PublishWindowSeconds"]["Default"] == "1"


def test_a_parameter_that_the_template_does_not_declare_is_refused():
    with pytest.raises(TranslationError, match="declares no parameter Architektur"):
        translate(TEMPLATE, {"Architektur": "arm64"})


def test_a_template_that_sam_refuses_is_refused_with_its_reason(tmp_path):
    # GIVEN a function with no handler
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Broken:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      CodeUri: here/\n"
        "      Runtime: python3.13\n"
    )

    # WHEN it is translated / THEN the reason names the resource
    with pytest.raises(TranslationError, match="Broken"):
        translate(broken, {})


def test_translating_needs_no_region_and_no_credentials(monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")

    assert translate(TEMPLATE, {})["Resources"]
