"""template.yaml as CloudFormation: what AWS makes of the SAM template, worked out on this machine and offline.

`python -m tracelode_local.template.translation template.yaml [Parameter=value ...]` prints it as JSON.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import boto3
from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
from samtranslator.public.parser import Parser
from samtranslator.public.translator import Translator
from samtranslator.yaml_helper import yaml_parse

LOCAL_CODE: Final = "LocalCodeUri"
"""Metadata key under which a translated function or layer names its folder, absolute."""

_CODE_PROPERTY: Final[Mapping[str, str]] = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}
_WITH_CODE: Final = frozenset({"AWS::Lambda::Function", "AWS::Lambda::LayerVersion"})
_NOT_PACKAGED: Final = "s3://not-packaged/"
_REGION: Final = "us-east-1"


class TranslationError(ValueError):
    """The template is not one that AWS's SAM transform accepts."""


def load(template_path: Path) -> dict[str, Any]:
    """The template as written, with the short forms of functions spelt out (`!Ref X` becomes `{"Ref": "X"}`)."""
    template: dict[str, Any] = yaml_parse(template_path.read_text(encoding="utf-8"))
    return template


def translate(template_path: Path, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The SAM template as the CloudFormation template that AWS's own transform makes of it.

    `parameters` become the defaults in the result's `Parameters`, so that the result reads by itself; references to
    them stay references. Functions keep their logical ids, an event of a function becomes `<function><event>`, and a
    layer's id gets a hash behind it (its `LayerName` is the id that the template gives it); references follow.

    A function's or layer's folder stands, absolute, in its `Metadata["LocalCodeUri"]`, because the transform accepts
    nothing but S3 locations as code; the code property itself points to no real place.

    Raises TranslationError for a template that the transform refuses and for parameters that it does not declare.
    """
    template = load(template_path)
    declared = template.get("Parameters", {})
    undeclared = sorted(set(parameters) - set(declared))
    if undeclared:
        raise TranslationError(f"{template_path.name} declares no parameter {', '.join(undeclared)}")
    for name, value in parameters.items():
        declared[name]["Default"] = value
    for resource in template["Resources"].values():
        if resource["Type"] in _CODE_PROPERTY:
            _keep_folder(resource, template_path.resolve().parent, template.get("Globals", {}))
    try:
        translated: dict[str, Any] = Translator(
            {}, Parser(), boto_session=boto3.Session(region_name=_REGION)
        ).translate(template, parameter_values=dict(parameters), passthrough_metadata=True)
    except InvalidDocumentException as error:
        raise TranslationError(f"{template_path.name}: {_causes(error)}") from error
    for resource in translated["Resources"].values():
        # The transform hands a function's metadata on to its event sources as well: one and the same object.
        if resource["Type"] not in _WITH_CODE and LOCAL_CODE in resource.get("Metadata", {}):
            del resource["Metadata"]
    return translated


def _keep_folder(resource: dict[str, Any], root: Path, global_settings: Mapping[str, Any]) -> None:
    code = _CODE_PROPERTY[resource["Type"]]
    properties = resource["Properties"]
    shared = global_settings.get(resource["Type"].rpartition("::")[2], {})
    folder = root / properties.get(code, shared.get(code, "."))
    properties[code] = _NOT_PACKAGED + folder.name
    resource["Metadata"] = {**resource.get("Metadata", {}), LOCAL_CODE: str(folder.resolve())}


def _causes(error: ExceptionWithMessage) -> str:
    return "; ".join(str(cause.message) for cause in error.causes or [error])


if __name__ == "__main__":
    path, *overrides = sys.argv[1:]
    print(json.dumps(translate(Path(path), dict(override.split("=", 1) for override in overrides)), indent=2))
