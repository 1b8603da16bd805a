from __future__ import annotations

import pytest
from pydantic import SecretStr

from server.cli.config import masked
from server.settings import InvalidSettingsError, Settings, load_settings


def test_printed_settings_hide_every_secret() -> None:
    settings = Settings(
        database_url="postgresql://ada:s3cret@db/headwater",
        schema_registry="https://key:s3cret@registry",
        llm_api_key=SecretStr("s3cret"),
        kafka_config={"sasl.password": "s3cret", "sasl.username": "ada"},
    )
    shown = masked(settings)
    assert "s3cret" not in str(shown)
    assert shown["database_url"] == "postgresql://ada:********@db/headwater"
    assert shown["kafka_config"]["sasl.username"] == "ada"


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWATER_CATALOG_PORT", "eight")
    with pytest.raises(InvalidSettingsError, match="catalog_port"):
        load_settings()


def test_the_command_line_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWATER_CATALOG_PORT", "9000")
    assert load_settings(catalog_port=9001, data_dir=None).catalog_port == 9001
    assert load_settings(catalog_port=None).catalog_port == 9000
