"""Examples for the OpenAPI document; they stand for no real topic."""

from __future__ import annotations

from typing import Any

ENTITY: dict[str, Any] = {
    "apiVersion": "backstage.io/v1alpha1",
    "kind": "Resource",
    "metadata": {
        "name": "example-supplier-topic",
        "namespace": "default",
        "title": "example-supplier-topic",
        "description": "Suppliers with their address and rating.",
        "annotations": {
            "backstage.io/managed-by-location": "url:http://headwater/backstage/catalog-info.yaml",
            "backstage.io/managed-by-origin-location": "url:http://headwater/backstage/"
            "catalog-info.yaml",
            "backstage.io/view-url": "http://headwater/console/sources/example-supplier-topic",
            "headwater.dev/cluster": "default",
            "headwater.dev/topic": "example-supplier-topic",
            "headwater.dev/owner": "group:default/procurement",
        },
        "labels": {"headwater.dev/kind": "discovered", "headwater.dev/format": "json"},
        "tags": ["supplier"],
        "links": [
            {"url": "http://headwater/console/sources/example-supplier-topic", "title": "Headwater"}
        ],
    },
    "spec": {
        "type": "kafka-topic",
        "owner": "group:default/procurement",
        "system": "system:default/procurement",
    },
}

DESCRIPTOR = """---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata:
  name: procurement
spec:
  owner: group:default/procurement
"""

TEMPLATE = """apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: headwater-data-product
"""
